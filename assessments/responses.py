"""How one student's answers to one test are kept: two byte vectors, one byte an item, in the test's item order.

`points`  quarter points earned (0 to 250, so at most 62.5 points an item), or one of the three codes below.
`choices` the option chosen: 1 = A ... 26 = Z, 0 = not known (or none), 27 = more than one was marked.

A blank and an answer not reached earn nothing and count; an item not given does not count.
The order of items is part of the contract: an assessment with results never reorders its items.
"""

import numpy as np

UNITS_PER_POINT = 4
MAX_UNITS = 250
NOT_GIVEN, NOT_REACHED, BLANK = 253, 254, 255
NO_CHOICE, MULTIPLE = 0, 27
CHOICE_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def earned(points: np.ndarray) -> np.ndarray:
    """Quarter points that count, as uint8 of the same shape: blank, not reached and not given earn 0."""
    return np.where(points > MAX_UNITS, np.uint8(0), points)


def given(points: np.ndarray) -> np.ndarray:
    """A bool mask of the same shape: True where the item was put before the student."""
    mask: np.ndarray = points != NOT_GIVEN
    return mask


def unpack(vectors: list[bytes], items: int) -> np.ndarray:
    """The vectors of `len(vectors)` students as one uint8 matrix (students x items).

    Raises ValueError where a vector is not `items` long: the item list and the results do not belong together.
    """
    joined = b"".join(vectors)
    if len(joined) != len(vectors) * items:
        raise ValueError(f"{len(vectors)} vectors hold {len(joined)} bytes, not {items} each")
    return np.frombuffer(joined, dtype=np.uint8).reshape(len(vectors), items)


def score_choices(choices: np.ndarray, keys: np.ndarray, worth: np.ndarray) -> np.ndarray:
    """Quarter points for chosen options (students x items), given the key and the worth of each item.

    `keys` holds the option code of each item's key (0 where it has none), `worth` its quarter points.
    Several marks, a wrong option and no known option earn 0.
    """
    right = (choices == keys) & (keys != NO_CHOICE)
    return np.where(right, worth.astype(np.uint8), np.uint8(0))
