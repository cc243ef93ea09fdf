"""Excel workbooks: what is inside, which sheet is read, and its cells as columns.

Only the parts that are needed are opened. Macros, entities and passwords refuse the file; links to other workbooks
are never followed; hidden sheets are never read.
"""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

import numpy as np

from schools.files.archive import Archive
from schools.files.cells import clean_cell
from schools.files.content import refuse_other_zips
from schools.files.grid import Grid
from schools.files.header import fold_heading
from schools.files.issues import FileRefused, Issue, issue
from schools.files.layout import SAMPLE_ROWS, find_header
from schools.files.limits import MEGABYTE, Limits
from schools.files.numbering import Numbering, read_styles
from schools.files.sheet import FORMULA, Sheet
from schools.files.xml_parts import local, shared_texts, without_doctype

BLOCK_ROWS = 5_000
MOST_PART = 16 * MEGABYTE  # bytes of a part that is read whole
MOST_TAGS = 600_000  # in such a part
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True, slots=True)
class Part:
    """A worksheet as the workbook lists it."""

    name: str
    path: str
    visible: bool


def read_workbook(data: bytes, *, limits: Limits, needed: frozenset[str], sheet: str | None) -> Grid:
    """The table of one visible sheet. Raises FileRefused: ENCRYPTED, MACROS, XML_ENTITY, WRONG_TYPE,
    MISSING_SHEET, EMPTY_FILE, and the codes of archives and limits."""
    archive = Archive(data, limits)
    refuse_other_zips(archive.names)
    _refuse_unsafe_parts(archive)
    try:
        workbook = _Workbook(archive, limits)
        part, notes = _choose(workbook, needed, sheet)
        return _grid(workbook, part, notes, limits, needed)
    except ElementTree.ParseError as problem:
        raise FileRefused(issue("CORRUPT_ARCHIVE", reason="a part of the workbook is broken")) from problem


def _refuse_unsafe_parts(archive: Archive) -> None:
    for name in archive.names:
        if name.lower().endswith("vbaproject.bin") or name.startswith("xl/macrosheets/"):
            raise FileRefused(issue("MACROS", file=name))
        if name.endswith((".xml", ".rels", ".vml")):
            first = next(archive.chunks(name), b"")
            without_doctype(first, name)
            if name == "[Content_Types].xml" and b"macroEnabled" in first:
                raise FileRefused(issue("MACROS", file=name))


