"""What is on screen as a file, with what every file of results says first."""

from collections.abc import Iterable, Sequence

from django.http import HttpResponse

from schools import table_files
from schools.table_files import CSV, EXCEL, REDISCLOSURE, Table, download

__all__ = ["CSV", "EXCEL", "PURPOSE", "REDISCLOSURE", "Table", "allowed", "download", "notice", "table_file"]

PURPOSE = "For planning instruction. Not a measure of a teacher."


def allowed(tables: Iterable[Table], *, students: bool) -> list[Table]:
    """The tables a person may take away: those of students only with the right to them."""
    return [table for table in tables if students or not table.students]


def notice(tables: Iterable[Table]) -> str:
    """What every file says first."""
    return f"{REDISCLOSURE} {PURPOSE}" if any(table.students for table in tables) else PURPOSE


def table_file(kind: str, title: str, tables: Sequence[Table]) -> HttpResponse:
    """The tables as the `kind` of file that was asked for, CSV or EXCEL, with their notice."""
    return table_files.table_file(kind, title, tables, notice(tables))
