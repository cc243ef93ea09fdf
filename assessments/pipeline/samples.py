"""What a person needs to see of each column to say what it is: its heading and a few of its values."""

import pandas as pd

from assessments.sensitive import sensitive_columns
from schools.files.table import Table

ROWS_LOOKED_AT = 50
VALUES = 3
LONGEST = 30


def columns_seen(table: Table | None) -> dict:
    """`headings`, and along them `values` (up to three different ones) and `hidden` ([place, what it looks like]).

    Values of columns that look sensitive are left out: they are named, never shown or kept.
    """
    if table is None:
        return {"headings": [], "values": [], "hidden": []}
    first = table.frame.head(ROWS_LOOKED_AT)
    hidden = sensitive_columns(table.header, [list(row) for row in first.itertuples(index=False)])
    values = [[] if place in hidden else _few(first.iloc[:, place]) for place in range(len(table.header))]
    return {"headings": list(table.header), "values": values, "hidden": sorted(hidden.items())}


def _few(column: pd.Series) -> list[str]:
    filled = [str(value) for value in column if value]
    return [value[:LONGEST] for value in dict.fromkeys(filled)][:VALUES]
