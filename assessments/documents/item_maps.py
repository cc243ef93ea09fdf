"""The item map on paper: 30 students by 44 questions on one Letter page, landscape; more go on to further pages."""

from assessments.documents.blocks import Document, Map, Rows, Sheet, Text
from assessments.documents.classes import LEFT_OUT
from assessments.queries.items import LEFT_BLANK, NOT_HERE, PART, RIGHT, WRONG, Column, ItemMap

MOST_STUDENTS, MOST_QUESTIONS = 30, 44
KEY = (
    (RIGHT, "✓", "right"),
    (WRONG, "B", "chose B, wrong (M: more than one)"),
    (WRONG, "0", "wrong"),
    (PART, "1", "part of the points"),
    (LEFT_BLANK, "–", "left blank"),
    (NOT_HERE, "/", "not given or not reached"),
)


def item_map_document(page: ItemMap, *, students: bool) -> Document:
    """The map with its students; without the right to them the row of the class, and the questions as a list."""
    rows = _rows(page) if students else []
    sheets = tuple(
        _sheet(page, columns, rows[first : first + MOST_STUDENTS])
        for first in range(0, max(len(rows), 1), MOST_STUDENTS)
        for columns in _by_page(page.columns)
    )
    blocks = [Text(one, quiet=True) for one in _closed(page)] + [Map(sheets, KEY)]
    if not students:
        blocks.append(_questions(page))
    title = f"Item map: {page.page.title}"
    without = "" if students else LEFT_OUT
    return Document(title, page.sentence, tuple(page.page.basis), tuple(blocks), without, landscape=True)


def _closed(page: ItemMap) -> list[str]:
    """Before the window has ended wrong answers are not told apart."""
    if page.read.open:
        return []
    closes = page.read.sitting.closes
    told = f"after {closes:%b} {closes.day}"
    return [
        f"Which wrong answer was chosen opens when the window has ended, {told}; until then a wrong answer reads 0."
    ]


def _by_page(columns: list[Column]) -> list[tuple[int, list[Column]]]:
    """Columns in parts of one page each, with the place of the first."""
    return [(place, columns[place : place + MOST_QUESTIONS]) for place in range(0, len(columns), MOST_QUESTIONS)]


def _rows(page: ItemMap) -> list[tuple]:
    """Every student: (label, points, cells of (kind, text)), the untested without cells, those who joined last."""
    rows = [(row.label, row.points, row.cells) for row in page.rows]
    rows += [(person.label, "not tested", ()) for person in page.read.untested]
    return rows + [(f"{row.label} joined", row.points, row.cells) for row in page.joined_rows]


def _sheet(page: ItemMap, part: tuple[int, list[Column]], rows: list[tuple]) -> Sheet:
    start, columns = part
    end = start + len(columns)
    first = tuple(place for place, column in enumerate(columns) if column.first)
    return Sheet(
        heads=_heads(page, start, end),
        labels=tuple(column.question.label for column in columns),
        first=first,
        shares=tuple(_shares(page, start, end)),
        rows=tuple((label, points, tuple(map(_cell, cells[start:end]))) for label, points, cells in rows),
    )


def _heads(page: ItemMap, start: int, end: int) -> tuple[tuple[str, int], ...]:
    """The standards over the columns from `start` to `end`."""
    found, place = [], 0
    for head in page.heads:
        width = min(place + head.columns, end) - max(place, start)
        if width > 0:
            found.append((head.name, width))
        place += head.columns
    return tuple(found)


def _shares(page: ItemMap, start: int, end: int) -> list[tuple[str, str, tuple[str, ...]]]:
    """The class by question, and the network once it is released."""
    words = "all points" if page.few else "% of points"
    found = [(words, str(page.whole_test), tuple(_share(page, column) for column in page.columns[start:end]))]
    return (
        [*found, ("network, %", "", tuple("*" if share is None else str(share) for share in page.network[start:end]))]
        if page.network
        else found
    )


def _share(page: ItemMap, column: Column) -> str:
    if page.few:
        return str(column.sums.right)
    return "/" if column.percent is None else str(column.percent)


def _cell(cell: tuple[str, str]) -> tuple[str, str]:
    """The kind without the rule on its left, which the sheet draws by itself."""
    kind, text = cell
    return kind.replace("first", "").strip(), text


def _questions(page: ItemMap) -> Rows:
    """Every question, most missed first, as the files have it."""
    table = next(table for table in page.tables() if not table.students)
    rows = tuple(tuple("" if value is None else str(value) for value in row) for row in table.rows)
    return Rows(table.name, table.header, rows, figures=(2, 3, 4))
