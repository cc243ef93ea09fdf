"""The portal's roster of one school year as a OneRoster 1.2 bulk package: what stands today and what is to come.

Read in again it changes nothing. A record that has no OneRoster id gets one of our making (`portal.own_id`), by which
the portal knows it again. Passwords, addresses of students and what a person decided in the portal (substitutes,
coaches, programs) are not in it.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone

from schools.dates import on
from schools.models import (
    District,
    Enrollment,
    Membership,
    Role,
    School,
    SchoolYear,
    Section,
    SectionEnrollment,
    SectionStaff,
    Student,
)
from schools.oneroster.layout import (
    CLASSES,
    COURSES,
    ENROLLMENTS,
    LAYOUTS,
    MANIFEST,
    NO_SUBJECT,
    ORGS,
    ROLES,
    SESSIONS,
    USERS,
    FileLayout,
)
from schools.oneroster.package import FAST, ZIP_DAY
from schools.oneroster.portal import own_id

VERSION = "1.2"
ABSENT = [
    "categories",
    "classResources",
    "courseResources",
    "demographics",
    "lineItemLearningObjectiveIds",
    "lineItems",
    "lineItemScoreScales",
    "resources",
    "resultLearningObjectiveIds",
    "results",
    "resultScoreScales",
    "scoreScales",
    "userProfiles",
    "userResources",
]
FILES = (SESSIONS, ORGS, COURSES, CLASSES, USERS, ROLES, ENROLLMENTS)
ONLY_1P1 = ("orgSourcedIds", "role")  # columns of users.csv that 1.2 no longer has
EXPORTED = (SectionStaff.As.TEACHER, SectionStaff.As.CO_TEACHER)


def has_roster(district: District) -> bool:
    """Whether there is anything to export."""
    return Student.objects.filter(district=district).exists() and year_to_export(district) is not None  # unscoped: own


def year_to_export(district: District) -> SchoolYear | None:
    """The school year with classes that is nearest to today."""
    today = today_of(district)
    years = SchoolYear.objects.filter(district=district)  # unscoped: the district's own export
    with_classes = years.filter(pk__in=Section.objects.filter(school__district=district).values("year"))  # unscoped
    away = [(max(year.starts - today, today - year.ends, today - today), year.starts, year) for year in with_classes]
    return min(away)[2] if away else None


def today_of(district: District) -> date:
    return timezone.now().astimezone(ZoneInfo(district.timezone)).date()


def whole_package(district: District, year: SchoolYear | None = None) -> bytes:
    """The zip of the district's roster. Raises ValueError where it has no classes in any year."""
    year = year or year_to_export(district)
    if year is None:
        raise ValueError(f"{district} has no classes yet, so there is no roster to write.")
    rows = Export(district, year)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=FAST) as archive:
        add(archive, MANIFEST, ("propertyName", "value"), manifest_rows())
        for layout, lines in rows.files():
            add(archive, layout.name, header_of(layout), lines)
    return packed.getvalue()


