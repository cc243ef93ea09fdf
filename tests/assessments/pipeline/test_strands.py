"""Strands stand under their own names, whatever order the files of a test bring them in."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import Administration, Assessment, GroupSummary, Result
from assessments.pipeline.acts import undo_upload
from assessments.store import read
from tests import make

pytestmark = pytest.mark.django_db

HEADER = (
    "TermName,StudentID,SchoolName,TestStartDate,TestRITScore,TestStandardError,Discipline,MeasurementScale,"
    "GrowthMeasureYN,Goal1Name,Goal1RitScore,Goal2Name,Goal2RitScore"
)


def sitting(term, student, day, rit, *goals):
    cells = [term, student.number, "Ash School", day, rit, "3.1", "Mathematics", "Mathematics", "TRUE"]
    return ",".join(map(str, [*cells, *(part for goal in goals for part in goal)]))


def file_of(*rows):
    return "\n".join([HEADER, *rows]) + "\n"


def strands_of(student, window):
    """A student's strand scores by their names."""
    test = Assessment.objects.get(code="MAP-MATH")
    held = Administration.objects.get(assessment=test, window=window)
    rows, _ = read(held, 0, len(test.strands), [student.pk])
    return {name: float(score) for name, score in zip(test.strands, rows.strands[0], strict=True) if score == score}


@pytest.fixture
def terms(tested):
    tested.fall.aliases, tested.winter.aliases = ["Fall 2025-2026"], ["Winter 2025-2026"]
    tested.fall.save()
    tested.winter.save()
    return tested


def test_two_terms_of_one_file_may_bring_different_strands(terms, send):
    student = terms.students[0]
    fall = sitting("Fall 2025-2026", student, "10/1/2025", 205, ("Algebra", 201), ("Geometry", 202))
    winter = sitting("Winter 2025-2026", student, "11/20/2025", 210, ("Numbers", 211), ("Geometry", 212))
    send(file_of(fall, winter), assessment="", window="", publish=True)
    assert strands_of(student, terms.fall) == {"Algebra": 201, "Geometry": 202}
    assert strands_of(student, terms.winter) == {"Numbers": 211, "Geometry": 212}
    test = Assessment.objects.get(code="MAP-MATH")
    school = GroupSummary.objects.get(school=terms.ash, grade="", administration__window=terms.winter)
    means = dict(zip(test.strands, school.strand_means, strict=True))
    assert (means["Numbers"], means["Geometry"]) == (211, 212)


def test_a_known_test_gets_new_strands_from_two_terms_at_once(terms, send):
    student = terms.students[0]
    make.assessment(
        terms.district, "MAP-MATH", "MAP Growth Mathematics", "adaptive", scale="RIT", retake_rule="vendor", grades=[]
    )
    fall = sitting("Fall 2025-2026", student, "10/1/2025", 205, ("Algebra", 201), ("Geometry", 202))
    winter = sitting("Winter 2025-2026", student, "11/20/2025", 210, ("Numbers", 211), ("Geometry", 212))
    first = send(file_of(fall, winter), assessment="", window="", publish=True)
    assert strands_of(student, terms.fall) == {"Algebra": 201, "Geometry": 202}
    assert strands_of(student, terms.winter) == {"Numbers": 211, "Geometry": 212}
    again = send(file_of(fall, winter), assessment="", window="", publish=True)
    assert again.answer["rows_unchanged"] == 2
    undo_upload(first, terms.admin)
    assert not Result.objects.exists()


def test_an_attempt_that_the_vendor_does_not_count_replaces_none_that_stands(terms, send):
    student = terms.students[0]
    counted = sitting("Fall 2025-2026", student, "10/1/2025", 205, ("Algebra", 201), ("Geometry", 202))
    again = sitting("Fall 2025-2026", student, "10/8/2025", 180, ("Algebra", 181), ("Geometry", 182))
    send(file_of(counted), assessment="", window="", publish=True)
    # Another student keeps the file from being one without any row to load.
    other = sitting("Fall 2025-2026", terms.students[1], "10/8/2025", 190, ("Algebra", 181), ("Geometry", 182))
    later = send(file_of(again.replace("TRUE", "FALSE"), other), assessment="", window="", publish=True)
    assert Result.objects.get(student=student).scale_score == 205
    assert (later.answer["rows_loaded"], later.answer["rows_ignored"]) == (1, 1)
    assert later.issues.filter(code="RETAKE_IGNORED", row=2).exists()
    send(file_of(again), assessment="", window="", publish=True)
    assert Result.objects.get(student=student).scale_score == 180


def test_tests_are_locked_in_one_order_whatever_the_files_order(terms, send):
    """Two files of reading and mathematics published at once must not wait for each other."""
    codes = ("MAP-MATH", "MAP-READING")
    tests = [
        make.assessment(terms.district, code, code, "adaptive", scale="RIT", retake_rule="vendor", grades=[])
        for code in codes
    ]
    math = sitting("Fall 2025-2026", terms.students[0], "10/1/2025", 205, ("Algebra", 201), ("Geometry", 202))
    reading = math.replace("Mathematics,Mathematics", "Reading,Reading")
    with CaptureQueriesContext(connection) as seen:
        send(file_of(reading, math), assessment="", window="", publish=True)
    locks = [one["sql"] for one in seen if 'FROM "assessments_assessment"' in one["sql"] and "FOR NO KEY" in one["sql"]]
    assert len(locks) == 2
    assert all(f'"id" = {test.pk}' in lock for test, lock in zip(tests, locks, strict=True))
