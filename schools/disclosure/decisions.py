"""Rules for single figures that lie outside the sums: levels, changes, and readers with rights to every student."""

from collections.abc import Mapping
from dataclasses import dataclass

from schools.disclosure.masks import is_exact, written_rate

FEWEST_IN_A_LEVEL = 3


@dataclass(frozen=True, slots=True)
class Levels:
    """The shares of the levels; or None and two groups of levels (None as well where nothing may be shown)."""

    levels: dict[str, str] | None
    collapsed: dict[str, str] | None


def shown_levels(counts: Mapping[str, int], floor: int, at_benchmark: int | None = None) -> Levels:
    """How the levels of a group are shown; counts are students, lowest level first.

    Levels are parts of n and add up to 100 %: one of 1 or 2 students, or one that would be masked, cannot stand beside
    exact ones. Then they are collapsed into two groups, below the benchmark and at it (at_benchmark is the number of
    levels below; by default half of them), each masked like a rate.
    """
    n = sum(counts.values())
    if n < floor:
        return Levels(None, None)
    rates = {name: written_rate(n, count) for name, count in counts.items()}
    if all(count >= FEWEST_IN_A_LEVEL and is_exact(rates[name]) for name, count in counts.items()):
        return Levels(rates, None)
    names = list(counts)
    split = len(names) // 2 if at_benchmark is None else at_benchmark
    groups = [group for group in (names[:split], names[split:]) if group]
    return Levels(None, {"+".join(group): written_rate(n, sum(counts[name] for name in group)) for group in groups})


def shown_change(before: str | None, after: str | None) -> int | None:
    """The change between two shown rates in percentage points; None (not shown) unless both are exact.

    It is taken between the whole percents that stand on the page, so that it tells nothing more than they do. The same
    holds for a gap, a rank, an average of averages or a trend line: none where an operand is hidden, masked or
    withheld.
    """
    if before is None or after is None or not is_exact(before) or not is_exact(after):
        return None
    return int(after.rstrip("%")) - int(before.rstrip("%"))


def needs_suppression(sees_every_student: bool) -> bool:
    """Whether a reader of a cell gets it suppressed: everyone but those with rights to all students in it.

    Who has those rights is for `schools.access` to say.
    """
    return not sees_every_student
