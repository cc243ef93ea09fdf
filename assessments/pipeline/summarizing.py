"""The summaries of one administration, made anew from its rows inside the transaction that changed them."""

import numpy as np
from django.db import connection

from assessments import binary_copy, store
from assessments.crunch import IN_NO_GROUP, GroupSums, cross, sum_groups
from assessments.itemstats import FormStatistics, ItemStatistics, form_statistics
from assessments.models import Administration, FormSummary, GroupSummary, Item, ItemSummary
from assessments.pipeline.grades import GRADE_CODES, GRADE_OF_CODE
from assessments.responses import CHOICE_LETTERS, NO_CHOICE, UNITS_PER_POINT
from assessments.rows import NO_ID, ResultRows
from assessments.sheet import Sheet
from assessments.spread import Spread
from schools import dates
from schools.models import NetworkSchool


def summarize(administration: Administration, rows: ResultRows | None = None) -> None:
    """Replace the summaries of `administration`. `rows` are all its current rows, where the caller has them."""
    items = list(administration.assessment.items.prefetch_related("standards").order_by("position"))
    if rows is None:
        rows, _ = store.read(administration, len(items), len(administration.assessment.strands))
    for model in (GroupSummary, FormSummary, ItemSummary):
        model.objects.filter(administration=administration).delete()
    if not len(rows):
        return
    networks = networks_of(administration, rows)
    sheet = sheet_of(administration, items, rows)
    _group_summaries(administration, sheet, rows, networks)
    if items and rows.points_vectors is not None and rows.tested.any():
        for network_id, inside in [(None, np.ones(len(rows), bool)), *networks.items()]:
            _form_summary(administration, items, sheet, inside & rows.tested, network_id)


def sheet_of(administration: Administration, items: list[Item], rows: ResultRows) -> Sheet:
    """The rows as the sums want them."""
    standards = standards_of(items)
    asks = np.array([[code in item_codes(item) for item in items] for code in standards], bool)
    cuts = administration.assessment.cut_scores.values_list("level", flat=True)
    return Sheet(
        points=np.zeros((len(rows), 0), np.uint8) if rows.points_vectors is None else rows.points_vectors,
        worth=np.array([float(item.points) * UNITS_PER_POINT for item in items], np.int64),
        standards=asks.reshape(len(standards), len(items)),
        tested=rows.tested,
        scores=rows.scale_scores.astype(np.float64),
        levels=rows.levels.astype(np.int64),
        level_count=max([*cuts, int(rows.levels.max(initial=0))], default=0),
        choices=_known_choices(rows),
        totals=rows.points.astype(np.float64),
        strands=None if rows.strands is None else rows.strands.astype(np.float64),
    )


def standards_of(items: list[Item]) -> list[tuple[str, str]]:
    """The standards a form asks, in the order in which its questions first ask them (the teaching order)."""
    seen: dict[tuple[str, str], None] = {}
    for item in items:
        for code in sorted(item_codes(item)):
            seen.setdefault(code)
    return list(seen)


def item_codes(item: Item) -> set[tuple[str, str]]:
    return {(standard.framework, standard.code) for standard in item.standards.all()}


def networks_of(administration: Administration, rows: ResultRows) -> dict[int, np.ndarray]:
    """For each network, which rows count in it: those of its schools while the window was open."""
    window = administration.window
    joined = NetworkSchool.objects.filter(dates.overlapping(window.opens, window.closes))
    schools: dict[int, list[int]] = {}
    for network_id, school_id in joined.values_list("network_id", "school_id").order_by("network_id"):
        schools.setdefault(network_id, []).append(school_id)
    inside = {network_id: np.isin(rows.schools, ids) for network_id, ids in schools.items()}
    return {network_id: mask for network_id, mask in inside.items() if mask.any()}


def _known_choices(rows: ResultRows) -> np.ndarray | None:
    choices = rows.choices_vectors
    return None if choices is None or not (choices != NO_CHOICE).any() else choices


