"""Tables as files: CSV or a workbook, with a notice on top and no cell that could run as a formula."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

import xlsxwriter
from django.http import HttpResponse
from django.utils.text import slugify

from schools.exports import REDISCLOSURE as REDISCLOSURE
from schools.exports import as_file, safe_cell

CSV, EXCEL = "csv", "xlsx"  # the kinds of a file of tables
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_TAB = 31


@dataclass(frozen=True)
class Table:
    """One table of a page. `students` says that its rows are students'."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple, ...]
    students: bool = False


def table_file(kind: str, title: str, tables: Sequence[Table], notice: str) -> HttpResponse:
    """The tables as the `kind` of file that was asked for, CSV or EXCEL; `notice` is what it says first."""
    return workbook_file(title, tables, notice) if kind == EXCEL else csv_file(title, tables, notice)


def csv_file(title: str, tables: Sequence[Table], notice: str) -> HttpResponse:
    """The tables one below the other, each under its name; the notice is the first row, behind a "#".

    It begins with a byte order mark, without which Excel reads accents wrong.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([f"# {notice}"])
    for place, table in enumerate(tables):
        if len(tables) > 1:
            writer.writerows([[]] if place else [])
            writer.writerow([f"# {table.name}"])
        writer.writerow([safe_cell(name) for name in table.header])
        writer.writerows([safe_cell(value) for value in row] for row in table.rows)
    return download(("\ufeff" + out.getvalue()).encode(), title, "csv", "text/csv; charset=utf-8")


def workbook_file(title: str, tables: Sequence[Table], notice: str) -> HttpResponse:
    """A sheet for each table, and the notice on a sheet of its own in front."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        head = book.add_format({"bold": True})
        book.add_worksheet("Notice").write_column(0, 0, [title, notice])
        for table in tables:
            _sheet(book, table, head)
    return download(out.getvalue(), title, "xlsx", WORKBOOK)


def _sheet(book, table: Table, head) -> None:
    sheet = book.add_worksheet(_tab(table.name))
    sheet.write_row(0, 0, [safe_cell(name) for name in table.header], head)
    for line, row in enumerate(table.rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                sheet.write_number(line, column, value)
            elif value not in (None, ""):
                sheet.write_string(line, column, safe_cell(value))
    sheet.freeze_panes(1, 0)
    sheet.autofit()


def _tab(name: str) -> str:
    """The name of a sheet: a workbook allows 31 characters and not all of them."""
    return "".join(" " if letter in "[]:*?/\\" else letter for letter in name)[:LONGEST_TAB]


def download(data: bytes, title: str, ending: str, kind: str) -> HttpResponse:
    """`data` as a file named after `title`."""
    return as_file(HttpResponse(data, content_type=kind), f"{slugify(title) or 'results'}.{ending}")
