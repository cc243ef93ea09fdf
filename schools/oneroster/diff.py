"""What a plan changes, in words a clerk can check: by kind and act a count, and the first rows of each."""

import json
import zlib
from collections.abc import Callable, Iterable
from datetime import date

import numpy as np
import pandas as pd

from schools.dates import day_words
from schools.models import (
    Enrollment,
    Membership,
    RosterDiff,
    RosterImport,
    School,
    Section,
    SectionEnrollment,
    SectionStaff,
    Student,
    User,
)
from schools.oneroster.plan import Plan
from schools.oneroster.plan_times import pair_of
from schools.oneroster.records import Roster, date_of

MOST_LINES = 2_000  # of one kind and act; a search goes over these
FAST = 3
Line = tuple[str, str, str]  # whom or what, as it was, as it will be
Name = Callable[[int], str]
Act = RosterDiff.Act


def diff_of(plan: Plan, roster: Roster) -> list[RosterDiff]:
    """The rows of the diff, not saved; read before the plan is written, since it tells what was."""
    counts = plan.counts()
    lines = Lines(plan, roster)
    found = []
    for kind, numbers in counts.items():
        for act, name in ((Act.NEW, "added"), (Act.CHANGED, "changed"), (Act.ENDING, "ended")):
            if numbers[name]:
                packed = packed_lines(lines.of(kind, act))
                found.append(RosterDiff(kind=kind, act=act, count=numbers[name], lines=packed))
        if numbers["untouched"]:
            found.append(RosterDiff(kind=kind, act=Act.UNTOUCHED, count=numbers["untouched"]))
    return found


def keep_diff(roster_import: RosterImport, found: list[RosterDiff]) -> None:
    """The diff in the place of an earlier one."""
    RosterDiff.objects.filter(roster_import=roster_import).delete()  # unscoped: the import's own
    for row in found:
        row.roster_import = roster_import
    RosterDiff.objects.bulk_create(found)


def packed_lines(lines: list[Line]) -> bytes:
    return zlib.compress(json.dumps(lines, ensure_ascii=False, separators=(",", ":")).encode(), FAST)


def unpacked_lines(row: RosterDiff) -> list[Line]:
    """The lines of a row of the diff: (whom or what, as it was, as it will be)."""
    return json.loads(zlib.decompress(bytes(row.lines))) if row.lines else []