def _group_summaries(
    administration: Administration, sheet: Sheet, rows: ResultRows, networks: dict[int, np.ndarray]
) -> None:
    """Schools, networks and the district, each as a whole and by grade."""
    school_ids, school = np.unique(rows.schools, return_inverse=True)
    grade = np.array([GRADE_CODES[one] for one in rows.grades], np.int64)
    cell, cells = cross(school, grade)
    groupings = {"district": np.zeros(len(rows), np.int64), "grade": grade, "school": school, "cell": cell}
    for network_id, inside in networks.items():
        groupings[f"network {network_id}"] = np.where(inside, 0, IN_NO_GROUP)
        groupings[f"network {network_id} grade"] = np.where(inside, grade, IN_NO_GROUP)
    sums = sum_groups(sheet, groupings)
    _copy(administration, sums["district"])
    _copy(administration, sums["grade"], grades=np.arange(len(sums["grade"])))
    _copy(administration, sums["school"], schools=school_ids)
    _copy(administration, sums["cell"], schools=school_ids[cells[:, 0]], grades=cells[:, 1])
    for network_id in networks:
        by_grade = sums[f"network {network_id} grade"]
        _copy(administration, sums[f"network {network_id}"], network=network_id)
        _copy(administration, by_grade, network=network_id, grades=np.arange(len(by_grade)))


def _copy(
    administration: Administration,
    sums: GroupSums,
    *,
    schools: np.ndarray | None = None,
    network: int = NO_ID,
    grades: np.ndarray | None = None,
) -> None:
    """Write one grouping's sums. With `grades`, groups of an unknown grade are left out: all grades hold them."""
    count = len(sums)
    keep = np.flatnonzero((sums.students > 0) & (True if grades is None else grades > 0))
    columns = {
        "administration_id": binary_copy.integers(np.full(count, administration.pk)),
        "school_id": binary_copy.integers(np.full(count, NO_ID) if schools is None else schools, none=NO_ID),
        "network_id": binary_copy.integers(np.full(count, network), none=NO_ID),
        "grade": binary_copy.short_texts(
            np.full(count, "", object) if grades is None else np.array(GRADE_OF_CODE, object)[grades]
        ),
        "tested": binary_copy.integers(sums.tested),
        "not_tested": binary_copy.integers(sums.students - sums.tested),
        **_spread("points", sums.points),
        **_spread("scale", sums.scores),
        "level_counts": binary_copy.integer_arrays(sums.levels),
        "standard_earned": binary_copy.double_arrays(sums.standard_earned),
        "standard_possible": binary_copy.double_arrays(sums.standard_possible),
        "item_earned": binary_copy.double_arrays(sums.item_earned),
        "item_given": binary_copy.integer_arrays(sums.item_given),
        "strand_means": binary_copy.double_arrays(sums.strand_mean),
        "strand_counts": binary_copy.integer_arrays(sums.strand_students),
    }
    taken = [column.take(keep) for column in columns.values()]
    statement = f"COPY assessments_groupsummary ({', '.join(columns)}) FROM STDIN (FORMAT binary)"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for piece in binary_copy.binary_rows(taken, len(keep)):
            copy.write(piece)


def _spread(name: str, spread: Spread) -> dict[str, binary_copy.Column]:
    parts = {"mean": spread.mean, "sd": spread.sd, "q1": spread.q1, "median": spread.median, "q3": spread.q3}
    return {f"{name}_{part}": binary_copy.doubles(values) for part, values in parts.items()}


def _form_summary(
    administration: Administration, items: list[Item], sheet: Sheet, counted: np.ndarray, network_id: int | None
) -> None:
    if not counted.any():
        return
    statistics = form_statistics(
        sheet.points[counted],
        sheet.worth,
        choices=None if sheet.choices is None else sheet.choices[counted],
        keys=np.array([CHOICE_LETTERS.find(item.key) + 1 if item.key else NO_CHOICE for item in items]),
        offered=["".join(sorted(item.choices)) or item.key for item in items],
    )
    _save_form(administration, statistics, network_id)
    ItemSummary.objects.bulk_create(
        [_item_summary(administration, items[found.item], found, network_id) for found in statistics.items]
    )


def _save_form(administration: Administration, statistics: FormStatistics, network_id: int | None) -> None:
    found = statistics.reliability
    FormSummary.objects.create(
        administration=administration,
        network_id=network_id,
        students=found.students,
        reliability=found.alpha,
        reliability_kind=found.name,
        sem=found.sem,
        reason=found.reason,
    )


def _item_summary(
    administration: Administration, item: Item, found: ItemStatistics, network_id: int | None
) -> ItemSummary:
    choices = {
        option.letter: {"count": option.students, "share": option.share, "r": option.correlation}
        for option in found.options
    }
    flags = [f"{option.letter}: {flag}" for option in found.options for flag in option.flags]
    return ItemSummary(
        administration=administration,
        network_id=network_id,
        item=item,
        students=found.students,
        difficulty=found.p,
        item_rest=found.correlation,
        choices=choices | {"blank": found.blank, "not_reached": found.not_reached, "several": found.several},
        flags=flags,
        reason=found.reason,
    )
