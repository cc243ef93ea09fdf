"""What the portal holds of a district before a roster is applied: plain frames, so that planning needs no database.

Every frame has the column `id`; days are day numbers (`records`), an open end is FOREVER.
"""

from dataclasses import dataclass

import pandas as pd

COLUMNS = {
    "schools": ["id", "code", "state_code", "nces_code", "sourced_id", "name"],
    "years": ["id", "code", "starts", "ends"],
    "sections": [
        "id",
        "school_id",
        "year_id",
        "code",
        "title",
        "subject",
        "grade",
        "sourced_id",
        "starts",
        "ends",
    ],
    "students": ["id", "number", "sourced_id", "family_name", "given_name"],
    "stays": [
        "id",
        "student_id",
        "school_id",
        "year_id",
        "grade",
        "starts",
        "ends",
        "english_learner",
        "iep",
        "economically_disadvantaged",
    ],
    "seats": ["id", "section_id", "student_id", "starts", "ends"],
    "staff": ["id", "section_id", "user_id", "role", "starts", "ends", "by_portal"],
    "people": ["id", "email", "sourced_id", "family_name", "given_name", "fresh", "local", "elsewhere"],
    "posts": ["id", "user_id", "school_id", "starts", "ends", "by_roster", "ended_by_person"],
}


@dataclass(slots=True)
class Present:
    """`stays`, `seats`, `staff` and `sections` are those of the years the roster is about.

    people: those with an address of the roster, or (`local`) with a OneRoster id and a place in the district;
    `fresh` have never signed in, `elsewhere` have a place in another district too.
    posts: memberships as teacher in the district's schools.
    """

    schools: pd.DataFrame
    years: pd.DataFrame
    sections: pd.DataFrame
    students: pd.DataFrame
    stays: pd.DataFrame
    seats: pd.DataFrame
    staff: pd.DataFrame
    people: pd.DataFrame
    posts: pd.DataFrame
