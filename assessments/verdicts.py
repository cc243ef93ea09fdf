"""The only words of verdict, and the rules that choose them. Knows no Django."""

from enum import StrEnum

POINTS_APART = 5
READS_AS_ZERO = 0.5  # what is nearer to zero is printed as 0


class Change(StrEnum):
    """What became of a group between two windows."""

    GREW = "grew"
    SLIPPED = "slipped"
    CLOSE = "too close to call"


class Standing(StrEnum):
    """How a group stands against the network."""

    ABOVE = "above the network"
    BELOW = "below the network"
    CLOSE = "too close to call"


# The shape beside each verdict: it says the same without color.
MARKS: dict[str, str] = {
    Standing.BELOW: "▼",
    Standing.ABOVE: "▲",
    Standing.CLOSE: "●",
    Change.SLIPPED: "▼",
    Change.GREW: "▲",
}


def in_short(verdict: str, by: int | None) -> str:
    """The verdict in its fixed words; with `by` (whole points) in short: "below by 17", "grew by 6"."""
    if by is None or verdict == Standing.CLOSE:
        return str(verdict)
    return f"{verdict.removesuffix(' the network')} by {abs(by):,}"


def change(low: float | None, high: float | None) -> Change | None:
    """The verdict on an interval of change in scale points, by the rule of `side_of_zero`."""
    if low is None or high is None:
        return None
    return (Change.CLOSE, Change.GREW, Change.SLIPPED)[side_of_zero(low, high)]


def standing(low: float | None, high: float | None, *, in_deviations: bool = False) -> Standing | None:
    """The verdict on an interval of the difference from the network, by the same rule.

    Scale points are printed whole, standard deviations (`in_deviations`) as whole hundredths.
    """
    if low is None or high is None:
        return None
    unit = 100 if in_deviations else 1
    return (Standing.CLOSE, Standing.ABOVE, Standing.BELOW)[side_of_zero(low * unit, high * unit)]


def side_of_zero(low: float, high: float) -> int:
    """1 above zero, -1 below it, 0 where that is too close to call: the range as it is printed, whole, touches 0.

    The range of 0.3 to 15.8 reads "0 to 16": a claim beside it would contradict its own range.
    """
    return 1 if low >= READS_AS_ZERO else -1 if high <= -READS_AS_ZERO else 0


def standing_of_percent(own: int, network: int) -> Standing:
    """The verdict on two whole per cents of points on the same questions: clear from 5 points apart.

    Whole per cents, so that the verdict never contradicts the two figures beside it.
    """
    apart = own - network
    if abs(apart) < POINTS_APART:
        return Standing.CLOSE
    return Standing.ABOVE if apart > 0 else Standing.BELOW
