"""Chance that repeats itself: every part of the demo draws from a source of its own, named by what it makes.

So the same seed gives the same network, and a change in one part leaves the others as they were.
"""

import zlib

import numpy as np


def source(seed: int, *names: object) -> np.random.Generator:
    """The source of chance for one part, `source(7, "roster", 0)`."""
    return np.random.default_rng([seed, *(zlib.crc32(str(name).encode()) for name in names)])
