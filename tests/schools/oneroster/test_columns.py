"""New rows in COPY's binary form: as PostgreSQL documents it, and left to text where rows differ in width."""

import struct

import numpy as np
import pytest

from schools.oneroster.columns import Days, Same, binary_blocks
from schools.oneroster.records import FOREVER

TYPES = {"id": "integer", "big": "bigint", "starts": "date", "grade": "varchar(2)", "iep": "boolean"}


def test_rows_of_one_width_are_laid_out_as_copy_reads_them():
    columns = {
        "id": np.array([7, -8, 9]),
        "starts": Days(np.array([10_957, 10_958, 0])),  # 10,957 is January 1, 2000
        "grade": ["03", "KG", "12"],
        "iep": Same(None, 3),
    }
    blocks = list(binary_blocks(columns, TYPES, 2))
    rows = [
        struct.pack(">hiiii", 4, 4, number, 4, day) + struct.pack(">i2si", 2, grade, -1)
        for number, day, grade in ((7, 0, b"03"), (-8, 1, b"KG"), (9, -10_957, b"12"))
    ]
    assert blocks == [b"PGCOPY\n\xff\r\n\0" + bytes(8), b"".join(rows[:2]), rows[2], b"\xff\xff"]


@pytest.mark.parametrize(
    "cells",
    [
        ["3", "12"],
        ["\N{LATIN SMALL LETTER E WITH ACUTE}", "ab"],
        Days(np.array([0, FOREVER])),
        Same(True, 2),
        [None, True],
    ],
)
def test_rows_of_many_widths_are_left_to_text(cells):
    assert binary_blocks({"id": np.array([1, 2]), "grade": cells}, TYPES | {"grade": "date"}, 10) is None
