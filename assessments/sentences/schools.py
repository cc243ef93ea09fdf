"""The sentence of a school, and of the network."""

from dataclasses import dataclass

from assessments.sentences.classes import no_result_yet
from assessments.sentences.figures import (
    FEWEST_FOR_PERCENT,
    are,
    count_of,
    listed,
    students_at_benchmark,
)
from assessments.sentences.growth import HUNDREDTHS, change_words, standing_words
from assessments.verdicts import Change, Standing

ENOUGH_TESTED_PERCENT = 80


@dataclass(frozen=True, slots=True)
class GrowthPicture:
    """Growth since an earlier window, on a common scale (`on_scale`) or as standing in the network.

    matched  students compared; mean, low, high in scale points, not read for a standing
    against  how it stands against the network, None before release
    apart    the difference from the network with its range (mean, low, high), in scale points or standard deviations
    """

    since: str
    matched: int
    mean: float | None
    low: float | None
    high: float | None
    verdict: Change | None
    against: Standing | None = None
    on_scale: bool = True
    apart: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class SchoolPicture:
    """A school in one window. `network_percent` at benchmark is whole, None before release."""

    test: str
    window: str
    tested: int
    enrolled: int
    due: str = ""
    growth: GrowthPicture | None = None
    at_benchmark: int | None = None
    with_level: int = 0
    network_percent: int | None = None


@dataclass(frozen=True, slots=True)
class NetworkPicture:
    """The network in one window, as released: before release only the first four are filled.

    planned   in words, when the release is meant to be ("Mar 4"); waits_for: who still has to turn a key
    at_benchmark  the released share in words ("38 %"), where there is no growth
    mean      the released mean in words ("59 % of the points", "512 scale points"), where that is what is read
    """

    window: str
    released: bool = False
    planned: str = ""
    waits_for: tuple[str, ...] = ()
    growth: GrowthPicture | None = None
    above: int = 0
    below: int = 0
    close: int = 0
    not_shown: int = 0
    at_benchmark: str = ""
    mean: str = ""


def school_sentence(picture: SchoolPicture) -> str:
    """What a school's leader should take away: the first of the rules that holds."""
    if not picture.tested:
        return no_result_yet(picture.test, picture.window, picture.due)
    missing = picture.enrolled - picture.tested
    if 100 * picture.tested < ENOUGH_TESTED_PERCENT * picture.enrolled:
        return (
            f"{count_of(missing, picture.enrolled)} students {are(missing)} not tested in {picture.window}: "
            "see who is missing before you read the results."
        )
    tested = f"{count_of(picture.tested, picture.enrolled)} students tested"
    growth = picture.growth
    if growth is not None and growth.matched >= FEWEST_FOR_PERCENT:
        said = _school_growth(growth)
        if said:
            return f"{tested}. {said}"
    if picture.at_benchmark is None or not picture.with_level:
        return f"{tested}."
    return f"{tested}. {_school_at_benchmark(picture, picture.at_benchmark)}"


def network_sentence(picture: NetworkPicture) -> str:
    """What a leader should take away about the network, from released figures only."""
    if not picture.released:
        when = f"The release is planned for {picture.planned}" if picture.planned else "No release date is set"
        held = f"it waits for {listed(list(picture.waits_for))}" if picture.waits_for else ""
        return f"Nothing is released for {picture.window} yet. {when}{'; ' if held else ''}{held}."
    growth = picture.growth
    if growth is None:
        if picture.at_benchmark:
            return f"In {picture.window} {picture.at_benchmark} of the network's students were at benchmark."
        if picture.mean:
            return f"In {picture.window} the network's mean was {picture.mean}."
        return _schools(picture) or _not_shown(picture)
    schools = _schools(picture)
    if not growth.on_scale:
        measure = (
            f"This measure compares the schools' standing since {growth.since}; "
            "the network itself cannot rise or fall on it."
        )
        return " ".join(part for part in (schools, measure) if part)
    said = _on_scale(growth, "the network", "the network's")
    parts = [f"{said}." if said else "", schools]
    return " ".join(part for part in parts if part) or _not_shown(picture)


def _on_scale(growth: GrowthPicture, who: str, whose: str) -> str:
    """ "Since Fall they grew 6 (4 to 8) scale points"; "" where there is no verdict."""
    if growth.verdict is None or growth.mean is None or growth.low is None or growth.high is None:
        return ""
    said = change_words(growth.verdict, growth.mean, growth.low, growth.high)
    who = f"{whose} growth is" if growth.verdict is Change.CLOSE else who
    return f"Since {growth.since} {who} {said} scale points"


def _school_growth(growth: GrowthPicture) -> str:
    """Growth and its verdicts, each with its range; "" where nothing can be said."""
    known = growth.against is not None and growth.apart is not None
    if not growth.on_scale:
        return f"Since {growth.since}, by standing in the network, they are {standing_said(growth)}." if known else ""
    said = _on_scale(growth, "they", "their")
    if not said or not known:
        return f"{said}." if said else ""
    if growth.against is Standing.CLOSE:
        return f"{said}; against the network that is {standing_said(growth)}."
    return f"{said}, {standing_said(growth)}."


def standing_said(growth: GrowthPicture) -> str:
    """ "above the network by 3 (1 to 5)"; by standing in hundredths of a standard deviation. "" before the release."""
    if growth.against is None or growth.apart is None:
        return ""
    if growth.on_scale:
        return standing_words(growth.against, *growth.apart)
    mean, low, high = (100 * part for part in growth.apart)
    return f"{standing_words(growth.against, mean, low, high)} {HUNDREDTHS}"


def _school_at_benchmark(picture: SchoolPicture, reached: int) -> str:
    said = students_at_benchmark(reached, picture.with_level)
    if picture.with_level < FEWEST_FOR_PERCENT:
        return f"{said}."
    said = f"{said} ({count_of(reached, picture.with_level)})"
    return f"{said}." if picture.network_percent is None else f"{said}, the network {picture.network_percent} %."


def _not_shown(picture: NetworkPicture) -> str:
    return f"Results of {picture.window} are released; the network's own figures are not shown."


def _schools(picture: NetworkPicture) -> str:
    """ "Of 12 schools, 3 are above the network, 1 is below the network and 8 are too close to call."."""
    counts = [
        (picture.above, Standing.ABOVE),
        (picture.below, Standing.BELOW),
        (picture.close, Standing.CLOSE),
    ]
    total = sum(count for count, _ in counts) + picture.not_shown
    if not total:
        return ""
    parts = [f"{count} {are(count)} {words}" for count, words in counts]
    if picture.not_shown:
        parts.append(f"{picture.not_shown} {are(picture.not_shown)} not shown")
    return f"Of {total} schools, {listed(parts)}."
