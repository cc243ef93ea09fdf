"""The questions of a test as a table of text, the way they lie in a spreadsheet. Knows no Django.

A line per question under a line of headings. Pasted cells come with tabs, files with commas or semicolons.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

Question = Mapping[str, Any]

COLUMNS = {
    "position": ("position", "question", "number", "no", "no.", "#", "item"),
    "points": ("points", "max points", "worth"),
    "key": ("key", "answer", "correct", "correct answer"),
    "standards": ("standards", "standard", "standard code"),
    "label": ("label", "short label"),
    "text": ("text", "question text", "prompt"),
}
HEADINGS = {heading: name for name, headings in COLUMNS.items() for heading in headings}
CHOICE = re.compile(r"(?:choice |option )?([a-z])")
SUGGESTS = re.compile(r"([a-z]) suggests|suggests ([a-z])")
BETWEEN_CODES = re.compile(r"[;,|\n]")
MOST_QUESTIONS = 500


class ItemListUnreadable(ValueError):
    """The table cannot be read; `problems` are sentences, each with its line."""

    def __init__(self, problems: list[str]):
        super().__init__(" ".join(problems))
        self.problems = problems


def written(items: Iterable[Question]) -> str:
    """The table of `items` (as a set-up file lists them). Without keys in them, the columns of keys are left out."""
    items = list(items)
    letters = sorted({letter for item in items for letter in item.get("choices", {})}) or list("ABCD")
    keyed = all("key" in item for item in items)
    head = ["position", "points", "standards", "label"]
    if keyed:
        head = ["position", "points", "key", "standards", "label", "text", *letters]
        head += [f"{letter} suggests" for letter in letters]
    lines = io.StringIO()
    table = csv.writer(lines, lineterminator="\n")
    table.writerow(head)
    for item in items:
        cells = [item["position"], f"{float(item['points']):g}"]
        cells += [item["key"]] if keyed else []
        cells += ["; ".join(item["standards"]), item["label"]]
        if keyed:
            choices = [item["choices"].get(letter, {}) for letter in letters]
            cells += [item["text"], *(one.get("text", "") for one in choices)]
            cells += [one.get("suggests", "") for one in choices]
        table.writerow(cells)
    return lines.getvalue()


def read(text: str, held: Mapping[int, Question]) -> list[dict[str, Any]]:
    """The questions of the table, in the form of a set-up file. `held` are those the test has, by position.

    A column that is left out leaves that part of each question as it is. Raises ItemListUnreadable.
    """
    lines = _lines(text)
    columns = _columns(lines[0][1])
    rows: list[dict[str, Any]] = []
    problems: list[str] = []
    for number, cells in lines[1:]:
        if len(cells) > len(columns) and any(cells[len(columns) :]):
            problems.append(f"Line {number}: {len(cells)} cells under {len(columns)} headings. Put texts in quotes.")
            continue
        row = dict(zip(columns, [*cells, *[""] * len(columns)], strict=False))
        try:
            rows.append(_question(row, len(rows) + 1, held))
        except ValueError as problem:
            problems.append(f"Line {number}: {problem}")
    if not rows and not problems:
        problems.append("There is no question under the headings.")
    if len(rows) > MOST_QUESTIONS:
        problems.append(f"{len(rows)} questions are more than a test may have ({MOST_QUESTIONS}).")
    if problems:
        raise ItemListUnreadable(problems)
    return rows


def _lines(text: str) -> list[tuple[int, list[str]]]:
    """Lines that hold anything, each with its number in the text; at least the headings."""
    text = text.replace("\x00", "").strip("\ufeff")
    first = text.lstrip().partition("\n")[0]
    between = max("\t;,", key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=between, strict=True)
    found = []
    try:
        for cells in reader:
            found.append((reader.line_num, [cell.strip() for cell in cells]))
    except csv.Error as error:
        raise ItemListUnreadable(
            [f"Line {reader.line_num}: a quotation mark opens and does not close ({error})."]
        ) from None
    found = [line for line in found if any(line[1])]
    if not found:
        raise ItemListUnreadable(["There is nothing to read. Paste the list with its line of headings."])
    return found


def _columns(head: list[str]) -> list[str]:
    """What each column is: a field of COLUMNS, a letter, "A suggests", or "" for one without a heading."""
    columns = [_column(heading) for heading in head]
    unknown = [heading for heading, column in zip(head, columns, strict=True) if heading and not column]
    twice = sorted({column for column in columns if column and columns.count(column) > 1})
    known = "position, points, key, standards, label, text, A, B, C, D, A suggests, B suggests"
    if unknown:
        raise ItemListUnreadable([f'Line 1: "{unknown[0][:60]}" is no heading of an item list. They are: {known}.'])
    if twice:
        raise ItemListUnreadable([f'Line 1: the heading "{twice[0]}" stands twice.'])
    return columns


def _column(heading: str) -> str:
    words = " ".join(heading.casefold().split())
    if words in HEADINGS:
        return HEADINGS[words]
    if found := SUGGESTS.fullmatch(words):
        return f"{(found[1] or found[2]).upper()} suggests"
    found = CHOICE.fullmatch(words)
    return found[1].upper() if found else ""


def _question(row: dict[str, str], place: int, held: Mapping[int, Question]) -> dict[str, Any]:
    position = _position(row["position"]) if "position" in row else place
    before = held.get(position, {})
    question: dict[str, Any] = {"position": position, "points": _points(row.get("points", ""), before.get("points", 1))}
    for name in ("label", "text"):
        if name in row:
            question[name] = row[name]
    if "key" in row:
        question["key"] = row["key"].upper()
    if "standards" in row:
        codes = (" ".join(code.split()) for code in BETWEEN_CODES.split(row["standards"]))
        question["standards"] = list(dict.fromkeys(code for code in codes if code))
    letters = [name for name in row if len(name) == 1]
    if letters:
        earlier = before.get("choices", {})
        question["choices"] = {
            letter: {"text": row[letter], "suggests": _suggests(row, letter, earlier)}
            for letter in letters
            if row[letter] or row.get(f"{letter} suggests")
        }
    return question


def _suggests(row: dict[str, str], letter: str, earlier: Question) -> str:
    if f"{letter} suggests" in row:
        return row[f"{letter} suggests"]
    return str(earlier.get(letter, {}).get("suggests", ""))


def _position(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= MOST_QUESTIONS):
        raise ValueError(f'"{text}" is no position: give the number of the question, from 1 to {MOST_QUESTIONS}.')
    return int(text)


def _points(text: str, before: float) -> float:
    if not text:
        return float(before)
    try:
        points = Decimal(text)
    except InvalidOperation:
        raise ValueError(f'"{text}" points are no number.') from None
    if not points.is_finite():
        raise ValueError(f'"{text}" points are no number.')
    return float(points)
