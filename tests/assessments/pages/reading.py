"""What a page, a CSV and a workbook say, as plain rows: so that tests can hold them equal."""

import csv
import io
import re
from html import unescape
from html.parser import HTMLParser

from pypdf import PdfReader
from python_calamine import CalamineWorkbook


class Tables(HTMLParser):
    """Every table of a page: rows of cell texts, by the id of the table, else by its number."""

    def __init__(self, text: str):
        super().__init__()
        self.tables, self._cell, self._skip = {}, None, 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "table":
            self.rows = self.tables.setdefault(attrs.get("id", str(len(self.tables))), [])
        elif tag == "tr" and self.tables:
            self.rows.append([])
        elif tag in ("td", "th"):
            self._end_cell()
            self._cell = []
        elif tag == "svg":
            self._skip += 1

    def handle_endtag(self, tag):
        if tag in ("td", "th", "tr"):
            self._end_cell()
        elif tag == "svg":
            self._skip -= 1

    def _end_cell(self):
        """A cell ends at its end tag, or where the next one begins."""
        if self._cell is not None:
            self.rows[-1].append(" ".join("".join(self._cell).split()))
            self._cell = None

    def handle_data(self, data):
        if self._cell is not None and not self._skip:
            self._cell.append(data)


def tables_of(response) -> dict[str, list[list[str]]]:
    return Tables(response.content.decode()).tables


def titles_of(response) -> list[str]:
    """What the pictures of a page say to a screen reader."""
    return re.findall(r"<title id=[^>]*>([^<]*)</title>", response.content.decode())


def csv_tables(response) -> dict[str, list[list[str]]]:
    """The tables of a CSV by their name; the notice under "notice"."""
    text = b"".join(response).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    found, name = {"notice": lines[0][0]}, ""
    for line in lines[1:]:
        if len(line) == 1 and line[0].startswith("# "):
            name = line[0][2:]
            found[name] = []
        elif line:
            found.setdefault(name, []).append(line)
    return found


def workbook_tables(response) -> dict[str, list[list[str]]]:
    """The sheets of a workbook by their name, numbers as the CSV writes them."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(response)))
    return {
        name: [list(map(_text, row)) for row in book.get_sheet_by_name(name).to_python()] for name in book.sheet_names
    }


def _text(value) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def plain(rows: list[list[str]]) -> list[list[str]]:
    """Rows of a CSV as a workbook gives them: 4.0 reads 4."""
    return [[re.sub(r"^(-?\d+)\.0$", r"\1", cell) for cell in row] for row in rows]


def pdf_of(response) -> PdfReader:
    return PdfReader(io.BytesIO(b"".join(response)))


def words_of(response) -> str:
    """What stands on a page, as one line of plain text."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())
