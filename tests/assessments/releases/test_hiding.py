"""Nothing a release shows tells of a small group: by its own arithmetic, and by an attacker who knows the schools."""

import pytest
from scipy.optimize import linprog

from assessments.models import ReleasedCell, WithheldFigure
from assessments.releases.cube import live_cube
from assessments.releases.suppressing import closed_for_teachers, matched_band
from tests.assessments.releases.conftest import shown
from tests.assessments.town import SIZES

pytestmark = pytest.mark.django_db
FLOOR = 11


def test_a_small_school_is_hidden_and_an_insider_learns_nothing(town):
    release = town.prepared()
    cells = shown(release)
    hidden = [letter for letter in SIZES if cells[letter].tested is None]
    sizes = [sum(SIZES[letter].values()) for letter in hidden]
    assert "B" in hidden and len(hidden) >= 3
    assert sum(sizes) - max(sizes) >= FLOOR  # whoever knows one of them cannot have a small one
    for letter in hidden:
        cell = cells[letter]
        assert (cell.rate, cell.mean, cell.growth, cell.matched_band) == ("", None, None, "")


def test_the_ledger_names_a_rule_for_every_cell_that_is_hidden(town):
    release = town.prepared()
    hidden = ReleasedCell.objects.filter(release=release, tested=None)
    told = set(WithheldFigure.objects.filter(release=release).values_list("cell", flat=True))
    assert hidden.exists() and {cell.pk for cell in hidden} <= told
    rules = dict(WithheldFigure.objects.filter(release=release, cell__standard=None).values_list("cell", "rule"))
    by_letter = shown(release)
    assert rules[by_letter["B"].pk] == "primary"
    assert all(not any(sign.isdigit() for sign in line.words) for line in release.withheld.all())


def test_no_small_class_can_be_worked_out_from_all_counts(town):
    """A linear program over every grade of every school, with all that is shown: no small one is known closely."""
    release = town.prepared()
    cells = shown(release)
    names = [(letter, grade) for letter, grades in SIZES.items() for grade in grades]
    rows, totals = [], []
    for key, cell in cells.items():
        inside = [key == "network" or key in pair for pair in names]
        if cell.tested is not None and any(inside):
            rows.append([float(one) for one in inside])
            totals.append(cell.tested)
    found = 0
    for place, (letter, grade) in enumerate(names):
        if SIZES[letter][grade] >= FLOOR:
            continue
        cost = [float(n == place) for n in range(len(names))]
        low, high = (
            linprog([sign * x for x in cost], A_eq=rows, b_eq=totals, bounds=(1, None)).fun for sign in (1, -1)
        )
        assert -high - low + 1 >= FLOOR - 1, (letter, grade)
        found += 1
    assert found


def test_a_grade_that_two_totals_would_tell_hides_a_total(build):
    """Only G has grade 6; its grade 5 (8 students) would be its total less the grade's."""
    sizes = {"G": {"05": 8, "06": 30}, "H": {"05": 40}, "I": {"05": 35}}
    cells = shown(build(sizes).prepared())
    assert cells["G"].tested is None or cells["06"].tested is None


def test_what_few_teachers_teach_is_not_shown(town, settings):
    """Two teachers a grade in each school: a school's standard has two or four; the network's has more."""
    w = town.world
    closed = closed_for_teachers(live_cube(w.network, w.district, "QM", w.fall))
    standard = w.fractions.pk
    assert closed[f"school:{town.schools['D'].pk}|standard:{standard}"] == "few_teachers"
    assert f"school:{town.schools['A'].pk}|standard:{standard}" not in closed  # four teachers
    assert f"network|standard:{standard}" not in closed
    release = town.prepared()
    cell = release.cells.get(school=town.schools["D"], standard=w.fractions)
    assert (cell.tested, cell.mean) == (None, None)
    settings.MIN_TEACHERS = 30
    assert f"network|standard:{standard}" in closed_for_teachers(live_cube(w.network, w.district, "QM", w.fall))


def test_one_school_of_few_teachers_takes_others_with_it(build, settings):
    """Alone it could be subtracted from the network's figure."""
    settings.MIN_TEACHERS = 4
    sizes = {"A": {"05": 20, "06": 20}, "C": {"05": 20, "06": 20}, "D": {"05": 30}}
    town = build(sizes)
    w = town.world
    closed = closed_for_teachers(live_cube(w.network, w.district, "QM", w.fall))
    rules = [closed.get(f"school:{school.pk}|standard:{w.fractions.pk}") for school in town.schools.values()]
    assert rules.count("few_teachers") == 1 and rules.count("teachers_together") == 1


def test_matched_students_are_a_band():
    assert [matched_band(n) for n in (11, 19, 20, 49, 567, 4000)] == [
        "11 to 19 students", "11 to 19 students", "20 to 49 students", "20 to 49 students", "500 to 999 students",
        "1,000 or more students",
    ]  # fmt: skip


def test_letters_are_drawn_afresh_and_cover_every_school(town):
    first = town.prepared()
    assert sorted(first.schools.values_list("letter", flat=True)) == [
        f"School {letter}" for letter in "ABCDEFGH"
    ]  # the two of the small world have no results, and are there as "0 tested"
    assert set(first.schools.values_list("school_id", flat=True)) >= {one.pk for one in town.schools.values()}
