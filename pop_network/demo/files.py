"""The files that bring the results: what a clerk of the district would upload, mistakes included."""

import csv
import io
import re
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from assessments.responses import BLANK, CHOICE_LETTERS, MULTIPLE, NOT_REACHED, UNITS_PER_POINT
from pop_network.demo import planted
from pop_network.demo.adaptive import AdaptiveRound
from pop_network.demo.calendar import LAST_YEAR
from pop_network.demo.places import CINDER
from pop_network.demo.roster import Roster
from pop_network.demo.rounds import Round

SENT_AFTER = {"UC": timedelta(1), "QM": timedelta(4)}  # when the clerk sends a window's files, by series
ADAPTIVE_AFTER, MAKE_UPS_AFTER = timedelta(2), timedelta(11)
MAKE_UP_FILE = (LAST_YEAR, "Q2", "QM5", CINDER)  # these make-up tests come in a file of their own
PERSON_COLUMNS = ["student_id", "last_name", "first_name", "school_id", "grade", "test_date"]
UNKNOWN_NUMBERS = ("9900017", "9900025", "9900033", "9900041")
NO_SUCH_CHOICE = "E"


@dataclass(frozen=True, slots=True)
class ResultsFile:
    """A file on its way to the portal.

    students   the roster half of a vendor's pair, or empty
    assessment, window   what the sender says of it; the adaptive test's file says so itself
    sent       the day it came
    publish    False where it is to wait for a person
    """

    filename: str
    content: bytes
    students: bytes
    assessment: str
    window: str
    sent: date
    publish: bool = True


def files_of(rounds: list[Round], adaptive: list[AdaptiveRound], roster: Roster, today: date) -> list[ResultsFile]:
    """Every file, in the order in which they came."""
    files = [file for each in rounds for file in _files_of_round(each, roster, today)]
    files += [_adaptive_file(each, roster, today) for each in adaptive]
    return sorted(files, key=lambda file: (not file.publish, file.sent, file.filename))


def _files_of_round(each: Round, roster: Roster, today: date) -> list[ResultsFile]:
    """One file for all schools; in one round the make-up tests of a school come later, in a file of their own."""
    table = _table(each, roster)
    year, window, form, school = MAKE_UP_FILE
    if (each.year.index, each.window.code, each.form.code) != (year, window, form):
        return [_file(each, table, today)]
    late = [sitting.made_up and sitting.seat.section.school == school for sitting in each.sittings]
    first = [row for row, apart in zip(table, late, strict=True) if not apart]
    second = [row for row, apart in zip(table, late, strict=True) if apart]
    return [_file(each, first, today), _file(each, second, today, after=MAKE_UPS_AFTER, called="make-ups")]


def _file(
    each: Round, table: list[dict[str, str]], today: date, *, after: timedelta | None = None, called: str = ""
) -> ResultsFile:
    if each.waits_for is planted.COLUMNS_SHIFTED:
        table = _shifted(each, table)
    elif each.waits_for is planted.ROWS_TO_FIX:
        table = _with_mistakes(each, table)
    return ResultsFile(
        filename=_filename(each.form.name, each.year.code, each.window.name, called),
        content=_csv(each, table),
        students=b"",
        assessment=each.form.code,
        window=f"{each.year.code}/{each.window.code}",
        sent=min(each.window.closes + (after or SENT_AFTER[each.form.series]), today),
        publish=each.waits_for is None,
    )


def _adaptive_file(each: AdaptiveRound, roster: Roster, today: date) -> ResultsFile:
    return ResultsFile(
        filename=f"AssessmentResults_{re.sub('[^0-9A-Za-z]+', '_', each.window.term)}.csv",
        content=each.results_file(roster),
        students=each.roster_file(roster),
        assessment="",
        window="",
        sent=min(each.window.closes + ADAPTIVE_AFTER, today),
    )


def _filename(*words: str) -> str:
    plain = " ".join(word for word in words if word)
    return re.sub(r"[^0-9a-z]+", "-", plain.lower()).strip("-") + ".csv"


def _columns(each: Round) -> list[str]:
    scale = ["scale_score"] if each.form.scale else []
    return [*PERSON_COLUMNS, *scale, *(str(item.position) for item in each.form.items)]


def _csv(each: Round, table: list[dict[str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, _columns(each), lineterminator="\r\n", restval="")
    writer.writeheader()
    writer.writerows(table)
    return out.getvalue().encode()


def _table(each: Round, roster: Roster) -> list[dict[str, str]]:
    """A row for every student of the grade; the cells of those who were not tested stay empty."""
    return [_row(each, roster, place) for place in range(len(each.sittings))]


def _row(each: Round, roster: Roster, place: int) -> dict[str, str]:
    sitting = each.sittings[place]
    student = roster.students[sitting.seat.student]
    row = {
        "student_id": student.number,
        "last_name": student.name.family,
        "first_name": student.name.given,
        "school_id": sitting.seat.section.school,
        "grade": sitting.seat.grade,
    }
    if sitting.day is None:
        return row
    row["test_date"] = sitting.day.isoformat()
    if each.form.scale:
        row["scale_score"] = f"{each.scores[place]:.0f}"
    for column, item in enumerate(each.form.items):
        row[str(item.position)] = _cell(
            each.answers.choices[place, column], each.answers.points[place, column], marked=bool(item.key)
        )
    return row


def _cell(choice: np.uint8, points: np.uint8, *, marked: bool) -> str:
    """An answer as the portal's template has it."""
    if points == NOT_REACHED:
        return "NR"
    if points == BLANK:
        return ""
    if not marked:
        return str(int(points) // UNITS_PER_POINT)
    return "M" if choice == MULTIPLE else CHOICE_LETTERS[int(choice) - 1]


def _shifted(each: Round, table: list[dict[str, str]]) -> list[dict[str, str]]:
    """The answers of the planted school stand one column too far to the right; the last falls off."""
    positions = [str(item.position) for item in each.form.items]

    def moved(row: dict[str, str]) -> dict[str, str]:
        answers = ["", *(row.get(position, "") for position in positions)]
        return row | dict(zip(positions, answers, strict=False))

    schools = planted.COLUMNS_SHIFTED.schools
    return [moved(row) if row["school_id"] in schools else row for row in table]


def _with_mistakes(each: Round, table: list[dict[str, str]]) -> list[dict[str, str]]:
    """Some rows that a person has to look at: unknown numbers, an answer E, one student with two results."""
    tested = [row for row, sitting in zip(table, each.sittings, strict=True) if sitting.day is not None]
    last = str(each.form.items[-1].position)
    for row, number in zip(tested[5::20], UNKNOWN_NUMBERS, strict=False):
        row["student_id"] = number
    for row in tested[12:15:2]:
        row[last] = NO_SUCH_CHOICE
    twice = tested[-1]
    again = {position: "A" if twice[position] == "B" else "B" for position in ("1", "2", "3")}
    return [*table, twice | again]
