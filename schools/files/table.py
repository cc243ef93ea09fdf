"""Bytes in, a table out: the door every uploaded file comes through.

What is refused and what is repaired is the import policy; every refusal and every repair has its code in
the catalogue. The parts: `content` (what the bytes are), `decoding` (letters), `delimited` (CSV), `workbook` (XLSX),
`layout` (where the table is), `cells` (cleaning of text).
"""

from schools.files.assembly import assemble
from schools.files.content import is_zip, refuse_markup, refuse_other_types
from schools.files.decoding import decode
from schools.files.delimited import read_delimited
from schools.files.issues import FileRefused, issue
from schools.files.limits import MEGABYTE, Limits
from schools.files.shape import Dialect, Original, Table
from schools.files.workbook import read_workbook

__all__ = ["Dialect", "FileRefused", "Limits", "Original", "Table", "read_table"]


TEXT_SIGNS = b' \t\r\n\v\f\x1a,;|\xef\xbb\xbf\xff\xfe\x00"'


def read_table(
    data: bytes,
    filename: str,
    *,
    limits: Limits | None = None,
    needed: frozenset[str] = frozenset(),
    sheet: str | None = None,
) -> Table:
    """The table in those bytes, whatever the file is called.

    `needed` are headings that the table is known to have: they help to find the header under title rows, and the
    sheet of a workbook, but a missing one is not refused here (see `header.match_header`). `sheet` names the sheet
    to read. Raises FileRefused, and nothing else, where the file as a whole cannot be used.
    """
    limits = limits or Limits()
    if not data.strip(TEXT_SIGNS):
        raise FileRefused(issue("EMPTY_FILE", file=filename))
    if len(data) > limits.max_bytes:
        raise FileRefused(issue("TOO_LARGE", limit=limits.max_bytes // MEGABYTE))
    refuse_other_types(data)
    if is_zip(data):
        grid = read_workbook(data, limits=limits, needed=needed, sheet=sheet)
    else:
        text = decode(data)
        refuse_markup(text.utf8)
        grid = read_delimited(text, limits=limits, needed=needed)
    return assemble(grid, limits)
