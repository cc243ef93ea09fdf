"""What the portal holds of a district, read from the database for planning. See `present.Present`."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

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
    User,
)
from schools.oneroster.merged import Pointer
from schools.oneroster.present import COLUMNS, Present
from schools.oneroster.records import FOREVER, OWN_ID, Roster, date_of

BY_ROSTER = "roster"
GONE = "no longer in the roster"
UNUSABLE = "!"  # how Django marks a password that was never set


def own_id(district: District, kind: str, pk: int | str) -> str:
    """The OneRoster id by which the portal names a row that no roster has named."""
    return f"{OWN_ID}{district.code}-{kind}-{pk}"


def read_present(district: District | None, roster: Roster) -> Present:
    """What the portal has of the district that this roster could touch; nothing where there is no district yet.

    Queries name ids, not joins: right after a first roster the database has no statistics to plan a join by.
    """
    if district is None:
        frames = {kind: frame(kind, []) for kind in COLUMNS}
        return Present(**(frames | {"people": people_of(None, roster)}))
    first, last = min(year.starts for year in roster.years), max(year.ends for year in roster.years)
    years = SchoolYear.objects.filter(district=district)  # unscoped: the whole district, by right of its roster
    about = years.filter(
        Q(code__in=[year.code for year in roster.years]) | Q(starts__lte=date_of(last), ends__gte=date_of(first))
    )
    sections = Section.objects.filter(school__district=district, year__in=list(about))  # unscoped: as above
    ids = list(sections.values_list("pk", flat=True))
    enrolled = Enrollment.objects.filter(  # unscoped: as above
        year__in=list(years.values_list("pk", flat=True)), starts__lte=date_of(last), ends__gte=date_of(first)
    )
    schools = rows_of("schools", School.objects.filter(district=district))  # unscoped: as above
    students = rows_of("students", Student.objects.filter(district=district))  # unscoped: as above
    sections = rows_of("sections", sections)
    people = people_of(district, roster)
    called_by_own_id(district, "school", schools, {school.sourced_id for school in roster.schools})
    called_by_own_id(district, "student", students, set(roster.students["sourced_id"]))
    called_by_own_id(district, "section", sections, {section.sourced_id for section in roster.sections})
    called_by_own_id(district, "user", people, set(roster.people["sourced_id"]))
    return Present(
        schools=schools,
        years=rows_of("years", years),
        sections=sections,
        students=students,
        stays=rows_of("stays", enrolled),
        seats=rows_of("seats", SectionEnrollment.objects.filter(section__in=ids)),  # unscoped: as above
        staff=staff_of(ids),
        people=people,
        posts=posts_of(district),
    )


def pointers_of(district: District) -> tuple[list[Pointer], list[Pointer]]:
    """The district's students, and its people, who were merged into others."""
    if not district.pk:
        return [], []
    students = Student.objects.filter(district=district, merged_into__isnull=False)  # unscoped: the whole district
    members = Membership.objects.filter(school__district=district)  # unscoped: matching, nothing is shown
    staffed = SectionStaff.objects.filter(section__school__district=district)  # unscoped: as above
    of_district = Q(merged_into__in=members.values("user")) | Q(merged_into__in=staffed.values("user"))
    people = User.objects.filter(of_district, merged_into__isnull=False)  # unscoped: as above
    return (
        [_pointer(district, "student", row, "number") for row in students.select_related("merged_into")],
        [_pointer(district, "user", row, "email") for row in people.select_related("merged_into")],
    )


def _pointer(district: District, kind: str, row, code: str) -> Pointer:
    kept = row.merged_into
    while kept.merged_into_id:  # who was merged twice
        kept = kept.merged_into
    gone_code, kept_code = getattr(row, code), getattr(kept, code)
    if code == "email":
        gone_code, kept_code = gone_code.lower(), kept_code.lower()
    gone_ids = {row.sourced_id, own_id(district, kind, row.pk)} - {""}
    names = (kept.family_name, kept.given_name)
    return Pointer(frozenset(gone_ids), gone_code, kept.sourced_id, kept_code, *names)


