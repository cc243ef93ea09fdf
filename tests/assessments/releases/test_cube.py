"""What a release shows is what plain SQL over the results says, rounded; what it hides is hidden for a reason."""

from fractions import Fraction
from itertools import chain

import pytest
from django.db import connection

from assessments.models import ReleasedCell
from assessments.releases.cube import live_cube
from assessments.sentences import rounded
from tests.assessments.releases.conftest import shown
from tests.assessments.town import SIZES

pytestmark = pytest.mark.django_db


def sql(query, *values):
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


OVERALL = """
    SELECT {key}, count(*), count(*) FILTER (WHERE r.level >= 3), sum(r.points), sum(r.scale_score)
    FROM assessments_result r JOIN assessments_administration a ON a.id = r.administration_id
    JOIN schools_school s ON s.id = r.school_id WHERE a.window_id = %s AND r.status = 1 GROUP BY 1
"""


KEYS = ["'network'", "'grade:' || r.grade", "'school:' || r.school_id"]


def cube(town, window=None):
    w = town.world
    return live_cube(w.network, w.district, "QM", window or w.fall)


@pytest.mark.parametrize("scale", ["", "QMS"])
def test_the_whole_test_is_what_sql_says(build, scale):
    town = build(scale=scale)
    figures = cube(town).figures
    asked = [sql(OVERALL.format(key=key), town.world.fall.pk) for key in KEYS]
    assert all(asked)
    for name, tested, reached, points, scores in chain(*asked):
        figure = figures[name]
        assert (figure.tested, figure.reached) == (tested, reached), name
        mean = scores / tested if scale else 100 * points / (6 * tested)
        assert float(figure.mean) == pytest.approx(mean, abs=1e-9)


def test_standards_and_questions_are_what_the_answers_say(town):
    figures = cube(town).figures
    standards = (town.world.fractions, town.world.volume)
    for grade, test in town.tests.items():
        numbers = [one.number for (_, g), students in town.students.items() if g == grade for one in students]
        right = [[town.marks[n][0][place] == "ABCDAB"[place] for place in range(6)] for n in numbers]
        for place, item in enumerate(test.items.order_by("position")):
            figure = figures[f"grade:{grade}|item:{item.pk}"]
            assert figure.tested == len(numbers)
            assert figure.reached == sum(row[place] for row in right)
        for number, standard in enumerate(standards):
            earned = sum(row[place] for row in right for place in range(number, 6, 2))
            figure = figures[f"grade:{grade}|standard:{standard.pk}"]
            assert figure.mean == Fraction(100 * earned, 3 * len(numbers))


def test_programs_are_read_from_the_roster_of_the_window(town):
    figures = cube(town).figures
    sizes = [size for grades in SIZES.values() for size in grades.values()]
    learners = sum(-(-size // 3) for size in sizes)
    assert figures["subgroup:el"].tested == learners
    assert figures["subgroup:el:no"].tested == sum(sizes) - learners
    assert "subgroup:economic" not in figures  # the roster says nothing of it


def test_growth_is_that_of_the_students_matched(build):
    town = build(scale="QMS")
    town.sit("2025-26/Q2")
    release = town.prepared(town.world.winter)
    assert release.since == town.world.fall and release.growth_kind == "scale"
    both = """
        SELECT avg(b.scale_score - a.scale_score), count(*) FROM assessments_result a
        JOIN assessments_result b USING (student_id)
        JOIN assessments_administration x ON x.id = a.administration_id AND x.window_id = %s
        JOIN assessments_administration y ON y.id = b.administration_id AND y.window_id = %s
        WHERE b.school_id = %s
    """
    cells = shown(release)
    for letter in ("A", "C"):
        mean, matched = sql(both, town.world.fall.pk, town.world.winter.pk, town.schools[letter].pk)[0]
        cell = cells[letter]
        assert cell.growth == rounded(mean)
        assert cell.matched_band == "20 to 49 students" and 20 <= matched <= 49
        assert cell.growth_low < cell.growth < cell.growth_high and cell.verdict
    assert cells["network"].growth is not None and cells["network"].verdict == ""


def test_a_student_in_two_forms_counts_once(town):
    before = cube(town).figures["network"].tested
    student = town.students["A", "05"][0]
    town.students["A", "06"].append(student)
    town.sit(only=[student])
    assert cube(town).figures["network"].tested == before


def test_released_cells_are_the_figures_rounded_or_not_shown(town):
    release = town.prepared()
    figures = cube(town).figures
    seen = 0
    for cell in ReleasedCell.objects.filter(release=release, standard=None, item=None):
        key = {"network": "network", "grade": f"grade:{cell.grade}", "school": f"school:{cell.school_id}"}.get(
            cell.place, f"subgroup:{cell.subgroup}"
        )
        if cell.tested is not None:
            seen += 1
            assert cell.tested == figures[key].tested
            assert cell.mean in (None, figures[key].whole_mean)
    assert seen >= 5
