"""The law of every import: each row read is in a block, rejected or ignored, and in only one of them."""

import csv
import io

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from assessments.formats.registry import by_name
from assessments.formats.seam import Decisions, Hints
from schools.files.issues import FileRefused
from tests.assessments.formats.tables import CHOICES, SPECS, rows_of, table

IDS = st.sampled_from(["00101", "00102", "7", "8.0", "1.2E+05", "", "10/02/2025"])
ANSWERS = st.sampled_from(["A", "b", "", "E", "M", "AB", "NR", "NG", "N/A", "1", "0", "0.1", "2%", "-1", "*"])
SCORES = st.sampled_from(["41", "38.5", "", "ABS", "51", "-1", "80%", "#N/A", "1.2345", "1,000"])
WORDS = st.sampled_from(["MATH5", "Mathematics", "Reading check", "Chemistry", ""])
DATES = st.sampled_from(["2025-10-02", "10/3/2025", "", "45567", "2025-13-01"])
TERMS = st.sampled_from(["Fall 2025-2026", "Winter 2025-2026", ""])
ITEMS = st.sampled_from(["Add", "Volume", "3", "Explain", "Q9"])
LAYOUTS = {
    "template": (["student", "date", "Add", "Volume", "Place value", "Explain"], (IDS, DATES, *[ANSWERS] * 4)),
    "long": (["student_id", "item", "response", "date"], (IDS, ITEMS, ANSWERS, DATES)),
    "scores": (
        ["student_id", "subject", "administration", "test_date", "score", "max_score"],
        (IDS, WORDS, TERMS, DATES, SCORES, st.sampled_from(["50", "", "40"])),
    ),
    "map_growth": (
        ["TermName", "StudentID", "Discipline", "TestRITScore", "GrowthMeasureYN", "Goal1Name", "Goal1RitScore"],
        (TERMS, IDS, WORDS, SCORES, st.sampled_from(["TRUE", "FALSE", ""]), WORDS, SCORES),
    ),
}


def written(header, rows):
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue()


@st.composite
def files(draw):
    name = draw(st.sampled_from(sorted(LAYOUTS)))
    header, cells = LAYOUTS[name]
    rows = draw(st.lists(st.tuples(*cells), min_size=1, max_size=12))
    skip = draw(st.frozensets(st.integers(2, 13), max_size=3))
    return name, written(header, rows), Decisions(skip_lines=tuple(skip), blank=(("Volume", "E"), ("response", "E")))


@given(files())
def test_every_row_is_accounted_for_once(file):
    name, text, decisions = file
    specs = (CHOICES,) if name in ("template", "long") else SPECS
    try:
        source = table(text)
        parsed = by_name(name).parse(source, specs, Hints(decisions=decisions))
    except FileRefused:
        return
    assert rows_of(parsed) == source.rows_read
    assert not set(parsed.rejected.tolist()) & set(parsed.ignored.tolist())
    blocks = [set(block.lines.tolist()) for block in parsed.blocks]
    assert sum(map(len, blocks)) == len(set().union(*blocks))
    told = {found.row for found in parsed.issues if found.level == "error"}
    if name != "long":
        assert set(parsed.rejected.tolist()) == told
    for block in parsed.blocks:
        if block.points is not None:
            assert block.points.dtype == np.uint8
            assert block.points.shape == (len(block), 4)
