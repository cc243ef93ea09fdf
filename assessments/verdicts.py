"""The only words of verdict, and the rules that choose them. Knows no Django."""

from enum import StrEnum

POINTS_APART = 5


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
    """The verdict on an interval of change: clear only where it lies wholly on one side of zero."""
    if low is None or high is None:
        return None
    return Change.GREW if low > 0 else Change.SLIPPED if high < 0 else Change.CLOSE


def standing(low: float | None, high: float | None) -> Standing | None:
    """The verdict on an interval of the difference from the network, by the same rule."""
    if low is None or high is None:
        return None
    return Standing.ABOVE if low > 0 else Standing.BELOW if high < 0 else Standing.CLOSE


def standing_of_percent(own: int, network: int) -> Standing:
    """The verdict on two whole per cents of points on the same questions: clear from 5 points apart.

    Whole per cents, so that the verdict never contradicts the two figures beside it.
    """
    apart = own - network
    if abs(apart) < POINTS_APART:
        return Standing.CLOSE
    return Standing.ABOVE if apart > 0 else Standing.BELOW
