"""How well a test measured: reliability, how its questions worked, what growth on it amounts to.

Who reads what
- The page is for whoever has results of the test in sight; for anybody else there is no such test (404).
- The figures of single questions (shares, discrimination, choices) are of the whole district. They are for the
  district's office alone: before a release nothing of other schools leaves their district, and no release holds them.
- Everybody else reads how good the test is, in words: how reliable the form was, and the size of its error in points.
  Both are traits of the instrument, which every role may read (`assessment_setup` of the permission matrix), and no
  school's result can be worked out of them. The number of students, the difficulty of questions and the
  reliability as a number stay with the district.
- That a key may be wrong matters to whoever reads the results, and says something about the key: its question is
  named from when on keys are open to the reader (`key_sight`), without letter or share.
- The effect size of growth is a figure of a school, for those who see the whole of it.
"""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.http import Http404

from assessments.exports import Table
from assessments.itemstats import CHECK_KEY, MORE_THAN_KEY, difficulty_word, discrimination_word, reliability_word
from assessments.models import Administration, Assessment, FormSummary, GrowthSummary, ItemSummary, Result, Window
from assessments.queries.forms import Form, Question, forms_of
from assessments.queries.setup import KeySight, key_sight
from assessments.sentences import rounded
from assessments.sentences.figures import FEWEST_FOR_PERCENT
from assessments.sentences.tests import (
    ReliabilityPicture,
    bands_sentence,
    careful_sentence,
    correlation_words,
    discrimination_words,
    effect_sentence,
    flag_sentences,
    reliability_sentence,
    sem_sentence,
    why_no_discrimination,
)
from schools.taking import ExportRight

BY_POSITION, BY_STANDARD, HARDEST = "position", "standard", "hardest"
ORDERS = (BY_POSITION, BY_STANDARD, HARDEST)
OF_FORM = ("students", "reliability", "reliability_kind", "sem", "reason")
NOT_CHOICES = ("blank", "not_reached", "several")
EMPTY = Form((), ())


@dataclass(frozen=True, slots=True)
class OptionLine:
    """One choice of a question: who chose it (share 0 to 1), and its correlation with the share on the whole test."""

    letter: str
    is_key: bool
    students: int
    share: float
    correlation: float | None

    @property
    def words(self) -> str:
        """ "B, the key: 54 %, r 0.41"."""
        name = f"{self.letter}, the key" if self.is_key else self.letter
        r = "" if self.correlation is None else f", r\u00a0{correlation_words(self.correlation)}"
        return f"{name}: {rounded(round(self.share * 100, 6))}\u00a0%{r}"


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """How one question worked in the district. `p` and `r` are None where they cannot be said."""

    place: int
    question: Question
    standards: tuple[str, ...]
    students: int
    p: float | None
    r: float | None
    reason: str
    options: tuple[OptionLine, ...]
    without_choice: tuple[tuple[str, int], ...]
    flags: tuple[str, ...]

    @property
    def label(self) -> str:
        return self.question.label

    @property
    def difficulty(self) -> str:
        """ "54 %, mid"; a word where there is no figure."""
        if self.p is None:
            return "no figure"
        return f"{rounded(round(self.p * 100, 6))}\u00a0%, {difficulty_word(self.p)}"

    @property
    def discrimination(self) -> str:
        """ "0.41, good"; why there is none."""
        if self.r is None:
            return why_no_discrimination(self.reason)
        return f"{correlation_words(self.r)}, {discrimination_words(discrimination_word(self.r))}"

    @property
    def remarks(self) -> list[str]:
        """The flags of its choices as sentences."""
        return flag_sentences(self.flags, self.question.key)

    @property
    def others(self) -> str:
        """ "blank 3, not reached 1"."""
        return ", ".join(f"{name.replace('_', ' ')} {students}" for name, students in self.without_choice if students)


@dataclass(frozen=True, slots=True)
class Effect:
    """Growth of a school as a share of the spread of its students' earlier scores."""

    school: str
    matched: int
    words: str


