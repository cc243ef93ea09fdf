"""The item map of a class, and one of its questions: students by question, as table, list and file."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from assessments.charts import per_cent
from assessments.classroom import ClassQuestion, questions_of_class
from assessments.exports import Table
from assessments.queries.classes import ClassRead, Tested
from assessments.queries.forms import AskedStandard, Question
from assessments.queries.section import SectionResults
from assessments.responses import (
    BLANK,
    CHOICE_LETTERS,
    MULTIPLE,
    NO_CHOICE,
    NOT_GIVEN,
    NOT_REACHED,
    UNITS_PER_POINT,
    earned,
)
from assessments.sentences import ItemMapPicture, QuestionPicture, item_map_sentence, percent
from assessments.sentences.figures import FEWEST_FOR_PERCENT

BY_STANDARD, HARDEST = "standard", "hardest"
FEWEST, BY_NAME = "fewest", "name"
RIGHT, WRONG, PART, LEFT_BLANK, NOT_HERE = "", "w", "p", "b", "n"
NO_STANDARD = "No standard"


@dataclass(frozen=True)
class Column:
    """One question in the map; `first` where a new standard begins."""

    question: Question
    sums: ClassQuestion
    first: bool

    @property
    def percent(self) -> int | None:
        """Whole per cent of the points of the question."""
        points = self.sums.points
        return percent(points.earned, points.possible) if points.possible else None

    @property
    def missed_width(self) -> str:
        """The bar of those who missed it, as an SVG length."""
        return per_cent(self.sums.missed / self.sums.given)


@dataclass(frozen=True)
class Head:
    """A standard over its columns."""

    name: str
    pk: int | None
    columns: int


@dataclass(frozen=True)
class MapRow:
    """One student: cells of (class, text) in the order of the columns."""

    label: str
    points: str
    cells: tuple[tuple[str, str], ...]
    earned: float


class ItemMap:
    """Students by question: columns BY_STANDARD or HARDEST first, rows with the FEWEST points first or BY_NAME."""

    def __init__(self, read: ClassRead, columns_by: str = BY_STANDARD, rows_by: str = FEWEST):
        self.read, self.columns_by, self.rows_by = read, columns_by, rows_by
        self.page = SectionResults(read)

    @cached_property
    def questions(self) -> tuple[ClassQuestion, ...]:
        """Every question in the order of the test; wrong answers only once the window has ended."""
        return questions_of_class(self.read.counted.sheet, [one.choices for one in self.read.form.questions])

    @cached_property
    def sentence(self) -> str:
        return item_map_sentence(
            ItemMapPicture(
                tuple(
                    QuestionPicture(
                        self.read.form.questions[one.item].label, one.given, one.missed, *self._popular(one)
                    )
                    for one in self.questions
                )
            )
        )

    def _popular(self, one: ClassQuestion) -> tuple[str, int]:
        if not (self.read.open and one.wrong):
            return "", 0
        return one.wrong[0].letter, one.wrong[0].students

    # --- columns ---

    @cached_property
    def columns(self) -> list[Column]:
        """Grouped by standard, hardest first within; or all hardest first."""
        order = sorted(self.questions, key=self._hardness)
        if self.columns_by == HARDEST:
            return [Column(self.read.form.questions[one.item], one, not place) for place, one in enumerate(order)]
        order = sorted(order, key=lambda one: self._standard_of(one.item))
        found, last = [], None
        for one in order:
            place = self._standard_of(one.item)
            found.append(Column(self.read.form.questions[one.item], one, place != last))
            last = place
        return found

    @staticmethod
    def _hardness(one: ClassQuestion):
        return (one.points.share is None, one.points.share or 0.0, one.item)

    def _standard_of(self, item: int) -> int:
        """A question that asks several standards stands under the first of them."""
        return min(self.read.form.questions[item].standards, default=len(self.read.form.standards))

    @cached_property
    def heads(self) -> list[Head]:
        """The standards over the columns; none where columns go by difficulty."""
        if self.columns_by == HARDEST or not self.read.form.standards:
            return []
        starts = [place for place, column in enumerate(self.columns) if column.first]
        ends = [*starts[1:], len(self.columns)]
        found = []
        for start, end in zip(starts, ends, strict=True):
            place = self._standard_of(self.columns[start].sums.item)
            standard = self.standard_at(place)
            found.append(Head(standard.name if standard else NO_STANDARD, standard and standard.pk, end - start))
        return found

    def standard_at(self, place: int) -> AskedStandard | None:
        standards = self.read.form.standards
        return standards[place] if place < len(standards) else None

    def standard_of(self, column: Column) -> AskedStandard | None:
        return self.standard_at(self._standard_of(column.sums.item))

    @property
    def few(self) -> bool:
        return self.page.few

    @property
    def whole_test(self) -> int:
        """Over the column of totals: the per cent of all points; under ten students, how many got all of theirs."""
        possible = sum(column.sums.points.possible for column in self.columns)
        if not self.few:
            return percent(sum(column.sums.points.earned for column in self.columns), possible) if possible else 0
        return sum(1 for row in self.rows if all(text == "✓" for _, text in row.cells))

    @cached_property
    def network(self) -> list[int | None]:
        """The network's per cent of the points by column, None where it is not shown; empty before the release."""
        known = self.read.beside.items if self.page.compared else {}
        return [known.get(column.question.position) for column in self.columns] if known else []

    @property
    def network_hidden(self) -> bool:
        """Whether a figure of that row is not shown."""
        return None in self.network

    # --- rows ---

    @cached_property
    def rows(self) -> list[MapRow]:
        return self._rows_of(self.read.counted)

    @cached_property
    def joined_rows(self) -> list[MapRow]:
        """Students who joined since; they count in no figure of the class."""
        return self._rows_of(self.read.joined)

    def _rows_of(self, students: Tested) -> list[MapRow]:
        order = [(column.sums.item, " first" if column.first else "") for column in self.columns]
        points, choices, worth = students.sheet.points, students.sheet.choices, students.sheet.worth
        totals = earned(points).sum(axis=1, dtype=np.int64) / UNITS_PER_POINT
        shown = choices if self.read.open else None
        found = [
            MapRow(
                students.people[n].label,
                f"{totals[n]:g}",
                tuple(
                    cell(int(points[n, i]), 0 if shown is None else int(shown[n, i]), int(worth[i]), first)
                    for i, first in order
                ),
                float(totals[n]),
            )
            for n in np.flatnonzero(students.sheet.tested).tolist()
        ]
        return sorted(found, key=lambda row: row.earned) if self.rows_by == FEWEST else found

    # --- the list a phone opens with, and the files ---

    @cached_property
    def most_missed(self) -> list[tuple[Column, AskedStandard | None]]:
        """Every question with its standard, most missed first."""
        asked = [column for column in self.columns if column.sums.given]
        ranked = sorted(asked, key=lambda one: (-one.sums.missed / one.sums.given, one.sums.item))
        return [(column, self.standard_of(column)) for column in ranked]

    def tables(self) -> list[Table]:
        """The map as it stands on the page, and the questions."""
        header = ("Student", "Points", *(f"Question {column.question.label}" for column in self.columns))
        rows = [(row.label, row.earned, *(text for _, text in row.cells)) for row in self.rows]
        rows += [(person.label, "not tested", *[""] * len(self.columns)) for person in self.read.untested]
        rows += [
            (f"{row.label} (joined since)", row.earned, *(text for _, text in row.cells)) for row in self.joined_rows
        ]
        return [self._questions_table(), Table("Item map", header, tuple(rows), students=True)]

    def _questions_table(self) -> Table:
        header = ("Question", "Standard", "Students", "Missed", "% of the points", "Popular wrong answer", "Chosen by")
        rows = []
        for column, standard in self.most_missed:
            letter, chose = self._popular(column.sums)
            share = None if self.few else column.percent
            name = standard.name if standard else ""
            rows.append(
                (column.question.label, name, column.sums.given, column.sums.missed, share, letter, chose or None)
            )
        return Table("Questions, most missed first", header, tuple(rows))


