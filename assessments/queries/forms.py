"""The questions of a form and the standards they ask, in one read."""

from dataclasses import dataclass

import numpy as np

from assessments.models import Item
from assessments.responses import UNITS_PER_POINT


@dataclass(frozen=True, slots=True)
class AskedStandard:
    """A standard that a form asks. Short name first, code after."""

    pk: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `standards` are positions in the form's list of standards."""

    position: int
    label: str
    key: str
    text: str
    choices: dict[str, dict[str, str]]
    points: float
    standards: tuple[int, ...]

    @property
    def worth(self) -> int:
        """Quarter points."""
        return round(self.points * UNITS_PER_POINT)


@dataclass(frozen=True)
class Form:
    """The questions in the order of the test, the standards in the order in which they are first asked."""

    questions: tuple[Question, ...]
    standards: tuple[AskedStandard, ...]

    def asks(self) -> np.ndarray:
        """Standards x questions: True where the question asks the standard."""
        found = np.zeros((len(self.standards), len(self.questions)), bool)
        for place, question in enumerate(self.questions):
            found[list(question.standards), place] = True
        return found

    def worth(self) -> np.ndarray:
        return np.array([question.worth for question in self.questions], np.int64)


FIELDS = (
    "assessment_id", "position", "label", "key", "text", "choices", "points",
    "standards__pk", "standards__framework", "standards__code", "standards__short_name",
)  # fmt: skip


def forms_of(user, assessment_ids) -> dict[int, Form]:
    """The forms of these tests; a test without questions is not among them.

    Standards stand in the order of `summarizing.standards_of`, which is that of the summaries' arrays.
    """
    rows = Item.objects.visible_to(user).filter(assessment__in=assessment_ids)
    by_test: dict[int, list] = {}
    for row in rows.order_by("assessment", "position").values_list(*FIELDS):
        by_test.setdefault(row[0], []).append(row[1:])
    return {test: _form(found) for test, found in by_test.items()}


def _form(rows: list[tuple]) -> Form:
    """Rows, one for each question and standard, as a form."""
    by_position: dict[int, list] = {}
    for row in rows:
        by_position.setdefault(row[0], []).append(row)
    places: dict[tuple[str, str], int] = {}
    standards: list[AskedStandard] = []
    questions = []
    for asked in by_position.values():
        found = sorted((row[7], row[8], row[6], row[9]) for row in asked if row[6] is not None)
        for framework, code, pk, short_name in found:
            if places.setdefault((framework, code), len(standards)) == len(standards):
                standards.append(AskedStandard(pk, code, short_name or code))
        position, label, key, text, choices, points = asked[0][:6]
        asks = tuple(places[framework, code] for framework, code, _, _ in found)
        questions.append(Question(position, label or str(position), key, text, choices, float(points), asks))
    return Form(tuple(questions), tuple(standards))
