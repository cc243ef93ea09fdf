"""Text that a spreadsheet would run as a formula, made plain text."""

import re

STARTERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")


def inert(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet might take it for a formula; numbers stay."""
    risky = text.lstrip(" ").startswith(STARTERS) and not PLAIN_NUMBER.fullmatch(text)
    return f"'{text}" if risky else text
