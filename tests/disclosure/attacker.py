"""A reader who wants to know what is hidden. Written from the rules alone; uses nothing of `schools.disclosure`.

It is given what stands on the page: {key: {"n": 14 or "*", "rate": "34%" or "*"}} and the sums, and puts every cell of
the table into one integer program of its own.
"""

from fractions import Fraction

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

ENDLESS = 500
BANDS = [(20, 20), (40, 10), (100, 5), (200, 2), (10**9, 1)]


def text_of(n, k):
    """Rule P4, in fractions."""
    band = next(width for most, width in BANDS if n <= most)
    percent = Fraction(100 * k, n)
    if percent <= band:
        return f"<={band}%"
    if percent >= 100 - band:
        return f">={100 - band}%"
    return f"{int(percent + Fraction(1, 2))}%"


class Attacker:
    """Integer unknowns n and k of every cell, bounded by what is shown, tied by the sums."""

    def __init__(self, page, sums):
        self.page = page
        self.place = {}
        low, high = [], []
        for key, cell in page.items():
            self.place["n", key] = len(low)
            hidden = cell["n"] == "*"
            low.append(1 if hidden else cell["n"])
            high.append(ENDLESS if hidden else cell["n"])
            self.place["k", key] = len(low)
            ks = self._ks(cell)
            low.append(ks[0])
            high.append(ks[1])
        self.low, self.high = np.array(low, float), np.array(high, float)
        rows, least, most = [], [], []
        for total, parts in sums:
            rated = all("rate" in page[key] or page[key]["n"] == 0 for key in (total, *parts))
            for letter in "nk" if rated else "n":
                row = np.zeros(len(low))
                row[self.place[letter, total]] = 1
                for part in parts:
                    row[self.place[letter, part]] = -1
                rows.append(row)
                least.append(0)
                most.append(0)
        for key in page:  # k is at most n
            row = np.zeros(len(low))
            row[self.place["n", key]], row[self.place["k", key]] = 1, -1
            rows.append(row)
            least.append(0)
            most.append(np.inf)
        self.holes = max(sum(key in (total, *parts) for total, parts in sums) for key in page) > 2
        self.tie = LinearConstraint(np.array(rows), least, most)

    def _ks(self, cell):
        if cell["n"] == "*":
            return 0, ENDLESS
        if cell.get("rate", "*") == "*":
            return 0, cell["n"]
        fitting = [k for k in range(cell["n"] + 1) if text_of(cell["n"], k) == cell["rate"]]
        return fitting[0], fitting[-1]

    def _best(self, aim, low=None, high=None):
        bounds = Bounds(self.low if low is None else low, self.high if high is None else high)
        return milp(aim, integrality=np.ones(len(aim)), bounds=bounds, constraints=self.tie, options={"mip_rel_gap": 0})

    def reach(self, **weights):
        """Least and greatest weighted sum: reach(n_a=1, k_a=-1) is how many of a are not at benchmark."""
        aim = np.zeros(len(self.low))
        for name, weight in weights.items():
            letter, key = name.split("_", 1)
            aim[self.place[letter, key]] += weight
        ends = [self._best(aim), self._best(-aim)]
        assert all(end.status == 0 for end in ends), "what is published contradicts itself"
        return round(ends[0].fun), round(-ends[1].fun)

    def values(self, letter, key, enough):
        """Possible values of one unknown, up to enough. A range may have holes where a cell stands in many sums:
        there they are counted one by one."""
        low, high = self.reach(**{f"{letter}_{key}": 1})
        if not self.holes:
            return high - low + 1
        found = 0
        for value in range(low, min(high, low + 4 * enough) + 1):
            lows, highs = self.low.copy(), self.high.copy()
            lows[self.place[letter, key]] = highs[self.place[letter, key]] = value
            found += self._best(np.zeros(len(lows)), lows, highs).status == 0
            if found >= enough:
                break
        return found

    def known_counts(self, floor):
        """Hidden cells whose number of students has fewer than floor - 1 possible values."""
        hidden = [key for key, cell in self.page.items() if cell["n"] == "*"]
        return {key for key in hidden if self.values("n", key, floor - 1) < floor - 1}

    def known_rates(self):
        """Cells whose masked or hidden rate leaves fewer than three numbers of students."""
        known = set()
        for key, cell in self.page.items():
            if "rate" not in cell:
                continue
            hidden, masked = cell["n"] == "*", cell["rate"][0] in "<>"
            if (hidden or masked) and self.values("k", key, 3) < 3:
                known.add(key)
            if hidden:
                low, high = self.reach(**{f"n_{key}": 1, f"k_{key}": -1})
                known |= {key} if high - low < 2 else set()
        return known
