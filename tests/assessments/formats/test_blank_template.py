import csv
import io
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from assessments.formats.blank_template import RosterRow, item_headings, template_csv, template_header, template_xlsx
from assessments.formats.registry import recognise
from assessments.formats.seam import AssessmentSpec, Hints, ItemSpec
from schools.files.table import read_table
from tests.assessments.formats.tables import CHOICES, READING, SPECS

ROSTER = [
    RosterRow("00101", "Abara", "Ngozi", "06", "601", "0100"),
    RosterRow("00102", "Béll", "=HYPERLINK(1)", "06", "601", "0100"),
    RosterRow("00103", "O'Neil-Cho", "Mina", "06", "602", "0100"),
]
ANSWERS = {"00101": ["A", "B", "C", "2"], "00102": ["D", "", "M", "NR"], "00103": ["", "", "", ""]}


def filled(data, answers):
    """What a person sends back: the template with answers written in."""
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    place = rows[0].index("test_date")
    for row in rows[1:]:
        row[place:] = ["2025-10-02", *answers[row[0]]]
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def test_a_filled_template_is_read_back():
    source = read_table(filled(template_csv(CHOICES, ROSTER), ANSWERS), "template.csv")
    parsed = recognise(source).parse(source, SPECS, Hints())
    (block,) = parsed.blocks
    assert block.assessment == "MATH6"
    assert block.numbers.tolist() == ["00101", "00102", "00103"]
    assert block.last_names.tolist() == ["Abara", "Béll", "O'Neil-Cho"]
    assert block.schools.tolist() == ["0100"] * 3
    assert block.tested.tolist() == [True, True, False]
    assert block.choices.tolist() == [[1, 2, 3, 0], [4, 0, 27, 0], [0, 0, 0, 0]]
    assert not parsed.issues


def test_an_empty_template_says_that_nobody_was_tested():
    source = read_table(template_csv(CHOICES, ROSTER), "template.csv")
    (block,) = recognise(source).parse(source, SPECS, Hints()).blocks
    assert not block.tested.any()


def test_the_workbook_is_read_back():
    source = read_table(template_xlsx(CHOICES, ROSTER), "template.xlsx")
    assert list(source.header) == template_header(CHOICES)
    (block,) = recognise(source).parse(source, SPECS, Hints()).blocks
    assert block.numbers.tolist() == ["00101", "00102", "00103"]
    assert block.first_names.tolist()[1] == "=HYPERLINK(1)"
    assert not block.tested.any()


def test_a_test_without_questions_has_a_column_for_the_score():
    source = read_table(template_csv(READING, ROSTER), "template.csv")
    assert recognise(source).name == "scores"
    (block,) = recognise(source).parse(source, SPECS, Hints()).blocks
    assert block.assessment == "READ5"


def test_a_test_on_a_scale_has_a_column_for_its_scores():
    scaled = replace(CHOICES, on_scale=True)
    data = template_csv(scaled, ROSTER)
    assert "scale_score" not in template_header(CHOICES)
    answers = {number: ["512" if number == "00101" else "", *given] for number, given in ANSWERS.items()}
    source = read_table(filled(data, answers), "template.csv")
    parsed = recognise(source).parse(source, (scaled,), Hints())
    (block,) = parsed.blocks
    assert block.tested.tolist() == [True, True, False] and not parsed.issues
    assert block.scale_scores[0] == 512 and np.isnan(block.scale_scores[1:]).all()


def test_formulas_are_made_plain_text_in_csv():
    cells = {cell for row in csv.reader(io.StringIO(template_csv(CHOICES, ROSTER).decode("utf-8-sig"))) for cell in row}
    assert "'=HYPERLINK(1)" in cells
    assert not any(cell.startswith(("=", "+", "@", "-", "\t")) for cell in cells)


@pytest.mark.parametrize("label", ["", "Grade", "test_date", "=1", "-x", "Same"])
def test_a_label_that_cannot_head_a_column_gives_way_to_the_position(label):
    items = (ItemSpec(1, "Same", 1.0), ItemSpec(2, label, 1.0))
    assert item_headings(items) == ["Same", "Q2"]


def test_no_key_is_in_the_workbook():
    keyed = AssessmentSpec("K", "K", "M", "form", items=(ItemSpec(1, "Q1", 1.0, "Z", frozenset()),))
    data = template_xlsx(keyed, [])
    inside = zipfile.ZipFile(io.BytesIO(data)).read("xl/sharedStrings.xml").decode()
    assert ">Z<" not in inside
    assert "How to fill in" in inside
