"""`docs/privacy.md` names for each promise the tests that hold it: each of them exists, and each promise has one."""

import ast
import re
from pathlib import Path

import pytest

from schools.retention.classes import data_classes
from schools.retention.planning import in_words

REPO = Path(__file__).parents[2]
PAGE = (REPO / "docs" / "privacy.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)


def names_of_tests(path: Path) -> set[str]:
    """The tests of a file, those in classes too."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


@pytest.mark.parametrize(("file", "name"), sorted(set(NAMED)))
def test_the_test_that_holds_a_promise_exists(file, name):
    assert name in names_of_tests(REPO / file)


def test_each_promise_names_a_test():
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and "tests/" in line]
    promised = re.findall(r"^\| promise \| held by \|\n\|---\|---\|\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    lines = [line for block in promised for line in block.splitlines()]
    assert len(lines) >= 15
    assert lines == rows


def test_the_rules_stand_in_the_page_as_the_portal_has_them():
    for name, one in data_classes().items():
        (line,) = [line for line in PAGE.splitlines() if f"(`{name}`)" in line]
        assert line.endswith(f"| {in_words(one.days)} | {one.since} |")
