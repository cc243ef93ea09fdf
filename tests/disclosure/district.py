"""A district's cube of invented numbers, as large as a release can get.

`python -m tests.disclosure.district` suppresses and audits it, and prints seconds and megabytes.
"""

import random
import resource
import sys
import time
from collections import Counter

from schools.disclosure import Cell, Cube, Equation, Mean, audit, suppress

WINDOWS = 4
STANDARDS = 10
ITEMS = 40
GRADES = range(3, 9)


def district_cube(seed: int, schools: int, windows: int = WINDOWS, typical: int = 90) -> Cube:
    """(network, grades, schools) x windows x (overall, standards), and grades x items.

    typical is the usual number of students of a school in one grade; every ninth school is tiny, every fifth has only
    some grades. The last two standards are asked in grades 3 to 5 only, so that a school's own count tells how many of
    its students are in those.
    """
    chance = random.Random(seed)
    cells: list[Cell] = []
    sums: list[Equation] = []
    grids = [_grid(chance, number, typical) for number in range(schools)]
    for window in range(windows):
        tested = [{grade: max(0, n - chance.randrange(4)) if n else 0 for grade, n in grid.items()} for grid in grids]
        _add_window(chance, f"W{window}", tested, cells, sums)
    return Cube.of(cells, sums)


def _grid(chance: random.Random, number: int, typical: int) -> dict[int, int]:
    usual = 3 if number % 9 == 0 else typical
    grades = chance.sample(GRADES, 3) if number % 5 == 0 else GRADES
    return {grade: chance.randrange(usual // 3, 2 * usual) for grade in grades}


def _add_window(
    chance: random.Random, window: str, tested: list[dict[int, int]], cells: list[Cell], sums: list[Equation]
) -> None:
    for number in range(STANDARDS + 1):
        measure = f"{window} standard {number}" if number else f"{window} overall"
        grades = [grade for grade in GRADES if number <= STANDARDS - 2 or grade <= 5]
        asked = f"{window} grades {grades[0]}-{grades[-1]}"
        ease = chance.uniform(0.1, 0.9)
        right = [
            {grade: _binomial(chance, grid.get(grade, 0), ease + chance.uniform(-0.1, 0.1)) for grade in grades}
            for grid in tested
        ]
        units = {f"grade {grade}": [(s, grade) for s in range(len(tested))] for grade in grades}
        units |= {f"school {s}": [(s, grade) for grade in grades] for s in range(len(tested))}
        units["network"] = [(s, grade) for s in range(len(tested)) for grade in grades]
        for unit, places in units.items():
            n = sum(tested[s].get(grade, 0) for s, grade in places)
            k = sum(right[s][grade] for s, grade in places)
            mean = None if number or not n else Mean((2 * (30 * n + 40 * k) + n) // (2 * n), 0, 100, cut=50)
            group = f"{window} {unit}" if unit.startswith("grade") else f"{asked} {unit}"
            whole = f"{window} overall: {unit}"
            within = whole if unit.startswith("school") and len(grades) < len(GRADES) else ""
            cells.append(Cell(f"{measure}: {unit}", n, k, mean, students=group, measure=measure, within=within))
        for kind in ("grade", "school"):
            parts = tuple(f"{measure}: {unit}" for unit in units if unit.startswith(kind))
            sums.append(Equation(f"{measure}: network", parts))
    for grade in GRADES:
        n = sum(grid.get(grade, 0) for grid in tested)
        for item in range(ITEMS):
            k = _binomial(chance, n, chance.uniform(0.02, 0.99))
            key = f"{window} grade {grade} item {item}"
            cells.append(Cell(key, n, k, students=f"{window} grade {grade}", measure=key))


def _binomial(chance: random.Random, n: int, rate: float) -> int:
    return sum(chance.random() < rate for _ in range(n))


def measure(schools: int = 220, typical: int = 90) -> None:
    """Print how long one release of that size takes, and how much memory."""
    cube = district_cube(seed=1, schools=schools, typical=typical)
    start = time.perf_counter()
    result = suppress(cube)
    suppressed = time.perf_counter()
    verdict = audit(result.published)
    done = time.perf_counter()
    reasons = Counter(entry.reason for entry in result.ledger)
    print(f"{len(cube.cells)} cells, {len(cube.equations)} sums; {dict(reasons)}; clean: {verdict.clean}")
    print(f"suppressed in {suppressed - start:.1f} s, audited in {done - suppressed:.1f} s,", end=" ")
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    measure(*map(int, sys.argv[1:]))
