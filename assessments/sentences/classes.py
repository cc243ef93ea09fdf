"""The sentence of a class, and of its item map."""

from dataclasses import dataclass
from fractions import Fraction

from assessments.sentences.figures import (
    FEWEST_FOR_PERCENT,
    OPENS_LATER,
    count_of,
    percent,
    percent_of_points,
    rounded,
    scale_points,
)
from assessments.verdicts import Standing, standing_of_percent

FEWEST_QUESTIONS = 3
FEWEST_FOR_WRONG_ANSWER = 5
# What the marks of 5 points are worth; measured, see docs/honesty.md.
BY_LUCK = "With 3 to 6 questions on a standard, a class can be 10 points from the network by luck alone."


@dataclass(frozen=True, slots=True)
class StandardPicture:
    """A standard in a class.

    students    were given its questions; under_half: of them, those who earned under half of its points
    network     the network's whole per cent of the points of the same questions, None before release
    """

    name: str
    questions: int
    earned: float
    possible: float
    students: int
    under_half: int
    network: int | None = None


@dataclass(frozen=True, slots=True)
class StrandPicture:
    """What an adaptive test reports in place of standards: the class's mean in scale points."""

    name: str
    mean: float


@dataclass(frozen=True, slots=True)
class ClassPicture:
    """A class in one window. `due` says in words when results are expected ("about Dec 12"); it may be empty.

    yours  whether the reader teaches the class
    """

    test: str
    window: str
    tested: int
    enrolled: int
    due: str = ""
    released: bool = False
    yours: bool = True
    standards: tuple[StandardPicture, ...] = ()
    strands: tuple[StrandPicture, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionPicture:
    """A question in the item map: `popular` is the commonest wrong option, chosen by `chose` students."""

    label: str
    given: int
    missed: int
    popular: str = ""
    chose: int = 0


@dataclass(frozen=True, slots=True)
class ItemMapPicture:
    """The questions of the map, in the order of the test."""

    questions: tuple[QuestionPicture, ...]


def class_sentence(picture: ClassPicture) -> str:
    """What a class's teacher should take away: the first of the rules that holds."""
    if not picture.tested:
        return no_result_yet(picture.test, picture.window, picture.due)
    if picture.strands and not picture.standards:
        return _lowest_strand(picture)
    judged = [standard for standard in picture.standards if standard.questions >= FEWEST_QUESTIONS]
    judged = [standard for standard in judged if standard.possible]
    tested = f"{count_of(picture.tested, picture.enrolled)} students tested"
    if not picture.standards:
        return f"{tested}. This test has no results by standard."
    if not judged:
        return f"{tested}. No standard has {FEWEST_QUESTIONS} questions or more, so none is singled out."
    if picture.tested < FEWEST_FOR_PERCENT:
        return _counts_only(tested, judged)
    if not picture.released:
        return _lowest_standard(picture, judged)
    return _furthest_below(picture, judged)


def item_map_sentence(picture: ItemMapPicture) -> str:
    """The question most missed, with its commonest wrong answer where at least 5 students chose that."""
    asked = [question for question in picture.questions if question.given]
    if not asked:
        return "No answers yet."
    most = max(asked, key=lambda question: Fraction(question.missed, question.given))
    if not most.missed:
        return "No student missed a question."
    found = f"Question {most.label} was missed by {count_of(most.missed, most.given)} students"
    if most.popular and most.chose >= FEWEST_FOR_WRONG_ANSWER:
        return f"{found}; {most.chose} of them chose {most.popular}."
    return f"{found}."


def no_result_yet(test: str, window: str, due: str) -> str:
    """What stands on a page before its first result."""
    when = f"Results are due {due}" if due else "No date is set for the results"
    return f"{test}, {window}: no results yet. {when}; this page fills itself when they are published."


def _whose(picture: ClassPicture) -> str:
    return "your class" if picture.yours else "the class"


def _share(standard: StandardPicture) -> Fraction:
    return Fraction(standard.earned) / Fraction(standard.possible)


def _counts_only(tested: str, judged: list[StandardPicture]) -> str:
    """Under 10 students: the standard where most students earned under half of the points."""
    most = max(judged, key=lambda standard: (standard.under_half, -_share(standard)))
    if not most.under_half:
        return f"{tested}. No student earned under half of the points on any standard."
    got = f"{count_of(most.under_half, most.students)} students earned under half of its points"
    return f"{tested}. Start with {most.name}: {got}."


def _lowest_standard(picture: ClassPicture, judged: list[StandardPicture]) -> str:
    lowest = min(judged, key=_share)
    got = percent_of_points(lowest.earned, lowest.possible)
    return f"Start with {lowest.name}: {_whose(picture)} got {got}, its lowest. The network comparison {OPENS_LATER}."


def _furthest_below(picture: ClassPicture, judged: list[StandardPicture]) -> str:
    """The standard furthest below the network where one is far below; else the lowest, with the network's."""
    compared = [
        (percent(standard.earned, standard.possible), standard.network, standard)
        for standard in judged
        if standard.network is not None
    ]
    below = [
        (own - network, place)
        for place, (own, network, _) in enumerate(compared)
        if standing_of_percent(own, network) is Standing.BELOW
    ]
    if below:
        own, network, standard = compared[min(below)[1]]
        return (
            f"Start with {standard.name}: {_whose(picture)} got {own} % of the points, "
            f"the network {network} % on the same questions."
        )
    lowest = min(judged, key=_share)
    got = f"the lowest is {lowest.name}, {percent_of_points(lowest.earned, lowest.possible)}"
    if not compared:
        return f"The network's results by standard are not shown; in {_whose(picture)} {got}."
    beside = "" if lowest.network is None else f" (the network {lowest.network} % on the same questions)"
    return f"No standard is far below the network; {got}{beside}."


def _lowest_strand(picture: ClassPicture) -> str:
    lowest = min(picture.strands, key=lambda strand: strand.mean)
    mean = scale_points(rounded(lowest.mean))
    tested = count_of(picture.tested, picture.enrolled)
    if picture.tested < FEWEST_FOR_PERCENT:
        return f"{tested} students tested: too few for a class mean by strand."
    return f"{tested} students tested. Start with {lowest.name}: {_whose(picture)} has its lowest mean there, {mean}."
