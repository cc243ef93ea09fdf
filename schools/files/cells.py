"""Cleaning of cells: what no reader can see, or no person meant, goes; what they wrote stays."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from schools.files.issues import Issue, issue

MARKS = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f\x80-\x84\x86-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
SPACES = re.compile("[\t\n\v\f\r\x1c-\x1f\x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
CURLY = str.maketrans({"\u2018": "'", "\u2019": "'", "\u02bc": "'"})
REPAIRS = ("CELLS_TRIMMED", "MARKS_REMOVED", "LETTERS_COMPOSED", "APOSTROPHES")


def clean_cell(text: str) -> str:
    """The text trimmed, without hidden marks, its letters composed (NFC), its apostrophes straight."""
    if text.isascii() and text.isprintable():
        return text.strip()
    text = SPACES.sub(" ", MARKS.sub("", text)).translate(CURLY)
    return unicodedata.normalize("NFC", text).strip()


def repairs_of(text: str) -> list[str]:
    """The codes of what `clean_cell` does to that text."""
    found = []
    if MARKS.search(text):
        found.append("MARKS_REMOVED")
    spaced = SPACES.sub(" ", MARKS.sub("", text))
    if spaced != spaced.strip() or SPACES.search(text):
        found.append("CELLS_TRIMMED")
    if not unicodedata.is_normalized("NFC", text):
        found.append("LETTERS_COMPOSED")
    if text.translate(CURLY) != text:
        found.append("APOSTROPHES")
    return found


@dataclass(slots=True)
class Cleaner:
    """Cleans columns, and remembers in how many cells it repaired what."""

    counts: Counter[str] = field(default_factory=Counter)

    def column(self, raw: np.ndarray, longest: int) -> tuple[np.ndarray, np.ndarray | None]:
        """One column cleaned, and a bool mask of the cells longer than `longest` characters (None if there are none).

        The column itself is given back where nothing in it needed cleaning.
        """
        places, texts = pd.factorize(raw)
        cleaned = [clean_cell(text) for text in texts]
        changed = [place for place, (old, new) in enumerate(zip(texts, cleaned, strict=True)) if old != new]
        if changed:
            often = np.bincount(places, minlength=len(texts))
            for place in changed:
                for code in repairs_of(texts[place]):
                    self.counts[code] += int(often[place])
            values = np.empty(len(cleaned), dtype=object)
            values[:] = cleaned
            raw = values[places]
        too_long = np.fromiter((len(text) > longest for text in cleaned), dtype=bool, count=len(cleaned))
        return raw, too_long[places] if too_long.any() else None

    def notes(self) -> list[Issue]:
        """A note for each kind of repair that was made."""
        return [issue(code, count=self.counts[code]) for code in REPAIRS if self.counts[code]]