class Lines:
    """The first lines of each kind and act. Ids are the plan's: a negative one is a record of the roster."""

    def __init__(self, plan: Plan, roster: Roster):
        self.plan, self.roster = plan, roster

    def of(self, kind: str, act: str) -> list[Line]:
        """The first lines of a kind and act."""
        return getattr(self, kind)(act)

    # --- names ---

    def student_names(self, ids: Iterable[int]) -> Name:
        rows = Student.objects.filter(pk__in=[pk for pk in ids if pk >= 0])  # unscoped: read for its district
        known = {pk: listed_name(*name) for pk, *name in rows.values_list("pk", "family_name", "given_name", "number")}
        return names_of(known, self.roster.students, "number")

    def person_names(self, ids: Iterable[int]) -> Name:
        rows = User.objects.filter(pk__in=[pk for pk in ids if pk >= 0])  # unscoped: read for its district
        known = {pk: listed_name(*name) for pk, *name in rows.values_list("pk", "family_name", "given_name", "email")}
        return names_of(known, self.roster.people, "email")

    def school_names(self, ids: Iterable[int]) -> Name:
        rows = School.objects.filter(pk__in=[pk for pk in ids if pk >= 0])  # unscoped: read for its district
        known = dict(rows.values_list("pk", "name"))
        return lambda pk: known.get(pk, "") if pk >= 0 else self.roster.schools[-1 - pk].name

    def section_names(self, ids: Iterable[int]) -> Name:
        rows = Section.objects.filter(pk__in=[pk for pk in ids if pk >= 0])  # unscoped: read for its district
        known = {pk: f"{title}, {code}" for pk, title, code in rows.values_list("pk", "title", "code")}
        new = {row["id"]: f"{row['title']}, {row['code']}" for row in self.plan.sections.new}
        return lambda pk: known.get(pk, "") if pk >= 0 else new.get(pk, "")

    # --- places and people: rows that are dicts ---

    def schools(self, act: str) -> list[Line]:
        return self.plain(School, self.plan.schools, act, lambda row: f"{row['name']} ({row['code']})", ("name",))

    def school_years(self, act: str) -> list[Line]:
        return [(row["code"], "", days(row)) for row in self.plan.years.new[:MOST_LINES]]

    def sections(self, act: str) -> list[Line]:
        columns = ("title", "subject", "grade", "code", "starts", "ends")
        return self.plain(Section, self.plan.sections, act, lambda row: f"{row['title']}, {row['code']}", columns)

    def students(self, act: str) -> list[Line]:
        columns = ("family_name", "given_name", "number")
        return self.plain(
            Student, self.plan.students, act, lambda row: listed_name(*(row[c] for c in columns)), columns
        )

    def teachers(self, act: str) -> list[Line]:
        columns = ("family_name", "given_name", "email")
        return self.plain(User, self.plan.people, act, lambda row: listed_name(*(row[c] for c in columns)), columns)

    def plain(self, model, changes, act: str, name: Callable[[dict], str], columns: tuple[str, ...]) -> list[Line]:
        """Lines of a table whose changed rows are told column by column."""
        if act == Act.NEW:
            return [(name(row), "", "") for row in changes.new[:MOST_LINES]]
        rows = (changes.changed if act == Act.CHANGED else changes.ended)[:MOST_LINES]
        before = model.objects.filter(pk__in=[row["id"] for row in rows])  # unscoped: read for its district
        was = {row["id"]: row for row in before.values("id", *{*columns, *needed_for(model)})}
        lines = []
        for row in rows:
            old = was[row["id"]]
            if act == Act.ENDING:
                lines.append((name(old), "", f"ends {day_words(date_of(row['ends']))}"))
                continue
            wanted = {column: date_of(row[column]) if column in ("starts", "ends") else row[column]
                      for column in columns if column in row}  # fmt: skip
            differs = [column for column, value in wanted.items() if old[column] != value]
            lines.append(
                (name(old), told(old, differs) or "another OneRoster id", told(wanted, differs) or "the roster's id")
            )
        return lines

    def teacher_roles(self, act: str) -> list[Line]:
        changes = self.plan.posts
        if act == Act.NEW:
            rows = changes.new[:MOST_LINES]
            person = self.person_names({row["user_id"] for row in rows})
            school = self.school_names({row["school_id"] for row in rows})
            return [(person(row["user_id"]), "", f"teacher, {school(row['school_id'])}") for row in rows]
        ends = {row["id"]: day_words(date_of(row["ends"])) for row in changes.ended[:MOST_LINES]}
        held = Membership.objects.filter(pk__in=ends).select_related("user", "school")  # unscoped: the district's
        return [(listed_name(one.user.family_name, one.user.given_name, one.user.email),
                 f"teacher, {one.school}", f"ends {ends[one.pk]}") for one in held]  # fmt: skip

    # --- dated rows: frames ---

    def enrollments(self, act: str) -> list[Line]:
        stays = self.plan.stays
        if act == Act.ENDING:
            return self.ending(Enrollment, stays.ended, "student", "school")
        rows = first_rows(stays.new if act == Act.NEW else stays.changed)
        student, school = self.student_names(rows["student_id"]), self.school_names(rows["school_id"])
        was = days_before(Enrollment, rows) if act == Act.CHANGED else {}
        return [
            (student(row["student_id"]), was.get(row.get("id"), ""),
             f"{school(row['school_id'])}, grade {row['grade'] or 'not known'}, {days(row)}")
            for row in rows.to_dict("records")
        ]  # fmt: skip

    def programs(self, act: str) -> list[Line]:
        changed = {pk: flags for pk, *flags in self.plan.programs.changed[:MOST_LINES]}
        rows = Enrollment.objects.filter(pk__in=changed).select_related("student")  # unscoped: the district's
        return [(listed_name(row.student.family_name, row.student.given_name, row.student.number),
                 program_words((row.english_learner, row.iep, row.economically_disadvantaged)),
                 program_words(changed[row.pk])) for row in rows]  # fmt: skip

    def section_enrollments(self, act: str) -> list[Line]:
        return self.spans(SectionEnrollment, self.plan.seats, act, "student", self.student_names)

    def section_staff(self, act: str) -> list[Line]:
        return self.spans(SectionStaff, self.plan.staff, act, "user", self.person_names)

    def spans(self, model, changes, act: str, holder: str, names) -> list[Line]:
        """Lines of seats or staff."""
        if act == Act.ENDING:
            return self.ending(model, changes.ended, holder, "section")
        rows = first_rows(changes.new if act == Act.NEW else changes.changed)
        sections, others = pair_of(rows["key"].to_numpy(np.int64))
        section, other = self.section_names(set(sections.tolist())), names(set(others.tolist()))
        was = days_before(model, rows) if act == Act.CHANGED else {}
        return [
            (other(one), was.get(row.get("id"), ""),
             " ".join(filter(None, [f"{section(place)},", row["label"], days(row)])))
            for place, one, row in zip(sections.tolist(), others.tolist(), rows.to_dict("records"), strict=True)
        ]  # fmt: skip

    def ending(self, model, ended: pd.DataFrame, holder: str, place: str) -> list[Line]:
        ends = dict(zip(first_rows(ended)["id"].tolist(), first_rows(ended)["ends"].tolist(), strict=True))
        rows = model.objects.filter(pk__in=ends).select_related(holder, place)  # unscoped: the district's
        last = "number" if holder == "student" else "email"
        found = []
        for row in rows:
            one = getattr(row, holder)
            name = listed_name(one.family_name, one.given_name, getattr(one, last))
            found.append((name, str(getattr(row, place)), f"ends {day_words(date_of(ends[row.pk]))}"))
        return found


