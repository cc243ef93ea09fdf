"""A block's rows against the roster: who, where, and which of several rows counts.

Matching is by number; names are compared and warn. Enrollment is looked up on the test date, or where the
file has none on the window's dates, never on today's. A row is an error where it cannot be placed, and a
row of a school that the sender may not write for is one, whatever else is right with it.
"""

from datetime import date

import numpy as np
import pandas as pd

from assessments.formats.seam import AssessmentSpec, Block, Decisions
from assessments.matching import places
from assessments.matching.newcomers import Additions, add_newcomers
from assessments.matching.result import UNKNOWN, Matched
from assessments.matching.roster import Roster
from assessments.matching.rows import Placed, Rows
from assessments.matching.schools import FileSchools, read_schools
from assessments.matching.students import compare_names, find_students
from assessments.retakes import settle
from schools.files.issues import issue

# A make-up test a few days late belongs to the window and only warns. Windows of one year lie some ten weeks apart,
# so two weeks never reach into a neighbor; beyond them the date, or the window chosen, is wrong.
GRACE_DAYS = 14


def match(
    block: Block,
    roster: Roster,
    *,
    opens: date | np.datetime64,
    closes: date | np.datetime64,
    retake_rule: str,
    allowed_schools: frozenset[int] | None = None,
    create_students: bool = False,
    default_school: int | str | None = None,
    spec: AssessmentSpec | None = None,
    decisions: Decisions | None = None,
) -> Matched:
    """Match one block, whose window is open from `opens` to `closes` (both days count).

    `allowed_schools` are the schools the sender may write for (None = all); `default_school` serves rows
    that name none. With `create_students`, unknown students, schools and enrollments are listed to be made;
    without, they are errors. The rows of the block are parted: kept, rejected, ignored.
    """
    n = len(block)
    rows = Rows(block, roster, decisions or Decisions(), np.zeros(n, bool), np.zeros(n, bool))
    skipped = np.isin(block.lines, np.array(rows.decisions.skip_lines, np.int64))
    rows.ignored |= skipped
    rows.say(np.flatnonzero(skipped), "SKIPPED_BY_PERSON")

    first_day, last_day = np.array([opens, closes], dtype="datetime64[D]")
    dates = np.full(n, np.datetime64("NaT", "D")) if block.dates is None else block.dates
    _check_dates(rows, dates, first_day, last_day)
    file_schools = read_schools(rows, default_school, create=create_students)
    students = find_students(rows, create=create_students)
    placed = _place(rows, students, dates, file_schools, first_day, last_day, create=create_students)
    added = add_newcomers(rows, students, placed, file_schools) if create_students else Additions.none(n)
    _check_allowed(rows, placed, added, allowed_schools)
    compare_names(rows, students)

    known = len(roster.students.ids)
    whose = np.where(students >= 0, students, known + added.newcomers)
    settled = settle(block, whose, rows.active, retake_rule, rows.decisions)
    rows.ignored |= settled.ignored
    rows.rejected |= settled.rejected
    rows.issues += settled.issues
    matched = _answer(rows, students, placed, added, _sections(rows, students, dates, placed, first_day, last_day))
    return _with_grade_warning(matched, spec)


def _check_dates(rows: Rows, dates: np.ndarray, opens: np.datetime64, closes: np.datetime64) -> None:
    """Dates outside the window warn within the grace, and are errors beyond it."""
    grace = np.timedelta64(GRACE_DAYS, "D")
    outside = rows.active & ((dates < opens) | (dates > closes))
    beyond = outside & ((dates < opens - grace) | (dates > closes + grace))
    span = {"earliest": str(opens), "latest": str(closes)}
    rows.reject(np.flatnonzero(beyond), "DATE_OUT_OF_RANGE", dates, **span)
    rows.say(np.flatnonzero(outside & ~beyond), "DATE_OUTSIDE_WINDOW", dates, **span)


