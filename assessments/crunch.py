"""Sums over groups of students: one response sheet in, one set of columns per grouping out. Knows no Django.

The answers of all students stand in one byte matrix (see `responses`). They are counted once, in the finest
cells that the groupings cut, and every coarser group is a sum of cells: a district of 118,000 students is
counted by school, grade, school and grade, and as a whole in one pass over the answers.

Conventions, the same everywhere: only tested students count; a blank and an answer not reached earn 0 and
count; an item that was not given does not count.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assessments.responses import BLANK, MULTIPLE, NOT_GIVEN, NOT_REACHED, UNITS_PER_POINT, earned
from assessments.sheet import Ints, Sheet
from assessments.spread import Ranked, Spread, SpreadRow, figure

IN_NO_GROUP = -1
OPTION_CODES = MULTIPLE + 1
MOST_CELLS = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class GroupSums:
    """The columns of one grouping: entry g of every array belongs to the students labeled g.

    students counts all rows, every other figure only the tested. Points are whole points, not quarters.
    standard_students counts those who were given at least one question of the standard.
    item_choices counts option codes (`responses`) of students given the item: [group, item, code].
    """

    students: NDArray[np.int64]
    tested: NDArray[np.int64]
    points: Spread
    scores: Spread
    levels: NDArray[np.int64]  # groups x level_count
    standard_earned: NDArray[np.float64]  # groups x standards
    standard_possible: NDArray[np.float64]
    standard_students: NDArray[np.int64]
    item_earned: NDArray[np.float64]  # groups x items
    item_possible: NDArray[np.float64]
    item_given: NDArray[np.int64]
    item_blank: NDArray[np.int64]
    item_not_reached: NDArray[np.int64]
    item_choices: NDArray[np.int32] | None  # groups x items x OPTION_CODES
    strand_students: NDArray[np.int64]  # groups x strands
    strand_mean: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.students)

    def row(self, group: int) -> "GroupRow":
        """One group in plain numbers and lists, fit for strict JSON."""
        return GroupRow(
            group=group,
            students=int(self.students[group]),
            tested=int(self.tested[group]),
            points=self.points.row(group),
            scores=self.scores.row(group),
            levels=self.levels[group].tolist(),
            standard_earned=self.standard_earned[group].tolist(),
            standard_possible=self.standard_possible[group].tolist(),
            standard_students=self.standard_students[group].tolist(),
            item_earned=self.item_earned[group].tolist(),
            item_possible=self.item_possible[group].tolist(),
            item_given=self.item_given[group].tolist(),
            item_blank=self.item_blank[group].tolist(),
            item_not_reached=self.item_not_reached[group].tolist(),
            item_choices=None if self.item_choices is None else self.item_choices[group].tolist(),
            strand_students=self.strand_students[group].tolist(),
            strand_mean=[figure(mean) for mean in self.strand_mean[group]],
        )

    def rows(self) -> list["GroupRow"]:
        """Every group, in the order of the labels."""
        return [self.row(group) for group in range(len(self))]


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group of `GroupSums` in plain numbers; the fields mean what they mean there."""

    group: int
    students: int
    tested: int
    points: SpreadRow
    scores: SpreadRow
    levels: list[int]
    standard_earned: list[float]
    standard_possible: list[float]
    standard_students: list[int]
    item_earned: list[float]
    item_possible: list[float]
    item_given: list[int]
    item_blank: list[int]
    item_not_reached: list[int]
    item_choices: list[list[int]] | None
    strand_students: list[int]
    strand_mean: list[float | None]


