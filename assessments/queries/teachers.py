"""How many teachers stand behind a school's figures: with too few, one could subtract the own class from them."""

from collections import defaultdict
from dataclasses import dataclass

from assessments.models import Result
from schools.models import School, SectionStaff


@dataclass(frozen=True)
class Teachers:
    """Whether at least the least number of teachers taught behind the whole, and behind each grade of it.

    Grades are shown together or not at all: a hidden one could be worked out from the whole and the others.
    """

    enough_for_all: bool
    enough_for_each: bool


def teachers_of(school: School, windows, least: int, own: frozenset[int] = frozenset()) -> Teachers:
    """The teachers of the classes tested in each of these windows (`WindowForms`); every window must have enough.

    `own` are the sections the reader knows as a teacher, co-teachers' too: without them `least` - 1 must be left, or
    what is left after subtracting them is one colleague's.
    """
    tests = {form.administration.pk: one.window.pk for one in windows for form in one.forms}
    pairs = Result.objects.filter(school=school, administration__in=tests)  # unscoped: which classes, no result
    taken = set(pairs.order_by().values_list("administration_id", "grade", "section_id").distinct())
    staff = teacher_of_each({section for _, _, section in taken if section})
    of_window, of_grade = defaultdict(set), defaultdict(set)
    for test, grade, section in taken:
        if section in staff:
            of_window[tests[test]].add(section)
            of_grade[tests[test], grade].add(section)

    def enough(sections: set[int]) -> bool:
        behind = {staff[section] for section in sections}
        unknown = {staff[section] for section in sections - own}
        return len(behind) >= least and len(unknown) >= least - 1

    return Teachers(
        all(enough(of_window[one.window.pk]) for one in windows),
        all(enough(of_grade[tests[test], grade]) for test, grade, _ in taken),
    )


def teacher_of_each(section_ids: set[int]) -> dict[int, int]:
    """One teacher a class, so that co-teachers of one class do not count as two behind its figures."""
    rows = SectionStaff.objects.filter(section__in=section_ids)  # unscoped: how many, not who
    found: dict[int, int] = {}
    ordered = sorted(
        rows.values_list("section_id", "role", "starts", "user_id"), key=lambda row: (row[1] != "teacher", row[2])
    )
    for section, _, _, user in ordered:
        found.setdefault(section, user)
    return found
