"""No page and no form reads rows past the rule of sight: each `.objects` says `visible_to`, `editable_by`, or why not.

The way out is a comment on the same statement or the line above it: `# unscoped: why`.
"""

import ast
from pathlib import Path

import pytest

REPO = Path(__file__).parents[1]
ROOMS = ["schools", "assessments", "sessions_pd", "coaching", "pop_network"]
SCOPED = {"visible_to", "visible_to_public", "editable_by", "none"}
ASKERS = ("_or_404", "_or_403")  # functions so named take rows first and narrow them to the reader


def doors() -> list[Path]:
    """The files that answer requests: views, forms, and the pages of the front desk."""
    found = []
    for room in ROOMS:
        base = REPO / room
        found += [
            *base.glob("views.py"),
            *base.glob("views/**/*.py"),
            *base.glob("forms*.py"),
            *base.glob("forms/**/*.py"),
        ]
    desk = [REPO / "pop_network" / name for name in ("navigation.py", "public.py", "style_page.py")]
    return sorted([*found, *desk, *(REPO / "pop_network" / "today").glob("*.py")])


def unscoped(source: str) -> list[int]:
    """The lines on which `source` reads `.objects` without narrowing it to a reader or saying why."""
    tree, lines = ast.parse(source), source.splitlines()
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    reads = (n for n in ast.walk(tree) if isinstance(n, ast.Attribute) and n.attr == "objects")
    return [read.lineno for read in reads if not (_narrowed(read, parents) or _explained(read, parents, lines))]


def _narrowed(read, parents) -> bool:
    """Whether the chain of calls that begins with this `.objects` narrows it, or hands it to who does."""
    node = read
    while True:
        above = parents.get(node)
        if isinstance(above, ast.Attribute):
            if above.attr in SCOPED:
                return True
        elif not (isinstance(above, ast.Call) and above.func is node):
            break
        node = above
    return isinstance(above, ast.Call) and getattr(above.func, "id", "").endswith(ASKERS) and above.args[:1] == [node]


def _explained(read, parents, lines) -> bool:
    node = read
    while not isinstance(node, ast.stmt):
        node = parents[node]
    end = node.end_lineno if not hasattr(node, "body") else read.end_lineno
    return any("# unscoped: " in line for line in lines[max(node.lineno - 2, 0) : end])


@pytest.mark.parametrize("path", doors(), ids=lambda path: str(path.relative_to(REPO)))
def test_a_door_reads_only_what_its_reader_may_see(path):
    assert unscoped(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("rows = Visit.objects.all()", [1]),
        ("rows = Visit.objects.filter(pk=1)\nrows = Visit.objects.visible_to(user)", [1]),
        ("rows = Visit.objects.select_related('school').visible_to(user).filter(pk=1)", []),
        ("row = get_visible_or_404(Visit.objects.select_related('school'), user, pk=1)", []),
        ("row = in_district_or_403(Visit.objects.select_related('school'), user, pk=1)", []),
        ("row = show(Visit.objects.select_related('school'), user)", [1]),
        ("row = get_visible_or_404(Visit, user, pk=Visit.objects.get().pk)", [1]),
        ("rows = Visit.objects.all()  # unscoped: the whole calendar is public", []),
        ("# unscoped: the whole calendar is public\nrows = Visit.objects.all()", []),
        ("def show():  # unscoped: not for the body\n    x = 1\n    return Visit.objects.all()", [3]),
    ],
)
def test_the_test_finds_what_it_is_for(source, found):
    assert unscoped(source) == found
