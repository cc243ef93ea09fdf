"""Who counts in a release: the tested students of one series in one window, in the schools of the network.

A student who sat two forms of the series counts once, with the form that was set up first, as growth does it.
"""

from dataclasses import dataclass

import numpy as np

from assessments import store
from assessments.levels import Cut, cuts_in_force, default_benchmark
from assessments.models import Administration, Item, Standard, Window
from assessments.pipeline.grades import GRADE_CODES
from assessments.pipeline.summarizing import sheet_of, standards_of
from assessments.queries.teachers import teacher_of_each
from assessments.responses import UNITS_PER_POINT, earned, given
from assessments.rows import NO_ID, ResultRows
from assessments.sheet import Sheet
from schools import dates
from schools.models import District, Enrollment, Network, NetworkSchool

SUBGROUPS = {"el": "english_learner", "iep": "iep", "economic": "economically_disadvantaged"}
"""The programs by which students are grouped, with the field of the enrollment that tells."""

UNKNOWN = -1


@dataclass(frozen=True, eq=False)
class Form:
    """One test of the series, and the students who count in it (`rows`, and the same as a `sheet`).

    standards, asks   the standards in teaching order, and which questions ask each (standards x items)
    benchmark         the level from which a student is at benchmark, None where the test has no levels
    """

    administration: Administration
    items: list[Item]
    standards: list[Standard]
    rows: ResultRows
    sheet: Sheet
    benchmark: int | None

    @property
    def strands(self) -> list[str]:
        return self.administration.assessment.strands

    @property
    def asks(self) -> np.ndarray:
        return self.sheet.standards

    def earned_and_possible(self) -> tuple[np.ndarray, np.ndarray]:
        """Points of each student, and the points of the questions each was given; NaN where the test has none."""
        if self.items:
            worth = self.sheet.worth / UNITS_PER_POINT
            got = earned(self.sheet.points).sum(axis=1, dtype=np.float64) / UNITS_PER_POINT
            return got, given(self.sheet.points) @ worth
        most = self.administration.assessment.max_score
        got = self.rows.points.astype(np.float64)
        return got, np.where(np.isnan(got), np.nan, np.nan if most is None else float(most))


@dataclass(frozen=True, eq=False)
class Counted:
    """Every student who counts, one entry each, in the order of the forms.

    form       position of the student's form in `forms`; school is an id, grade a code (0 unknown)
    teacher    whoever teaches the class that was tested, -1 for nobody known
    reached    at benchmark; all False where a form has no levels
    score, earned, possible   NaN where there is none
    flags      by subgroup: 1 yes, 0 no, -1 not known
    """

    forms: list[Form]
    student: np.ndarray
    form: np.ndarray
    school: np.ndarray
    grade: np.ndarray
    teacher: np.ndarray
    reached: np.ndarray
    score: np.ndarray
    earned: np.ndarray
    possible: np.ndarray
    flags: dict[str, np.ndarray]

    def __len__(self) -> int:
        return len(self.student)


def schools_of(network: Network, district: District, window: Window) -> list[int]:
    """The district's schools that were in the network on a day of the window."""
    joined = NetworkSchool.objects.filter(  # unscoped: no person asks
        dates.overlapping(window.opens, window.closes), network=network, school__district=district
    )
    return sorted(set(joined.values_list("school_id", flat=True)))


def tests_of(district: District, series: str, window: Window) -> list[Administration]:
    """The tests of a series in a window, the first set up first."""
    found = Administration.objects.filter(  # unscoped: no person asks
        assessment__district=district, assessment__series=series, window=window
    )
    return list(found.select_related("assessment", "window__year").order_by("pk"))


def count_students(network: Network, district: District, series: str, window: Window) -> Counted:
    """The students of a release, read from the results as they stand now."""
    schools = schools_of(network, district, window)
    forms: list[Form] = []
    seen = np.empty(0, np.int64)
    for administration in tests_of(district, series, window):
        form = _form(administration, schools, seen)
        if form is not None:
            forms.append(form)
            seen = np.concatenate([seen, form.rows.students])
    return _together(forms, window)


