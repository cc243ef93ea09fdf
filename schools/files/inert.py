"""Text that a spreadsheet would run as a formula, made plain text."""

import re

STARTERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")


def inert(text: str, *, numbers_stay: bool = True) -> str:
    """The text with an apostrophe before it where a spreadsheet might take it for a formula.

    A plain number ("-1") stays as it is where the file is to be sent back: it must read the same again.
    """
    risky = text.lstrip(" ").startswith(STARTERS)
    return f"'{text}" if risky and not (numbers_stay and PLAIN_NUMBER.fullmatch(text)) else text
