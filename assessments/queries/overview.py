"""The reader's classes and schools, with the newest test of each and how many sat it. No result."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count

from assessments.models import Administration, Result
from assessments.queries.reach import schools_with_results
from schools.models import School, Section

MOST_SCHOOLS = 60


@dataclass(frozen=True)
class ClassLine:
    """A class, its newest published test ("" before the first), and the students tested in it."""

    section: Section
    newest: str
    tested: int


class Overview:
    """What a person may open, by name."""

    def __init__(self, user):
        self.user, self.held = user, user.standing

    @cached_property
    def classes(self) -> list[ClassLine]:
        """Own classes of this year, or of the year just past where there are none."""
        staffing = self.held.current_staffing or self.held.past_staffing
        sections = {row.section_id: row.section for row in staffing}
        newest = self._newest(sections)
        ordered = sorted(sections.values(), key=lambda one: (one.school.name, str(one)))
        return [ClassLine(one, *newest.get(one.pk, ("", 0))) for one in ordered]

    def _newest(self, sections: dict[int, Section]) -> dict[int, tuple[str, int]]:
        """For each section its newest test in words, and the students tested."""
        if not sections:
            return {}
        rows = Result.objects.visible_to(self.user).filter(section__in=sections, status=Result.TESTED)
        counted = list(rows.order_by().values_list("section_id", "administration_id").annotate(Count("student_id")))
        tests = Administration.objects.visible_to(self.user).filter(pk__in={test for _, test, _ in counted})
        by_age = list(tests.select_related("assessment", "window").order_by("window__opens", "published_at"))
        found = {}
        for test in by_age:
            for section, administration, tested in counted:
                if administration == test.pk:
                    found[section] = (str(test), tested)
        return found

    @cached_property
    def closed(self) -> bool:
        """Whether the classes shown are those of a year that ended."""
        return bool(self.classes) and not self.held.current_staffing

    @cached_property
    def schools(self) -> list[School]:
        return list(schools_with_results(self.user).order_by("name")[:MOST_SCHOOLS])

    @property
    def several_schools(self) -> bool:
        """Whether the reader leads or coaches schools enough to lay side by side."""
        return len(self.held.led_school_ids | self.held.coached_school_ids) > 1

    @property
    def sentence(self) -> str:
        if self.classes or self.schools:
            kinds = [name for name, found in (("a class", self.classes), ("a school", self.schools)) if found]
            return f"Open {' or '.join(kinds)}."
        return "No class and no school is open to you. What is released of the network stands under Network."
