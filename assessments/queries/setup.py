"""Test set-up as a reader may see it: who may change it, and from when on questions and keys are open to whom."""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.db.models import Count, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from assessments.levels import default_benchmark, level_label
from assessments.models import Administration, Assessment, CutScore, Item, Result, Standard, Upload, Window
from schools.dates import day_words
from schools.models import District, SchoolYear

GRADE_NAMES = {"PK": "Pre-K", "KG": "Kindergarten"}
READ_AFTER_THE_WINDOW = frozenset({"teacher", "teacher_leader", "principal", "psi_coach"})


# --- who may change it -----------------------------------------------------------------------------------


def districts_to_set_up(user) -> frozenset[int]:
    """Districts whose set-up `user` may change: the rule of `Assessment.rows_editable_by`, by district."""
    held = user.standing
    return held.admin_district_ids | held.operated_district_ids


def districts_of(user) -> list[District]:
    """The districts of `districts_to_set_up`, by name."""
    return list(District.objects.visible_to(user).filter(pk__in=districts_to_set_up(user)))


def asked_elsewhere(standard: Standard, user) -> bool:
    """Whether tests of a district whose set-up is not `user`'s ask this standard: its name is theirs too."""
    others = Item.objects.filter(standards=standard).exclude(  # unscoped: whether there is one, and nothing of it
        assessment__district__in=districts_to_set_up(user)
    )
    return others.exists()


# --- keys ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KeySight:
    """Whether a reader may read question texts, choices and keys of a test; `why_not` is a sentence for the page."""

    open: bool
    why_not: str = ""


OPEN = KeySight(True)


def key_sight(user, test: Assessment, windows: list[Window]) -> KeySight:
    """What `user` may read of the questions of `test`, which is used in `windows`.

    The district's office always. Who runs the network once every window has ended. Who teaches, leads or coaches
    once every window has ended, and for tests that own students took. Nobody else.
    """
    held = user.standing
    if test.district_id in held.admin_district_ids:
        return OPEN
    runs = test.district_id in districts_to_set_up(user)
    if not (runs or held.roles & READ_AFTER_THE_WINDOW):
        return KeySight(False, "Question texts and keys are not open to your role.")
    last = max((window.closes for window in windows), default=None)
    if last is None:
        return KeySight(False, "Question texts and keys open when the test has been given and its window has ended.")
    if last >= held.today:
        words = f"Question texts and keys open after {day_words(last)}, the last day of the window."
        return KeySight(False, words)
    if runs or _own_students_took(user, test):
        return OPEN
    return KeySight(False, "Question texts and keys are open for tests that your own students took.")


def codes_with_closed_keys(user, district: District) -> set[str]:
    """Codes of the tests of `district`, whose set-up `user` may change, of which they may not read the keys yet.

    The same rule as `key_sight`, for a whole district at once.
    """
    if district.pk in user.standing.admin_district_ids:
        return set()
    tests = Assessment.objects.visible_to(user).filter(district=district)
    tests = tests.annotate(last=Max("administrations__window__closes"))
    closed = tests.filter(Q(last__isnull=True) | Q(last__gte=user.standing.today))
    return set(closed.values_list("code", flat=True))


def _own_students_took(user, test: Assessment) -> bool:
    taken = Result.objects.visible_to(user).filter(administration__assessment=test, status=Result.TESTED)
    return taken.exists()


# --- the list --------------------------------------------------------------------------------------------


def tests_seen(user):
    """Tests in sight with `questions`, `keyed` (those with a key), `without_standard`, and `cuts_from` (newest day)."""
    items = Item.objects.visible_to(user).filter(assessment=OuterRef("pk")).order_by().values("assessment")

    def count(condition=None):
        rows = items.annotate(n=Count("pk", filter=condition, distinct=True)).values("n")
        return Coalesce(Subquery(rows), 0)

    cuts = CutScore.objects.visible_to(user).filter(assessment=OuterRef("pk")).order_by().values("assessment")
    return (
        Assessment.objects.visible_to(user)
        .select_related("district")
        .annotate(
            questions=count(),
            keyed=count(~Q(key="")),
            without_standard=count(Q(standards__isnull=True)),
            cuts_from=Subquery(cuts.annotate(newest=Max("valid_from")).values("newest")),
        )
        .order_by("district__name", "subject", "series", "name")
    )


