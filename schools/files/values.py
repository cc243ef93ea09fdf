"""Cells of text become numbers, dates, grades and ids, or the code that says why they cannot.

Every cleaner takes a column of clean text (blank = "") and works on its distinct texts, so that a column costs
as much as its variety. Each returns two arrays as long as the column: the values, and per row None or a code of
the catalogue. Digits are the ASCII ones only; blank is never an error here.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd

from schools.files.catalogue import CATALOGUE

NOT_TESTED = frozenset({"", "n/a", "na", "abs", "absent", "nt"})
MOST_DIGITS = 15  # what a double holds exactly
DEFAULT_DECIMALS = 2

POINT_NUMBER = re.compile(r"(-?)([0-9]*|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.([0-9]+))?")
COMMA_NUMBER = re.compile(r"(-?)([0-9]*|[0-9]{1,3}(?:\.[0-9]{3})+)(?:,([0-9]+))?")
WITH_THOUSANDS = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")

YEAR_FIRST = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]+))?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
MONTH_FIRST = re.compile(
    r"([0-9]{1,2})([/-])([0-9]{1,2})\2([0-9]{4})(?: [0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?: ?[AaPp][Mm])?)?"
)
MONTH_NAMED = re.compile(r"([A-Za-z]{3,9})\.? ([0-9]{1,2}),? ([0-9]{4})")
MONTHS = (
    "january february march april may june july august september october november december".split()  # noqa: SIM905
)
MONTH_OF = {month[:length]: number for number, month in enumerate(MONTHS, 1) for length in (3, len(month))}
MONTH_OF["sept"] = 9

FLOAT_SUFFIX = re.compile(r"([0-9]+)\.0+")
TEXT_MARK = re.compile(r"""'(\w[\w-]*)|="([^"]*)\"""")
SCIENTIFIC = re.compile(r"[0-9]+(?:\.[0-9]+)?[eE][+-][0-9]+|[0-9]+\.[0-9]+[eE][0-9]+")
_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
LIKE_DATE = re.compile(
    rf"[0-9]{{1,2}}[ -]{_MONTH}(?:[ -][0-9]{{2,4}})?|{_MONTH}[ -][0-9]{{2,4}}"
    r"|[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}"
    r"|(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[T ][0-9:.]+)?",
    re.IGNORECASE,
)

ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()  # noqa: SIM905
GRADE_WORDS = {word: f"{number:02d}" for number, word in enumerate(ORDINALS, 1)} | {
    **dict.fromkeys(("k", "kg", "kinder", "kindergarten"), "KG"),
    **dict.fromkeys(("pk", "prek", "prekinder", "prekindergarten"), "PK"),
    "freshman": "09",
    "sophomore": "10",
    "junior": "11",
    "senior": "12",
}
GRADE_NUMBER = re.compile(r"(0?[1-9]|1[0-2])(?:st|nd|rd|th|\.0)?")
GRADE_WORD_BEFORE = re.compile(r"^(?:grade|gr\.?|g)[ .:-]*(?=[0-9a-z])")
GRADE_WORD_AFTER = re.compile(r"[ -]*(?:grade|graders?)$")

Codes = np.ndarray  # object array: None, or a code of the catalogue


def _by_text(
    series: pd.Series | np.ndarray, clean: Callable[[str], tuple[object, str | None]], blank: object
) -> tuple[np.ndarray, Codes]:
    """`clean` applied to each distinct text once: (values, codes), object arrays of the column's length."""
    places, texts = pd.factorize(np.asarray(series, dtype=object))
    cleaned = [clean(text) for text in texts]
    values = np.empty(len(texts) + 1, dtype=object)
    codes = np.empty(len(texts) + 1, dtype=object)
    values[:-1], codes[:-1] = [value for value, _ in cleaned], [code for _, code in cleaned]
    values[-1] = blank  # place -1: a missing value in the column
    return values[places], codes[places]


def errors(codes: Codes) -> np.ndarray:
    """A bool mask: True where the code is an error. A note (ID_FLOAT_SUFFIX) leaves the value usable."""
    wrong = {code for code in set(codes.tolist()) if code and CATALOGUE[code].level == "error"}
    if not wrong:
        return np.zeros(len(codes), dtype=bool)
    return np.fromiter((code in wrong for code in codes), dtype=bool, count=len(codes))


def not_tested(series: pd.Series | np.ndarray) -> np.ndarray:
    """A bool mask: True where the cell says "not tested": blank, N/A, NA, ABS, ABSENT, NT in any case."""
    said, _ = _by_text(series, lambda text: (text.strip().casefold() in NOT_TESTED, None), blank=True)
    return said.astype(bool)


def plain_numbers(
    series: pd.Series | np.ndarray, *, decimal_comma: bool = False, max_decimals: int = DEFAULT_DECIMALS
) -> tuple[np.ndarray, Codes]:
    """(float64 array, codes): points in digits, thousands well formed, at most `max_decimals` decimals.

    What says "not tested" is NaN without a code. Anything but a plain number is NaN with SCORE_NOT_NUMERIC,
    SCORE_NEGATIVE, SCORE_IS_PERCENT or SCORE_TOO_PRECISE. Zeros at the end of the decimals do not count.
    """
    shape, thousands = (COMMA_NUMBER, ".") if decimal_comma else (POINT_NUMBER, ",")

    def clean(text: str) -> tuple[float, str | None]:
        text = text.strip()
        if text.casefold() in NOT_TESTED:
            return np.nan, None
        if text.endswith("%") and text[0] != "%":
            return np.nan, "SCORE_IS_PERCENT" if shape.fullmatch(text[:-1].rstrip()) else "SCORE_NOT_NUMERIC"
        found = shape.fullmatch(text)
        if not found or not (found[2] or found[3]):
            return np.nan, "SCORE_NOT_NUMERIC"
        decimals = (found[3] or "").rstrip("0")
        whole = found[2].replace(thousands, "")
        if len(whole.lstrip("0")) > MOST_DIGITS:
            return np.nan, "SCORE_NOT_NUMERIC"
        if found[1] and (whole.strip("0") or decimals):
            return np.nan, "SCORE_NEGATIVE"
        if len(decimals) > max_decimals:
            return np.nan, "SCORE_TOO_PRECISE"
        return float(f"{whole or 0}.{decimals or 0}"), None

    values, codes = _by_text(series, clean, blank=np.nan)
    return values.astype(np.float64), codes


