"""The cells of one worksheet as rows of text, a megabyte of XML at a time.

Almost every program writes a cell as `<c r="B7" s="1"><v>12</v></c>`. Such a sheet is cut at its row and cell tags,
and what stands beside the cell's address is looked up: a district's answers are a few dozen different texts. A sheet
that cannot be cut so goes through an XML parser: slower, with the same result.
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
MOST_UNUSUAL = 25 * MEGABYTE  # that an XML parser reads in the time a person waits
ROOT = re.compile(rb"<([A-Za-z0-9_]+:)?worksheet\b")
LONGEST_CELL = 5  # times what a cell may be; the rest of it is not kept
ROW_START = re.compile(rb'<row\b(?:([^>]*?)\sr="([0-9]{1,7})")?')
ANY_ADDRESS = re.compile(rb"""([^>]*?)\sr=["']([A-Za-z]{1,3})[0-9]{1,7}["']""")
SIMPLE = re.compile(rb'(?: s="([0-9]+)")?(?: t="(s|n|b|e|str)")?><v>([^<&]*)</v></c>\s*')
ADDRESS = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")


def root_prefix(start: bytes) -> bytes:
    """The namespace prefix of the tags ("x:"), or nothing. Raises Unusual where no worksheet begins."""
    root = ROOT.search(start)
    if not root:
        raise Unusual
    return root[1] or b""


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
        self._longest = LONGEST_CELL * limits.max_field

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
        waiting, prefix, before = b"", None, 0
        for piece in pieces:
            waiting += piece
            without_doctype(waiting, name)
            if prefix is None:
                prefix = root_prefix(waiting)
            if prefix:
                waiting = waiting.replace(b"</" + prefix, b"</").replace(b"<" + prefix, b"<")
            *whole, waiting = waiting.split(b"</row>")
            for row in whole:
                start = max(row.rfind(b"<row"), 0)
                begin = ROW_START.match(row, start)
                if not begin or row.find(b"<!", start) >= 0:
                    raise Unusual
                line = int(begin[2]) if begin[2] else before + 1
                if line <= before:
                    raise Unusual
                before = line
                yield line, self._row(row[begin.end() :], begin[2])
            if b"</sheetData>" in waiting:
                break
            if len(waiting) > LONGEST_ROW:
                raise Unusual
        if not before or b"<c" in waiting.partition(b"</sheetData>")[0]:
            raise Unusual

    def _row(self, xml: bytes, number: bytes | None) -> list:
        cells = xml.split(b'<c r="')
        if number is None or xml.count(b"<c") != len(cells) - 1:
            return self._any_row(xml)
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
            if place != len(row):
                self._fill(row, place)
            row.append(text)
        return row

    def _any_row(self, xml: bytes) -> list:
        """A row whose cells have no address, or have it behind other attributes."""
        row: list = []
        place = -1
        for cell in xml.split(b"<c")[1:]:
            address = ANY_ADDRESS.match(cell)
            if address:
                place = self._places.get(address[2], -1)
                place = self._place(address[2]) if place < 0 else place
                cell = address[1] + cell[address.end() :]
            else:
                place += 1
                self._refuse_beyond(place)
            text = self._known.get(cell)
            if text is None:
                text = self._remember(cell)
            if text != "":
                self._fill(row, place)
                row.append(text)
        return row

    def _fill(self, row: list, place: int) -> None:
        """Blank cells up to that place. Raises Unusual where the cells are not in order."""
        if place < len(row):
            raise Unusual
        row.extend([""] * (place - len(row)))

    def _refuse_beyond(self, place: int) -> None:
        if place >= self.limits.max_columns:
            raise FileRefused(issue("TOO_MANY_COLUMNS", count=place + 1, limit=self.limits.max_columns))

    def _place(self, letters: bytes) -> int:
        if not letters.isalpha() or not letters.isascii() or len(letters) > 3:
            raise Unusual
        place = column_place(letters.decode())
        self._refuse_beyond(place)
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
            return plain_text(inline)[: self._longest]
        if formula and (value is None or (value == "" and kind != "str")):
            return FORMULA
        return self._value(kind, value or "", node.get("s"))

    def _value(self, kind: str, value: str, style: str | None) -> str:
        if kind == "s":
            place = int(value) if value.isdigit() and value.isascii() else -1
            if not 0 <= place < len(self.shared):
                raise FileRefused(issue("CORRUPT_ARCHIVE", reason="a cell points to a text that is not there"))
            return self.shared[place][: self._longest]
        if kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(value, value.upper())
        if kind in ("str", "e", "d", "inlineStr"):
            return value[: self._longest]
        return self.numbering.text(value.strip()[: self._longest], style) if value.strip() else ""

    def _slow(self, pieces: Iterator[bytes], name: str) -> Iterator[tuple[int, list]]:
        parser = ElementTree.XMLPullParser(["end"])
        before, line, fed, left = b"", 0, 0, MOST_UNUSUAL
        for piece in pieces:
            without_doctype(before + piece, name)
            before = piece[-16:]
            fed += len(piece)
            left -= len(piece)
            if left < 0:
                raise FileRefused(issue("TOO_LARGE_UNPACKED", limit=MOST_UNUSUAL // MEGABYTE, file=name))
            parser.feed(piece)
            for _, node in parser.read_events():
                if node.tag.endswith("row"):
                    number = node.get("r", "")
                    line = max(int(number) if number.isascii() and number.isdigit() else 0, line + 1)
                    yield line, self._slow_row(node)
                    node.clear()  # what has been read need not stay in memory
                    fed = 0
                elif node.tag.endswith("sheetData"):
                    return
            if fed > LONGEST_ROW:
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
            self._refuse_beyond(place)
            cells[place] = text
        return [cells.get(place, "") for place in range(max(cells, default=-1) + 1)]
