"""Columns that no file of results needs and that could harm a child: named to the sender, never shown or kept.

Pure: headings and cells in, positions out. A column is told by its heading, or by cells that all look alike.
"""

import re
from collections.abc import Sequence

from schools.files.header import fold_heading

NUMBER, BIRTH, ADDRESS = "a Social Security number", "a birth date", "an address or telephone"

# Folded headings; a heading that only begins like one of these ("Address 2", "DOB Student") is one too.
BY_HEADING = {
    NUMBER: ("ssn", "socialsecurity", "socsec", "ss#", "taxid"),
    BIRTH: ("dob", "birth", "dateofbirth", "studentdob", "studentbirth", "bday"),
    ADDRESS: (
        "address", "homeaddress", "mailingaddress", "street", "zip", "postalcode", "phone", "telephone", "homephone",
        "cellphone", "mobile", "email", "studentemail", "parentemail", "guardianemail",
    ),
}  # fmt: skip
NUMBER_PATTERN = re.compile(r"\d{3}[- ]\d{2}[- ]\d{4}")
FEWEST_CELLS = 3


def sensitive_columns(header: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[int, str]:
    """The positions of columns that look sensitive, and what each looks like; `rows` are a file's first rows."""
    found = {}
    for place, heading in enumerate(header):
        kind = _by_heading(heading) or _by_cells([row[place] for row in rows if place < len(row)])
        if kind:
            found[place] = kind
    return found


def _by_heading(heading: str) -> str:
    folded = fold_heading(heading)
    return next((kind for kind, words in BY_HEADING.items() if folded.startswith(words)), "")


def _by_cells(cells: Sequence[str]) -> str:
    filled = [cell.strip() for cell in cells if cell.strip()]
    alike = len(filled) >= FEWEST_CELLS and all(NUMBER_PATTERN.fullmatch(cell) for cell in filled)
    return NUMBER if alike else ""
