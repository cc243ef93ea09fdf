"""Tables for tests of formats: from text, from the authored samples, from the real ones where they are at hand."""

from pathlib import Path

import pytest

from assessments.formats.seam import AssessmentSpec, ItemSpec
from schools.files.table import Table, read_table

AUTHORED = Path(__file__).parents[1] / "files"
REAL = Path(__file__).parents[4] / "shared/data"

POINTS = AssessmentSpec(
    code="MATH5",
    name="Quarterly Math 5",
    subject="Mathematics",
    kind="form",
    grades=("05",),
    max_score=50,
    items=tuple(ItemSpec(position, f"Q{position}", 2.0) for position in range(1, 5)),
)
CHOICES = AssessmentSpec(
    code="MATH6",
    name="Quarterly Math 6",
    subject="Mathematics",
    kind="form",
    grades=("06",),
    max_score=60,
    items=(
        ItemSpec(1, "Add", 1.0, "A", frozenset("ABCD")),
        ItemSpec(2, "Volume", 1.0, "B", frozenset("ABCD")),
        ItemSpec(3, "Place value", 2.0, "C"),
        ItemSpec(4, "Explain", 2.0),
    ),
)
READING = AssessmentSpec("READ5", "Reading", "English", "scores", ("05",), 40, aliases=("Reading check",))
SPECS = (POINTS, CHOICES, READING)


def table(text: str) -> Table:
    """A CSV text as the portal reads it."""
    return read_table(text.encode(), "test.csv")


def sample(name: str) -> Table:
    """One of the authored samples."""
    return read_table((AUTHORED / name).read_bytes(), name)


def real(name: str) -> Table:
    """One of the real files; the test is skipped where they are not beside the project."""
    path = REAL / name
    if not path.exists():
        pytest.skip(f"the sample file {name} is not beside this checkout")
    return read_table(path.read_bytes(), path.name)


def codes(issues) -> list[str]:
    """The codes of issues, in order."""
    return [found.code for found in issues]


def rows_of(parsed) -> int:
    """How many rows of the file an answer accounts for."""
    in_blocks = sum(len(block) if block.weights is None else int(block.weights.sum()) for block in parsed.blocks)
    return in_blocks + len(parsed.rejected) + len(parsed.ignored)
