"""Growth between the windows of a school year, made anew when one of them changes."""

from collections.abc import Iterable
from itertools import combinations

import numpy as np

from assessments.growth import GroupGrowth, Kind, WindowScores, growth_by_group, match
from assessments.models import Administration, GrowthSummary, Result, Window
from assessments.pipeline.grades import GRADE_CODES, GRADE_OF_CODE
from schools import dates
from schools.models import District, NetworkSchool

NOWHERE = -1


def measure_growth(administration: Administration) -> None:
    """Replace the growth of this administration's series between its window and each other one of the year."""
    test, window = administration.assessment, administration.window
    series = Administration.objects.filter(
        assessment__district=test.district_id, assessment__series=test.series, window__year=window.year
    ).select_related("assessment", "window")
    by_window: dict[Window, list[Administration]] = {}
    for one in series.order_by("window__opens", "pk"):
        by_window.setdefault(one.window, []).append(one)
    for first, last in combinations(by_window, 2):
        if window in (first, last):
            _replace(test.district, test.series, first, last, by_window)


def forget_growth(district: District, series: str) -> None:
    """Measure a series anew from the tests it has left: a test went to another series."""
    GrowthSummary.objects.filter(district=district, series=series).delete()
    left = Administration.objects.filter(assessment__district=district, assessment__series=series)
    for administration in left.select_related("assessment__district", "window__year"):
        measure_growth(administration)


def _replace(
    district: District, series: str, first: Window, last: Window, by_window: dict[Window, list[Administration]]
) -> None:
    GrowthSummary.objects.filter(district=district, series=series, first=first, last=last).delete()
    kind = _kind(by_window[first] + by_window[last])
    before, after = _scores(by_window[first], kind), _scores(by_window[last], kind)
    if not len(before) or not len(after):
        return
    rows = []
    placed: set[int] = set()
    for network_id, schools in _circles(last, np.concatenate([before["school"], after["school"]])):
        rows += _of_circle(before, after, kind, network_id, schools, told=placed)
        placed.update(schools)
    for row in rows:
        row.district, row.series, row.first, row.last = district, series, first, last
    GrowthSummary.objects.bulk_create(rows, batch_size=500)


def _kind(administrations: list[Administration]) -> Kind:
    """On a scale where every form of both windows reports on one and the same."""
    scales = {one.assessment.scale for one in administrations}
    return Kind.SCALE if len(scales) == 1 and scales != {""} else Kind.STANDING


def _scores(administrations: list[Administration], kind: Kind) -> np.ndarray:
    """The tested students of one window: student, school, grade code, score. A student in two forms counts once."""
    score = "scale_score" if kind is Kind.SCALE else "points"
    tested = Result.objects.filter(
        administration__in=administrations, status=Result.TESTED, **{f"{score}__isnull": False}
    )
    values = tested.order_by("student_id", "administration_id").values_list("student_id", "school_id", "grade", score)
    records = [(student, school, GRADE_CODES[grade], value) for student, school, grade, value in values]
    found = np.array(records, [("student", np.int64), ("school", np.int64), ("grade", np.int64), ("score", float)])
    _, once = np.unique(found["student"], return_index=True)
    return found[once]


def _circles(window: Window, schools: np.ndarray) -> Iterable[tuple[int | None, list[int]]]:
    """Who is compared with whom: the schools of each network, and those of the district that are in none."""
    days = dates.overlapping(window.opens, window.closes)
    joined = NetworkSchool.objects.filter(days, school__in=set(schools.tolist()))
    networks: dict[int, list[int]] = {}
    pairs = joined.order_by("network_id", "school_id").values_list("network_id", "school_id")
    for network_id, school_id in pairs.distinct():  # a school that left and came back is there once
        networks.setdefault(network_id, []).append(school_id)
    yield from networks.items()
    alone = sorted(set(schools.tolist()).difference(*networks.values()))
    if alone:
        yield None, alone


def _of_circle(
    before: np.ndarray, after: np.ndarray, kind: Kind, network_id: int | None, schools: list[int], *, told: set[int]
) -> list[GrowthSummary]:
    """The growth of one circle and of its schools, but for those `told` already: a school stands in its first one."""
    windows = [_window(scores[np.isin(scores["school"], schools)], schools) for scores in (before, after)]
    if not all(len(one.students) for one in windows):
        return []
    pairs = match(*windows, kind)
    rows = []
    if network_id is not None:
        rows += [_row(one, network_id=network_id) for one in growth_by_group(pairs, "all")]
        rows += [
            _row(one, network_id=network_id, grade=GRADE_OF_CODE[one.group])
            for one in growth_by_group(pairs, "grade")
            if one.group
        ]
    own = [school not in told for school in schools]
    rows += [_row(one, school_id=schools[one.group]) for one in growth_by_group(pairs, "school") if own[one.group]]
    for one in growth_by_group(pairs, "cell"):
        place, code = divmod(one.group, len(GRADE_OF_CODE))
        if code and own[place]:
            rows.append(_row(one, school_id=schools[place], grade=GRADE_OF_CODE[code]))
    return [row for row in rows if row.matched]


def _window(scores: np.ndarray, schools: list[int]) -> WindowScores:
    order = {school: place for place, school in enumerate(schools)}
    school = np.array([order[one] for one in scores["school"].tolist()], np.int64)
    grade = scores["grade"]
    return WindowScores(
        students=scores["student"],
        scores=scores["score"],
        grades=grade,
        groups={
            "all": np.zeros(len(scores), np.int64),
            "grade": grade,
            "school": school,
            "cell": school * len(GRADE_OF_CODE) + grade,
        },
    )


def _row(found: GroupGrowth, **place) -> GrowthSummary:
    return GrowthSummary(
        kind=found.kind.value,
        matched=found.matched,
        mean=found.mean,
        sd=found.sd,
        low=found.low,
        high=found.high,
        effect=found.effect,
        against_mean=found.against_mean,
        against_low=found.against_low,
        against_high=found.against_high,
        **place,
    )
