"""Where the table is: the header under title rows, footers and totals under the table.

Every rule here leans to the side of data: a row is taken for a title or a footer only where it cannot be a
student's, so that a surname such as Page or Total never costs a student a result.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence

from schools.files.header import fold_heading

SAMPLE_ROWS = 60
FEW_WORDS = 2
SENTENCE_WORDS = 4

TOTAL = re.compile(
    r"(?:(?:grand|sub|class|school|district|overall|section|grade|group|column|test)[ -]?)*"
    r"(?:totals?|averages?|avg\.?|mean|median|sum|count|subtotals?|minimum|maximum|min|max|n|"
    r"std\.? ?dev\.?|standard deviation)(?: (?:score|scores|points|students|tested|correct))*\s*:?",
    re.IGNORECASE,
)
TOTAL_BEGINS = frozenset("acdgmnostACDGMNOST")
FOOTER = re.compile(
    r"(?:report |file |data )?(?:printed|generated|exported|created|prepared|produced|downloaded|run)\b"
    r".*\b(?:on|by|at|:|\d)|end of (?:report|file|list|data|table|page)|page \d+|\*|note[s:]|source:|confidential\b"
    r"|©|copyright\b|(?:grand |sub)?totals?\b.*[:=\d]|(?:total )?number of\b|(?:count|average|mean)\b.*[:=\d]"
    r"|(?:rows|records|students)\s*[:=]|\d+ (?:rows|records|students|results)\b|as of \d|legend\b|key:|n ?= ?\d"
    r"|\(c\) |-{3,}|={3,}|_{3,}|this report\b|filters?\b.*:",
    re.IGNORECASE,
)


def find_header(rows: Sequence[Sequence[str]], needed: frozenset[str] = frozenset()) -> int:
    """Which of the first rows (cleaned cells, blank rows left out) is the header.

    Where the headings that are `needed` are known, it is the row with most of them; otherwise the first row that is
    not a title: one that is much emptier than the table, or a label with its value.
    """
    rows = rows[:SAMPLE_ROWS]
    if needed:
        wanted = {fold_heading(heading) for heading in needed}
        named = [len(wanted.intersection(fold_heading(cell) for cell in row)) for row in rows]
        if named and max(named):
            return named.index(max(named))
    filled = [sum(1 for cell in row if cell) for row in rows]
    usual = _usual(rows, filled)
    for place, (row, count) in enumerate(zip(rows, filled, strict=True)):
        if _is_title(row, count, usual, rows[place + 1 :]):
            continue
        return place
    return 0


def _usual(rows: Sequence[Sequence[str]], filled: Sequence[int]) -> int:
    """How many cells a full row of the table has filled, among the rows of the length that holds most cells."""
    cells = Counter[int]()
    for row in rows:
        cells[len(row)] += len(row)
    length = max(cells, key=lambda length: (cells[length], length), default=0)
    return max((count for row, count in zip(rows, filled, strict=True) if len(row) == length), default=0)


def _is_title(row: Sequence[str], filled: int, usual: int, below: Sequence[Sequence[str]]) -> bool:
    """Whether a row above the table is a title: emptier than the table by half, or a label with its value."""
    if usual < FEW_WORDS or filled >= usual or not below:
        return False
    first = next(cell for cell in row if cell)
    if filled == 1 or filled * 2 < usual or first.endswith(":"):
        return True
    if filled <= FEW_WORDS < usual:  # "School  Lincoln": a title only if a row below has all that a header has
        return any(_could_be_header(other, usual) for other in below[:3])
    return False


def _could_be_header(row: Sequence[str], usual: int) -> bool:
    cells = [cell for cell in row if cell]
    return len(cells) >= usual and len(set(cells)) == len(cells) and not any(cell[0].isdigit() for cell in cells)


def is_footer(cells: Sequence[str], width: int, *, short: bool, numbered: Callable[[], bool]) -> bool:
    """Whether the cells of a row at the foot of a file are a footer: a remark, or a total without a student.

    `short` says that the row has another number of cells than the header; `numbered` tells whether the first column
    holds ids. A full row is only a footer where it is all but empty, and a sentence there only in the place of an id.
    """
    filled = [cell for cell in cells if cell]
    if not filled or width < FEW_WORDS:
        return False
    first = filled[0]
    words = len(first.split())
    remark = FOOTER.match(first) is not None or TOTAL.fullmatch(first) is not None
    if short:
        return remark or (
            len(filled) == 1 and width > FEW_WORDS and words >= FEW_WORDS and any(map(str.isalpha, first))
        )
    if remark:
        return len(filled) <= max(1, width // 3) and (TOTAL.fullmatch(first) is None or len(filled) < width)
    alone = len(filled) == 1 and cells[0] == first
    return alone and width > FEW_WORDS and words >= SENTENCE_WORDS and numbered()


def is_total_label(cell: str) -> bool:
    """Whether a cell is a word that labels a row of totals ("Total", "Class average")."""
    return cell[:1] in TOTAL_BEGINS and TOTAL.fullmatch(cell) is not None


def repeats_header(cells: Sequence[str], header: Sequence[str]) -> bool:
    """Whether a row is the header once more (a header of one column never is: it may be a value)."""
    return len(header) > 1 and [fold_heading(cell) for cell in cells[: len(header)]] == [
        fold_heading(heading) for heading in header
    ]