def add(archive: zipfile.ZipFile, name: str, header: Iterable[str], rows: Iterable[Iterable]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(rows)
    archive.writestr(zipfile.ZipInfo(name, ZIP_DAY), text.getvalue(), zipfile.ZIP_DEFLATED, FAST)


def header_of(layout: FileLayout) -> tuple[str, ...]:
    left_out = (*ONLY_1P1, "resourceSourcedIds") if layout is USERS else ()
    return tuple(column for column in layout.order if column not in left_out)


def manifest_rows() -> Iterator[tuple[str, str]]:
    yield from (("manifest.version", "1.0"), ("oneroster.version", VERSION))
    modes = {layout.name.removesuffix(".csv"): "bulk" for layout in LAYOUTS if layout in FILES}
    modes |= dict.fromkeys(ABSENT, "absent")
    yield from ((f"file.{name}", modes[name]) for name in sorted(modes, key=str.casefold))
    yield from (("source.systemName", "Pioneers of Practice portal"), ("source.systemCode", "portal"))


class Export:
    """The rows of each file, for one district and year."""

    def __init__(self, district: District, year: SchoolYear):
        self.district, self.year = district, year
        self.day = min(max(today_of(district), year.starts), year.ends)
        self.schools = {one.pk: one for one in School.objects.filter(district=district)}  # unscoped: own export
        sections = Section.objects.filter(year=year, school__district=district, ends__gte=self.day)  # unscoped: own
        self.sections = {one.pk: one for one in sections.order_by("pk")}
        self.district_id = own_id(district, "district", district.pk)
        self.year_id = own_id(district, "year", year.pk)
        self.stays = self.stays_of_year()
        self.students = self.named_students()
        self.staff = self.staff_of_year()
        self.posts = self.posts_held()

    def files(self) -> Iterator[tuple[FileLayout, Iterable]]:
        """Each file and its rows, under the columns of the standard."""
        yield SESSIONS, cells(SESSIONS, self.session_rows())
        yield ORGS, cells(ORGS, self.org_rows())
        yield COURSES, cells(COURSES, self.course_rows())
        yield CLASSES, cells(CLASSES, self.class_rows())
        yield USERS, cells(USERS, self.user_rows())
        yield ROLES, cells(ROLES, self.role_rows())
        yield ENROLLMENTS, cells(ENROLLMENTS, self.enrollment_rows())

    def id_of(self, kind: str, row) -> str:
        return row.sourced_id or own_id(self.district, kind, row.pk)

    # --- who is in it ---

    def stays_of_year(self) -> dict[int, Enrollment]:
        """The enrollment of each student that stands today, or is the next to come."""
        rows = Enrollment.objects.filter(year=self.year, ends__gte=self.day)  # unscoped: own export
        found: dict[int, Enrollment] = {}
        for row in rows.order_by("student_id", "starts"):
            found.setdefault(row.student_id, row)
        return found

    def named_students(self) -> dict[int, Student]:
        rows = Student.objects.filter(district=self.district)  # unscoped: own export
        return {one.pk: one for one in rows.order_by("pk") if one.pk in self.stays}

    def staff_of_year(self) -> list[SectionStaff]:
        """Teachers whom a roster may name: not substitutes or support, and only who has the role in the school."""
        rows = SectionStaff.objects.filter(  # unscoped: own export
            Q(ends=None) | Q(ends__gte=self.day), section__in=list(self.sections), role__in=EXPORTED
        )
        held = {(post.user_id, post.school_id) for post in self.posts_held()}
        kept = rows.select_related("user").order_by("section_id", "pk")
        return [row for row in kept if (row.user_id, self.sections[row.section_id].school_id) in held]

    def posts_held(self) -> list[Membership]:
        held = Membership.objects.filter(  # unscoped: own export
            on(max(self.day, today_of(self.district))), school__district=self.district, role=Role.TEACHER,
            user__is_active=True,
        )  # fmt: skip
        return list(held.select_related("user").order_by("user_id", "pk"))

    # --- the files ---

    def session_rows(self) -> Iterator[dict]:
        year = self.year
        ending = str(year.ends.year)
        whole = {"title": year.code, "type": "schoolYear", "startDate": year.starts, "endDate": year.ends}
        yield {"sourcedId": self.year_id, **whole, "schoolYear": ending}
        for starts, ends in sorted({(one.starts, one.ends) for one in self.sections.values()}):
            days = {"title": f"{starts} to {ends}", "type": "term", "startDate": starts, "endDate": ends}
            yield {"sourcedId": self.term_id(starts, ends), **days, "parentSourcedId": self.year_id,
                   "schoolYear": ending}  # fmt: skip

    def term_id(self, starts: date, ends: date) -> str:
        return f"{self.year_id}-{starts:%Y%m%d}-{ends:%Y%m%d}"

    def org_rows(self) -> Iterator[dict]:
        yield {"sourcedId": self.district_id, "name": self.district.name, "type": "district",
               "identifier": self.district.code}  # fmt: skip
        for school in self.schools.values():
            yield {"sourcedId": self.id_of("school", school), "name": school.name, "type": "school",
                   "identifier": school.code, "parentSourcedId": self.district_id}  # fmt: skip

    def course_of(self, section: Section) -> tuple[str, str]:
        return section.subject, section.grade

    def course_rows(self) -> Iterator[dict]:
        for subject, grade in sorted({self.course_of(section) for section in self.sections.values()}):
            yield {"sourcedId": self.course_id(subject, grade), "title": subject or NO_SUBJECT, "grades": grade,
                   "schoolYearSourcedId": self.year_id, "orgSourcedId": self.district_id}  # fmt: skip

    def course_id(self, subject: str, grade: str) -> str:
        return f"{self.year_id}-{grade or 'any'}-{subject or 'none'}"

    def class_rows(self) -> Iterator[dict]:
        for one in self.sections.values():
            yield {
                "sourcedId": self.id_of("section", one), "title": one.title, "grades": one.grade,
                "courseSourcedId": self.course_id(*self.course_of(one)), "classCode": one.code,
                "classType": "scheduled", "schoolSourcedId": self.id_of("school", self.schools[one.school_id]),
                "termSourcedIds": self.term_id(one.starts, one.ends),
            }  # fmt: skip

    def user_rows(self) -> Iterator[dict]:
        for pk, one in self.students.items():
            stay = self.stays[pk]
            yield {
                "sourcedId": self.id_of("student", one), "enabledUser": "true", "username": one.number,
                "identifier": one.number, "givenName": one.given_name, "familyName": one.family_name,
                "grades": stay.grade, "primaryOrgSourcedId": self.id_of("school", self.schools[stay.school_id]),
            }  # fmt: skip
        first = {}
        for post in self.posts:
            first.setdefault(post.user_id, post)
        for post in first.values():
            one = post.user
            yield {
                "sourcedId": self.id_of("user", one), "enabledUser": "true", "username": one.email,
                "email": one.email, "givenName": one.given_name, "familyName": one.family_name,
                "primaryOrgSourcedId": self.id_of("school", self.schools[post.school_id]),
            }  # fmt: skip

    def role_rows(self) -> Iterator[dict]:
        for pk, stay in self.stays.items():
            if pk in self.students:
                yield self.role_row("student", self.students[pk], stay.school_id, "primary")
        seen: set[int] = set()
        for post in self.posts:
            yield self.role_row("user", post.user, post.school_id, "secondary" if post.user_id in seen else "primary")
            seen.add(post.user_id)

    def role_row(self, kind: str, one, school: int, kind_of_role: str) -> dict:
        user = self.id_of(kind, one)
        return {
            "sourcedId": f"{user}-{school}", "userSourcedId": user, "roleType": kind_of_role,
            "role": "student" if kind == "student" else "teacher",
            "orgSourcedId": self.id_of("school", self.schools[school]),
        }  # fmt: skip

    def enrollment_rows(self) -> Iterator[dict]:
        for row in self.staff:
            primary = "true" if row.role == SectionStaff.As.TEACHER else "false"
            yield self.enrollment_row("staff", row, self.id_of("user", row.user), "teacher", primary)
        seats = SectionEnrollment.objects.filter(  # unscoped: own export
            Q(ends=None) | Q(ends__gte=self.day), section__in=list(self.sections)
        )
        for row in seats.order_by("pk").iterator():
            if row.student_id in self.students:
                student = self.id_of("student", self.students[row.student_id])
                yield self.enrollment_row("seat", row, student, "student", "")

    def enrollment_row(self, kind: str, row, user: str, role: str, primary: str) -> dict:
        section = self.sections[row.section_id]
        return {
            "sourcedId": own_id(self.district, kind, row.pk), "classSourcedId": self.id_of("section", section),
            "schoolSourcedId": self.id_of("school", self.schools[section.school_id]), "userSourcedId": user,
            "role": role, "primary": primary, "beginDate": row.starts, "endDate": row.ends or section.ends,
        }  # fmt: skip


def cells(layout: FileLayout, rows: Iterable[dict]) -> Iterator[list]:
    """Rows as lists, in the order of the header; what a row does not have is blank."""
    header = header_of(layout)
    return ([row.get(column, "") for column in header] for row in rows)
