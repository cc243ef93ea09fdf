"""What goes out as a file: the rows to correct, and a test's template with the roster filled in."""

from datetime import date

import numpy as np

from assessments.formats.blank_template import RosterRow
from assessments.formats.columns import cells_of, student_heading
from assessments.formats.error_file import error_file
from assessments.models import Assessment, Upload, UploadIssue, Window
from assessments.pipeline.checking import results_limits
from assessments.pipeline.uploads import Options, file_of
from schools import dates
from schools.files.issues import Issue
from schools.files.table import Table, read_table
from schools.models import Enrollment, School, SectionEnrollment


def rows_to_correct(user, upload: Upload) -> tuple[bytes, int]:
    """The rows that wait for a person, with reason and remedy, as CSV; and how many there are.

    Raises schools.files.issues.FileRefused where the file cannot be read as a table at all.
    """
    table = read_table(file_of(upload), upload.filename, limits=results_limits())
    rows = UploadIssue.objects.visible_to(user).filter(upload=upload).exclude(row=None).exclude(level="note")
    issues = [Issue(row.level, row.code, row.message, row.row, row.column, row.value) for row in rows]
    lines = {found.row for found in issues if found.level == "error"}
    if upload.answer.get("format") == "long":
        lines |= _held_back(table, lines)
        lines -= {int(line) for line in Options.of(upload).decisions.get("skip_lines", ())}
    return error_file(table, issues, lines), len(lines)


def _held_back(table: Table, lines: set[int]) -> set[int]:
    """Of a layout with a row per answer, all rows of the students who have an error: half of one cannot count."""
    numbers = cells_of(table, student_heading(table))
    wrong = np.isin(table.lines, np.array(sorted(lines), np.int64))
    return set(table.lines[np.isin(numbers.astype(str), np.unique(numbers[wrong].astype(str)))].tolist())


def roster_rows(user, test: Assessment, window: Window, school: School | None) -> list[RosterRow]:
    """The students in sight whom `test` is for, enrolled while `window` is open, by school, section and name."""
    enrolled = Enrollment.objects.visible_to(user).filter(
        dates.overlapping(window.opens, window.closes), school__district=test.district_id
    )
    if test.grades:
        enrolled = enrolled.filter(grade__in=test.grades)
    if school is not None:
        enrolled = enrolled.filter(school=school)
    sections = _sections(user, test, window, school)
    rows = {}
    # The later enrollment wins where a student moved while the window was open.
    for row in enrolled.select_related("student", "school").order_by("starts"):
        one = row.student
        section = sections.get((one.pk, row.school_id), "")
        rows[one.pk] = RosterRow(one.number, one.family_name, one.given_name, row.grade, section, row.school.code)
    return sorted(rows.values(), key=lambda row: (row.school, row.section, row.last_name, row.first_name, row.number))


def _sections(user, test: Assessment, window: Window, school: School | None) -> dict[tuple[int, int], str]:
    """The section of the test's subject by student and school."""
    seats = SectionEnrollment.objects.visible_to(user).filter(
        dates.overlapping(window.opens, window.closes), section__school__district=test.district_id
    )
    if school is not None:
        seats = seats.filter(section__school=school)
    if test.subject:
        seats = seats.filter(section__subject__iexact=test.subject)
    found = seats.order_by("starts").values_list("student_id", "section__school_id", "section__code")
    return {(student, at): code for student, at, code in found}


def file_stem(test: Assessment, window: Window, school: School | None, today: date) -> str:
    """A name for a template: "QM5_2025-26_Q1_100_2025-12-01"; letters, digits and hyphens alone."""
    parts = [test.code, window.year.code, window.code, *([school.code] if school else []), today.isoformat()]
    return "_".join("".join(letter for letter in part if letter.isalnum() or letter == "-") for part in parts)