def listed_name(family: str, given: str, beside: str) -> str:
    return f"{', '.join(filter(None, (family, given)))} ({beside})"


def names_of(known: dict[int, str], records: pd.DataFrame, beside: str) -> Name:
    """How somebody is listed: by the portal's id, or as the roster's record whose id is negative."""
    columns = [records[name].to_numpy(object) for name in ("family_name", "given_name", beside)]
    return lambda pk: known.get(pk, "") if pk >= 0 else listed_name(*(column[-1 - pk] for column in columns))


def needed_for(model) -> tuple[str, ...]:
    """The columns a row is named by."""
    named = {School: ("name", "code"), Section: ("title", "code"), Student: ("family_name", "given_name", "number")}
    return named.get(model, ("family_name", "given_name", "email"))


def told(row: dict, columns: list[str]) -> str:
    values = (row[column] for column in columns)
    return ", ".join(day_words(one) if isinstance(one, date) else str(one) or "blank" for one in values)


def days(row: dict) -> str:
    return span_words(date_of(row["starts"]), date_of(row["ends"]))


def span_words(starts: date, ends: date | None) -> str:
    return f"{day_words(starts)} to {day_words(ends) if ends else 'no end'}"


def first_rows(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.head(MOST_LINES)


def days_before(model, rows: pd.DataFrame) -> dict[int, str]:
    before = model.objects.filter(pk__in=rows["id"].tolist())  # unscoped: rows the plan has read
    return {pk: span_words(starts, ends) for pk, starts, ends in before.values_list("pk", "starts", "ends")}


def program_words(flags: Iterable[bool | None]) -> str:
    said = {True: "yes", False: "no", None: "not known"}
    names = ("English learner", "IEP", "economically disadvantaged")
    return ", ".join(f"{name}: {said[flag]}" for name, flag in zip(names, flags, strict=True))
