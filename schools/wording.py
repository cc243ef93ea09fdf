"""Words that every room writes the same way: counts of things, and what somebody typed as one line."""


def how_many(count: int, one: str, many: str) -> str:
    """ "1 class", "2,000 classes"."""
    return f"{count:,} {one if count == 1 else many}"


def printable(text: str) -> str:
    """`text` with a space for each control character; the database takes no NUL, and no log a line break."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