def with_thousands(series: pd.Series | np.ndarray) -> np.ndarray:
    """A bool mask: True where a number is written with thousands separators (1,234)."""
    said, _ = _by_text(series, lambda text: (WITH_THOUSANDS.fullmatch(text) is not None, None), blank=False)
    return said.astype(bool)


def dates(series: pd.Series | np.ndarray) -> tuple[np.ndarray, Codes]:
    """(datetime64[D] array, codes): 2026-01-31, 1/31/2026 (month first), Jan 31, 2026; else NaT and BAD_DATE.

    A time of day is left out; with a time zone only midnight is taken: any other day would be a guess.
    Serial numbers, two-digit years and day-first dates are not read.
    """
    places, texts = pd.factorize(np.asarray(series, dtype=object))
    read = [*(_date(text) for text in texts), (None, None)]  # place -1: a missing value in the column
    days = np.array([day for day, _ in read], "datetime64[D]")
    return days[places], np.array([code for _, code in read], dtype=object)[places]


def _date(text: str) -> tuple[date | None, str | None]:
    text = text.strip()
    if not text:
        return None, None
    if found := YEAR_FIRST.fullmatch(text):
        year, month, day = found[1], found[2], found[3]
        if found[8] and any(part and part.strip("0") for part in found.group(4, 5, 6, 7)):
            return None, "BAD_DATE"
    elif found := MONTH_FIRST.fullmatch(text):
        month, day, year = found[1], found[3], found[4]
    elif (found := MONTH_NAMED.fullmatch(text)) and found[1].lower() in MONTH_OF:
        month, day, year = MONTH_OF[found[1].lower()], found[2], found[3]
    else:
        return None, "BAD_DATE"
    try:
        return date(int(year), int(month), int(day)), None
    except ValueError:
        return None, "BAD_DATE"


def grades(series: pd.Series | np.ndarray) -> tuple[np.ndarray, Codes]:
    """(object array, codes): "PK", "KG", "01" to "12"; None for a blank; None and BAD_GRADE otherwise."""
    return _by_text(series, _grade, blank=None)


def _grade(text: str) -> tuple[str | None, str | None]:
    word = " ".join(text.casefold().split())
    if not word:
        return None, None
    word = GRADE_WORD_AFTER.sub("", GRADE_WORD_BEFORE.sub("", word))
    if found := GRADE_NUMBER.fullmatch(word):
        return f"{int(found[1]):02d}", None
    grade = GRADE_WORDS.get(word.replace("-", "").replace(" ", ""))
    return grade, None if grade else "BAD_GRADE"


def student_ids(series: pd.Series | np.ndarray) -> tuple[np.ndarray, Codes]:
    """(object array of text, codes): ids as text. Errors are ID_SCIENTIFIC and ID_LOOKS_LIKE_DATE.

    "123.0" becomes "123" with the note ID_FLOAT_SUFFIX; "'00123" and '="00123"', as spreadsheets mark a text,
    become "00123" with the note ID_TEXT_MARK. `errors(codes)` tells errors from notes.
    """
    texts = np.asarray(series, dtype=object)
    if all(isinstance(text, str) and text.isalnum() for text in texts):  # as nearly every file has them
        return texts.copy(), np.full(len(texts), None, dtype=object)
    return _by_text(series, _student_id, blank="")


def _student_id(text: str) -> tuple[str, str | None]:
    text = text.strip()
    if text.isalnum():
        return text, None
    if found := FLOAT_SUFFIX.fullmatch(text):
        return found[1], "ID_FLOAT_SUFFIX"
    if found := TEXT_MARK.fullmatch(text):
        return (found[1] or found[2] or "").strip(), "ID_TEXT_MARK"
    if SCIENTIFIC.fullmatch(text):
        return text, "ID_SCIENTIFIC"
    return text, "ID_LOOKS_LIKE_DATE" if LIKE_DATE.fullmatch(text) else None


def fold_name(name: str) -> str:
    """A name for comparing: no case, Latin accents, spaces, hyphens or apostrophes. Never for showing."""
    apart = unicodedata.normalize("NFKD", name.casefold())
    return "".join(
        sign for sign in apart if unicodedata.category(sign)[0] in "LMN" and not "\u0300" <= sign <= "\u036f"
    )


def fold_names(series: pd.Series | np.ndarray) -> np.ndarray:
    """`fold_name` of a column, as an object array."""
    folded, _ = _by_text(series, lambda name: (fold_name(name), None), blank="")
    return folded


def same_name(one: str, other: str) -> bool:
    """Whether two names agree but for case, accents, spaces and marks. A blank agrees with nothing."""
    folded = fold_name(one)
    return bool(folded) and folded == fold_name(other)