@dataclass
class Overview:
    """Everything the district has set up. Tests carry `published` (labels of windows, newest first) and `for_grades`,
    years `shown` (their windows), windows `given` (how many tests)."""

    tests: list[Assessment]
    years: list[SchoolYear]
    standards: int
    several_districts: bool


def overview(user) -> Overview:
    """The set-up in the reader's sight: tests, years with their windows, how many standards."""
    tests = list(tests_seen(user))
    years = list(SchoolYear.objects.visible_to(user).select_related("district"))
    windows: dict[int, list[Window]] = {}
    for window in Window.objects.visible_to(user).order_by("opens"):
        window.given = 0
        windows.setdefault(window.year_id, []).append(window)
    by_window: dict[int, tuple[Window, str]] = {}
    by_test = {test.pk: test for test in tests}
    for year in years:
        year.shown = windows.get(year.pk, [])
        by_window |= {window.pk: (window, f"{window.name} {year.code}") for window in year.shown}
    for test in tests:
        test.published, test.for_grades = [], grades_in_words(test.grades)
    for row in Administration.objects.visible_to(user).order_by("-window__opens"):
        if row.window_id in by_window and row.assessment_id in by_test:
            window, label = by_window[row.window_id]
            window.given += 1
            by_test[row.assessment_id].published += [label] if row.published_at else []
    districts = {year.district_id for year in years} | {test.district_id for test in tests}
    return Overview(tests, years, Standard.objects.visible_to(user).count(), len(districts) > 1)


