"""Which students stand behind a figure, by a name: two figures of the same students must be hidden together.

The name of all of a group's students is the group's key. Students of some grades of a school, or of the network, are
named by those grades; students that no grades describe (questions not given to all) by the figure itself.
"""

from collections import defaultdict
from functools import cached_property

import numpy as np

from assessments.pipeline.grades import GRADE_OF_CODE
from assessments.releases.counted import Counted
from assessments.releases.figures import Group, Place, Rest

NO_GRADE = "?"


class Sets:
    """The students of a release by school, grade and form, and the names of their sets."""

    def __init__(self, counted: Counted, schools: list[int]):
        self._schools = schools
        self._sizes: dict[tuple[int, int, int], int] = {}
        triples = np.stack([counted.school, counted.grade, counted.form], axis=1) if len(counted) else []
        if len(counted):
            found, sizes = np.unique(triples, axis=0, return_counts=True)
            self._sizes = {tuple(row): int(size) for row, size in zip(found.tolist(), sizes, strict=True)}

    @cached_property
    def grades(self) -> list[str]:
        """The known grades with students, in their order."""
        return [GRADE_OF_CODE[code] for code in sorted({code for _, code, _ in self._sizes}) if code]

    @cached_property
    def _cells(self) -> dict[Group, dict[tuple[int, str], int]]:
        """Students of each group by form and grade."""
        cells: dict[Group, dict[tuple[int, str], int]] = defaultdict(lambda: defaultdict(int))
        for (school, code, form), size in self._sizes.items():
            grade = GRADE_OF_CODE[code] or NO_GRADE
            for group in (Group(Place.NETWORK), Group(Place.GRADE, grade=grade), Group(Place.SCHOOL, school)):
                cells[group][form, grade] += size
        return cells

    def size(self, group: Group) -> int:
        return sum(self._cells[group].values())

    def forms(self, group: Group) -> tuple[int, ...]:
        """The forms that students of the group sat."""
        return tuple(sorted({form for form, _ in self._cells[group]}))

    def name(self, group: Group, forms: tuple[int, ...], students: int, key: str) -> str:
        """The name of the students of `group` who sat these forms, where they are `students` in number."""
        cells = self._cells[group]
        theirs = sum(size for (form, _), size in cells.items() if form in forms)
        grades = {grade for form, grade in cells if form in forms}
        of_grades = sum(size for (_, grade), size in cells.items() if grade in grades)
        if theirs != students or of_grades != students:
            return key
        return self.of_grades(group, grades)

    def of_grades(self, group: Group, grades: set[str]) -> str:
        """The name of all students of `group` in these grades."""
        every = {grade for _, grade in self._cells[group]}
        if group.place == Place.NETWORK and len(grades) == 1:
            return f"grade:{min(grades)}"
        return group.key if grades == every else f"{group.key}@{','.join(sorted(grades))}"

    def rests(self) -> list[Rest]:
        """Groups that stand on no page: the grades of a school that has several, students of no known grade."""
        rests = [
            Rest(name, size)
            for school in self._schools
            if len(self._of_school(school)) > 1
            for name, size in self._of_school(school).items()
        ]
        unknown = self.size(Group(Place.GRADE, grade=NO_GRADE))
        return [*rests, Rest(f"grade:{NO_GRADE}", unknown)] if unknown else rests

    def sums(self) -> list[tuple[str, tuple[str, ...]]]:
        """The network is its grades, and its schools."""
        grades = sorted({GRADE_OF_CODE[code] or NO_GRADE for _, code, _ in self._sizes})
        sums = [("network", tuple(f"grade:{grade}" for grade in grades))]
        sums.append(("network", tuple(f"school:{school}" for school in self._schools)))
        return [(total, parts) for total, parts in sums if parts]

    def inside(self) -> list[tuple[str, tuple[str, ...]]]:
        """A school is its grades, where it has several; a grade is its parts in the schools."""
        by_grade: dict[str, list[str]] = defaultdict(list)
        sums: list[tuple[str, tuple[str, ...]]] = []
        for school in self._schools:
            group = Group(Place.SCHOOL, school)
            names = self._of_school(school)
            if len(names) > 1:
                sums.append((group.key, tuple(names)))
            for grade in {grade for _, grade in self._cells[group]}:
                by_grade[grade].append(self.of_grades(group, {grade}))
        return sums + [(f"grade:{grade}", tuple(parts)) for grade, parts in sorted(by_grade.items())]

    def _of_school(self, school: int) -> dict[str, int]:
        """The grades of a school by the name of their students, with their size."""
        group = Group(Place.SCHOOL, school)
        sizes: dict[str, int] = defaultdict(int)
        for (_, grade), size in sorted(self._cells[group].items()):
            sizes[self.of_grades(group, {grade})] += size
        return sizes
