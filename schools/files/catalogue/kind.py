"""What the catalogue knows of one code."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One code. `title` is short, the heading over all issues of that code.

    `sentence` says what and where; `remedy` says what the person at the keyboard does next. Names in {braces}
    are filled in by `issues.issue`. "[with {detail}|without]" is the first part where the detail is known,
    and the second (or nothing) otherwise. Outside brackets a text has no names, so anything can be worded.
    """

    code: str
    level: str
    title: str
    sentence: str
    remedy: str


def kinds(level: str, *rows: tuple[str, str, str, str]) -> dict[str, Kind]:
    """The kinds of one level by code, each row being code, title, sentence, remedy."""
    return {code: Kind(code, level, title, sentence, remedy) for code, title, sentence, remedy in rows}