def called_by_own_id(district: District, kind: str, rows: pd.DataFrame, named: set[str]) -> None:
    """Rows without a OneRoster id get the one of our making, where the roster (our own export) names it."""
    if not any(one.startswith(OWN_ID) for one in named):
        return
    ids = rows["sourced_id"].to_numpy(object).copy()
    for place in np.flatnonzero(ids == ""):
        own = own_id(district, kind, rows["id"].iat[place])
        ids[place] = own if own in named else ""
    rows["sourced_id"] = ids


def frame(kind: str, rows: Iterable[tuple]) -> pd.DataFrame:
    """Rows of one kind by id as a frame: numbers as int64, days as day numbers, flags as bool, text as objects."""
    columns = dict(zip(COLUMNS[kind], zip(*rows, strict=True), strict=False))
    typed = {}
    for name in COLUMNS[kind]:
        cells = columns.get(name, ())
        if name in ("starts", "ends"):
            typed[name] = day_numbers(cells)
        elif name == "id" or (name.endswith("_id") and name != "sourced_id"):
            typed[name] = np.array(cells, np.int64)
        elif name in ("fresh", "local", "elsewhere", "by_portal", "by_roster", "ended_by_person"):
            typed[name] = np.array(cells, bool)
        else:
            typed[name] = np.array(cells, object)
    return pd.DataFrame(typed).sort_values("id", ignore_index=True)


def day_numbers(cells: tuple) -> np.ndarray:
    """Dates as day numbers, None as FOREVER."""
    days = np.array(cells, "datetime64[D]")
    return np.where(np.isnat(days), FOREVER, days.astype(np.int64))


def rows_of(kind: str, queryset: QuerySet) -> pd.DataFrame:
    return frame(kind, queryset.order_by().values_list(*COLUMNS[kind]))


def staff_of(sections: list[int]) -> pd.DataFrame:
    staffed = SectionStaff.objects.filter(section__in=sections).order_by()  # unscoped: the roster's sections
    rows = staffed.values_list("id", "section_id", "user_id", "role", "starts", "ends", "source")
    return frame("staff", [(*row, source == SectionStaff.Source.PORTAL) for *row, source in rows])


def people_of(district: District | None, roster: Roster) -> pd.DataFrame:
    """People with an address of the roster, and those of the district that an earlier roster named by id."""
    named = Q(address__in=roster.people["email"].tolist())
    local: frozenset[int] = frozenset()
    if district is not None:
        local = local_people(district)
        known = ~Q(sourced_id="") | Q(pk__in=made_here(district, roster))
        named |= Q(pk__in=local) & known
    others = Membership.objects.filter(user__in=local, school__isnull=False)  # unscoped: matching, nothing is shown
    elsewhere = set(others.exclude(school__district=district).values_list("user_id", flat=True)) if local else set()
    people = User.objects.annotate(address=Lower("email")).filter(named).order_by()  # unscoped: matched by address
    rows = people.values_list("id", "address", "sourced_id", "family_name", "given_name", "last_login", "password")
    return frame(
        "people",
        [
            (pk, *names, login is None and password.startswith(UNUSABLE), pk in local, pk in elsewhere)
            for pk, *names, login, password in rows
        ],
    )


def made_here(district: District, roster: Roster) -> list[int]:
    """The people whom our own export names by an id of our making."""
    begins = own_id(district, "user", "")
    ours = (one.removeprefix(begins) for one in roster.people["sourced_id"] if one.startswith(begins))
    return [int(pk) for pk in ours if pk.isdigit() and len(pk) < 10]


def local_people(district: District) -> frozenset[int]:
    """People who hold, or held, a place in a school of the district."""
    members = Membership.objects.filter(school__district=district)  # unscoped: matching, nothing is shown
    staffed = SectionStaff.objects.filter(section__school__district=district)  # unscoped: as above
    return frozenset(members.values_list("user_id", flat=True).union(staffed.values_list("user_id", flat=True)))


def posts_of(district: District) -> pd.DataFrame:
    held = Membership.objects.filter(school__district=district, role=Role.TEACHER)  # unscoped: the district's own
    rows = held.order_by().values_list("id", "user_id", "school_id", "starts", "ends", "reason", "end_reason")
    return frame(
        "posts",
        [
            (*row, reason == BY_ROSTER, ends is not None and end_reason not in ("", GONE))
            for *row, reason, end_reason in rows
            for ends in (row[4],)
        ],
    )
