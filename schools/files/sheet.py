"""The cells of one worksheet as rows of text, a megabyte of XML at a time.

Almost every program writes a cell as `<c r="B7" s="1"><v>12</v></c>`. Such a sheet is cut at its row and cell tags,
and what follows the cell's address is looked up: a district's answers are a few dozen different texts. A sheet written
in any other way goes through an XML parser, slower, with the same result.
"""

import re
import sys
from collections.abc import Callable, Iterator
from xml.etree import ElementTree

from schools.files.issues import FileRefused, issue
from schools.files.limits import MEGABYTE, Limits
from schools.files.numbering import Numbering
from schools.files.xml_parts import Unusual, local, plain_text, without_doctype

FORMULA = object()  # a cell whose formula has no stored value
MOST_KNOWN, LONGEST_KNOWN = 50_000, 80
LONGEST_ROW = 8 << 20
MOST_TEXT = 250 * MEGABYTE  # in memory
MOST_ELEMENTS = 200_000  # of one row; a sheet has 16,384 columns
ROW_NUMBER = re.compile(rb'<row\b[^>]*?\br="([0-9]{1,7})"')
SIMPLE = re.compile(rb'(?: s="([0-9]+)")?(?: t="(s|n|b|e|str)")?><v>([^<&]*)</v></c>\s*')
ADDRESS = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")


def column_place(letters: str) -> int:
    """The place of a column by its letters: A is 0, Z is 25, AA is 26."""
    place = 0
    for letter in letters.upper():
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


