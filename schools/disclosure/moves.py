"""Cheap proof that a hidden number is free: from one solution, step to another next to it."""

from collections.abc import Mapping
from dataclasses import dataclass

Bounds = tuple[int, int | None]
Row = tuple[dict[int, int], int | None, int | None]

MOST_TRIES = 120
DEEPEST = 60  # students counted once in many measures need a long repair


@dataclass
class Walker:
    """Numbered variables with bounds, the rows that tie them, and a solution to start from."""

    bounds: list[Bounds]
    rows: list[Row]
    value: list[int]

    def __post_init__(self) -> None:
        self.at: list[list[tuple[int, int]]] = [[] for _ in self.bounds]
        for number, (factors, _, _) in enumerate(self.rows):
            for place, factor in factors.items():
                self.at[place].append((number, factor))
        # variables in few rows first: a change in them has the least to repair
        self.order = [sorted(factors, key=lambda place: len(self.at[place])) for factors, _, _ in self.rows]
        self.reached = [sum(f * self.value[place] for place, f in factors.items()) for factors, _, _ in self.rows]

    def values_of(self, place: int, needed: int) -> list[dict[int, int]]:
        """Up to needed - 1 further solutions with other values of a variable: what changed in each, and to what."""
        found: list[dict[int, int]] = []
        for direction in (1, -1):
            trail: list[dict[int, int]] = []
            while len(found) < needed - 1:
                moved = self._moved(place, direction)
                if moved is None:
                    break
                self._go(moved, 1)
                trail.append(moved)
                found.append({other: self.value[other] for other in moved})
            for moved in trail:
                self._go(moved, -1)
        return found

    def _moved(self, place: int, step: int) -> dict[int, int] | None:
        """Steps by which the variable moves and every row holds again; None where no short repair is found."""
        if not self._has_room(place, step):
            return None
        self.tries = MOST_TRIES
        moved = {place: step}
        return moved if self._repair(moved, self._after({}, place, step)) else None

    def _go(self, moved: Mapping[int, int], direction: int) -> None:
        for place, step in moved.items():
            self.value[place] += direction * step
            for number, factor in self.at[place]:
                self.reached[number] += direction * factor * step

    def _repair(self, moved: dict[int, int], off: Mapping[int, int]) -> bool:
        number = self._broken(off)
        if number is None:
            return True
        if len(moved) >= DEEPEST:
            return False
        factors, low, high = self.rows[number]
        reach = self.reached[number] + off[number]
        excess = reach - high if high is not None and reach > high else reach - (low or 0)
        for place in self.order[number]:
            if place in moved or excess % factors[place]:
                continue
            step = -excess // factors[place]
            if not self._has_room(place, step):
                continue
            self.tries -= 1
            if self.tries < 0:
                return False
            moved[place] = step
            if self._repair(moved, self._after(off, place, step)):
                return True
            del moved[place]
        return False

    def _after(self, off: Mapping[int, int], place: int, step: int) -> dict[int, int]:
        changed = dict(off)
        for number, factor in self.at[place]:
            by = changed.pop(number, 0) + factor * step
            if by:  # a row that is back where it was needs no more looking at
                changed[number] = by
        return changed

    def _broken(self, off: Mapping[int, int]) -> int | None:
        for number, by in off.items():
            _, low, high = self.rows[number]
            reach = self.reached[number] + by
            if (low is not None and reach < low) or (high is not None and reach > high):
                return number
        return None

    def _has_room(self, place: int, step: int) -> bool:
        low, high = self.bounds[place]
        value = self.value[place] + step
        return low <= value and (high is None or value <= high)
