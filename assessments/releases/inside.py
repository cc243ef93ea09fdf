"""The grades of each school, which no page shows: whether a small one follows from the totals of schools and grades.

Readers know which grades a school has. Where few schools have a grade, a school's total less another grade's total may
leave one small class. So the sizes of all grades inside schools are unknowns of the same arithmetic that the audit
does; those below the floor must keep as many possible values as any hidden number. Larger ones may be worked out.
"""

from collections.abc import Iterable

from django.conf import settings

from assessments.releases.figures import LiveCube
from schools.disclosure import Equation, Published, Shown
from schools.disclosure.knowledge import count_system


def told_inside(live: LiveCube, published: Published) -> Iterable[str]:
    """Sets of students to hide beside those hidden already: the smaller total of each small grade that is told."""
    shown = {cell.set: cell.n for cell in published.cells.values()}
    sizes = {figure.students: figure.tested for figure in live.figures.values()}
    sizes |= {rest.key: rest.tested for rest in live.rests.values()}
    names = {name for total, parts in live.inside for name in (total, *parts)}
    sums = [sum_ for sum_ in live.sums if {sum_[0], *sum_[1]} <= names | {"network"}] + live.inside
    cells = {name: Shown(name, shown.get(name), students=name) for name in names | {"network"}}
    system = count_system(Published(cells, tuple(Equation(total, parts) for total, parts in sums), published.floors))
    floor = settings.PUBLIC_MIN_N
    small = {("n", name): floor - 1 for name in cells if cells[name].n is None and 0 < sizes[name] < floor}
    if not small:
        return set()
    truth = {("n", name): sizes[name] for name in cells}
    told = {name for _, name in system.narrow(small, truth)}
    return {_smaller_total(name, live, cells) for name in told} - {""}


def _smaller_total(name: str, live: LiveCube, cells: dict[str, Shown]) -> str:
    """The shown total with the fewest students that the named part stands in; "" where all of them are hidden."""
    totals = [total for total, parts in live.inside if name in parts and cells[total].n is not None]
    return min(totals, key=lambda total: (cells[total].n, total), default="")
