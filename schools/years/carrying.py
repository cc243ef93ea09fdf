"""Next year's classes from this year's, where the roster does not bring them: the classes of one school at a time.

A class carried over keeps its code, title and grade; its teachers may come along, and its students may sit together
in a class of the next year. What is carried over counts as the roster's own, so that a later roster may correct it;
what the school had entered itself (a co-teacher) stays the school's.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from schools import dates
from schools.models import (
    GRADES,
    Enrollment,
    School,
    SchoolYear,
    Section,
    SectionEnrollment,
    SectionStaff,
    User,
    YearAct,
)
from schools.wording import how_many
from schools.years.acts import NotDone, lock_year, record

TEACHING = (SectionStaff.As.TEACHER, SectionStaff.As.CO_TEACHER, SectionStaff.As.SUPPORT)


@dataclass(frozen=True)
class ClassNow:
    """A class of this year: who teaches it on its last day, who sits in it, and its like of the next year, if any."""

    section: Section
    staff: tuple[SectionStaff, ...]
    students: tuple[int, ...]
    there: Section | None


@dataclass(frozen=True)
class Wish:
    """What is to become of a class: itself carried over, with its teachers; `students_to` names where they sit next.

    `students_to` is the code of a class of the next year, there already or carried over; "" leaves it to the roster.
    """

    carry: bool
    teachers: bool
    students_to: str


@dataclass(frozen=True)
class Carried:
    """What carrying over comes to. `left` students are enrolled in the next year already, and stay where they are."""

    classes: int
    postings: int
    students: int
    left: int

    @property
    def words(self) -> str:
        told = [how_many(self.classes, "class", "classes"), how_many(self.postings, "teacher", "teachers"),
                how_many(self.students, "student", "students")]  # fmt: skip
        left = f"; {how_many(self.left, 'student', 'students')} enrolled already" if self.left else ""
        return ", ".join(told) + left


def following(year: SchoolYear) -> SchoolYear | None:
    """The district's next year, where it is entered."""
    later = SchoolYear.objects.filter(district=year.district_id, starts__gt=year.starts)  # unscoped: dates
    return later.order_by("starts").first()


def classes_of(school: School, year: SchoolYear, following_year: SchoolYear) -> list[ClassNow]:
    """The classes of a school in a year, by code; of a school in sight."""
    rows = Section.objects.filter(school=school, year=year).order_by("code")  # unscoped: of a school in sight
    sections = list(rows)
    there = {one.code: one for one in _next_classes(school, following_year)}
    staff: dict[int, list[SectionStaff]] = {}
    taught = SectionStaff.objects.filter(section__in=sections, role__in=TEACHING)  # unscoped: as above
    for row in taught.select_related("section", "user"):
        if _holds_to_the_end(row):
            staff.setdefault(row.section_id, []).append(row)
    seats: dict[int, list[int]] = {}
    seated = SectionEnrollment.objects.filter(section__in=sections)  # unscoped: as above
    for row in seated.select_related("section"):
        if _holds_to_the_end(row):
            seats.setdefault(row.section_id, []).append(row.student_id)
    return [
        ClassNow(one, tuple(staff.get(one.pk, ())), tuple(sorted(set(seats.get(one.pk, ())))), there.get(one.code))
        for one in sections
    ]


def _next_classes(school: School, year: SchoolYear) -> Iterable[Section]:
    return Section.objects.filter(school=school, year=year).order_by("code")  # unscoped: of a school in sight


def _holds_to_the_end(row) -> bool:
    return row.starts <= row.section.ends and (row.ends is None or row.ends >= row.section.ends)


def next_grade(grade: str) -> str:
    """ "05" -> "06"; "12" and no grade have none."""
    place = GRADES.index(grade) + 1 if grade in GRADES else len(GRADES)
    return GRADES[place] if place < len(GRADES) else ""


