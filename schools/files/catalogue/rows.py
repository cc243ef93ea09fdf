"""Why a row is an error."""

from schools.files.catalogue.kind import kinds

ROW = kinds(
    "error",
    (
        "UNKNOWN_SCHOOL",
        "School not known",
        "No school is known by [{value}|this code or name].",
        "Correct it, or ask the district's administrator to add the school.",
    ),
    (
        "UNKNOWN_STUDENT",
        "Student not known",
        "No student is known by the id [{value}|of this row].",
        "Correct the id, or send the roster first so that the student is known.",
    ),
    (
        "STUDENT_NOT_IN_SCHOOL",
        "Student of another school",
        "The student[ {value}] is not enrolled in [{school}|this school] on the dates of the window.",
        "Check the id and the school, or ask the district's administrator to send this row.",
    ),
    (
        "UNKNOWN_SUBJECT",
        "Subject not known",
        "No test is known for the subject [{value}|of this row].",
        "Write the code, the name or the subject of a test that is set up[: {known}].",
    ),
    (
        "UNKNOWN_ADMINISTRATION",
        "Administration not known",
        "No testing window is known by [{value}|this name].",
        "Correct it, or add this name to the window in Test set-up[; known are {known}].",
    ),
    (
        "SCORE_NOT_NUMERIC",
        "Not a number",
        "[{value}|This cell][ in {column}] is not a plain number.",
        "Write the points in digits, for example 12.5, or leave it blank if the student was not tested.",
    ),
    (
        "SCORE_NEGATIVE",
        "Score below zero",
        "The score[ {value}][ in {column}] is below zero.",
        "Write the points earned, zero or more.",
    ),
    (
        "SCORE_ABOVE_MAX",
        "Score above the maximum",
        "The score[ {value}][ in {column}] is above the maximum[ of {maximum}].",
        "Correct the score, or the maximum in Test set-up.",
    ),
    (
        "SCORE_IS_PERCENT",
        "A percent instead of points",
        "The score[ {value}][ in {column}] is a percent, and the file does not say of what.",
        "Write the points earned instead.",
    ),
    (
        "SCORE_TOO_PRECISE",
        "Too many decimals",
        "The score[ {value}][ in {column}] has more decimals than [{decimals}|a score can have].",
        "Write the points as the test gives them.",
    ),
    (
        "MAX_SCORE_MISMATCH",
        "The maximum disagrees",
        "The maximum score[ {value}] is not the one of this test[, {maximum}].",
        "Check that the row belongs to this test; correct the maximum, or leave it blank.",
    ),
    (
        "DUPLICATE_CONFLICT",
        "Two different results for one student",
        "The student[ {value}] is there more than once with different results[ (lines {lines})].",
        "Keep the row that counts and delete the others.",
    ),
    (
        "ID_SCIENTIFIC",
        "Id in scientific notation",
        "The id[ {value}] was turned into scientific notation by a spreadsheet, and digits are lost.",
        "Format the column as text and take the ids from their source again.",
    ),
    (
        "ID_LOOKS_LIKE_DATE",
        "Id turned into a date",
        "The id[ {value}] looks like a date: a spreadsheet has changed it.",
        "Format the column as text and take the ids from their source again.",
    ),
    (
        "BAD_DATE",
        "Not a date",
        "[{value}|This cell][ in {column}] is not a date that can be read for certain.",
        "Write it as 2026-01-31 or 1/31/2026 (month first).",
    ),
    (
        "DATE_OUT_OF_RANGE",
        "Date outside the range",
        "The date[ {value}] is outside the range[ from {earliest} to {latest}].",
        "Correct the date, or choose the window it belongs to.",
    ),
    (
        "BAD_GRADE",
        "Grade not known",
        "[{value}|This cell][ in {column}] is not a grade.",
        "Write PK, K or a number from 1 to 12.",
    ),
    (
        "ROW_WIDTH",
        "Wrong number of cells in a row",
        "The row has [{count} cells|another number of cells] where the header has [{width}|its own].",
        "Look for a missing cell or a separator too many; a text that holds one belongs in quotation marks.",
    ),
    (
        "FIELD_TOO_LONG",
        "A cell is too long",
        "A cell[ in {column}] is longer than [{limit} characters|a cell may be].",
        "Shorten it, or look for a quotation mark that is not closed.",
    ),
    (
        "FORMULA_WITHOUT_VALUE",
        "A formula without its result",
        "A cell[ in {column}] holds a formula whose result was not saved in the workbook.",
        "Open the workbook in a spreadsheet program, let it calculate, save it, and send it again.",
    ),
)
