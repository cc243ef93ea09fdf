""" "Columns shifted?" holds a school's answers against its own earlier ones on the same grade's form."""

from datetime import date

import pytest

from assessments.models import GroupSummary
from assessments.pipeline.answering import earlier_points
from tests import make
from tests.assessments.sending import wide

pytestmark = pytest.mark.django_db


@pytest.fixture
def six(tested, send):
    """Six students of Ash got every point of grade 5's form in Fall; grade 6's form stands beside it."""
    w = tested
    w.six = [make.student(w.district, family_name=f"Six{n}") for n in range(6)]
    for student in w.six:
        make.enroll(student, w.ash, w.year)
        make.seat(student, w.section)
    assert send(wide(*[(one, *"ABCD") for one in w.six]), publish=True).state == "published"
    w.grade_six = make.assessment(w.district, code="QM6", keys="ABCD", standards=[w.fractions], grades=["06"])
    return w


def other_grade(w, earned, window=None) -> GroupSummary:
    """What Ash earned of 24 points on grade 6's form."""
    administration = make.administration(w.grade_six, window or w.fall)
    return GroupSummary.objects.create(
        administration=administration, school=w.ash, tested=6, not_tested=0, standard_earned=[earned],
        standard_possible=[24],
    )  # fmt: skip


def test_another_grade_is_not_what_a_form_is_held_against(six):
    other_grade(six, earned=2)
    assert earlier_points(six.math, six.winter) == {six.ash.pk: ("Fall", 24.0, 24.0)}
    assert earlier_points(six.grade_six, six.winter) == {six.ash.pk: ("Fall", 2.0, 24.0)}


def test_the_newest_window_counts_with_all_its_forms(six):
    spring = make.window(six.year, "Q4", "Spring", opens=date(2026, 4, 20), closes=date(2026, 5, 8))
    other_grade(six, earned=20)
    other_grade(six, earned=6, window=six.winter)
    assert earlier_points(six.grade_six, spring) == {six.ash.pk: ("Winter 1", 6.0, 24.0)}
    assert earlier_points(six.math, spring) == {six.ash.pk: ("Fall", 24.0, 24.0)}


def test_the_page_says_both_shares(six, send):
    sent = send(wide(*[(one, *"BADC") for one in six.six]), window="2025-26/Q2")
    told = [look["sentence"] for look in sent.answer["looks"] if look["kind"] == "school"]
    assert told == ["Ash School: 0 % of the points, Fall 100 %. Columns shifted?"]
