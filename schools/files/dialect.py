"""Which sign parts the cells of a text file."""

import csv
import re
from collections import Counter

from schools.files.records import csv_reader

CANDIDATES = ",;\t|"
SAMPLE_BYTES = 262_144
SAMPLE_LINES = 200
SEPARATOR_LINE = re.compile(rb'"?sep=(.)"?[ ,;\t|]*', re.IGNORECASE)
NUMBER = re.compile(r"[-0-9., ]*")


def separator_line(body: bytes) -> str | None:
    """The sign that a first line "sep=;" names, or None without such a line."""
    first = body[: body.find(b"\n") if b"\n" in body[:100] else 100]
    found = SEPARATOR_LINE.fullmatch(first)
    sign = found[1].decode("latin-1") if found else None
    return sign if sign and (sign in CANDIDATES or sign in ":^~") else None


def choose_delimiter(body: bytes) -> str:
    """The sign by which most lines fall into the same number of cells; a comma where none does."""
    sample = body[:SAMPLE_BYTES].split(b"\n", SAMPLE_LINES)[:SAMPLE_LINES]
    text = b"\n".join(line for line in sample if line.strip())
    return max(CANDIDATES, key=lambda sign: _fit(text, sign))


def _fit(sample: bytes, delimiter: str) -> float:
    """How well a sign parts the sample: cells a row times the share of rows that agree.

    Counts for little where the first such row looks like numbers: then the sign is a decimal or thousands comma,
    since a table begins with its headings.
    """
    try:
        rows = list(csv_reader(sample, delimiter))
    except csv.Error:
        return 0.0
    widths = Counter(len(row) for row in rows)
    width, agreeing = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]), default=(0, 0))
    if width < 2:
        return 0.0
    header = next(row for row in rows if len(row) == width)
    numbers = sum(1 for cell in header[:2] if cell and NUMBER.fullmatch(cell))
    return (width - 1) * (agreeing / len(rows)) ** 2 * (0.05 if numbers else 1.0)