class Sheet:
    """Reads a worksheet, given the workbook's shared texts and number formats."""

    def __init__(self, shared: list[str], numbering: Numbering, limits: Limits):
        self.shared, self.numbering, self.limits = shared, numbering, limits
        self._known: dict[bytes, object] = {}
        self._places: dict[bytes, int] = {}
        self._size = 0

    def rows(self, pieces: Callable[[], Iterator[bytes]], name: str) -> Iterator[tuple[int, list]]:
        """(row of the sheet, cells) in order, blank cells at the end left out. A cell is text or FORMULA.

        Raises FileRefused: XML_ENTITY, TOO_MANY_COLUMNS, LINE_TOO_LONG; ParseError for broken XML.
        """
        done = 0
        try:
            for line, row in self._fast(pieces(), name):
                yield line, row
                done = line
        except Unusual:
            yield from ((line, row) for line, row in self._slow(pieces(), name) if line > done)

    def _fast(self, pieces: Iterator[bytes], name: str) -> Iterator[tuple[int, list]]:
        waiting = b""
        before = 0
        for piece in pieces:
            waiting += piece
            without_doctype(waiting, name)
            *whole, waiting = waiting.split(b"</row>")
            for row in whole:
                start = row.rfind(b"<row")
                number = ROW_NUMBER.match(row, max(start, 0))
                if not number or b"<!" in row:
                    raise Unusual
                line = int(number[1])
                if line <= before:
                    raise Unusual
                before = line
                yield line, self._row(row[number.end() :], number[1])
            if b"</sheetData>" in waiting:
                break
            if len(waiting) > LONGEST_ROW:
                raise Unusual
        if not before or b"<c" in waiting.partition(b"</sheetData>")[0]:
            raise Unusual

    def _row(self, xml: bytes, number: bytes) -> list:
        cells = xml.split(b'<c r="')
        if xml.count(b"<c") != len(cells) - 1:
            raise Unusual
        row: list = []
        mark = number + b'"'
        known, places = self._known, self._places
        for cell in cells[1:]:
            letters, _, rest = cell.partition(mark)
            text = known.get(rest)
            if text is None:
                text = self._remember(rest)
            if text == "":
                continue
            place = places.get(letters)
            if place is None:
                place = self._place(letters)
            missing = place - len(row)
            if missing > 0:
                row.extend([""] * missing)
            elif missing < 0:
                raise Unusual
            row.append(text)
        return row

    def _place(self, letters: bytes) -> int:
        if not letters.isalpha() or not letters.isascii() or len(letters) > 3:
            raise Unusual
        place = column_place(letters.decode())
        if place >= self.limits.max_columns:
            raise FileRefused(issue("TOO_MANY_COLUMNS", count=place + 1, limit=self.limits.max_columns))
        self._places[letters] = place
        return place

    def _remember(self, rest: bytes) -> object:
        text = self._text(rest)
        self._count(text)
        if len(rest) <= LONGEST_KNOWN:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[rest] = text
        return text

    def _count(self, text: object) -> None:
        """Raises FileRefused, TOO_MANY_CELLS, where the texts of the sheet take too much memory."""
        self._size += sys.getsizeof(text)
        if self._size > MOST_TEXT:
            raise FileRefused(issue("TOO_MANY_CELLS"))

    def _text(self, rest: bytes) -> object:
        """The text of a cell by what follows its address in the XML."""
        simple = SIMPLE.fullmatch(rest)
        if simple:
            style, kind, value = simple.groups()
            try:
                return self._value(kind.decode() if kind else "n", value.decode(), style.decode() if style else None)
            except UnicodeDecodeError as problem:
                raise Unusual from problem
        try:
            return self.cell(ElementTree.fromstring(b"<c" + rest))  # noqa: S314 (a document type was refused)
        except ElementTree.ParseError as problem:
            raise Unusual from problem

    def cell(self, node: ElementTree.Element) -> object:
        """The text of a cell's element, or FORMULA."""
        kind = node.get("t", "n")
        value, formula, inline = None, False, None
        for child in node:
            tag = local(child.tag)
            if tag == "v":
                value = child.text or ""
            elif tag == "f":
                formula = True
            elif tag == "is":
                inline = child
        if inline is not None:
            return plain_text(inline)
        if formula and (value is None or (value == "" and kind != "str")):
            return FORMULA
        return self._value(kind, value or "", node.get("s"))

    def _value(self, kind: str, value: str, style: str | None) -> str:
        if kind == "s":
            place = int(value) if value.isdigit() and value.isascii() else -1
            if not 0 <= place < len(self.shared):
                raise FileRefused(issue("CORRUPT_ARCHIVE", reason="a cell points to a text that is not there"))
            return self.shared[place]
        if kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(value, value.upper())
        if kind in ("str", "e", "d", "inlineStr"):
            return value
        return self.numbering.text(value.strip(), style) if value.strip() else ""

    def _slow(self, pieces: Iterator[bytes], name: str) -> Iterator[tuple[int, list]]:
        parser = ElementTree.XMLPullParser(["start", "end"])
        data: ElementTree.Element | None = None
        before, line, elements, fed = b"", 0, 0, 0
        for piece in pieces:
            without_doctype(before + piece, name)
            before = piece[-16:]
            fed += len(piece)
            parser.feed(piece)
            for event, node in parser.read_events():
                tag = local(node.tag)
                if event == "start":
                    elements += 1
                    data = node if tag == "sheetData" else data
                elif tag == "sheetData":
                    return
                elif tag == "row":
                    number = node.get("r", "")
                    line = max(int(number) if number.isascii() and number.isdigit() else 0, line + 1)
                    yield line, self._slow_row(node)
                    elements = fed = 0
                    if data is not None:
                        data.clear()  # what has been read need not stay in memory
            if elements > MOST_ELEMENTS or fed > 2 * LONGEST_ROW:
                raise FileRefused(issue("LINE_TOO_LONG", row=line + 1))
        parser.close()

    def _slow_row(self, node: ElementTree.Element) -> list:
        cells: dict[int, object] = {}
        place = -1
        for child in node:
            if local(child.tag) != "c":
                continue
            address = ADDRESS.fullmatch(child.get("r", ""))
            place = column_place(address[1]) if address else place + 1
            text = self.cell(child)
            if text == "":
                continue
            self._count(text)
            if place >= self.limits.max_columns:
                raise FileRefused(issue("TOO_MANY_COLUMNS", count=place + 1, limit=self.limits.max_columns))
            cells[place] = text
        return [cells.get(place, "") for place in range(max(cells, default=-1) + 1)]