def carry_over(
    *, school: School, year: SchoolYear, wishes: dict[int, Wish], by: User, only_look: bool = False
) -> Carried:
    """Carry the classes over as wished (by id of the class); with `only_look` nothing is written.

    Raises NotDone where there is no next year, or where students are to sit in a class that will not be there.
    """
    with transaction.atomic():
        lock_year(year)
        to = following(year)
        if to is None:
            raise NotDone("Enter the next school year first, with its first and last day.")
        step = _Step(school, year, to, wishes)
        carried = step.write()
        if only_look:
            transaction.set_rollback(True)
        else:
            words = f"{school}, {year.code} to {to.code}: {carried.words}."
            record(YearAct.Kind.CARRY, year, by, words, school=school, made=step.made)
    return carried


class _Step:
    """One carrying over, and the ids of what it made."""

    def __init__(self, school: School, year: SchoolYear, to: SchoolYear, wishes: dict[int, Wish]):
        self.school, self.year, self.to = school, year, to
        self.now = classes_of(school, year, to)
        self.wishes = {one.section.pk: wishes.get(one.section.pk, Wish(False, False, "")) for one in self.now}
        self.made: dict[str, list[int]] = {"section": [], "sectionstaff": [], "enrollment": [], "sectionenrollment": []}

    def write(self) -> Carried:
        classes = {section.code: section for section in _next_classes(self.school, self.to)}
        for one in self.now:
            if self.wishes[one.section.pk].carry and one.section.code not in classes:
                classes[one.section.code] = self._class(one.section)
        postings = sum(self._staff(one, classes[one.section.code]) for one in self.now
                       if self.wishes[one.section.pk].teachers and one.section.code in classes)  # fmt: skip
        students, left = self._students(classes)
        return Carried(len(self.made["section"]), postings, students, left)

    def _keep(self, row):
        row.full_clean(validate_unique=False, validate_constraints=False)
        row.save()
        self.made[row._meta.model_name].append(row.pk)
        return row

    def _class(self, section: Section) -> Section:
        copied = {name: getattr(section, name) for name in ("code", "title", "subject", "grade")}
        days = {"starts": self.to.starts, "ends": self.to.ends}
        return self._keep(Section(school=self.school, year=self.to, **copied, **days))

    def _staff(self, one: ClassNow, section: Section) -> int:
        held = set(section.staff.values_list("user", flat=True))
        rows = [row for row in one.staff if row.user_id not in held and row.user.is_active]
        for row in {row.user_id: row for row in rows}.values():
            reason = row.reason or f"carried over from {self.year.code}"
            self._keep(SectionStaff(section=section, user=row.user, role=row.role, source=row.source,
                                    starts=section.starts, ends=section.ends, reason=reason))  # fmt: skip
        return len({row.user_id for row in rows})

    def _students(self, classes: dict[str, Section]) -> tuple[int, int]:
        wanted = {}
        for one in self.now:
            code = self.wishes[one.section.pk].students_to
            if code and code not in classes:
                raise NotDone(f"Students of {one.section} are to sit in {code}, which will not be there next year.")
            wanted |= {pk: classes[code] for pk in one.students if code}
        enrolled = self._enrolled(wanted)
        flags = self._flags(wanted)
        there = [pk for pk in wanted if pk not in enrolled]
        for pk in there:
            section = wanted[pk]
            days = {"starts": section.starts, "ends": section.ends}
            self._keep(Enrollment(student_id=pk, school=self.school, year=self.to, grade=section.grade,
                                  **flags.get(pk, {}), **days))  # fmt: skip
            self._keep(SectionEnrollment(student_id=pk, section=section, **days))
        return len(there), len(enrolled)

    def _enrolled(self, students: Iterable[int]) -> set[int]:
        """Those whom the next year's roster has already."""
        rows = Enrollment.objects.filter(  # unscoped: whether there is one, nothing of it
            dates.overlapping(self.to.starts, self.to.ends), student__in=list(students)
        )
        return set(rows.values_list("student", flat=True))

    def _flags(self, students: Iterable[int]) -> dict[int, dict]:
        """What the newest enrollment says of programs: it holds until the roster says otherwise."""
        names = ("english_learner", "iep", "economically_disadvantaged")
        rows = Enrollment.objects.filter(student__in=list(students)).order_by("starts")  # unscoped: of classes in sight
        return {row["student"]: {name: row[name] for name in names} for row in rows.values("student", *names)}