def cross(*labels: Ints) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Label every student by the combination of several labels, as school and grade.

    Returns the new labels (0, 1, ... in the order of the combinations; -1 for a student who is in no group of
    some label) and the combinations themselves, one row each.
    """
    inside = np.logical_and.reduce([label != IN_NO_GROUP for label in labels])
    found, combinations = _combine([label[inside].astype(np.int64) for label in labels])
    combined = np.full(len(inside), IN_NO_GROUP, dtype=np.int64)
    combined[inside] = found
    return combined, combinations


def sum_groups(sheet: Sheet, groupings: Mapping[str, Ints]) -> dict[str, GroupSums]:
    """Count the sheet once for every grouping.

    A grouping labels each student with a group index (0, 1, ... without wide gaps: the columns are as long as
    the highest label), or with -1 for a student who counts in none. Raises ValueError on a label array of the
    wrong length or a label below -1.
    """
    labels_of = {name: _checked(name, labels, len(sheet.points)) for name, labels in groupings.items()}
    if not labels_of:
        return {}
    tested = np.flatnonzero(sheet.tested)
    cells, combinations = _combine([labels[tested] for labels in labels_of.values()])
    if len(labels_of) > 1 and len(combinations) > MOST_CELLS:
        # The groupings cut across each other: shared cells would cost more than they save.
        return {name: sum_groups(sheet, {name: labels})[name] for name, labels in labels_of.items()}
    counted = _count_cells(sheet, tested, cells, len(combinations))
    totals = Ranked.of(sheet.total_points()[tested])
    scores = Ranked.of(sheet.scores[tested].astype(np.float64))
    found = {}
    for (name, labels), group_of_cell in zip(labels_of.items(), combinations.T, strict=True):
        groups = int(labels.max(initial=IN_NO_GROUP)) + 1
        students = np.bincount(labels[labels >= 0], minlength=groups)
        group_of_student = group_of_cell[cells]
        found[name] = counted.summed(
            sheet,
            group_of_cell,
            students,
            points=totals.spread(group_of_student, groups),
            scores=scores.spread(group_of_student, groups),
        )
    return found


def _checked(name: str, labels: Ints, students: int) -> NDArray[np.int64]:
    if len(labels) != students:
        raise ValueError(f"grouping {name} labels {len(labels)} students, the sheet has {students}")
    wide = labels.astype(np.int64)
    if int(wide.min(initial=IN_NO_GROUP)) < IN_NO_GROUP:
        raise ValueError(f"grouping {name} has a label below {IN_NO_GROUP}")
    return wide


def _combine(labels: Sequence[NDArray[np.int64]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """As `cross`, but -1 is a label like any other."""
    code = np.zeros(len(labels[0]), dtype=np.int64)
    bases = [int(label.max(initial=IN_NO_GROUP)) + 2 for label in labels]
    for label, base in zip(labels, bases, strict=True):
        code = code * base + (label - IN_NO_GROUP)
    codes, combined = np.unique(code, return_inverse=True)
    combinations = np.empty((len(codes), len(labels)), dtype=np.int64)
    for place in reversed(range(len(labels))):
        codes, digit = np.divmod(codes, bases[place])
        combinations[:, place] = digit + IN_NO_GROUP
    return combined, combinations


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    """Whole-number counts for each cell: what every grouping is added up from. Points are in quarters."""

    tested: NDArray[np.int64]
    levels: NDArray[np.int64]
    units: NDArray[np.int64]
    given: NDArray[np.int64]
    blank: NDArray[np.int64]
    not_reached: NDArray[np.int64]
    choices: NDArray[np.int32] | None
    standard_students: NDArray[np.int64]
    strand_students: NDArray[np.int64]
    strand_sums: NDArray[np.float64]

    def summed(
        self,
        sheet: Sheet,
        group_of_cell: NDArray[np.int64],
        students: NDArray[np.int64],
        *,
        points: Spread,
        scores: Spread,
    ) -> GroupSums:
        """Add the cells up to groups; `students` has one entry per group."""
        groups = len(students)

        def add(counts: NDArray[Any]) -> NDArray[Any]:
            return _add_cells(counts, group_of_cell, groups)

        given, item_earned = add(self.given), add(self.units) / UNITS_PER_POINT
        item_possible = given * (sheet.worth.astype(np.float64) / UNITS_PER_POINT)
        asks = sheet.standards.T.astype(np.float64)
        strand_students = add(self.strand_students)
        with np.errstate(invalid="ignore"):
            strand_mean = add(self.strand_sums) / strand_students  # 0 / 0 is NaN: no student, no mean
        return GroupSums(
            students=students,
            tested=add(self.tested),
            points=points,
            scores=scores,
            levels=add(self.levels),
            standard_earned=item_earned @ asks,
            standard_possible=item_possible @ asks,
            standard_students=add(self.standard_students),
            item_earned=item_earned,
            item_possible=item_possible,
            item_given=given,
            item_blank=add(self.blank),
            item_not_reached=add(self.not_reached),
            item_choices=None if self.choices is None else add(self.choices),
            strand_students=strand_students,
            strand_mean=strand_mean,
        )


def _count_cells(sheet: Sheet, tested: NDArray[np.int64], cells: NDArray[np.int64], size: int) -> _Cells:
    """Count the tested students' answers in `size` cells; `cells` names the cell of each of them."""
    points = np.ascontiguousarray(sheet.points[tested].T)  # items x students: each item is one run of bytes
    levels = sheet.level_count + 1
    by_level = np.bincount(cells * levels + sheet.levels[tested], minlength=size * levels)
    given = np.empty((size, len(points)), dtype=np.int64)
    units, blank, not_reached = np.empty_like(given), np.empty_like(given), np.empty_like(given)
    for item, column in enumerate(points):
        units[:, item] = np.bincount(cells, weights=earned(column), minlength=size)
        given[:, item] = np.bincount(cells[column != NOT_GIVEN], minlength=size)
        blank[:, item] = np.bincount(cells[column == BLANK], minlength=size)
        not_reached[:, item] = np.bincount(cells[column == NOT_REACHED], minlength=size)
    strand_students, strand_sums = _count_strands(sheet, tested, cells, size)
    return _Cells(
        tested=np.bincount(cells, minlength=size),
        levels=by_level.reshape(size, levels)[:, 1:],
        units=units,
        given=given,
        blank=blank,
        not_reached=not_reached,
        choices=_count_choices(sheet, tested, points, cells, size),
        standard_students=_count_standard_students(sheet, points, cells, size),
        strand_students=strand_students,
        strand_sums=strand_sums,
    )


