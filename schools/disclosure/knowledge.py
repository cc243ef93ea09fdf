"""What a reader knows of a published table, written as bounds and rows for the solver.

Unknowns are ("n", set) for the size of a hidden set of students, ("k", key) and ("m", key) for the students of a cell
at and not at benchmark, and ("r", number) for those at benchmark in all hidden parts of an equation together.
"""

import math
from collections.abc import Mapping

from schools.disclosure.cells import BadTableError, Cube, Equation, Mean, Published, Shown
from schools.disclosure.component import Name
from schools.disclosure.masks import possible_k
from schools.disclosure.solver import System

NOISE = 1e-6  # of a point: what a division of floats may be off


def count_system(published: Published) -> System:
    """The hidden sizes (each at least 1, since a zero is shown) and every sum that they stand in."""
    system = System()
    known = {cell.set: cell.n for cell in published.cells.values()}
    for students, n in known.items():
        if n is None:
            system.variable(("n", students), 1)
    rows = {}
    for equation in published.equations:
        unknown: dict[Name, int] = {}
        rest = 0
        for students, factor in _signed(equation, published.cells).items():
            n = known[students]
            if n is None:
                unknown["n", students] = factor
            else:
                rest += factor * n
        if not unknown and rest:
            raise BadTableError(f'The shown parts of "{equation.total}" do not add up to it: check the numbers.')
        rows[frozenset(unknown.items()), rest] = unknown
    for (_, rest), unknown in rows.items():
        if unknown:
            system.row(unknown, -rest, -rest)
    return system


def rate_system(published: Published) -> System:
    """All of `count_system`, and how many are at benchmark, from rates, masks, means and sums."""
    system = count_system(published)
    for cell in published.cells.values():
        if cell.rated:
            _add_rate(system, cell)
    for equation in rate_equations(published):
        system.row({("k", equation.total): 1} | {("k", part): -1 for part in equation.parts}, 0, 0)
        _add_mean_of_rest(system, equation, published.cells)
    for number, (_, parts) in residuals(published).items():
        system.variable(("r", str(number)), 0)
        system.row({("r", str(number)): -1} | {("k", part): 1 for part in parts}, 0, 0)
    for cell in published.cells.values():
        if cell.mean is not None and cell.mean.items and cell.n is not None:
            _add_points(system, cell.mean, cell.n, published.cells)
    return system


def rate_equations(published: Published) -> list[Equation]:
    """The equations in which students at benchmark add up too: all cells have rates, of one measure."""
    cells = published.cells
    return [
        equation
        for equation in published.equations
        if all(cells[key].rated and cells[key].measure == cells[equation.total].measure for key in equation.keys)
    ]


def residuals(published: Published) -> dict[int, tuple[Equation, tuple[str, ...]]]:
    """By number, the rate equations with a shown total and hidden parts, and those parts."""
    found = {}
    for number, equation in enumerate(rate_equations(published)):
        parts = tuple(part for part in equation.parts if published.cells[part].n is None)
        if parts and published.cells[equation.total].n is not None:
            found[number] = (equation, parts)
    return found


def rest_of(equation: Equation, cells: Mapping[str, Shown]) -> int:
    """The students in the hidden parts of an equation with a shown total: anyone can subtract."""
    total = cells[equation.total].n
    assert total is not None
    return total - sum(cells[part].n or 0 for part in equation.parts)


def truth_of(cube: Cube, published: Published) -> dict[Name, int]:
    """The true value of every unknown: one solution that the publisher knows and the reader does not."""
    truth: dict[Name, int] = {("n", students): n for students, n in cube.sizes.items()}
    for key, cell in cube.cells.items():
        if cell.k is not None:
            truth["k", key], truth["m", key] = cell.k, cell.n - cell.k
    for number, (_, parts) in residuals(published).items():
        truth["r", str(number)] = sum(truth["k", part] for part in parts)
    return truth


def _signed(equation: Equation, cells: Mapping[str, Shown]) -> dict[str, int]:
    factors: dict[str, int] = {cells[equation.total].set: 1}
    for part in equation.parts:
        students = cells[part].set
        factors[students] = factors.get(students, 0) - 1
    return {students: factor for students, factor in factors.items() if factor}


def _add_rate(system: System, cell: Shown) -> None:
    if cell.n is None:
        system.variable(("k", cell.key), 0)
        system.variable(("m", cell.key), 0)
        system.row({("k", cell.key): 1, ("m", cell.key): 1, ("n", cell.set): -1}, 0, 0)
        return
    try:
        least, most = possible_k(cell.n, cell.rate)
    except ValueError as error:
        raise BadTableError(f'The cell "{cell.key}": {error} Check n and rate.') from error
    if cell.mean is not None and cell.mean.cut is not None:
        low, high = _k_from_scores(cell.mean, cell.n, *_sum_of(cell.mean, cell.n))
        least, most = max(least, low), min(most, high)
    system.variable(("k", cell.key), least, most)


def _sum_of(mean: Mean, n: int) -> tuple[float, float]:
    """The least and greatest sum of scores behind a rounded mean."""
    return max((mean.value - 0.5) * n, mean.lowest * n), min((mean.value + 0.5) * n, mean.highest * n)


def _k_from_scores(mean: Mean, n: int, least: float, most: float) -> tuple[int, int]:
    """How many of n students can be at benchmark when their whole scores add up to least to most."""
    assert mean.cut is not None
    below = mean.cut - 1
    low, high = 0, n
    if mean.highest > below:
        low = math.ceil((least - below * n) / (mean.highest - below) - NOISE)
    if mean.cut > mean.lowest:
        high = math.floor((most - mean.lowest * n) / (mean.cut - mean.lowest) + NOISE)
    return max(low, 0), min(high, n)


def _add_mean_of_rest(system: System, equation: Equation, cells: Mapping[str, Shown]) -> None:
    """The mean of the total less the means of the parts that show theirs: what is left belongs to the others."""
    total = cells[equation.total]
    if total.mean is None or total.n is None or total.mean.cut is None:
        return
    least, most = _sum_of(total.mean, total.n)
    n, others = total.n, []
    for part in (cells[key] for key in equation.parts):
        if part.n is not None and part.mean is not None:
            low, high = _sum_of(part.mean, part.n)
            least, most, n = least - high, most - low, n - part.n
        elif part.n != 0:
            others.append(part.key)
    if others and n:
        low_k, high_k = _k_from_scores(
            total.mean, n, max(least, total.mean.lowest * n), min(most, total.mean.highest * n)
        )
        system.row({("k", key): 1 for key in others}, low_k, high_k)


def _add_points(system: System, mean: Mean, n: int, cells: Mapping[str, Shown]) -> None:
    """A score that is the sum of its items' points tells the weighted sum of the items' right answers."""
    if any(key not in cells or not cells[key].rated for key, _ in mean.items):
        raise BadTableError(
            "A mean lists items that are not in the table with a rate: add them, or leave the list out."
        )
    points = sum(worth for _, worth in mean.items)
    per_unit = points / (mean.highest - mean.lowest)
    least, most = ((end - mean.lowest * n) * per_unit for end in _sum_of(mean, n))
    whole = (math.ceil(least - NOISE), math.floor(most + NOISE))
    system.row({("k", key): worth for key, worth in mean.items}, *whole)
