"""The portal's own template of one test with the roster filled in, as a CSV file or a workbook.

What it writes is what `template` (a test with questions) and `scores` (one without) read. Keys are never in it.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass

import xlsxwriter

from assessments.formats.answers import options_of
from assessments.formats.columns import REPORT_COLUMNS
from assessments.formats.seam import AssessmentSpec, ItemSpec
from schools.files.header import fold_heading
from schools.files.inert import inert

PEOPLE = ("student_id", "last_name", "first_name", "grade", "section", "school")
LABELS = ("How to fill in this template", "Question", "Points", "What to write")
RULES = (
    "One row per student. Leave the row as it is if the student was not tested.",
    "Write the test date as 2026-01-31 or 1/31/2026 (month first); it may be left blank.",
    "A question the student left blank stays blank. NR: not reached. NG: not given to this student.",
    "M, or the letters together (AB): more than one answer was marked.",
    "Do not change the first row. Columns may be moved, and rows of other students deleted.",
)
ON_SCALE = "Write the scale score where you have it; levels and growth are read from it. It may be left blank."


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One student of a template, all as text; `school` is the code by which the portal knows the school."""

    number: str
    last_name: str
    first_name: str
    grade: str = ""
    section: str = ""
    school: str = ""


def template_csv(spec: AssessmentSpec, roster_rows: Iterable[RosterRow]) -> bytes:
    """The template as UTF-8 CSV with a byte order mark, so that spreadsheets read the names right."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    header = template_header(spec)
    writer.writerow(header)
    for row in roster_rows:
        cells = [inert(cell) for cell in _cells(spec, row)]
        writer.writerow(cells + [""] * (len(header) - len(cells)))
    return text.getvalue().encode("utf-8-sig")


def template_xlsx(spec: AssessmentSpec, roster_rows: Iterable[RosterRow], notice: str = "") -> bytes:
    """The template as a workbook: the data sheet first, its header locked, then how to fill it in, with the `notice`.

    All cells are text or numbers; nothing a roster holds becomes a formula.
    """
    data = io.BytesIO()
    workbook = xlsxwriter.Workbook(data, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = workbook.add_format({"bold": True, "locked": True, "text_wrap": True, "valign": "top"})
    text = workbook.add_format({"locked": False, "num_format": "@"})
    day = workbook.add_format({"locked": False, "num_format": "yyyy-mm-dd"})
    free = workbook.add_format({"locked": False})

    sheet = workbook.add_worksheet("Results")
    header = template_header(spec)
    formats = [text if name in PEOPLE else day if name == "test_date" else free for name in header]
    for place, (name, cell_format) in enumerate(zip(header, formats, strict=True)):
        sheet.set_column(place, place, 14 if name in PEOPLE or name == "test_date" else 8, cell_format)
        sheet.write_string(0, place, name, bold)
    for line, row in enumerate(roster_rows, start=1):
        for place, cell in enumerate(_cells(spec, row)):
            if cell:
                sheet.write_string(line, place, cell, text)
    sheet.freeze_panes(1, 3)
    sheet.protect("", dict.fromkeys(("insert_rows", "delete_rows", "sort", "format_columns", "format_rows"), True))

    _write_rules(workbook.add_worksheet("How to fill in"), spec, bold, notice)
    workbook.close()
    return data.getvalue()


def template_header(spec: AssessmentSpec) -> list[str]:
    """The columns of the test's template."""
    if not spec.items:
        return [*PEOPLE, "subject", "test_date", "score"]
    scale = ["scale_score"] if spec.on_scale else []
    return [*PEOPLE, "assessment", "test_date", *scale, *item_headings(spec.items)]


def item_headings(items: Sequence[ItemSpec]) -> list[str]:
    """Each question's label, or Q and its position where the label is none, is another's, or isn't safe to print."""
    own = (*PEOPLE, "assessment", "test_date", "date", "scale_score", *REPORT_COLUMNS)
    taken = {fold_heading(name) for name in own}
    headings = []
    for item in items:
        heading = item.label
        if not heading or fold_heading(heading) in taken or inert(heading) != heading:
            heading = f"Q{item.position}"
        taken.add(fold_heading(heading))
        headings.append(heading)
    return headings


def _cells(spec: AssessmentSpec, row: RosterRow) -> list[str]:
    return [*astuple(row), spec.code]


def _write_rules(sheet: xlsxwriter.worksheet.Worksheet, spec: AssessmentSpec, bold: object, notice: str) -> None:
    """What a person needs to know, and what each question takes; never its key."""
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 8)
    sheet.set_column(2, 2, 40)
    sheet.write_string(0, 0, LABELS[0], bold)
    line = 1
    rules = (*RULES, ON_SCALE) if spec.items and spec.on_scale else RULES if spec.items else RULES[:2]
    for line, rule in enumerate((*rules, notice) if notice else rules, start=1):
        sheet.write_string(line, 0, rule)
    for place, label in enumerate(LABELS[1:] if spec.items else ()):
        sheet.write_string(line + 2, place, label, bold)
    for nth, (heading, item) in enumerate(zip(item_headings(spec.items), spec.items, strict=True), start=line + 3):
        options = ", ".join(sorted(options_of(item))) if item.choices else ""
        plain = f"the points earned, 0 to {item.points:g}"
        sheet.write_string(nth, 0, heading)
        sheet.write_number(nth, 1, item.points)
        sheet.write_string(nth, 2, f"the answer marked: {options}" if options else "the answer" if item.key else plain)