def _place(
    rows: Rows,
    students: np.ndarray,
    dates: np.ndarray,
    file_schools: FileSchools,
    opens: np.datetime64,
    closes: np.datetime64,
    *,
    create: bool,
) -> Placed:
    """The enrollment each known student's row counts for; a row without one is an error, or waits to be made."""
    roster, block = rows.roster, rows.block
    enrollments = roster.enrollments
    found = places.find(places.by_student(enrollments, roster), students, dates, file_schools.ids, opens, closes)
    placed = Placed(np.full(len(students), UNKNOWN, np.int64), np.full(len(students), "", object))
    somewhere = found.at != places.NOWHERE
    at = found.at[somewhere]
    placed.schools[somewhere] = enrollments.school_ids[at]
    placed.grades[somewhere] = enrollments.grades[at]
    if block.grades is not None:
        placed.grades = np.where(placed.grades == "", block.grades, placed.grades)

    known = rows.active & (students >= 0)
    elsewhere = somewhere & file_schools.named & (placed.schools != file_schools.ids)
    never = known & elsewhere & ~found.at_named_school
    nowhere = known & ~somewhere & ~(create & file_schools.named)
    rows.reject(np.flatnonzero(never | nowhere), "STUDENT_NOT_IN_SCHOOL", block.numbers)
    rows.say(np.flatnonzero(known & elsewhere & ~never), "COUNTED_ELSEWHERE", file_schools.words)
    absent = rows.active & known & somewhere & ~elsewhere & ~found.on_the_day & ~np.isnat(dates)
    rows.say(np.flatnonzero(absent), "NOT_ENROLLED_ON_DATE", block.numbers)
    return placed


def _check_allowed(rows: Rows, placed: Placed, added: Additions, allowed: frozenset[int] | None) -> None:
    """A sender of one school cannot write for another, nor make a school."""
    if allowed is None:
        return
    schools = np.where(added.newcomers == UNKNOWN, placed.schools, added.schools)
    foreign = rows.active & ~np.isin(schools, np.array(sorted(allowed), np.int64))
    rows.reject(np.flatnonzero(foreign), "STUDENT_NOT_IN_SCHOOL", rows.block.numbers)


def _sections(
    rows: Rows,
    students: np.ndarray,
    dates: np.ndarray,
    placed: Placed,
    opens: np.datetime64,
    closes: np.datetime64,
) -> np.ndarray:
    """The section of each row in the school it counts for (UNKNOWN = none)."""
    sections = rows.roster.sections
    found = places.find(
        places.by_student(sections, rows.roster),
        students,
        dates,
        placed.schools,
        opens,
        closes,
        only_named=True,
    )
    none = np.full(len(students), UNKNOWN, np.int64)
    if not len(sections.section_ids):
        return none
    return np.where(found.at != places.NOWHERE, sections.section_ids[found.at], none)


def _answer(rows: Rows, students: np.ndarray, placed: Placed, added: Additions, sections: np.ndarray) -> Matched:
    """The rows parted, with what was found for those that count."""
    block = rows.block
    keep = np.flatnonzero(rows.active)
    rejected = np.flatnonzero(rows.rejected)
    ignored = np.flatnonzero(rows.ignored & ~rows.rejected)
    used = added.used_by(keep)
    student_ids = np.full(len(keep), UNKNOWN, np.int64)
    known = students[keep] >= 0
    student_ids[known] = rows.roster.students.ids[students[keep][known]]
    tested = block.tested[keep]
    return Matched(
        keep=keep,
        student_ids=student_ids,
        school_ids=np.where(used.newcomers == UNKNOWN, placed.schools[keep], added.schools[keep]),
        section_ids=sections[keep],
        grades=placed.grades[keep],
        newcomers=used.newcomers,
        rejected=rejected,
        ignored=ignored,
        to_create=used.people,
        new_schools=used.new_schools,
        issues=tuple(rows.issues),
        counts={
            "rows_loaded": block.rows(keep[tested]),
            "rows_not_tested": block.rows(keep[~tested]),
            "rows_ignored": block.rows(ignored),
            "rows_rejected": block.rows(rejected),
        },
    )


def _with_grade_warning(matched: Matched, spec: AssessmentSpec | None) -> Matched:
    """One warning where students sit in a grade the test is not set up for: often it is the wrong test."""
    if spec is None or not spec.grades:
        return matched
    strange = set(pd.unique(matched.grades)) - {*spec.grades, ""}
    if strange:
        count = int(np.isin(matched.grades, list(strange)).sum())
        note = issue("GRADE_NOT_OF_TEST", count=count, found=", ".join(sorted(strange)), test=spec.name)
        matched.issues = (*matched.issues, note)
    return matched
