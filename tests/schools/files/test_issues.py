"""What is said about a file is worded in one place, whole, and in plain words."""

import re
import string

import pytest

from schools.files.issues import CATALOGUE, issue

POLICY = """
    EMPTY_FILE NO_DATA_ROWS NO_VALID_ROWS WRONG_TYPE ENCODING BINARY_CONTENT UNREADABLE_CSV MISSING_COLUMN
    DUPLICATE_COLUMN REPEATED_HEADER TOO_MANY_COLUMNS TOO_MANY_ROWS LINE_TOO_LONG MIXED_ADMINISTRATION
    ENCRYPTED MACROS XML_ENTITY CORRUPT_ARCHIVE TOO_LARGE_UNPACKED TOO_MANY_FILES UNSAFE_ARCHIVE_NAME
    ARCHIVE_SYMLINK DUPLICATE_MEMBER UNKNOWN_SCHOOL UNKNOWN_STUDENT STUDENT_NOT_IN_SCHOOL UNKNOWN_SUBJECT
    UNKNOWN_ADMINISTRATION SCORE_NOT_NUMERIC SCORE_NEGATIVE SCORE_ABOVE_MAX SCORE_IS_PERCENT SCORE_TOO_PRECISE
    MAX_SCORE_MISMATCH DUPLICATE_CONFLICT ID_SCIENTIFIC ID_LOOKS_LIKE_DATE BAD_DATE DATE_OUT_OF_RANGE BAD_GRADE
    ROW_WIDTH FIELD_TOO_LONG FORMULA_WITHOUT_VALUE MISSING_MANIFEST MISSING_FILE DUPLICATE_SOURCEDID
    CIRCULAR_ORG UNKNOWN_REFERENCE FORBIDDEN_COLUMN ROLE_NEEDS_APPROVAL
"""


def test_every_code_of_the_policy_is_there_and_is_an_error():
    assert {code: CATALOGUE[code].level for code in POLICY.split()} == dict.fromkeys(POLICY.split(), "error")


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_code_can_be_worded_without_any_detail(code):
    message = issue(code).message
    assert message[0].isupper() and message.endswith((".", "approve."))
    assert not re.search(r"[{}\[\]|]|  | \.(?![a-z0-9])| ,", message)
    if CATALOGUE[code].level == "error":
        assert CATALOGUE[code].remedy


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_code_can_be_worded_with_all_its_details(code):
    kind = CATALOGUE[code]
    names = {name for text in (kind.sentence, kind.remedy) for _, name, _, _ in string.Formatter().parse(text) if name}
    details = {name: f"<{name}>" for name in names - {"row"}}
    message = issue(code, row=7, **details).message
    assert all(detail in message for detail in details.values())
    assert not re.search(r"[{}\[\]|]|  | \.(?![a-z0-9])| ,", message)


def test_a_code_that_is_not_in_the_catalogue_is_a_mistake_of_ours():
    with pytest.raises(KeyError):
        issue("NO_SUCH_CODE")


def test_place_and_value_are_kept_and_a_long_value_is_cut():
    found = issue("SCORE_ABOVE_MAX", row=12, column="Q3", value="9" * 500, maximum=50)
    assert (found.row, found.column, found.level) == (12, "Q3", "error")
    assert len(found.value) == 200 and "9" * 57 + "..." in found.message and "of 50" in found.message


def test_braces_in_a_value_are_only_text():
    assert "{row}[x|y]" in issue("UNKNOWN_STUDENT", value="{row}[x|y]").message
