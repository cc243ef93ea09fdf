"""Rows of a class's page: a standard, a group of students who need the same, a popular wrong answer."""

from dataclasses import dataclass

from assessments.classroom import FEWEST_QUESTIONS
from assessments.queries.forms import AskedStandard
from assessments.sentences import count_of, percent
from assessments.verdicts import Standing, standing_of_percent


@dataclass(frozen=True)
class StandardRow:
    """One standard of the class: a row of the table, a bar of the chart, a line of the file."""

    standard: AskedStandard
    questions: int
    earned: float
    possible: float
    students: int
    under_half: int
    network: int | None = None  # whole per cent of the points of the same questions, None before the release

    @property
    def judged(self) -> bool:
        """Whether enough questions ask it to say something of it."""
        return self.questions >= FEWEST_QUESTIONS and self.possible > 0

    @property
    def share(self) -> float | None:
        return self.earned / self.possible if self.possible else None

    @property
    def percent(self) -> int | None:
        """Whole per cent of the points."""
        return percent(self.earned, self.possible) if self.possible else None

    @property
    def verdict(self) -> Standing | None:
        """Against the network, where both have a figure to go by."""
        if self.network is None or not self.judged:
            return None
        return standing_of_percent(self.percent, self.network)

    @property
    def apart(self) -> int:
        """Whole points less than the network's; 0 where nothing is compared."""
        return self.network - self.percent if self.verdict else 0

    @property
    def remark(self) -> str:
        if not self.possible:
            return "not given"
        if self.judged:
            return ""
        return "only 1 question" if self.questions == 1 else f"only {self.questions} questions"

    @property
    def counted(self) -> str:
        """For a class under ten: "3 of 8"."""
        return count_of(self.under_half, self.students)


@dataclass(frozen=True)
class Group:
    """Students who need the same: those under half of the points of a standard; or, without one, ready for more."""

    standard: AskedStandard | None
    labels: tuple[str, ...]
    joined: tuple[str, ...]

    @property
    def key(self) -> str:
        return str(self.standard.pk) if self.standard else "ready"

    @property
    def name(self) -> str:
        return self.standard.name if self.standard else "ready for more"

    def __len__(self) -> int:
        return len(self.labels) + len(self.joined)


@dataclass(frozen=True)
class Popular:
    """A question whose commonest wrong answer many chose."""

    position: int
    label: str
    missed: int
    students: int
    letter: str
    text: str
    suggests: str
