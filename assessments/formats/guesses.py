"""What the columns of a layout nobody has seen probably mean, by the words of their headings; a person decides."""

import re
from collections.abc import Collection, Sequence

from assessments.formats.columns import PERSON_COLUMNS, STUDENT_ALIASES
from assessments.formats.long import OWN_COLUMNS as LONG_COLUMNS
from assessments.formats.meanings import LEFT_OUT, LONG, MEANINGS, SCORES, WIDE, has_no_place, kind_of, question_of
from assessments.formats.scores import OWN_COLUMNS as SCORE_COLUMNS
from assessments.formats.seam import AssessmentSpec
from assessments.formats.template import MAX_COLUMNS, like_item
from schools.files.header import SEPARATORS, fold_heading

# Further words by which vendors and districts head a column; those of the portal's own layouts count too.
WORDS = {
    "student": (
        "student", "pupil id", "pupil", "pupil number", "sis id", "sis number", "usid", "lasid", "sasid", "pasid",
        "pa secure id", "student identifier", "student local id", "district student id", "state student id",
        "learner id",
    ),
    "last_name": ("last", "lname", "last name", "pupil last name"),
    "first_name": ("first", "fname", "first name", "pupil first name"),
    "name": ("name", "pupil name", "student full name"),
    "school_id": ("school id", "building code", "building id", "site id", "school state id"),
    "school_name": ("school name", "school", "building", "building name", "site"),
    "grade": ("grade", "gr", "current grade", "enrolled grade", "grade tested"),
    "test_date": ("test date", "completion date", "date completed", "assessment date", "date of test", "date taken"),
    "administration": ("administration", "testing window", "term name", "season", "period"),
    "subject": ("subject", "test name", "assessment name", "assessment code", "test code", "content area"),
    "score": ("score", "total", "mark", "points", "raw", "points total", "result", "overall score"),
    "max_score": ("max score", "max", "max points", "out of", "total possible", "possible"),
    "scale_score": ("scale score", "scaled", "scaled score", "ss"),
    "item": ("item", "item no", "question no", "item name", "item code"),
    "response": ("response", "student response", "student answer", "answer given", "selected", "marked"),
    "points": ("earned", "points awarded", "item points", "points earned"),
}  # fmt: skip
NUMBERED = re.compile(
    r"(?:.*[^a-z])?(?:q|ques|question|item|problem|prob|no|#)[-.#: ]*0*([1-9][0-9]{0,2})"
    r"[-.:( ]*(response|resp|answer|ans|choice|score|points|pts|earned|raw)?\)?"
)
ANSWERS = ("response", "resp", "answer", "ans", "choice")


def guessed(header: Sequence[str], hidden: Collection[int] = (), spec: AssessmentSpec | None = None) -> list[str]:
    """For each heading the meaning it most likely has, "" for none. `hidden` columns are left out.

    No meaning is guessed twice: the first heading has it, but an answer goes before the points earned with it.
    """
    found = [LEFT_OUT] * len(header)
    open_places = [place for place in range(len(header)) if place not in hidden]
    questions = _guessed_questions(header, open_places, spec)
    for position, place in questions.items():
        found[place] = f"q{position}"
    roles = {fold_heading(word): role for role, words in _all_words().items() for word in (role, *words)}
    taken: set[str] = set()
    for place in open_places:
        role = roles.get(fold_heading(header[place]), LEFT_OUT)
        if role and not found[place] and role not in taken:
            found[place] = role
            taken.add(role)
    return _of_one_kind(found)


def _all_words() -> dict[str, tuple[str, ...]]:
    own = {"student": STUDENT_ALIASES, **LONG_COLUMNS, **SCORE_COLUMNS, **PERSON_COLUMNS}
    return {role: (*own.get(role, ()), *WORDS.get(role, ())) for role in MEANINGS}


def _guessed_questions(header: Sequence[str], places: Sequence[int], spec: AssessmentSpec | None) -> dict[int, int]:
    """The place of the column of each question, by the label of the test's question or the number in its heading."""
    labels = {fold_heading(item.label): item.position for item in (spec.items if spec else ()) if item.label}
    found: dict[int, tuple[int, int]] = {}  # position: (how good a guess, place)
    for place in places:
        folded = fold_heading(header[place])
        position, rank = labels.get(folded), 0
        if position is None:
            numbered = NUMBERED.fullmatch(SEPARATORS.sub(" ", header[place].casefold()).strip())
            if numbered is None and not like_item(header[place]):
                continue
            position = int(numbered[1] if numbered else re.sub(r"\D", "", folded))
            suffix = numbered[2] if numbered else None
            rank = 1 if not suffix else 2 if suffix in ANSWERS else 3
        if position <= MAX_COLUMNS:
            found[position] = min(found.get(position, (9, place)), (rank, place))
    return {position: place for position, (_, place) in found.items()}


def _of_one_kind(meanings: list[str]) -> list[str]:
    """Guesses that fit together: a total beside questions is left out, and so on."""
    kind = WIDE if any(map(question_of, meanings)) else kind_of(meanings)
    if kind == LONG and "item" not in meanings and "score" in meanings:
        kind = SCORES
    return [LEFT_OUT if has_no_place(meaning, kind) else meaning for meaning in meanings]
