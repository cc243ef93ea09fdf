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
from schools.oneroster.present import COLUMNS, Present
from schools.oneroster.records import FOREVER, Roster, date_of

BY_ROSTER = "roster"
GONE = "no longer in the roster"
UNUSABLE = "!"  # how Django marks a password that was never set


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
    return Present(
        schools=rows_of("schools", School.objects.filter(district=district)),  # unscoped: as above
        years=rows_of("years", years),
        sections=rows_of("sections", sections),
        students=rows_of("students", Student.objects.filter(district=district)),  # unscoped: as above
        stays=rows_of("stays", enrolled),
        seats=rows_of("seats", SectionEnrollment.objects.filter(section__in=ids)),  # unscoped: as above
        staff=staff_of(ids),
        people=people_of(district, roster),
        posts=posts_of(district),
    )


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
        elif name in ("fresh", "local", "by_portal", "by_roster", "ended_by_person"):
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
        named |= Q(pk__in=local) & ~Q(sourced_id="")
    people = User.objects.annotate(address=Lower("email")).filter(named).order_by()  # unscoped: matched by address
    rows = people.values_list("id", "address", "sourced_id", "family_name", "given_name", "last_login", "password")
    return frame(
        "people",
        [
            (pk, *names, login is None and password.startswith(UNUSABLE), pk in local)
            for pk, *names, login, password in rows
        ],
    )


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