def _count_choices(
    sheet: Sheet,
    tested: NDArray[np.int64],
    points: NDArray[np.uint8],
    cells: NDArray[np.int64],
    size: int,
) -> NDArray[np.int32] | None:
    """How often each option was chosen, of the students who were given the item: cells x items x codes."""
    if sheet.choices is None:
        return None
    counts = np.empty((size, len(points), OPTION_CODES), dtype=np.int32)
    first_code = cells * OPTION_CODES
    for item, chosen in enumerate(np.ascontiguousarray(sheet.choices[tested].T)):
        given = points[item] != NOT_GIVEN
        codes = (first_code + chosen)[given]
        counts[:, item] = np.bincount(codes, minlength=size * OPTION_CODES).reshape(size, OPTION_CODES)
    return counts


def _count_standard_students(
    sheet: Sheet, points: NDArray[np.uint8], cells: NDArray[np.int64], size: int
) -> NDArray[np.int64]:
    """Students of each cell who were given at least one question of each standard: cells x standards."""
    counts = np.empty((size, len(sheet.standards)), dtype=np.int64)
    for standard, asked_by in enumerate(sheet.standards):
        was_asked = (points[asked_by] != NOT_GIVEN).any(axis=0)
        counts[:, standard] = np.bincount(cells[was_asked], minlength=size)
    return counts


def _count_strands(
    sheet: Sheet, tested: NDArray[np.int64], cells: NDArray[np.int64], size: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Students with a result in each strand, and the sum of their results: cells x strands."""
    strands = np.empty((len(tested), 0)) if sheet.strands is None else sheet.strands[tested]
    students = np.empty((size, strands.shape[1]), dtype=np.int64)
    sums = np.empty((size, strands.shape[1]))
    for strand, values in enumerate(strands.T):
        known = ~np.isnan(values)
        students[:, strand] = np.bincount(cells[known], minlength=size)
        sums[:, strand] = np.bincount(cells[known], weights=values[known], minlength=size)
    return students, sums


def _add_cells(counts: NDArray[Any], group_of_cell: NDArray[np.int64], groups: int) -> NDArray[Any]:
    """Add up the cells (first axis) that belong to each group; a cell of no group (-1) is left out."""
    sums = np.zeros((groups, *counts.shape[1:]), dtype=counts.dtype)
    order = np.argsort(group_of_cell, kind="stable")
    order = order[group_of_cell[order] >= 0]
    if order.size:
        present, first = np.unique(group_of_cell[order], return_index=True)
        sums[present] = np.add.reduceat(counts[order], first, axis=0, dtype=counts.dtype)
    return sums
