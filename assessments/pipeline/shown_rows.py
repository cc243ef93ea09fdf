"""The few rows of a file that the check page shows: the first ten, and those that need a person.

Columns that look sensitive are named, unless a mapping reads them, and their cells are left out of what is kept here.
"""

import numpy as np

from assessments.pipeline.checking import Checked
from assessments.sensitive import sensitive_columns

FIRST_ROWS = 10
MOST_COLUMNS = 60
MOST_ERROR_ROWS = 200


def shown_rows(checked: Checked) -> dict:
    """`columns`, `first_rows`, `error_rows` (line: cells) and `sensitive` ([{column, looks_like}]) of the answer."""
    if checked.table is None:
        return {"columns": [], "first_rows": [], "error_rows": {}, "sensitive": []}
    table = checked.table
    header = list(table.header[:MOST_COLUMNS])
    first = _cells(table, np.arange(min(FIRST_ROWS, len(table.frame))))
    hidden = sensitive_columns(table.header, [list(row) for row in table.frame.head(50).itertuples(index=False)])

    def kept(rows: list[list[str]]) -> list[list[str]]:
        return [["" if place in hidden else cell for place, cell in enumerate(row)] for row in rows]

    lines = sorted({one.row for one in checked.issues if one.level == "error" and one.row is not None})
    places = np.flatnonzero(np.isin(table.lines, np.array(lines, np.int64)))[:MOST_ERROR_ROWS]
    errors = zip(table.lines[places].tolist(), kept(_cells(table, places)), strict=True)
    return {
        "columns": header,
        "first_rows": kept(first),
        "error_rows": {str(line): cells for line, cells in errors},
        "sensitive": [
            {"column": table.header[place], "looks_like": kind}
            for place, kind in hidden.items()
            if table.header[place] not in checked.mapped_headings
        ],
    }


def _cells(table, places: np.ndarray) -> list[list[str]]:
    rows = table.frame.iloc[places, :MOST_COLUMNS].itertuples(index=False)
    return [[str(cell) for cell in row] for row in rows]
