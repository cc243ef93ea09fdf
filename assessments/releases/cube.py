"""The true figures of a release, from the results as they stand now (decision 0010): the fixed cube, and its sums."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from django.utils import timezone

from assessments.crunch import GroupSums, sum_groups
from assessments.models import Release, Window
from assessments.pipeline.grades import GRADE_CODES, GRADE_OF_CODE
from assessments.queries.school_forms import common_words
from assessments.releases.basis import basis_of
from assessments.releases.changes import fingerprints
from assessments.releases.counted import UNKNOWN, Counted, Form, count_students, schools_of
from assessments.releases.figures import Figure, Group, LiveCube, Place, Rest, Subject
from assessments.releases.growth import GrowthFound, growth_of
from assessments.releases.insiders import circles_of
from assessments.releases.sets import Sets
from assessments.responses import UNITS_PER_POINT
from schools.models import District, Network

NETWORK = Group(Place.NETWORK)
WHOLE = Subject()


@dataclass
class _Sum:
    """What the forms add up to for one group and subject."""

    students: int = 0
    earned: Fraction = Fraction(0)
    possible: Fraction = Fraction(0)
    forms: list[int] = field(default_factory=list)
    teachers: set[int] = field(default_factory=set)


def live_cube(
    network: Network, district: District, series: str, window: Window, earlier: Release | None = None
) -> LiveCube:
    """The cube of one series in one window: every figure of the network's schools, nothing hidden yet.

    `earlier` is the release it will be held against.
    """
    basis = basis_of(network, district, series, window, earlier)  # before the rows: a later change must differ
    counted = count_students(network, district, series, window)
    schools = schools_of(network, district, window)
    sets = Sets(counted, schools)
    growth = growth_of(network, district, series, window)
    builder = _Builder(counted, schools, sets, growth)
    figures = builder.figures()
    rests = [*sets.rests(), *builder.unknown_flags()]
    names = sorted({form.administration.assessment.name for form in counted.forms})
    return LiveCube(
        title=names[0] if len(names) == 1 else common_words(names) or series,
        since=growth.since,
        growth_kind=growth.kind,
        mean_unit="scale" if builder.on_scale else "percent",
        has_levels=builder.has_levels,
        basis=basis,
        figures=figures,
        rests={rest.key: rest for rest in rests},
        sums=[*sets.sums(), *_sums_of_subjects(figures), *builder.sums_of_flags()],
        inside=sets.inside(),
        worth=builder.worth,
        asked=builder.asked,
        schools=schools,
        tests=[form.administration.pk for form in counted.forms],
        prints=fingerprints(counted, district, series, growth.since),
        circles=circles_of(schools, window.opens, max(window.closes, timezone.localdate())),
    )


class _Builder:
    """Figures of one set of counted students."""

    def __init__(self, counted: Counted, schools: list[int], sets: Sets, growth: GrowthFound):
        self.counted, self.schools, self.sets, self.growth = counted, schools, sets, growth
        scales = {form.administration.assessment.scale for form in counted.forms}
        self.on_scale = len(scales) == 1 and scales != {""}
        self.has_levels = bool(counted.forms) and all(form.benchmark is not None for form in counted.forms)
        self.worth: dict[str, float] = {}
        self.asked: dict[str, tuple[str, ...]] = {}

    def figures(self) -> dict[str, Figure]:
        """Every figure by key: the whole test, standards and strands, questions, subgroups."""
        found = [*self._whole(), *self._parts(), *self._items(), *self._subgroups()]
        return {figure.key: figure for figure in found}

    def _groups(self) -> Iterator[tuple[Group, np.ndarray]]:
        """The network, its grades, its schools, each with its students."""
        yield NETWORK, np.ones(len(self.counted), bool)
        for grade in self.sets.grades:
            yield Group(Place.GRADE, grade=grade), self.counted.grade == GRADE_CODES[grade]
        for school in self.schools:
            yield Group(Place.SCHOOL, school), self.counted.school == school

    def _whole(self) -> Iterator[Figure]:
        for group, inside in self._groups():
            growth = self.growth.of(group)
            yield self._overall(group, inside, group.key, self.sets.forms(group), growth)

    def _overall(self, group: Group, inside: np.ndarray, students: str, forms: tuple[int, ...], growth=None) -> Figure:
        theirs = self.counted.teacher[inside]
        return Figure(
            group, WHOLE,
            tested=int(inside.sum()),
            reached=int(self.counted.reached[inside].sum()) if self.has_levels else None,
            mean=self._mean(inside),
            students=students,
            forms=forms,
            teachers=len(set(theirs[theirs != UNKNOWN].tolist())),
            growth=growth,
        )  # fmt: skip

    def _mean(self, inside: np.ndarray) -> float | Fraction | None:
        """Scale points on one scale; else per cent of the points, of students who have points."""
        if self.on_scale:
            scores = self.counted.score[inside]
            known = np.sort(scores[~np.isnan(scores)])
            return float(known.mean()) if known.size else None
        earned, possible = self.counted.earned[inside], self.counted.possible[inside]
        known = ~(np.isnan(earned) | np.isnan(possible))
        return _share(Fraction(float(earned[known].sum())), Fraction(float(possible[known].sum())))

    def _parts(self) -> Iterator[Figure]:
        """Standards, and the strands of an adaptive test, for the network, grades and schools."""
        found: dict[tuple[Group, Subject], _Sum] = defaultdict(_Sum)
        for position, form in enumerate(self.counted.forms):
            for group, sums, row in self._sums_of(form):
                teachers = self._teachers(position, group)
                for subject, students, earned, possible in _subjects(form, sums, row):
                    one = found[group, subject]
                    one.students += students
                    one.earned += earned
                    one.possible += possible
                    one.forms.append(position)
                    one.teachers |= teachers
        for (group, subject), one in found.items():
            mean = one.earned / one.possible if subject.strand else _share(one.earned, one.possible)
            yield self._figure(group, subject, one, mean)

    def _figure(self, group: Group, subject: Subject, one: _Sum, mean, reached: int | None = None) -> Figure:
        forms = tuple(one.forms)
        name = self.sets.name(group, forms, one.students, group.key + subject.key)
        return Figure(group, subject, one.students, reached, mean, name, forms, len(one.teachers))

    def _sums_of(self, form: Form) -> Iterator[tuple[Group, GroupSums, int]]:
        """The sums of a form for each group in which somebody sat it."""
        schools = np.searchsorted(self.schools, form.rows.schools)
        grades = np.array([GRADE_CODES[one] for one in form.rows.grades], np.int64)
        everyone = np.zeros(len(form.rows), np.int64)
        sums = sum_groups(form.sheet, {"network": everyone, "grade": grades, "school": schools})
        yield NETWORK, sums["network"], 0
        for code in np.unique(grades[grades > 0]).tolist():
            yield Group(Place.GRADE, grade=GRADE_OF_CODE[code]), sums["grade"], code
        for place in np.unique(schools).tolist():
            yield Group(Place.SCHOOL, self.schools[place]), sums["school"], place

    def _teachers(self, form: int, group: Group) -> set[int]:
        mine = self.counted.form == form
        if group.place == Place.GRADE:
            mine = mine & (self.counted.grade == GRADE_CODES[group.grade])
        elif group.place == Place.SCHOOL:
            mine = mine & (self.counted.school == group.school)
        return set(np.unique(self.counted.teacher[mine]).tolist()) - {UNKNOWN}

    def _items(self) -> Iterator[Figure]:
        """Each question of a form, for each grade of the network."""
        for position, form in enumerate(self.counted.forms):
            grades = np.array([GRADE_CODES[one] for one in form.rows.grades], np.int64)
            for code in np.unique(grades[grades > 0]).tolist() if form.items else []:
                group = Group(Place.GRADE, grade=GRADE_OF_CODE[code])
                answers = form.sheet.points[grades == code]
                teachers = self._teachers(position, group)
                sums = sum_groups(form.sheet, {"grade": grades})["grade"]
                keys = {}
                for place, item in enumerate(form.items):
                    students = int(sums.item_given[code, place])
                    if not students:
                        continue
                    one = _Sum(students, forms=[position], teachers=teachers)
                    earned, possible = (float(x[code, place]) for x in (sums.item_earned, sums.item_possible))
                    full = int((answers[:, place] == form.sheet.worth[place]).sum())
                    right = full if full * float(item.points) == earned else None
                    mean = _share(Fraction(earned), Fraction(possible))
                    figure = self._figure(group, Subject(item=item.pk), one, mean, right)
                    keys[place] = figure.key
                    self.worth[figure.key] = form.sheet.worth[place] / UNITS_PER_POINT
                    yield figure
                for number, standard in enumerate(form.standards):
                    name = group.key + Subject(standard=standard.pk).key
                    asked = tuple(keys[place] for place in np.flatnonzero(form.asks[number]) if place in keys)
                    self.asked[name] = (*self.asked.get(name, ()), *asked)

    # --- programs ---

    def _subgroups(self) -> Iterator[Figure]:
        for name, flags in self._known_flags():
            for key, value in ((name, 1), (f"{name}:no", 0)):
                group = Group(Place.SUBGROUP, subgroup=key)
                yield self._overall(group, flags == value, group.key, ())

    def _known_flags(self) -> list[tuple[str, np.ndarray]]:
        """The programs of which the roster says anything."""
        return [(name, flags) for name, flags in self.counted.flags.items() if (flags != UNKNOWN).any()]

    def unknown_flags(self) -> list[Rest]:
        """Students of whom the roster does not say whether they are in a program."""
        return [
            Rest(f"subgroup:{name}:?", int((flags == UNKNOWN).sum()), subgroup=True)
            for name, flags in self._known_flags()
            if (flags == UNKNOWN).any()
        ]

    def sums_of_flags(self) -> list[tuple[str, tuple[str, ...]]]:
        """Yes, no and not known are everyone."""
        found = []
        for name, flags in self._known_flags():
            parts = [f"subgroup:{name}", f"subgroup:{name}:no"]
            if (flags == UNKNOWN).any():
                parts.append(f"subgroup:{name}:?")
            found.append((NETWORK.key, tuple(parts)))
        return found


def _subjects(form: Form, sums: GroupSums, row: int) -> Iterator[tuple[Subject, int, Fraction, Fraction]]:
    """Standards and strands of a form in one group: students, points earned and possible (strands: sum, students)."""
    for number, standard in enumerate(form.standards):
        students = int(sums.standard_students[row, number])
        if students:
            earned, possible = float(sums.standard_earned[row, number]), float(sums.standard_possible[row, number])
            yield Subject(standard=standard.pk), students, Fraction(earned), Fraction(possible)
    for number, strand in enumerate(form.strands):
        students = int(sums.strand_students[row, number])
        if students:
            mean = Fraction(float(sums.strand_mean[row, number]))
            yield Subject(strand=strand), students, mean * students, Fraction(students)


def _sums_of_subjects(figures: dict[str, Figure]) -> list[tuple[str, tuple[str, ...]]]:
    """The students of a standard or strand in the network are those of its grades, and those of its schools."""
    parts: dict[tuple[Subject, str], list[Figure]] = defaultdict(list)
    for figure in figures.values():
        if not figure.subject.whole and figure.subject.item is None and figure.group.place != Place.NETWORK:
            parts[figure.subject, figure.group.place].append(figure)
    found = []
    for (subject, _), theirs in parts.items():
        total = figures[NETWORK.key + subject.key]
        if sum(one.tested for one in theirs) == total.tested:  # not so where a grade is unknown
            found.append((total.key, tuple(one.key for one in theirs)))
    return found


def _share(earned: Fraction, possible: Fraction) -> Fraction | None:
    return 100 * earned / possible if possible else None
