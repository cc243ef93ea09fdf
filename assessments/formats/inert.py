"""Text that a spreadsheet would run as a formula, made plain text."""

import re

STARTERS = ("=", "+", "-", "@", "\t", "\r")
PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")


def inert(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula; numbers stay."""
    return f"'{text}" if text.startswith(STARTERS) and not PLAIN_NUMBER.fullmatch(text) else text
