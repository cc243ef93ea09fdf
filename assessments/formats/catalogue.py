"""What can be said about a file of results beside what can be said about any file.

These kinds join `schools.files.catalogue.CATALOGUE` when a format is imported: the ground floor words every
issue, and a higher floor adds the words only it needs.
"""

from schools.files.catalogue import CATALOGUE, Kind

KINDS = (
    Kind(
        "UNKNOWN_ASSESSMENT",
        "error",
        "Which test is this?",
        "The file does not say clearly which test it holds[ ({found})].",
        "Choose the test when you send it[; set up are {known}].",
    ),
    Kind(
        "ROSTER_HALF_ALONE",
        "error",
        "Only half of a pair",
        "This is the StudentsBySchool half of a MAP Growth pair: it says who is where, and holds no results.",
        "Send the AssessmentResults file, and this one with it.",
    ),
    Kind(
        "UNKNOWN_LAYOUT",
        "note",
        "A layout nobody has seen",
        "The portal does not know this layout.",
        "A person can say what its columns are[, on the page {page}]; that is kept for the next file.",
    ),
    Kind(
        "MAPPING_UNFIT",
        "error",
        "The mapping does not fit",
        "The columns cannot be read as they were named[: {found}].",
        "Say again what the columns are.",
    ),
    Kind(
        "MISSING_ID",
        "error",
        "No student number",
        "The row has no student number.",
        "Fill it in, or delete the row.",
    ),
    Kind(
        "UNKNOWN_CHOICE",
        "error",
        "Not one of the choices",
        '[{column} has "{value}"|There is an answer the question does not have][; the choices are {choices}].',
        "Correct it, or set it as blank.",
    ),
    Kind(
        "UNKNOWN_ITEM",
        "error",
        "Question not known",
        "The test has no question by the label or number [{value}|of this row].",
        "Correct the question's label, or check that it is the right test.",
    ),
    Kind(
        "DATE_OUTSIDE_WINDOW",
        "warning",
        "Tested outside the window",
        "The date[ {value}] is outside the window[, {earliest} to {latest}], but close to it; the row was kept.",
        "If it is a make-up test, nothing is to be done.",
    ),
    Kind(
        "COUNTED_ELSEWHERE",
        "warning",
        "Counted for another school",
        "The file names [{value}|a school], but the student was enrolled elsewhere on the test date, and the result "
        "counts there.",
        "If that is wrong, correct the roster or the date.",
    ),
    Kind(
        "NOT_ENROLLED_ON_DATE",
        "warning",
        "Not enrolled on the test date",
        "The student[ {value}] was enrolled in the window, but not on the test date; the result was kept.",
        "Check the date, and the roster's first and last days.",
    ),
    Kind(
        "ITEMS_MISSING",
        "warning",
        "Questions without a row",
        "Some students have no row for some questions[ ({count} answers)]; those count as not given.",
        "If those students left them blank, add the rows with an empty answer.",
    ),
    Kind(
        "GRADE_UNKNOWN",
        "warning",
        "Grade not known",
        "[{value}|A cell][ in {column}] is not a grade from PK to 12; the roster's counts, or none[ ({count} rows)].",
        "",
    ),
    Kind(
        "GRADE_NOT_OF_TEST",
        "warning",
        "Students of another grade",
        "[{count}|Some] students are in a grade[ ({found})] that [{test}|the test] is not set up for.",
        "Check that it is the right test; if it is, nothing is to be done.",
    ),
    Kind(
        "HELD_BACK",
        "error",
        "Waits for another row",
        "Another row of this student has an error, and a total without it would be wrong.",
        "Correct that row, and send this one with it.",
    ),
    Kind(
        "COLUMN_NOT_USED",
        "note",
        "Columns not used",
        "Columns that are no part of this layout were not read[: {columns}].",
        "",
    ),
    Kind(
        "ITEM_COLUMN_EXTRA",
        "warning",
        "A question too many",
        "[{column}|A column] looks like a question, but the test has none by that label or number; it was not read.",
        "Check that it is the right test.",
    ),
    Kind(
        "RETAKE_IGNORED",
        "note",
        "Another attempt counts",
        "Another attempt of this student[, line {kept},] counts[ ({rule})]; this one was left out.",
        "",
    ),
    Kind(
        "LATER_TESTED",
        "note",
        "Tested after all",
        "The student is there as not tested, and [on line {kept}|elsewhere] with a result; the result counts.",
        "",
    ),
    Kind(
        "SKIPPED_BY_PERSON",
        "note",
        "Left out by choice",
        "The row was left out because a person chose so.",
        "",
    ),
)

CATALOGUE.update({kind.code: kind for kind in KINDS})