def cell(points: int, choice: int, worth: int, first: str = "") -> tuple[str, str]:
    """One answer as the map shows it: (class, text). `choice` is 0 where it is not known or not open yet."""
    kind, text = _sign(points, choice, worth)
    return f"{kind}{first}".strip(), text


def _sign(points: int, choice: int, worth: int) -> tuple[str, str]:
    if points in (NOT_GIVEN, NOT_REACHED):
        return NOT_HERE, "/"
    if points == BLANK:
        return LEFT_BLANK, "–"
    if points >= worth:
        return RIGHT, "✓"
    if points:
        return PART, f"{points / UNITS_PER_POINT:g}"
    if choice == NO_CHOICE:
        return WRONG, "0"
    return WRONG, "M" if choice == MULTIPLE else CHOICE_LETTERS[choice - 1]


@dataclass(frozen=True)
class Answer:
    """What some students gave as their answer to a question. `letter` is "" for what is not an option."""

    letter: str
    text: str
    suggests: str
    is_key: bool
    labels: tuple[str, ...]
    of: int

    @property
    def students(self) -> int:
        return len(self.labels)

    @property
    def share(self) -> float | None:
        """Of the students who were given the question."""
        return self.students / self.of if self.of else None


class ItemDetail:
    """One question in a class: its text, the choices with who chose them, the standards it asks."""

    def __init__(self, read: ClassRead, position: int):
        """Raises LookupError where the test has no such question."""
        places = {one.position: place for place, one in enumerate(read.form.questions)}
        self.read, self.place = read, places[position]
        self.question = read.form.questions[self.place]
        self.sums = questions_of_class(read.counted.sheet, [one.choices for one in read.form.questions])[self.place]
        self.before, self.after = self._neighbors()
        of_class = SectionResults(read)
        self.title, self.basis = f"Question {self.question.label}: {of_class.title}", of_class.basis

    def _neighbors(self) -> tuple[Question | None, Question | None]:
        questions = self.read.form.questions
        last = len(questions) - 1
        return (questions[self.place - 1] if self.place else None), (
            questions[self.place + 1] if self.place < last else None
        )

    @property
    def standards(self) -> list[AskedStandard]:
        return [self.read.form.standards[place] for place in self.question.standards]

    @property
    def sentence(self) -> str:
        label, sums = self.question.label, self.sums
        if not sums.given:
            return "This question was not given to the class."
        return item_map_sentence(ItemMapPicture((QuestionPicture(label, sums.given, sums.missed, *self._popular()),)))

    def _popular(self) -> tuple[str, int]:
        wrong = self.sums.wrong
        return (wrong[0].letter, wrong[0].students) if self.read.open and wrong else ("", 0)

    @property
    def few(self) -> bool:
        return self.sums.given < FEWEST_FOR_PERCENT

    @cached_property
    def answers(self) -> list[Answer]:
        """The options in their order, then what is not an option; before the window has ended only right and missed."""
        students: dict[str, list[str]] = {}
        for name, label in self._answers_by_student():
            students.setdefault(name, []).append(label)
        others = [self._other(name, students[name]) for name in OTHERS if name in students]
        if not self.read.open:
            return others
        letters = sorted(set(self.question.choices) | {name for name in students if len(name) == 1})
        found = [self._option(letter, students.pop(letter, [])) for letter in letters]
        return found + others

    def _other(self, name: str, labels: list[str]) -> Answer:
        of = 0 if name == SIGNS[NOT_GIVEN] else self.sums.given
        return Answer("", name, "", False, tuple(labels), of)

    def _option(self, letter: str, labels: list[str]) -> Answer:
        said = self.question.choices.get(letter, {})
        is_key = letter == self.question.key
        return Answer(letter, said.get("text", ""), said.get("suggests", ""), is_key, tuple(labels), self.sums.given)

    def _answers_by_student(self):
        students = self.read.counted
        sheet = students.sheet
        for n in np.flatnonzero(sheet.tested).tolist():
            points = int(sheet.points[n, self.place])
            choice = NO_CHOICE if sheet.choices is None else int(sheet.choices[n, self.place])
            name = self._named(points, choice) if self.read.open else self._closed(points)
            yield name, students.people[n].label

    def _named(self, points: int, choice: int) -> str:
        if points in SIGNS:
            return SIGNS[points]
        if choice == MULTIPLE:
            return SEVERAL
        if choice != NO_CHOICE:
            return CHOICE_LETTERS[choice - 1]
        full = points >= self.question.worth
        if full and self.question.key:
            return self.question.key  # right, and the file gave points alone
        return ALL_POINTS if full else SOME_POINTS if points else NO_POINTS

    def _closed(self, points: int) -> str:
        if points in SIGNS:
            return SIGNS[points]
        return ALL_POINTS if points >= self.question.worth else SOME_POINTS if points else NO_POINTS


SEVERAL, ALL_POINTS, SOME_POINTS, NO_POINTS = (
    "more than one marked", "right", "part of the points", "wrong, choice not known",
)  # fmt: skip
SIGNS = {BLANK: "left blank", NOT_REACHED: "not reached", NOT_GIVEN: "not given"}
OTHERS = (ALL_POINTS, SOME_POINTS, NO_POINTS, SEVERAL, *SIGNS.values())