def administrations_in_reach(user, pk: int) -> dict[int, Administration]:
    """The test in its window and its like (one a grade), of which `user` has results in sight. Raises Http404.

    Each carries `form`, the columns OF_FORM of the summary of its form in the whole district, or None.
    """
    one = Administration.objects.visible_to(user).filter(pk=pk)
    alike = {
        "window__in": one.values("window"),
        "assessment__series__in": one.values("assessment__series"),
        "assessment__district__in": one.values("assessment__district"),
    }
    rows = Administration.objects.visible_to(user).filter(**alike).order_by("assessment__name")
    form = FormSummary.objects.filter(  # unscoped: of a test in sight; who may read which of it see above
        administration=OuterRef("pk"), network=None
    ).values(json=JSONObject(**{name: name for name in OF_FORM}))
    rows = rows.select_related("assessment__district", "window__year").annotate(form=Subquery(form))
    found = {row.pk: row for row in rows}
    taken = Result.objects.visible_to(user).filter(administration__in=list(found))
    in_sight = set(taken.order_by().values_list("administration", flat=True).distinct())
    if pk not in in_sight:
        raise Http404
    return {key: row for key, row in found.items() if key in in_sight}


class AboutTest:
    """The page, its chart and its files. Raises Http404 where `user` has no result of the test in sight."""

    def __init__(self, user, pk: int, order: str = BY_POSITION):
        self.user, self.order = user, order
        tests = administrations_in_reach(user, pk)
        self.administration = tests.pop(pk)
        self.others = list(tests.values())
        self.assessment, self.window = self.administration.assessment, self.administration.window
        self.sees_questions = self.assessment.district_id in user.standing.admin_district_ids

    @property
    def title(self) -> str:
        return f"{self.assessment.name}, {self.window.name} {self.window.year.code}"

    @property
    def right(self) -> ExportRight | None:
        """The district's office takes the analysis of the questions away; it holds no student's row."""
        return ExportRight(students=False, purpose=False, minutes=0) if self.questions else None

    # --- the form as a whole ---

    @property
    def form(self) -> FormSummary | None:
        """Of all students of the district who took the test."""
        return self.administration.form and FormSummary(**self.administration.form)

    @property
    def has_questions(self) -> bool:
        return self.form is not None

    @cached_property
    def _reliability(self) -> ReliabilityPicture:
        if self.form is None:
            return ReliabilityPicture("")
        return ReliabilityPicture(reliability_word(self.form.reliability), self.form.reason, self.form.sem)

    @property
    def sentence(self) -> str:
        """What a reader should take away: how far the scores can be trusted, or why there is nothing to say."""
        if self.assessment.kind == Assessment.Kind.ADAPTIVE:
            return "Questions differ by student, so how well they measured is in the vendor's own report."
        if self.form is None:
            return "Answers to single questions are not on file, so how well they measured cannot be worked out."
        return reliability_sentence(self._reliability)

    @property
    def sem_sentence(self) -> str:
        return sem_sentence(self._reliability)

    @property
    def figures(self) -> list[tuple[str, str]]:
        """Reliability and error as numbers, for the district's office."""
        if not self.sees_questions or self.form is None or self.form.reliability is None:
            return []
        students = f"{self.form.students:,} students who were given every question"
        return [(self.form.reliability_kind, f"{correlation_words(self.form.reliability)}, over {students}")]

    # --- questions ---

    @cached_property
    def _asked(self) -> Form:
        return forms_of(self.user, [self.assessment.pk]).get(self.assessment.pk, EMPTY)

    @cached_property
    def _in_test_order(self) -> list[QuestionLine]:
        if not self.sees_questions:
            return []
        rows = ItemSummary.objects.visible_to(self.user).filter(administration=self.administration.pk, network=None)
        by_position = {row.item.position: row for row in rows.select_related("item")}
        return [
            self._line(place, question, by_position[question.position])
            for place, question in enumerate(self._asked.questions)
            if question.position in by_position
        ]

    def _line(self, place: int, question: Question, row: ItemSummary) -> QuestionLine:
        options = [
            OptionLine(letter, letter == question.key, found["count"], found["share"], found["r"])
            for letter, found in sorted(row.choices.items())
            if letter not in NOT_CHOICES
        ]
        return QuestionLine(
            place=place,
            question=question,
            standards=tuple(self._asked.standards[number].name for number in question.standards),
            students=row.students,
            p=row.difficulty,
            r=row.item_rest,
            reason=row.reason,
            options=tuple(options),
            without_choice=tuple((name, row.choices.get(name, 0)) for name in NOT_CHOICES),
            flags=tuple(row.flags),
        )

    @cached_property
    def questions(self) -> list[QuestionLine]:
        """In the order asked for: that of the test, by standard, or hardest first (without a figure last)."""
        orders = {
            BY_POSITION: lambda line: line.place,
            BY_STANDARD: lambda line: (line.question.standards or (len(self._asked.standards),), line.place),
            HARDEST: lambda line: (line.p is None, line.p or 0.0, line.place),
        }
        return sorted(self._in_test_order, key=orders[self.order])

    @property
    def bands(self) -> str:
        """How many questions were hard, in the middle, easy."""
        words = [difficulty_word(line.p) for line in self._in_test_order]
        return bands_sentence(*(words.count(word) for word in ("hard", "mid", "easy")))

    # --- doubtful keys, for those who read results ---

    @cached_property
    def keys(self) -> KeySight:
        """The district's office reads keys at any time, the others once the last window has ended."""
        windows = Window.objects.visible_to(self.user).filter(administrations__assessment=self.assessment.pk)
        return key_sight(self.user, self.assessment, [] if self.sees_questions else list(windows))

    @property
    def careful(self) -> str:
        """Which questions to read with care; before keys are open, from when on that is told."""
        if not self.keys.open:
            return self.keys.why_not
        rows = ItemSummary.objects.filter(  # unscoped: which questions, no figure of theirs, and with sight of keys
            administration=self.administration.pk, network=None
        )
        told = rows.exclude(reason__startswith="fewer than").select_related("item").order_by("item__position")
        doubtful = [row.item.label or str(row.item.position) for row in told if _in_doubt(row)]
        return careful_sentence(doubtful, looked_at=len(told))

    # --- growth ---

    @cached_property
    def effects(self) -> list[Effect]:
        """Growth since the first window of the year of the schools whose whole `user` sees, by name."""
        rows = GrowthSummary.objects.visible_to(self.user).filter(
            district=self.assessment.district_id, series=self.assessment.series, last=self.window.pk, grade="",
            school__isnull=False, first__year=self.window.year_id, kind=GrowthSummary.Kind.SCALE,
        )  # fmt: skip
        found = list(rows.select_related("first", "school").order_by("first__opens", "school__name"))
        return [
            Effect(row.school.name, row.matched, effect_sentence(row.effect, row.first.name))
            for row in found
            if row.first_id == found[0].first_id and row.matched >= FEWEST_FOR_PERCENT and row.effect is not None
        ]

    # --- files ---

    def tables(self) -> list[Table]:
        """What is on screen of the questions, in the order on screen."""
        lines = self.questions
        head = ("Question", "Standards", "Students", "% of the points", "Difficulty", "Discrimination", "In words",
                "Key", "Blank", "Not reached", "Several marks", "Remarks")  # fmt: skip
        rows = tuple(
            (
                line.label, "; ".join(line.standards), line.students,
                None if line.p is None else rounded(round(line.p * 100, 6)), difficulty_word(line.p),
                None if line.r is None else round(line.r, 2),
                line.discrimination if line.r is None else discrimination_words(discrimination_word(line.r)),
                line.question.key, *(students for _, students in line.without_choice), " ".join(line.remarks),
            )
            for line in lines
        )  # fmt: skip
        choices = tuple(
            (
                line.label, one.letter, "key" if one.is_key else "", one.students,
                rounded(round(one.share * 100, 6)), None if one.correlation is None else round(one.correlation, 2),
            )
            for line in lines
            for one in line.options
        )  # fmt: skip
        of_choices = Table("Choices", ("Question", "Choice", "Key", "Students", "% of students", "r"), choices)
        return [Table("Questions", head, rows), *([of_choices] if choices else [])]


def _in_doubt(row: ItemSummary) -> bool:
    """Whether the key of a question may be wrong: an option was chosen more, or students good on the rest missed it."""
    negative = discrimination_word(row.item_rest) == CHECK_KEY
    return negative or any(flag.endswith(MORE_THAN_KEY) for flag in row.flags)
