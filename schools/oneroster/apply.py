"""A plan becomes rows, inside the caller's transaction. Nothing is ever deleted; nobody gets a password."""

from collections.abc import Callable, Sequence
from secrets import token_urlsafe

import numpy as np
import pandas as pd
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import models

from schools.models import (
    PROGRAMS,
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
from schools.oneroster.columns import Days, Same
from schools.oneroster.plan import Plan
from schools.oneroster.plan_places import Changes
from schools.oneroster.plan_spans import SpanChanges
from schools.oneroster.plan_times import StayChanges, pair_of
from schools.oneroster.portal import BY_ROSTER, GONE
from schools.oneroster.records import date_of
from schools.oneroster.writing import Writer

Ids = Callable[[np.ndarray], np.ndarray]  # the ids rows got, for the negative ones the plan gave them


def apply_plan(plan: Plan, district: District, network: Network | None, today: int, writer: Writer) -> None:
    """Write the plan's changes. The caller holds the district's lock and a transaction."""
    if not district.pk:
        district.save()
        writer.note_added(District, [district.pk])
    schools = written(writer, School, plan.schools, district_id=district.pk)
    years = written(writer, SchoolYear, plan.years, district_id=district.pk)
    sections = written_sections(writer, plan.sections, schools, years)
    students = written_students(writer, plan.students, district)
    people = written(writer, User, plan.people, password=no_password)
    write_stays(writer, plan, students, schools, years)
    write_seats(writer, plan.seats, sections, students)
    write_staff(writer, plan.staff, sections, people)
    write_posts(writer, plan.posts, people, schools)
    if network is not None:
        join_network(writer, network, schools(plan.all_schools).tolist(), plan.first_day, today)


# --- places and people ---------------------------------------------------------------------------------


def written(writer: Writer, model: type[models.Model], changes: Changes, **besides) -> Ids:
    """Write new and changed rows of one table; how the plan's ids read now. `besides` are columns all new rows get."""
    if changes.changed:
        columns = list(changes.changed[0])
        writer.change(model, columns, [tuple(with_dates(row).values()) for row in changes.changed])
    if changes.ended:
        writer.change(model, ("id", "ends"), [(row["id"], date_of(row["ends"])) for row in changes.ended])
    if not changes.new:
        return ids_of([], [])
    rows = [with_dates(row) for row in changes.new]
    columns = {name: [row[name] for row in rows] for name in rows[0] if name != "id"}
    columns |= {name: [cell() if callable(cell) else cell for _ in rows] for name, cell in besides.items()}
    return ids_of([row["id"] for row in rows], writer.add(model, columns))


def no_password() -> str:
    """What nobody can sign in with, another one each time; Django's own way takes a tenth of a millisecond."""
    return UNUSABLE_PASSWORD_PREFIX + token_urlsafe(30)


def with_dates(row: dict) -> dict:
    """The row with its day numbers as dates."""
    return {name: date_of(cell) if name in ("starts", "ends") else cell for name, cell in row.items()}


def ids_of(planned: Sequence[int], given: Sequence[int]) -> Ids:
    """How ids of the plan (negative: -1 - its position in the roster) read, now that the new rows have theirs."""
    of_position = np.zeros(-int(np.min(planned, initial=0)), np.int64)
    of_position[-1 - np.array(planned, np.int64)] = given

    def found(ids) -> np.ndarray:
        ids = np.asarray(ids, np.int64).copy()
        new = ids < 0
        ids[new] = of_position[-1 - ids[new]]
        return ids

    return found


def written_sections(writer: Writer, changes: Changes, schools: Ids, years: Ids) -> Ids:
    for name, ids in (("school_id", schools), ("year_id", years)):
        for row, pk in zip(changes.new, ids([row[name] for row in changes.new]).tolist(), strict=True):
            row[name] = pk
    return written(writer, Section, changes)


def written_students(writer: Writer, changes: Changes, district: District) -> Ids:
    """Write students; numbers that change hands are first set aside, since each may be there once only."""
    columns = ("id", "number", "sourced_id", "family_name", "given_name")
    writer.change(Student, ("id", "number"), [(row["id"], f"~{row['id']}") for row in changes.changed])
    writer.change(Student, columns, [tuple(row[name] for name in columns) for row in changes.changed])
    cells = {name: changes.new.columns[name] for name in columns[1:]}
    ids = writer.add(Student, {"district_id": Same(district.pk, len(changes.new)), **cells})
    return ids_of(changes.new.columns["id"], ids)


# --- dated rows ----------------------------------------------------------------------------------------


def days_of(days: pd.Series) -> Days:
    return Days(days.to_numpy(np.int64))


def write_stays(writer: Writer, plan: Plan, students: Ids, schools: Ids, years: Ids) -> None:
    """Write enrollments. A student is in one school a day at every moment: first all shrink, then they grow."""
    changes: StayChanges = plan.stays
    write_ends(writer, Enrollment, changes.ended)
    changed = changes.changed
    if len(changed):
        before = Enrollment.objects.filter(pk__in=changed["id"].tolist())  # unscoped: rows the plan has read
        now = {pk: days for pk, *days in before.values_list("pk", "starts", "ends")}
        starts, ends = days_of(changed["starts"]).dates(), days_of(changed["ends"]).dates()
        ids = changed["id"].tolist()
        shrunk = [
            (pk, max(now[pk][0], first), min(now[pk][1], last))
            for pk, first, last in zip(ids, starts, ends, strict=True)
        ]
        writer.change(Enrollment, ("id", "starts", "ends"), shrunk)
        places, of_year = schools(changed["school_id"]).tolist(), years(changed["year_id"]).tolist()
        rows = list(zip(ids, places, of_year, changed["grade"], starts, ends, strict=True))
        writer.change(Enrollment, ("id", "school_id", "year_id", "grade", "starts", "ends"), rows)
    writer.change(Enrollment, ("id", *PROGRAMS), plan.programs.changed)
    new = changes.new
    writer.add(
        Enrollment,
        {
            "student_id": students(new["student_id"]),
            "school_id": schools(new["school_id"]),
            "year_id": years(new["year_id"]),
            "grade": new["grade"].tolist(),
            "starts": days_of(new["starts"]),
            "ends": days_of(new["ends"]),
            **plan.programs.of_new(new["student_id"]),
        },
    )


def write_ends(writer: Writer, model: type[models.Model], ended: pd.DataFrame) -> None:
    writer.change(model, ("id", "ends"), list(zip(ended["id"].tolist(), days_of(ended["ends"]).dates(), strict=True)))


def write_seats(writer: Writer, changes: SpanChanges, sections: Ids, students: Ids) -> None:
    write_ends(writer, SectionEnrollment, changes.ended)
    changed = changes.changed
    starts, ends = days_of(changed["starts"]).dates(), days_of(changed["ends"]).dates()
    rows = zip(changed["id"].tolist(), starts, ends, strict=True)
    writer.change(SectionEnrollment, ("id", "starts", "ends"), list(rows))
    writer.add(SectionEnrollment, new_pairs(changes, "student_id", sections, students))


def new_pairs(changes: SpanChanges, holder: str, sections: Ids, others: Ids) -> dict[str, Sequence]:
    """Section, the other one (column `holder`), first and last day of the new rows, as columns."""
    new = changes.new
    section, other = pair_of(new["key"].to_numpy(np.int64))
    return {
        "section_id": sections(section),
        holder: others(other),
        "starts": days_of(new["starts"]),
        "ends": days_of(new["ends"]),
    }


def write_staff(writer: Writer, changes: SpanChanges, sections: Ids, people: Ids) -> None:
    write_ends(writer, SectionStaff, changes.ended)
    changed = changes.changed
    starts, ends = days_of(changed["starts"]).dates(), days_of(changed["ends"]).dates()
    cells = (changed["id"].tolist(), changed["label"], starts, ends)
    writer.change(SectionStaff, ("id", "role", "starts", "ends"), list(zip(*cells, strict=True)))
    columns = new_pairs(changes, "user_id", sections, people)
    columns |= {
        "role": changes.new["label"].tolist(),
        "source": Same(SectionStaff.Source.ROSTER.value, len(changes.new)),
    }
    writer.add(SectionStaff, columns)


def write_posts(writer: Writer, changes: Changes, people: Ids, schools: Ids) -> None:
    """Give and end the role of teacher in a school. No other role is ever given by a roster."""
    new = changes.new
    writer.add(
        Membership,
        {
            "user_id": people([row["user_id"] for row in new]),
            "school_id": schools([row["school_id"] for row in new]),
            "role": [Role.TEACHER.value] * len(new),
            "starts": [date_of(row["starts"]) for row in new],
            "ends": [date_of(row["ends"]) for row in new],
            "reason": [BY_ROSTER] * len(new),
        },
    )
    writer.change(Membership, ("id", "ends", "end_reason"), [(one["id"], date_of(one["ends"]), GONE)
                                                            for one in changes.ended])  # fmt: skip


def join_network(writer: Writer, network: Network, schools: list[int], first_day: int, today: int) -> None:
    """Bring schools into the network that are not in it today, from the first day of the year (or today) on."""
    joined = NetworkSchool.objects.filter(network=network, school__in=schools)  # unscoped: the network was named
    inside = joined.filter(models.Q(ends__isnull=True) | models.Q(ends__gte=date_of(today)))
    starts = max(network.starts, date_of(min(first_day, today)))
    # A school that left on its first day and comes back keeps that row.
    there = set(inside.values_list("school_id", flat=True)) | set(
        joined.filter(starts=starts).values_list("school_id", flat=True)
    )
    missing = sorted(set(schools) - there)
    writer.add(
        NetworkSchool,
        {"network_id": [network.pk] * len(missing), "school_id": missing, "starts": [starts] * len(missing)},
    )
