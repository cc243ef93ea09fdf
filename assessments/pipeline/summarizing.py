"""The summaries of one administration, made anew from its rows inside the transaction that changed them."""

import numpy as np

from assessments import store
from assessments.crunch import IN_NO_GROUP, GroupRow, GroupSums, cross, sum_groups
from assessments.itemstats import FormStatistics, ItemStatistics, form_statistics
from assessments.models import Administration, FormSummary, GroupSummary, Item, ItemSummary
from assessments.responses import CHOICE_LETTERS, NO_CHOICE, UNITS_PER_POINT
from assessments.rows import ResultRows
from assessments.sheet import Sheet
from schools import dates
from schools.models import GRADES, NetworkSchool

GRADE_CODES = {grade: place for place, grade in enumerate(["", *GRADES])}
GRADE_OF_CODE = ["", *GRADES]


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
    by_grade, grade_cells = cross(school, grade)
    groupings = {"district": np.zeros(len(rows), np.int64), "grade": grade, "school": school, "cell": by_grade}
    for network_id, inside in networks.items():
        groupings[f"network {network_id}"] = np.where(inside, 0, IN_NO_GROUP)
        groupings[f"network {network_id} grade"] = np.where(inside, grade, IN_NO_GROUP)
    sums = sum_groups(sheet, groupings)
    found = [_summary(administration, sums["district"].row(0))]
    found += _by_grade(administration, sums["grade"])
    found += [_summary(administration, row, school_id=int(school_ids[row.group])) for row in sums["school"].rows()]
    for row in sums["cell"].rows():
        place, code = grade_cells[row.group]
        if code:  # a grade that nobody knows is inside "all grades" already
            school_id = int(school_ids[place])
            found.append(_summary(administration, row, school_id=school_id, grade=GRADE_OF_CODE[int(code)]))
    for network_id in networks:
        found.append(_summary(administration, sums[f"network {network_id}"].row(0), network_id=network_id))
        found += _by_grade(administration, sums[f"network {network_id} grade"], network_id=network_id)
    GroupSummary.objects.bulk_create(found, batch_size=500)


def _by_grade(administration: Administration, sums: GroupSums, **place) -> list[GroupSummary]:
    known = [row for row in sums.rows() if row.students and row.group]
    return [_summary(administration, row, grade=GRADE_OF_CODE[row.group], **place) for row in known]


def _summary(administration: Administration, row: GroupRow, **place) -> GroupSummary:
    return GroupSummary(
        administration=administration,
        tested=row.tested,
        not_tested=row.students - row.tested,
        points_mean=row.points.mean,
        points_sd=row.points.sd,
        points_q1=row.points.q1,
        points_median=row.points.median,
        points_q3=row.points.q3,
        scale_mean=row.scores.mean,
        scale_sd=row.scores.sd,
        scale_q1=row.scores.q1,
        scale_median=row.scores.median,
        scale_q3=row.scores.q3,
        level_counts=row.levels,
        standard_earned=row.standard_earned,
        standard_possible=row.standard_possible,
        item_earned=row.item_earned,
        item_given=row.item_given,
        strand_means=row.strand_mean,
        strand_counts=row.strand_students,
        **place,
    )


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