def _form(administration: Administration, schools: list[int], seen: np.ndarray) -> Form | None:
    test = administration.assessment
    items = list(test.items.prefetch_related("standards").order_by("position"))
    rows, _ = store.read(administration, len(items), len(test.strands))
    if not len(rows):
        return None
    rows = rows.take(rows.tested & np.isin(rows.schools, schools) & ~np.isin(rows.students, seen))
    if not len(rows):
        return None
    by_code = {(one.framework, one.code): one for item in items for one in item.standards.all()}
    return Form(
        administration,
        items,
        [by_code[code] for code in standards_of(items)],
        rows,
        sheet_of(administration, items, rows),
        _benchmark(administration) if rows.levels.any() else None,
    )


def _benchmark(administration: Administration) -> int | None:
    """The level named by the test's owner, else the usual one of the levels in force when the window opened."""
    test = administration.assessment
    cuts = [Cut(one.grade, one.level, one.name, float(one.minimum), one.valid_from) for one in test.cut_scores.all()]
    names: dict[int, str] = {}
    for grade in sorted({cut.grade for cut in cuts}):
        for cut in cuts_in_force(cuts, grade, administration.window.opens):
            names.setdefault(cut.level, cut.name)
    return (test.benchmark_level or default_benchmark(names)) if names else None


def _together(forms: list[Form], window: Window) -> Counted:
    def column(of) -> np.ndarray:
        return np.concatenate([np.asarray(of(form)) for form in forms]) if forms else np.empty(0)

    sections = column(lambda form: form.rows.sections).astype(np.int64)
    points = [form.earned_and_possible() for form in forms]
    students = column(lambda form: form.rows.students).astype(np.int64)
    schools = column(lambda form: form.rows.schools).astype(np.int64)
    return Counted(
        forms=forms,
        student=students,
        form=np.repeat(np.arange(len(forms)), [len(form.rows) for form in forms]),
        school=schools,
        grade=np.array([GRADE_CODES[one] for form in forms for one in form.rows.grades], np.int64),
        teacher=_teachers(sections),
        reached=column(_reached).astype(bool),
        score=column(lambda form: form.rows.scale_scores).astype(np.float64),
        earned=np.concatenate([one for one, _ in points]) if forms else np.empty(0),
        possible=np.concatenate([one for _, one in points]) if forms else np.empty(0),
        flags=_flags(students, np.unique(schools).tolist(), window),
    )


def _reached(form: Form) -> np.ndarray:
    if form.benchmark is None:
        return np.zeros(len(form.rows), bool)
    return form.rows.levels >= form.benchmark


def _teachers(sections: np.ndarray) -> np.ndarray:
    """One teacher for each section, -1 where no section or nobody is known."""
    ids, place = np.unique(sections, return_inverse=True)
    known = teacher_of_each({pk for pk in ids.tolist() if pk != NO_ID})
    return np.array([known.get(pk, UNKNOWN) for pk in ids.tolist()], np.int64)[place]


def _flags(students: np.ndarray, schools: list[int], window: Window) -> dict[str, np.ndarray]:
    """What the roster says of each student's programs in the window, the latest enrollment for each."""
    rows = Enrollment.objects.filter(  # unscoped: no person asks
        dates.overlapping(window.opens, window.closes), school__in=schools
    ).order_by("starts")
    told = {student: flags for student, *flags in rows.values_list("student_id", *SUBGROUPS.values())}
    nothing = [None] * len(SUBGROUPS)
    known = [told.get(pk, nothing) for pk in students.tolist()]
    return {
        name: np.array([UNKNOWN if row[place] is None else int(row[place]) for row in known], np.int8)
        for place, name in enumerate(SUBGROUPS)
    }