# --- one test --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choice:
    letter: str
    text: str
    suggests: str
    is_key: bool


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question as its reader may see it: without sight of keys, `key`, `text` and `choices` are empty."""

    position: int
    label: str
    points: float
    standards: tuple[Standard, ...]
    key: str = ""
    text: str = ""
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class CutSet:
    """The levels of one grade ("" is every grade) from a day on, lowest first."""

    grade: str
    valid_from: date
    cuts: tuple[CutScore, ...]

    @property
    def query(self) -> str:
        """The set as the address of its page names it."""
        return "?" + urlencode({"grade": self.grade, "from": self.valid_from.isoformat()})


@dataclass(frozen=True, slots=True)
class Use:
    """The test in one window. `results` is None where the reader gets no count."""

    window: Window
    published_at: datetime | None
    results: int | None

    @property
    def label(self) -> str:
        return f"{self.window.name} {self.window.year.code}"


@dataclass(frozen=True)
class TestPicture:
    """A test with its questions, cut scores and uses, as one reader may see it."""

    __test__ = False  # not a test of pytest

    test: Assessment
    keys: KeySight
    may_edit: bool
    questions: tuple[QuestionRow, ...]
    cut_sets: tuple[CutSet, ...]
    uses: tuple[Use, ...]
    versions: tuple[Upload, ...]

    @property
    def for_grades(self) -> str:
        return grades_in_words(self.test.grades)

    @property
    def published(self) -> list[Use]:
        return [use for use in self.uses if use.published_at]

    @property
    def sentence(self) -> str:
        """What the test asks, and where its results stand."""
        asked = "It brings scores alone."
        if self.test.kind == Assessment.Kind.ADAPTIVE:
            asked = "Questions differ by student."
        elif self.test.kind == Assessment.Kind.FORM:
            standards = {standard for question in self.questions for standard in question.standards}
            asked = f"{_count(len(self.questions), 'question')} on {_count(len(standards), 'standard')}."
            asked = asked if self.questions else "Its questions are not listed yet."
        if not self.published:
            return f"{asked} No results are published yet."
        newest, before = self.published[0].label, len(self.published) - 1
        earlier = f", and of {_count(before, 'window')} before it" if before else ""
        return f"{asked} Results of {newest} are published{earlier}."

    @property
    def retake_rule(self) -> str:
        """What counts when a student takes the test twice in a window, as a sentence."""
        return RETAKES[Assessment.RetakeRule(self.test.retake_rule)]

    @property
    def benchmark(self) -> str:
        """Which level counts as at benchmark, by the newest cut scores."""
        names: dict[int, str] = {}
        for found in self.cut_sets:
            for cut in found.cuts:
                names.setdefault(cut.level, cut.name)
        level = self.test.benchmark_level
        if level is not None:
            return f"level {level_label(level, names.get(level, ''))}".strip() + " and above"
        if not names:
            return "not known before there are cut scores"
        level = default_benchmark(names)
        return f"level {level_label(level, names[level])} and above, as the test names no other"


RETAKES = {
    Assessment.RetakeRule.ASK: "a person chooses before the file is published",
    Assessment.RetakeRule.FIRST: "the first result counts",
    Assessment.RetakeRule.LAST: "the last result counts",
    Assessment.RetakeRule.BEST: "the best result counts",
    Assessment.RetakeRule.VENDOR: "the vendor's own flag says which counts",
}


def picture_of(user, test: Assessment) -> TestPicture:
    """`test` (which `user` may see) with all that belongs to it."""
    may_edit = test.district_id in districts_to_set_up(user)
    uses = uses_of(user, test, counted=may_edit)
    keys = key_sight(user, test, [use.window for use in uses])
    items = Item.objects.visible_to(user).filter(assessment=test).prefetch_related("standards").order_by("position")
    sees_history = may_edit or bool(user.standing.audited_network_ids)
    return TestPicture(
        test=test,
        keys=keys,
        may_edit=may_edit,
        questions=tuple(_question(item, keys.open) for item in items),
        cut_sets=tuple(cut_sets(user, test)),
        uses=tuple(uses),
        versions=tuple(_versions(user, test)) if sees_history else (),
    )


def _question(item: Item, opened: bool) -> QuestionRow:
    shown = (item.position, item.label or str(item.position), float(item.points), tuple(item.standards.all()))
    if not opened:
        return QuestionRow(*shown)
    choices = tuple(
        Choice(letter, one.get("text", ""), one.get("suggests", ""), letter == item.key)
        for letter, one in sorted(item.choices.items())
    )
    return QuestionRow(*shown, item.key, item.text, choices)


def cut_sets(user, test: Assessment) -> list[CutSet]:
    """The sets of cut scores of `test`, by grade, newest first."""
    found: dict[tuple[str, date], list[CutScore]] = {}
    rows = CutScore.objects.visible_to(user).filter(assessment=test)
    for cut in rows.order_by("grade", F("valid_from").desc(), "level"):
        found.setdefault((cut.grade, cut.valid_from), []).append(cut)
    return [CutSet(grade, day, tuple(cuts)) for (grade, day), cuts in found.items()]


def uses_of(user, test: Assessment, *, counted: bool = True) -> list[Use]:
    """The windows of `test`, newest first; `counted` with how many results stand in each."""
    rows = Administration.objects.visible_to(user).filter(assessment=test).select_related("window__year")
    rows = list(rows.order_by("-window__opens"))
    counts: dict[int, int] = {}
    if counted:
        given = [row.pk for row in rows]
        held = Result.objects.filter(administration__in=given, status=Result.TESTED)  # unscoped: how many, not whose
        counts = dict(held.order_by().values_list("administration").annotate(Count("student")))
    return [Use(row.window, row.published_at, counts.get(row.pk, 0) if counted else None) for row in rows]


def _versions(user, test: Assessment):
    """New scorings that changes of this test made, newest first."""
    rows = Upload.objects.visible_to(user).filter(kind=Upload.Kind.RESCORE, district=test.district_id)
    return rows.filter(options__assessment=test.code).select_related("by").order_by("-published_at")[:20]


def grade_name(grade: str) -> str:
    """ "05" -> "Grade 5"."""
    return GRADE_NAMES.get(grade) or f"Grade {int(grade)}"


def grades_in_words(grades: list[str]) -> str:
    """["05", "06"] -> "Grade 5, Grade 6"; none is "any grade"."""
    return ", ".join(grade_name(grade) for grade in grades) or "any grade"


# --- what a change would touch ---------------------------------------------------------------------------


def touched(uses: list[Use]) -> str:
    """Beforehand, what a change of key, points, standards or cut scores does to published results; "" for nothing."""
    held = [use for use in reversed(uses) if use.results]
    if not held:
        return ""
    windows = _listed([use.window.name for use in held])
    if len({use.window.year_id for use in held}) > 1:
        windows = f"{len(held)} windows, {held[0].label} to {held[-1].label}"
    results = sum(use.results or 0 for use in held)
    return (
        f"This test has results in {windows}: {results:,} {'result' if results == 1 else 'results'} will be "
        "scored anew as a new version. Class pages, item maps, school pages and growth of "
        f"{'that window' if len(held) == 1 else 'those windows'} change with them; what students marked stays."
    )


def _listed(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
