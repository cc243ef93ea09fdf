"""What applying a roster would change, worked out from the roster and what the portal holds. Pure: no database."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from schools.files.issues import issue
from schools.oneroster import marks
from schools.oneroster.halts import halts
from schools.oneroster.layout import SESSIONS, USERS
from schools.oneroster.package import Package
from schools.oneroster.plan_people import NOBODY, plan_people, plan_posts, plan_students
from schools.oneroster.plan_places import Changes, Years, plan_schools, plan_sections, plan_years
from schools.oneroster.plan_spans import SpanChanges
from schools.oneroster.plan_times import (
    StayChanges,
    plan_seats,
    plan_staff,
    plan_stays,
    seat_keys,
    sections_in_reach,
    staff_keys,
)
from schools.oneroster.present import Present
from schools.oneroster.programs import ProgramChanges, plan_programs
from schools.oneroster.records import Roster
from schools.oneroster.stays import read_stays


@dataclass(slots=True)
class Plan:
    """The changes, table by table. Ids are the portal's; a negative one stands for a row of `new` of its table.

    `named` is how many rows of each kind the roster names; `all_schools` are the ids of the roster's schools; `halts`
    say why a person has to agree first.
    """

    schools: Changes
    years: Changes
    sections: Changes
    students: Changes
    people: Changes
    posts: Changes
    stays: StayChanges
    seats: SpanChanges
    staff: SpanChanges
    programs: ProgramChanges
    all_schools: np.ndarray
    first_day: int
    halts: list[str]
    named: dict[str, int]

    def counts(self) -> dict[str, dict[str, int]]:
        """How many rows of each kind would be added, changed and ended, and how many the roster names as they are."""
        of = {
            "schools": self.schools,
            "school_years": self.years,
            "sections": self.sections,
            "students": self.students,
            "teachers": self.people,
            "teacher_roles": self.posts,
            "enrollments": self.stays,
            "section_enrollments": self.seats,
            "section_staff": self.staff,
            "programs": Changes(changed=self.programs.changed),
        }
        return {
            name: {
                "added": len(changes.new),
                "changed": len(changes.changed),
                "ended": len(changes.ended),
                "untouched": max(0, self.named.get(name, 0) - len(changes.new) - len(changes.changed)),
            }
            for name, changes in of.items()
        }

    @property
    def changes_nothing(self) -> bool:
        """Whether the portal holds all of it already."""
        return not any(one["added"] or one["changed"] or one["ended"] for one in self.counts().values())


def make_plan(package: Package, roster: Roster, present: Present, today: int) -> Plan:
    """What the roster changes as of `today`. Marks on the package's parts which rows are behind a change."""
    users = package[USERS]
    schools = plan_schools(roster, present)
    years = plan_years(roster, present)
    say_differing_years(package, roster, years)
    sections = plan_sections(roster, present, schools.ids, years, today)
    students = plan_students(roster, present, users)
    people = plan_people(roster, present, users)
    shielded_students = ids_named(present.students, roster.protected.users)
    shielded_people = ids_named(present.people, roster.protected.users)

    main, about = main_year(roster, years, today), {section.year for section in roster.sections}
    wanted = read_stays(roster, years.starts, years.ends, main)
    users.say("TWO_SCHOOLS", roster.students["row"].to_numpy(np.int64)[wanted.torn], column="sourcedId")
    stays = plan_stays(wanted.frame, present, schools.ids, years, students.ids, shielded_students, about, today)
    reach = sections_in_reach(roster, present, sections, years, today)
    seats = plan_seats(roster, present, reach, students.ids, shielded_students)
    staff = plan_staff(roster, present, reach, people.ids, shielded_people)
    programs = plan_programs(roster, present, students.ids, stays, int(years.day(today)[main]))
    posts = plan_posts(posts_wanted(roster, people.ids, schools.ids), present, shielded_people, years, main, today)

    marks.mark_places(package, roster, schools.touched, years.touched, sections.touched)
    enrolled_anew = pd.Series(students.ids).isin(stays.touched).to_numpy()
    marks.mark_programs(package, roster, students.ids, programs.touched | set(stays.new["student_id"]))
    posted_anew = np.isin(people.ids, [row["user_id"] for row in posts.new])
    marks.mark_people(package, roster, students.touched | enrolled_anew, people.touched | posted_anew)
    for rows, keys, changes in (
        (roster.seats, seat_keys(roster, sections.ids, students.ids), seats),
        (roster.staff, staff_keys(roster, sections.ids, people.ids), staff),
    ):
        marks.mark_enrollments(package, rows["row"].to_numpy(np.int64), keys, changes.touched)
    return Plan(
        schools.changes,
        years.changes,
        sections.changes,
        students.changes,
        people.changes,
        posts,
        stays,
        seats,
        staff,
        programs,
        schools.ids,
        int(years.starts[main]),
        halts_of(package, roster, present, stays, schools.ids),
        named_in(roster, wanted.frame),
    )


def named_in(roster: Roster, stays: pd.DataFrame) -> dict[str, int]:
    """How many rows of each kind the roster names."""
    taught = {(person, roster.sections[section].school)
              for person, section in zip(roster.staff["person"], roster.staff["section"], strict=True)}  # fmt: skip
    return {
        "schools": len(roster.schools),
        "school_years": len(roster.years),
        "sections": len(roster.sections),
        "students": len(roster.students),
        "teachers": len(roster.people),
        "teacher_roles": len(taught | set(roster.posts.itertuples(index=False, name=None))),
        "enrollments": len(stays),
        "section_enrollments": len(roster.seats),
        "section_staff": len(roster.staff),
        "programs": len(roster.programs),
    }


def ids_named(rows: pd.DataFrame, sourced_ids: set[str]) -> set[int]:
    """The portal's ids of the rows with those OneRoster ids."""
    return set(rows["id"][rows["sourced_id"].isin(sourced_ids)].tolist())


def main_year(roster: Roster, years: Years, today: int) -> int:
    """The year (position) of students without a class: of the years with classes the one nearest to today."""
    about = sorted({section.year for section in roster.sections})
    away = [max(years.starts[year] - today, today - years.ends[year], 0) for year in about]
    return about[int(np.argmin(away))]


def posts_wanted(roster: Roster, people: np.ndarray, schools: np.ndarray) -> set[tuple[int, int]]:
    """(user id, school id) of everyone who teaches in a school, by role or by class."""
    taught = [roster.sections[section].school for section in roster.staff["section"]]
    pairs = [*zip(roster.posts["person"], roster.posts["school"], strict=True)]
    pairs += zip(roster.staff["person"], taught, strict=True)
    found = {(int(people[person]), int(schools[school])) for person, school in pairs}
    return {(person, school) for person, school in found if person != NOBODY}


def say_differing_years(package: Package, roster: Roster, years: Years) -> None:
    """A note where the portal has other first and last days for a year: the portal's stand."""
    for place in years.differing:
        year = roster.years[place]
        line = int(package[SESSIONS].lines[year.rows[0]])
        package[SESSIONS].note(issue("YEAR_DAYS_KEPT", row=line, value=year.code))


def halts_of(package: Package, roster: Roster, present: Present, stays: StayChanges, schools: np.ndarray) -> list[str]:
    counts = [part.counts() for part in package.parts.values()]
    read, rejected = (sum(count[name] for count in counts) for name in ("rows_read", "rows_rejected"))
    names = dict(zip(present.schools["id"].tolist(), present.schools["name"], strict=True))
    names |= {int(one): school.name for one, school in zip(schools, roster.schools, strict=True)}
    return halts(read, rejected, stays.current, stays.staying, names)
