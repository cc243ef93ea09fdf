"""The rows of a school's page: grades, growth, standards, classes."""

from dataclasses import dataclass

from assessments.queries.forms import AskedStandard
from assessments.sentences import percent, range_words
from assessments.sentences.figures import FEWEST_FOR_PERCENT, grade_words, share_of_students
from assessments.sentences.growth import HUNDREDTHS
from assessments.verdicts import Change, Standing, change, standing_of_percent


@dataclass(frozen=True)
class GradeRow:
    """One grade of the school in the window: students tested and at benchmark."""

    grade: str
    tested: int
    at_benchmark: int | None
    with_level: int

    @property
    def words(self) -> str:
        """ "39 % (17 of 44 students)" at benchmark, under ten "5 of 8 students", or that there are no levels."""
        if self.at_benchmark is None or not self.with_level:
            return "no levels"
        return share_of_students(self.at_benchmark, self.with_level)


@dataclass(frozen=True)
class GrowthRow:
    """Growth of the school (`grade` "") or of a grade, on a common scale.

    `against` the network, and how far `apart` (mean, low, high), once its growth is released.
    """

    grade: str
    matched: int
    mean: float | None
    low: float | None
    high: float | None
    against: Standing | None = None
    apart: tuple[float, float, float] | None = None

    @property
    def told(self) -> Change | Standing | None:
        """The verdict to tell: against the network where that is open, else since the earlier window."""
        return self.against or self.verdict

    @property
    def enough(self) -> bool:
        return self.matched >= FEWEST_FOR_PERCENT and self.mean is not None

    @property
    def verdict(self) -> Change | None:
        return change(self.low, self.high)

    @property
    def name(self) -> str:
        return grade_words(self.grade) if self.grade else "the school"

    @property
    def apart_words(self) -> str:
        """The difference from the network with its range: "-3 (-5 to -1)"; "" before the release."""
        return range_words(*self.apart) if self.enough and self.apart else ""

    @property
    def words(self) -> str:
        return range_words(self.mean, self.low, self.high) if self.enough and self.low is not None else ""


@dataclass(frozen=True, slots=True)
class StandingRow:
    """How a school stands against the network without a common scale.

    apart  the difference from the network (mean, low, high), in standard deviations
    """

    matched: int
    verdict: Standing
    apart: tuple[float, float, float]

    @property
    def words(self) -> str:
        """ "22 students compared; difference from the network 12 (3 to 21) hundredths of a standard deviation"."""
        apart = range_words(*(100 * part for part in self.apart))
        return f"{self.matched:,} students compared; difference from the network {apart} {HUNDREDTHS}"


@dataclass(frozen=True)
class StandardLine:
    """A standard of one form: how much of its points the school's students got."""

    standard: AskedStandard
    grade: str
    questions: int
    earned: float
    possible: float
    network: int | None = None  # whole per cent of the points of the same questions, None before the release

    @property
    def verdict(self) -> Standing | None:
        return None if self.network is None else standing_of_percent(self.percent, self.network)

    @property
    def by(self) -> int:
        """Whole points apart from the network."""
        return 0 if self.network is None else abs(self.percent - self.network)

    @property
    def share(self) -> float:
        return self.earned / self.possible

    @property
    def percent(self) -> int:
        return percent(self.earned, self.possible)


@dataclass(frozen=True)
class SectionLine:
    """A class by name, with the students tested. No result stands beside another."""

    pk: int
    name: str
    tested: int
