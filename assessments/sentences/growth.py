"""Growth in words: how much a group grew or slipped, how far it stands from the network, always with the range."""

from assessments.sentences.figures import FEWEST_FOR_PERCENT, count_of, range_words, rounded, scale_points
from assessments.verdicts import Change, Standing

HUNDREDTHS = "hundredths of a standard deviation"


def change_words(verdict: Change, mean: float, low: float, high: float) -> str:
    """ "grew 6 (4 to 8)", "slipped 3 (1 to 5)", "too close to call, 1 (-1 to 3)"."""
    if verdict is Change.CLOSE:
        return f"{verdict}, {range_words(mean, low, high)}"
    return f"{verdict} {_outward(verdict is Change.SLIPPED, mean, low, high)}"


def standing_words(verdict: Standing, mean: float, low: float, high: float) -> str:
    """ "above the network by 3 (1 to 5)", "too close to call, 1 (-2 to 4)"; the difference from the network."""
    if verdict is Standing.CLOSE:
        return f"{verdict}, {range_words(mean, low, high)}"
    return f"{verdict} by {_outward(verdict is Standing.BELOW, mean, low, high)}"


def _outward(negative: bool, size: float, low: float, high: float) -> str:
    """A loss or a gap below as a size, as it is said: "slipped 3 (1 to 5)"."""
    return range_words(-size, -high, -low) if negative else range_words(size, low, high)


def class_growth_sentence(
    compared: int, tested: int, mean: float | None, low: float | None, high: float | None, verdict: Change | None
) -> str:
    """ "22 of 27 students compared; the class grew 6 (3 to 9) scale points"; `mean` in scale points."""
    said = f"{count_of(compared, tested)} students compared"
    if compared < FEWEST_FOR_PERCENT or mean is None:
        return f"{said}: too few for a figure of the class"
    if verdict is None or low is None or high is None:
        return f"{said}; each score changed by {scale_points(rounded(mean))}, so there is no range to give"
    who = "" if verdict is Change.CLOSE else "the class "
    return f"{said}; {who}{change_words(verdict, mean, low, high)} scale points"
