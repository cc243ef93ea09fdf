"""Claims counted: how often a planted truth was found, and how often something was claimed that is not so."""

from collections import defaultdict
from dataclasses import dataclass, field

from scipy import stats

POWERFUL = 0.95
SURE = 0.999  # one test in a thousand would fail by chance, were the seeds not fixed


@dataclass(slots=True)
class Count:
    """So many of so many."""

    found: int = 0
    of: int = 0

    def add(self, found: bool) -> None:
        self.found += bool(found)
        self.of += 1

    @property
    def share(self) -> float:
        return self.found / self.of if self.of else float("nan")

    def at_most(self, share: float) -> bool:
        """Whether this many is no more than chance allows where the true share is `share`."""
        return self.found <= stats.binom.ppf(SURE, self.of, share)

    def at_least(self, share: float) -> bool:
        """Whether this many is no fewer than chance allows where the true share is `share`."""
        return self.found >= stats.binom.ppf(1 - SURE, self.of, share)


@dataclass(slots=True)
class Claim:
    """What became of one kind of claim over all networks.

    powerful  true effects that a fair test finds with 95 % or more, and those of them that were found
    true      all true effects, and those found; `power` is the sum of the calculated chances to find them
    false     comparisons in which nothing is to be claimed, and those in which something was
    reversed  true effects, and those of which the opposite was claimed
    """

    powerful: Count = field(default_factory=Count)
    true: Count = field(default_factory=Count)
    false: Count = field(default_factory=Count)
    reversed: Count = field(default_factory=Count)
    power: float = 0.0

    def effect(self, power: float, found: bool, opposite: bool = False) -> None:
        """One true effect, how likely it was to be found, and what was said of it."""
        self.true.add(found)
        self.reversed.add(opposite)
        self.power += power
        if power >= POWERFUL:
            self.powerful.add(found)

    def nothing(self, claimed: bool) -> None:
        """One comparison in which there is nothing to claim."""
        self.false.add(claimed)


class Tally(defaultdict):
    """Claims by name."""

    def __init__(self):
        super().__init__(Claim)
