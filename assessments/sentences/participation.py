"""How many were tested, and until when the others can still be, in words."""

from dataclasses import dataclass
from datetime import date

from assessments.sentences.figures import count_of, day


@dataclass(frozen=True, slots=True)
class ParticipationPicture:
    """Students tested of those enrolled, and the window's last day; `today` says whether it is still open."""

    tested: int
    enrolled: int
    closes: date
    today: date

    @property
    def open(self) -> bool:
        """The last day of a window is still a day for tests."""
        return self.today <= self.closes

    @property
    def missing(self) -> int:
        return self.enrolled - self.tested


def tested_so_far(picture: ParticipationPicture) -> str:
    """ "44 of 47"; "27 of 31 so far" while the window is open."""
    counted = count_of(picture.tested, picture.enrolled)
    return f"{counted} so far" if picture.open else counted


def missing_words(picture: ParticipationPicture) -> str:
    """ "3 not tested", or that none is missing."""
    return f"{picture.missing:,} not tested" if picture.missing else "all enrolled students"


def make_up_sentence(picture: ParticipationPicture) -> str:
    """Until when the untested can still take the test; "" where nobody is missing."""
    if not picture.missing:
        return ""
    if picture.open:
        return f"The window is open until {day(picture.closes)}: make-up tests by then."
    return f"The window ended on {day(picture.closes)}; a make-up test still counts when its file is published."