class _Workbook:
    """The parts of a workbook that its cells need."""

    def __init__(self, archive: Archive, limits: Limits):
        self.archive = archive
        self.limits = limits
        book = self._xml("xl/workbook.xml")
        links = self._links()
        self.parts = [
            Part(node.get("name", ""), links[node.get(RELATION, "")], node.get("state", "visible") == "visible")
            for node in book.iter()
            if local(node.tag) == "sheet" and node.get(RELATION, "") in links
        ]
        settings = next((node for node in book.iter() if local(node.tag) == "workbookPr"), None)
        since_1904 = settings is not None and settings.get("date1904", "0") in ("1", "true")
        styles = self._xml("xl/styles.xml") if "xl/styles.xml" in archive.names else None
        self.numbering = Numbering(read_styles(styles), since_1904=since_1904)
        name = next((name for name in archive.names if name.lower() == "xl/sharedstrings.xml"), None)
        self.shared = shared_texts(lambda: archive.chunks(name), name) if name else []

    def rows(self, part: Part) -> Iterator[tuple[int, list]]:
        """(row of the sheet, cells as text or FORMULA) of every row with a cell in it."""
        sheet = Sheet(self.shared, self.numbering, self.limits)
        return sheet.rows(lambda: self.archive.chunks(part.path), part.path)

    def _xml(self, name: str) -> ElementTree.Element:
        data = b""
        for piece in self.archive.chunks(name):
            data += piece
            if len(data) > MOST_PART:
                raise FileRefused(issue("TOO_LARGE_UNPACKED", limit=MOST_PART // MEGABYTE, file=name))
        without_doctype(data, name)
        if data.count(b"<") > MOST_TAGS:
            raise FileRefused(issue("TOO_LARGE_UNPACKED", file=name))
        return ElementTree.fromstring(data)  # noqa: S314 (a document type, and so an entity, was refused above)

    def _links(self) -> dict[str, str]:
        """Relation id to path, of the worksheets alone."""
        if "xl/_rels/workbook.xml.rels" not in self.archive.names:
            return {}
        links = {}
        for node in self._xml("xl/_rels/workbook.xml.rels"):
            path = posixpath.normpath(posixpath.join("/xl", node.get("Target", ""))).lstrip("/")
            if node.get("Type", "").endswith("/worksheet") and path in self.archive.names:
                links[node.get("Id", "")] = path
        return links


def _choose(workbook: _Workbook, needed: frozenset[str], wanted: str | None) -> tuple[Part, list[Issue]]:
    """The sheet to read, and the notes that name it and those that were not read."""
    visible = [part for part in workbook.parts if part.visible]
    hidden = [part.name for part in workbook.parts if not part.visible]
    names = ", ".join(part.name for part in visible) or None
    if wanted is not None:
        visible = [part for part in visible if part.name.casefold() == wanted.casefold()]
    if not visible:
        raise FileRefused(issue("MISSING_SHEET", value=wanted, found=names))
    part = max(visible, key=lambda part: _promise(workbook, part, needed)) if len(visible) > 1 else visible[0]
    others = [other.name for other in workbook.parts if other.visible and other is not part]
    notes = [issue("SHEET_READ", value=part.name, others=", ".join(others) or None)]
    if hidden:
        notes.append(issue("HIDDEN_SHEETS", value=", ".join(hidden)))
    if any(name.startswith("xl/externalLinks/") for name in workbook.archive.names):
        notes.append(issue("EXTERNAL_LINKS"))
    return part, notes


def _promise(workbook: _Workbook, part: Part, needed: frozenset[str]) -> tuple[int, bool]:
    """How much a sheet looks like the one that is meant: needed headings found, then whether it holds a table."""
    wanted = {fold_heading(heading) for heading in needed}
    rows = _first_rows(workbook.rows(part))
    found = max((len(wanted.intersection(map(fold_heading, row))) for _, row in rows), default=0)
    return found, sum(1 for _, row in rows if sum(map(bool, row)) > 1) > 1


def _first_rows(rows: Iterator[tuple[int, list]]) -> list[tuple[int, list[str]]]:
    """The first rows that are not blank, cleaned."""
    first = []
    for line, row in rows:
        cells = _texts(row)
        if any(cells):
            first.append((line, cells))
        if len(first) == SAMPLE_ROWS:
            break
    return first


def _texts(row: list) -> list[str]:
    return ["" if cell is FORMULA else clean_cell(cell) for cell in row]


def _grid(workbook: _Workbook, part: Part, notes: list[Issue], limits: Limits, needed: frozenset[str]) -> Grid:
    sample = _first_rows(workbook.rows(part))
    if not sample:
        raise FileRefused(issue("EMPTY_FILE"))
    widest = max(len(row) for _, row in sample)
    place = find_header([row + [""] * (widest - len(row)) for _, row in sample], needed)
    header_line, header = sample[place]
    if place:
        notes.append(issue("TITLE_ROWS", row=header_line))
    blocks = _Blocks(header, limits)
    for line, row in workbook.rows(part):
        if line > header_line:
            blocks.add(line, row)
    columns, lines = blocks.columns()
    return Grid(
        header=header + [""] * (len(columns) - len(header)),
        header_line=header_line,
        columns=columns,
        lines=lines,
        reread=lambda: ((line, _texts(row)) for line, row in workbook.rows(part)),
        row_issues=blocks.issues,
        notes=notes,
        blank_rows=blocks.blank,
        sheet=part.name,
    )


class _Blocks:
    """Rows of cells gathered into blocks, so that a large sheet never stands in memory twice."""

    def __init__(self, header: list[str], limits: Limits):
        self.header, self.limits = header, limits
        self.issues: list[Issue] = []
        self.blank = self.count = 0
        self._rows: list[list[str]] = []
        self._blocks: list[np.ndarray] = []
        self._lines: list[int] = []

    def add(self, line: int, row: list) -> None:
        """One row; a row with a formula that has no stored value becomes an issue instead."""
        if FORMULA in row:
            places = [place for place, cell in enumerate(row) if cell is FORMULA]
            heading = self.header[places[0]] if places[0] < len(self.header) else None
            self.issues.append(issue("FORMULA_WITHOUT_VALUE", row=line, column=heading or None))
        elif not any(row):
            self.blank += 1
        else:
            self._rows.append(row)
            self._lines.append(line)
            self.count += 1
            if self.count > self.limits.max_rows:
                raise FileRefused(issue("TOO_MANY_ROWS", limit=self.limits.max_rows))
            if len(self._rows) == BLOCK_ROWS:
                self._pack()

    def columns(self) -> tuple[list[np.ndarray], np.ndarray]:
        """The columns as object arrays, and the sheet's row of each row."""
        self._pack()
        width = max((block.shape[1] for block in self._blocks), default=0)
        width = max(width, len(self.header))
        columns = []
        for place in range(width):
            pieces = [
                block[:, place] if place < block.shape[1] else np.full(len(block), "", dtype=object)
                for block in self._blocks
            ]
            columns.append(np.concatenate(pieces) if pieces else np.empty(0, dtype=object))
        return columns, np.array(self._lines, dtype=np.int32)

    def _pack(self) -> None:
        if self._rows:
            width = max(map(len, self._rows))
            if self.count * width > self.limits.max_cells:
                raise FileRefused(issue("TOO_MANY_CELLS", limit=self.limits.max_cells))
            block = np.full((len(self._rows), width), "", dtype=object)
            for place, row in enumerate(self._rows):
                block[place, : len(row)] = row
            self._blocks.append(block)
            self._rows = []
