"""A plan becomes rows, inside the caller's transaction. Nothing is ever deleted; nobody gets a password."""

from collections.abc import Callable, Iterable
from datetime import date

import numpy as np
import pandas as pd
from django.contrib.auth.hashers import make_password
from django.db import models

from schools.models import (
    District,
    Enrollment,
    Membership,
    Network,
    NetworkSchool,
    Role,
    School,
    SchoolYear,
    Section,
    SectionEnrollment,
    SectionStaff,
    Student,
    User,
)
from schools.oneroster.plan import Plan
from schools.oneroster.plan_places import Changes
from schools.oneroster.plan_spans import SpanChanges
from schools.oneroster.plan_times import StayChanges, pair_of
from schools.oneroster.portal import BY_ROSTER, GONE
from schools.oneroster.records import date_of
from schools.oneroster.writing import copy_rows, update_rows

BATCH = 2_000
STAY = ("student_id", "school_id", "year_id", "grade", "starts", "ends")

Ids = Callable[[int], int]  # the id a row got, for the negative one the plan gave it


def apply_plan(plan: Plan, district: District, network: Network | None, today: int) -> None:
    """Write the plan's changes. The caller holds the district's lock and a transaction."""
    schools = written(School, plan.schools, district_id=district.pk)
    years = written(SchoolYear, plan.years, district_id=district.pk)
    sections = written_sections(plan.sections, schools, years)
    students = written_students(plan.students, district)
    people = written(User, plan.people, password=lambda: make_password(None))
    write_stays(plan.stays, students, schools, years)
    write_seats(plan.seats, sections, students)
    write_staff(plan.staff, sections, people)
    write_posts(plan.posts, people, schools)
    if network is not None:
        join_network(network, [schools(int(one)) for one in plan.all_schools], plan.first_day, today)


# --- places and people ---------------------------------------------------------------------------------


def written(model: type[models.Model], changes: Changes, **besides) -> Ids:
    """Write new and changed rows of one table; how the plan's ids read now. `besides` are columns all new rows get."""
    if changes.changed:
        columns = list(changes.changed[0])
        update_rows(model, columns, [tuple(with_dates(row).values()) for row in changes.changed])
    if changes.ended:
        update_rows(model, ("id", "ends"), [(row["id"], date_of(row["ends"])) for row in changes.ended])
    made = [model(**with_dates(row), **{name: cell() if callable(cell) else cell for name, cell in besides.items()})
            for row in changes.new]  # fmt: skip
    for one in made:
        one.pk = None  # the plan's own id, which stands for the one the row gets now
    model.objects.bulk_create(made, batch_size=BATCH)
    return ids_of({row["id"]: one.pk for row, one in zip(changes.new, made, strict=True)})


def with_dates(row: dict) -> dict:
    """The row with its day numbers as dates."""
    return {name: date_of(cell) if name in ("starts", "ends") else cell for name, cell in row.items()}


def ids_of(given: dict[int, int]) -> Ids:
    return lambda planned: planned if planned >= 0 else given[planned]


def written_sections(changes: Changes, schools: Ids, years: Ids) -> Ids:
    for row in changes.new:
        row["school_id"], row["year_id"] = schools(row["school_id"]), years(row["year_id"])
    return written(Section, changes)


def written_students(changes: Changes, district: District) -> Ids:
    """Write students; numbers that change hands are first set aside, since each may be there once only."""
    columns = ("id", "number", "sourced_id", "family_name", "given_name")
    update_rows(Student, ("id", "number"), [(row["id"], f"~{row['id']}") for row in changes.changed])
    update_rows(Student, columns, [tuple(row[name] for name in columns) for row in changes.changed])
    if not changes.new:
        return ids_of({})
    rows = ((district.pk, *(row[name] for name in columns[1:])) for row in changes.new)
    copy_rows(Student, ("district_id", *columns[1:]), rows)
    of_district = Student.objects.filter(district=district).exclude(sourced_id="")  # unscoped: rows just written
    by_id = dict(of_district.values_list("sourced_id", "pk"))
    return ids_of({row["id"]: by_id[row["sourced_id"]] for row in changes.new})


# --- dated rows ----------------------------------------------------------------------------------------


def dates_of(days: pd.Series) -> list[date | None]:
    known = {day: date_of(day) for day in days.unique().tolist()}
    return [known[day] for day in days.tolist()]


