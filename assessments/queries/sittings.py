"""Which tests a class has sat, and the scores of each: what a page chooses its test from, read once."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from assessments.models import Assessment, Result
from assessments.queries.reach import results_of_students

LOOKS_BACK = timedelta(days=400)  # the tests of the year before stand in until this year has its own

TEST = {
    "administration_id": "pk", "administration__version": "version", "administration__published_at": "published_at",
    "administration__assessment_id": "assessment_id", "administration__assessment__name": "test",
    "administration__assessment__kind": "kind", "administration__assessment__series": "series",
    "administration__assessment__scale": "scale", "administration__assessment__strands": "strands",
    "administration__window_id": "window_id", "administration__window__name": "window",
    "administration__window__opens": "opens", "administration__window__closes": "closes",
    "administration__window__year__code": "year",
}  # fmt: skip
SCORE = ("student_id", "section_id", "status", "points", "scale_score")


@dataclass(frozen=True)
class Sitting:
    """A test in a window, as far as a page needs to know it. `pk` is that of the administration."""

    pk: int
    version: int
    published_at: datetime | None
    assessment_id: int
    test: str
    kind: str
    series: str
    scale: str
    strands: list[str]
    window_id: int
    window: str
    opens: date
    closes: date
    year: str

    @property
    def adaptive(self) -> bool:
        return self.kind == Assessment.Kind.ADAPTIVE

    @property
    def age(self) -> tuple:
        """Sorts the newest last."""
        return self.opens, self.published_at is not None, self.published_at or datetime.min, self.pk

    def over(self, day: date) -> bool:
        """Whether the window has ended: only then are questions and keys open."""
        return self.closes < day


@dataclass(frozen=True, slots=True)
class Score:
    """One student in one sitting. `here` says that the test was taken in the class itself."""

    student: int
    here: bool
    tested: bool
    points: float | None
    scale_score: float | None


@dataclass(frozen=True)
class History:
    """Every sitting of the class, newest first, with its scores.

    earlier  the class has no result of its own yet, and these are its students' results of before
    """

    sittings: tuple[Sitting, ...]
    scores: dict[int, list[Score]]
    earlier: bool

    def chosen(self, administration: int | None) -> Sitting | None:
        """The sitting asked for; without one the newest. Raises KeyError for one the class has not sat."""
        if administration is None:
            return self.sittings[0] if self.sittings else None
        return {one.pk: one for one in self.sittings}[administration]

    def before(self, sitting: Sitting) -> Sitting | None:
        """The first sitting of the same year on the same scale: what growth is counted from ("since Fall")."""
        same = [
            one
            for one in self.sittings
            if one.scale and (one.scale, one.series, one.year) == (sitting.scale, sitting.series, sitting.year)
        ]
        first = min(same, key=lambda one: one.age, default=None)
        return first if first and first.opens < sitting.opens else None


def history_of(user, section, student_ids: list[int]) -> History:
    """What the class and the students who sit in it now have been tested in, as far as `user` may see it."""
    rows = (
        results_of_students(user, section.pk, student_ids)
        .filter(administration__window__opens__gte=section.starts - LOOKS_BACK)
        .order_by()
        .values_list(*TEST, *SCORE)
    )
    sittings: dict[int, Sitting] = {}
    scores: dict[int, list[Score]] = defaultdict(list)
    for row in rows:
        test, (student, place, status, points, scale_score) = row[: len(TEST)], row[len(TEST) :]
        if test[0] not in sittings:
            sittings[test[0]] = Sitting(**dict(zip(TEST.values(), test, strict=True)))
        score = Score(student, place == section.pk, status == Result.TESTED, points, scale_score)
        scores[test[0]].append(score)
    own = [one for one in sittings.values() if any(score.here for score in scores[one.pk])]
    shown = own or [one for one in sittings.values() if any(score.tested for score in scores[one.pk])]
    return History(tuple(sorted(shown, key=lambda one: one.age, reverse=True)), dict(scores), not own)
