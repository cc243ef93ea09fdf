"""The planted truths, found again through what the pages themselves read."""

import pytest

from assessments.models import Administration, Upload
from assessments.queries.classes import read_class
from assessments.queries.school import SchoolResults
from assessments.queries.section import SectionResults
from assessments.verdicts import Change
from pop_network.demo import planted
from pop_network.demo.places import BY_CODE
from schools.models import School, Section, User

pytestmark = pytest.mark.django_db

FALL, WINTER_1, WINTER_2 = "2025-26/Q1", "2025-26/Q2", "2025-26/Q3"
NEWEST = "2026-27/Q2"


@pytest.fixture
def admin(demo):
    return User.objects.get(email="district@example.org")


def page_of(user, code, window, series="QM"):
    """The page of a school, as `user` reads it."""
    return SchoolResults(user, School.objects.get(code=code), series, window)


def percents(page):
    """Per cent of the points by (grade, standard), of the standards the page lists."""
    return {(line.grade, line.standard.code): line.percent for line in page.standards}


def gains(user, code):
    """Points of 100 gained from Fall to Winter 2 of last year: on fractions, and on the other standards."""
    before, after = percents(page_of(user, code, FALL)), percents(page_of(user, code, WINTER_2))
    changes = {asked: after[asked] - before[asked] for asked in before.keys() & after.keys()}
    on_fractions = {asked for asked in changes if asked[1] in planted.FRACTIONS_FOLLOWED_UP.standards}
    return mean(changes[asked] for asked in on_fractions), mean(
        changes[asked] for asked in changes.keys() - on_fractions
    )


def mean(values):
    found = list(values)
    return sum(found) / len(found)


@pytest.mark.parametrize("school", planted.FRACTIONS_FOLLOWED_UP.schools)
def test_schools_that_followed_up_gained_on_fractions(admin, school):
    fractions, others = gains(admin, school)
    assert fractions > 14
    assert fractions > others + 8
    assert page_of(admin, school, WINTER_2).growth[0].verdict is Change.GREW


@pytest.mark.parametrize("school", ["1010", "1030"])
def test_schools_of_the_same_grades_that_did_not_follow_up_gained_as_elsewhere(admin, school):
    fractions, others = gains(admin, school)
    assert abs(fractions - others) < 8


@pytest.mark.parametrize("window", [WINTER_1, NEWEST])
def test_one_school_lost(admin, window):
    page = page_of(admin, planted.ONE_SCHOOL_LOST.schools[0], window)
    assert page.since == "Fall"
    assert page.growth[0].verdict is Change.SLIPPED
    slipped = [code for code in BY_CODE if page_of(admin, code, window).growth[0].verdict is Change.SLIPPED]
    assert slipped == list(planted.ONE_SCHOOL_LOST.schools)


def test_the_small_school_shows_counts_and_no_growth(demo):
    coach = User.objects.get(email="coach@example.org")
    page = page_of(coach, planted.TOO_SMALL_TO_SAY.schools[0], NEWEST)
    assert page.tested < 10
    assert not page.growth[0].enough
    assert page.growth[0].words == ""
    assert "%" not in page.sentence


def test_the_school_with_make_ups_to_come_is_told_so_first(admin):
    page = page_of(admin, planted.MAKE_UPS_MISSING.schools[0], NEWEST)
    assert len(page.untested) >= 8
    assert page.tested / page.enrolled < 0.8
    assert "not tested" in page.sentence or "were tested" in page.sentence


def test_the_wrong_key_is_a_popular_wrong_answer_in_every_class(admin, network):
    effect = planted.WRONG_KEY
    form = next(form for form in network.forms if form.code == effect.assessment)
    right = form.items[effect.position - 1].key
    administration = Administration.objects.get(assessment__code=effect.assessment, window__year__code="2026-27")
    for section in Section.objects.filter(year__code="2026-27", grade="07"):
        popular = SectionResults(read_class(admin, section.pk, administration.pk, None)).popular
        assert (effect.position, right) in [(one.position, one.letter) for one in popular]


def test_the_file_with_the_wrong_key_was_looked_at_with_suspicion(admin):
    upload = Upload.objects.get(filename="unit-check-7-part-1-2026-27-fall.csv")
    assert [look["position"] for look in upload.answer["looks"] if look["kind"] == "key"] == [
        planted.WRONG_KEY.position
    ]


def test_the_tour_class_has_two_teachers_and_something_to_work_on(demo):
    teacher = User.objects.get(email="teacher@example.org")
    section = Section.objects.get(school__code="1030", code="501", year__code="2026-27")
    page = SectionResults(read_class(teacher, section.pk, None, None))
    assert page.read.yours
    assert len(page.read.teachers) == 1
    assert page.read.sitting.test == "Quarterly Math 5"
    assert page.read.sitting.window == "Winter 1"
    assert page.rows[0].standard.code in planted.FRACTIONS_FOLLOWED_UP.standards
    assert page.groups
    assert len(page.popular) >= 3
    assert all(one.text and one.suggests for one in page.popular)


def test_the_adaptive_test_shows_strands_and_no_questions(demo):
    teacher = User.objects.get(email="teacher@example.org")
    section = Section.objects.get(school__code="1030", code="501", year__code="2026-27")
    fall = Administration.objects.get(assessment__kind="adaptive", window__year__code="2026-27")
    page = SectionResults(read_class(teacher, section.pk, fall.pk, None))
    assert len(page.totals.strands) == 4
    assert page.questions == ()
