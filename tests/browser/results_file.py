"""A portal's template filled in as a clerk would, and what follows from the file alone: sums by hand, for the pages."""

import csv
import io
from dataclasses import dataclass
from fractions import Fraction
from random import Random

FEWEST_QUESTIONS = 3  # of a standard that a page singles out


@dataclass(frozen=True)
class Question:
    """A question as the test's list has it: its heading in the file, key ("" where points are written), standard."""

    heading: str
    key: str
    points: int
    standard: str


@dataclass(frozen=True)
class Expected:
    """What the pages must say of some students: points earned and possible by standard, in the test's own order."""

    points: dict[str, tuple[int, int]]
    totals: dict[str, int]  # by "Last, First"
    of_questions: dict[str, int]  # whole per cent of the points by heading
    scores: list[int]

    @property
    def percents(self) -> dict[str, int]:
        """Whole per cent of the points by standard, halves up."""
        return {standard: whole_percent(*sums) for standard, sums in self.points.items()}

    def share(self, standard: str) -> Fraction:
        """The exact share of the points, for ranking."""
        return Fraction(*self.points[standard])


def whole_percent(part: int, whole: int) -> int:
    """Halves up, in whole numbers alone."""
    return int(Fraction(100 * part, whole) + Fraction(1, 2))


class ResultsFile:
    """The rows of a template; `questions` are those of its test."""

    def __init__(self, text: str, questions: list[Question]):
        self.notice, table = text.split("\n", 1)  # a line above the table; a clerk leaves it where it is
        lines = list(csv.DictReader(io.StringIO(table)))
        self.columns = list(lines[0])
        self.rows = {row["student_id"]: row for row in lines}
        self.questions = questions

    def fill(self, number: str, day: str, how_able: float):
        """Answers of a student, the same at every run; `how_able` is the share of the questions they know."""
        row, chance = self.rows[number], Random(f"{number} {how_able}")
        for question in self.questions:
            row[question.heading] = self._answer(question, chance, how_able)
        row["test_date"] = day
        row["scale_score"] = str(500 + 2 * sum(self.points(number).values()))

    @staticmethod
    def _answer(question: Question, chance: Random, how_able: float) -> str:
        knows = chance.random() < how_able
        if not question.key:
            return str(question.points if knows else chance.randrange(question.points))
        wrong = [letter for letter in "ABCD" if letter != question.key]
        return question.key if knows else chance.choice([*wrong, ""])

    def points(self, number: str) -> dict[str, int]:
        """Points of a student by question: all of them for the key, as written where there is no key."""
        row, found = self.rows[number], {}
        for question in self.questions:
            answer = row[question.heading]
            if question.key:
                found[question.heading] = question.points if answer == question.key else 0
            else:
                found[question.heading] = int(answer or 0)
        return found

    def marks(self, number: str) -> dict[str, str]:
        """A student's row of the item map: a check, the wrong answer, the points of an open question, or a dash."""
        row, points = self.rows[number], self.points(number)
        return {
            one.heading: "\u2713" if points[one.heading] == one.points else row[one.heading] or "\u2013"
            for one in self.questions
        }

    def name(self, number: str) -> str:
        """As the pages call a student."""
        return f"{self.rows[number]['last_name']}, {self.rows[number]['first_name']}"

    def seated(self, school: str, section: str = "") -> list[str]:
        """Numbers of the students of a school, or of one section of it."""
        return [
            number
            for number, row in self.rows.items()
            if row["school"] == school and (not section or row["section"] == section)
        ]

    def only(self, numbers) -> "ResultsFile":
        """The same file with the rows of some students alone."""
        other = ResultsFile(self.text(), self.questions)
        other.rows = {number: other.rows[number] for number in numbers}
        return other

    def text(self, changed: dict[str, dict[str, str]] | None = None) -> str:
        """As CSV; `changed` holds cells that the clerk got wrong, by student and column."""
        out = io.StringIO(newline="")
        out.write(f"{self.notice}\n")
        writer = csv.DictWriter(out, self.columns)
        writer.writeheader()
        writer.writerows(row | (changed or {}).get(number, {}) for number, row in self.rows.items())
        return out.getvalue()

    def expected(self, numbers) -> Expected:
        """What follows from the rows of some students who were tested."""
        earned = {number: self.points(number) for number in numbers}
        points, of_questions = {}, {}
        for question in self.questions:
            got = [of[question.heading] for of in earned.values()]
            before = points.get(question.standard, (0, 0))
            points[question.standard] = (before[0] + sum(got), before[1] + question.points * len(got))
            of_questions[question.heading] = whole_percent(sum(got), question.points * len(got))
        return Expected(
            points=points,
            totals={self.name(number): sum(of.values()) for number, of in earned.items()},
            of_questions=of_questions,
            scores=[int(self.rows[number]["scale_score"]) for number in numbers],
        )

    def singled_out(self) -> set[str]:
        """Standards with enough questions to be named among the lowest and the highest."""
        asked = [question.standard for question in self.questions]
        return {standard for standard in asked if asked.count(standard) >= FEWEST_QUESTIONS}
