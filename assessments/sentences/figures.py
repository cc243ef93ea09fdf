"""Figures in words: whole per cents that say of what, counts where there are few students, ranges."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

FEWEST_FOR_PERCENT = 10
MINUS = "\u2212"  # a true minus; a hyphen is shorter, and breaks off at the end of a line

OPENS_LATER = "opens when results are released"


@dataclass(frozen=True, slots=True)
class BasisPicture:
    """What a page rests on.

    `published` is None before publication, `same_questions` is False for an adaptive test.
    """

    test: str
    window: str
    published: date | None
    tested: int
    enrolled: int
    same_questions: bool = True


def rounded(value: float | Fraction) -> int:
    """A whole number, halves away from zero, so that a gain and a loss of one size read the same."""
    exact = Fraction(value)
    whole = int(abs(exact) + Fraction(1, 2))
    return whole if exact >= 0 else -whole


def whole_words(value: float | Fraction) -> str:
    """A whole number with a true minus: "1,235", "\u22123"."""
    figure = rounded(value)
    return f"{MINUS if figure < 0 else ''}{abs(figure):,}"


def signed_words(value: float | Fraction) -> str:
    """A change as a whole number: "+6", "\u22123", "0"."""
    return f"+{whole_words(value)}" if rounded(value) > 0 else whole_words(value)


def with_minus(text: str) -> str:
    """`text`, a figure that Python wrote, with a true minus."""
    return text.replace("-", MINUS)


def percent(part: float, whole: float) -> int:
    """The whole per cent `part` is of `whole`, halves up; exact for points in quarters and for counts.

    Raises ZeroDivisionError where there is nothing to take a share of: ask for counts there.
    """
    return rounded(Fraction(part) * 100 / Fraction(whole))


def percent_of_points(earned: float, possible: float) -> str:
    """ "62 % of the points"."""
    return f"{percent(earned, possible)} % of the points"


def count_of(part: int, whole: int) -> str:
    """ "5 of 8"."""
    return f"{part:,} of {whole:,}"


def students_at_benchmark(students: int, of: int) -> str:
    """ "38 % of students at benchmark"; under 10 students "5 of 8 students at benchmark"."""
    if of < FEWEST_FOR_PERCENT:
        return f"{count_of(students, of)} students at benchmark"
    return f"{percent(students, of)} % of students at benchmark"


def share_of_students(students: int, of: int) -> str:
    """ "39 % (17 of 44 students)", where a head says of what; under 10 students "5 of 8 students"."""
    counted = f"{count_of(students, of)} students"
    return counted if of < FEWEST_FOR_PERCENT else f"{percent(students, of)} % ({counted})"


def range_words(value: float, low: float, high: float) -> str:
    """A figure with its range, in whole numbers: "6 (4 to 8)"."""
    return f"{whole_words(value)} ({whole_words(low)} to {whole_words(high)})"


def scale_points(points: int) -> str:
    """ "1 scale point", "6 scale points"."""
    return f"{points} scale point" if abs(points) == 1 else f"{points} scale points"


def day(when: date) -> str:
    """ "Dec 4": the year is the page's."""
    return f"{when:%b} {when.day}"


def grade_words(grade: str) -> str:
    """ "05" -> "Grade 5", "KG" -> "Kindergarten", "PK" -> "Pre-K", "" -> "Grade not known"."""
    words = {"KG": "Kindergarten", "PK": "Pre-K", "": "Grade not known"}
    return words.get(grade) or f"Grade {int(grade)}"


def are(count: int) -> str:
    """The verb that goes with a count."""
    return "is" if count == 1 else "are"


def listed(parts: list[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def basis_line(picture: BasisPicture) -> str:
    """ "Quarterly Math 5, Winter 1 · published Dec 4 · 27 of 28 students (1 not tested)"."""
    parts = [f"{picture.test}, {picture.window}"]
    parts.append("not published yet" if picture.published is None else f"published {day(picture.published)}")
    missing = picture.enrolled - picture.tested
    counted = f"{count_of(picture.tested, picture.enrolled)} students"
    parts.append(f"{counted} ({missing:,} not tested)" if missing > 0 else counted)
    if not picture.same_questions:
        parts.append("questions differ by student, so there is no item map")
    return " · ".join(parts)
