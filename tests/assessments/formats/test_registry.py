import subprocess
import sys

import pytest

from assessments.formats.registry import FORMATS, by_name, recognise
from tests.assessments.formats.tables import table


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("student,Item1,Item2", "template"),
        ("Student ID,Q1,Q2", "template"),
        ("student_id,item,response", "long"),
        ("Student_ID,Item,Points", "long"),
        ("school_id,student_id,last_name,first_name,grade,subject,administration,test_date,score,max_score", "scores"),
        ("TermName,StudentID,SchoolName,MeasurementScale,Discipline,TestRITScore", "map_growth"),
        ("TermName,StudentID,Subject,Course,TestRITScore", "map_growth"),
    ],
)
def test_layouts_are_recognised_by_their_header(header, name):
    assert recognise(table(f"{header}\n{','.join('1' for _ in header.split(','))}\n")).name == name


@pytest.mark.parametrize("header", ["Pupil,Mark", "USID,Perf Level,Scaled", ",".join(f"c{n}" for n in range(2000))])
def test_an_unknown_layout_is_left_to_a_person(header):
    assert recognise(table(f"{header}\n{','.join('1' for _ in header.split(','))}\n")) is None


def test_a_layout_is_found_by_name():
    assert [by_name(layout.name) for layout in FORMATS] == list(FORMATS)
    with pytest.raises(KeyError, match="template"):
        by_name("excel")


def test_formats_and_matching_know_no_django():
    program = "import sys, assessments.formats.registry, assessments.formats.blank_template, assessments.matching; "
    program += "sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
