"""When a roster waits for a person's yes: too many errors, too many students gone, a school emptied. Pure."""

import numpy as np
import pandas as pd

MOST_ERRORS = 0.02
MOST_LEAVING = 0.05


def halts(read: int, rejected: int, current: pd.DataFrame, staying: pd.DataFrame, schools: dict[int, str]) -> list[str]:
    """Why the roster must not be applied without a person's yes, in sentences; empty where nothing stands against it.

    `current` are the enrollments that stand on the roster's day, `staying` those it would leave or make (both with
    student_id, school_id); `schools` are names by id of the district's schools.
    """
    found = []
    if rejected > MOST_ERRORS * read:
        found.append(
            f"{rejected} of {read} rows are errors, more than 2 %. Correct them, or say yes to loading the others."
        )
    students = current["student_id"].unique()
    leaving = int((~pd.Series(students).isin(staying["student_id"])).sum())
    if leaving > MOST_LEAVING * len(students):
        found.append(
            f"{leaving} of the {len(students)} students enrolled now are not in the roster and would be ended, more "
            "than 5 %. Check that it is complete, or say yes."
        )
    for school in np.setdiff1d(current["school_id"].unique(), staying["school_id"].unique()).tolist():
        found.append(
            f"{schools[school]} has students now and would have none. Check that the roster is complete, or say yes."
        )
    return found