def write_stays(changes: StayChanges, students: Ids, schools: Ids, years: Ids) -> None:
    """Write enrollments. A student is in one school a day at every moment: first all shrink, then they grow."""
    write_ends(Enrollment, changes.ended)
    changed = changes.changed
    if len(changed):
        before = Enrollment.objects.filter(pk__in=changed["id"].tolist())  # unscoped: rows the plan has read
        now = {pk: days for pk, *days in before.values_list("pk", "starts", "ends")}
        starts, ends = dates_of(changed["starts"]), dates_of(changed["ends"])
        ids = changed["id"].tolist()
        shrunk = [
            (pk, max(now[pk][0], first), min(now[pk][1], last))
            for pk, first, last in zip(ids, starts, ends, strict=True)
        ]
        update_rows(Enrollment, ("id", "starts", "ends"), shrunk)
        places = [schools(one) for one in changed["school_id"].tolist()]
        of_year = [years(one) for one in changed["year_id"].tolist()]
        rows = list(zip(ids, places, of_year, changed["grade"], starts, ends, strict=True))
        update_rows(Enrollment, ("id", "school_id", "year_id", "grade", "starts", "ends"), rows)
    new = changes.new
    copy_rows(
        Enrollment,
        STAY,
        zip(
            map(students, new["student_id"].tolist()),
            map(schools, new["school_id"].tolist()),
            map(years, new["year_id"].tolist()),
            new["grade"],
            dates_of(new["starts"]),
            dates_of(new["ends"]),
            strict=True,
        ),
    )


def write_ends(model: type[models.Model], ended: pd.DataFrame) -> None:
    update_rows(model, ("id", "ends"), list(zip(ended["id"].tolist(), dates_of(ended["ends"]), strict=True)))


def write_seats(changes: SpanChanges, sections: Ids, students: Ids) -> None:
    write_ends(SectionEnrollment, changes.ended)
    changed = changes.changed
    rows = zip(changed["id"].tolist(), dates_of(changed["starts"]), dates_of(changed["ends"]), strict=True)
    update_rows(SectionEnrollment, ("id", "starts", "ends"), list(rows))
    copy_rows(SectionEnrollment, ("section_id", "student_id", "starts", "ends"), new_pairs(changes, sections, students))


def new_pairs(changes: SpanChanges, sections: Ids, others: Ids) -> Iterable[tuple]:
    """(section id, the other's id, first day, last day) of each new row."""
    new = changes.new
    section, other = pair_of(new["key"].to_numpy(np.int64))
    return zip(
        map(sections, section.tolist()),
        map(others, other.tolist()),
        dates_of(new["starts"]),
        dates_of(new["ends"]),
        strict=True,
    )


def write_staff(changes: SpanChanges, sections: Ids, people: Ids) -> None:
    write_ends(SectionStaff, changes.ended)
    changed = changes.changed
    cells = (changed["id"].tolist(), changed["label"], dates_of(changed["starts"]), dates_of(changed["ends"]))
    update_rows(SectionStaff, ("id", "role", "starts", "ends"), list(zip(*cells, strict=True)))
    rows = [
        (*pair, role, SectionStaff.Source.ROSTER.value, "")
        for pair, role in zip(new_pairs(changes, sections, people), changes.new["label"], strict=True)
    ]
    copy_rows(SectionStaff, ("section_id", "user_id", "starts", "ends", "role", "source", "reason"), rows)


def write_posts(changes: Changes, people: Ids, schools: Ids) -> None:
    """Give and end the role of teacher in a school. No other role is ever given by a roster."""
    Membership.objects.bulk_create(
        [
            Membership(
                user_id=people(row["user_id"]),
                school_id=schools(row["school_id"]),
                role=Role.TEACHER,
                starts=date_of(row["starts"]),
                ends=date_of(row["ends"]),
                reason=BY_ROSTER,
            )
            for row in changes.new
        ],
        batch_size=BATCH,
    )
    rows = [(row["id"], date_of(row["ends"]), GONE) for row in changes.ended]
    update_rows(Membership, ("id", "ends", "end_reason"), rows)


def join_network(network: Network, schools: list[int], first_day: int, today: int) -> None:
    """Bring schools into the network that are not in it today, from the first day of the year (or today) on."""
    joined = NetworkSchool.objects.filter(network=network, school__in=schools)  # unscoped: the network was named
    inside = joined.filter(models.Q(ends__isnull=True) | models.Q(ends__gte=date_of(today)))
    missing = set(schools) - set(inside.values_list("school_id", flat=True))
    starts = max(network.starts, date_of(min(first_day, today)))
    NetworkSchool.objects.bulk_create(
        [NetworkSchool(network=network, school_id=school, starts=starts) for school in sorted(missing)],
        ignore_conflicts=True,  # a school that left on its first day and comes back keeps that row
    )
