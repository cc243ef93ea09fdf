"""The import policy row by row, held from the bytes of a file to the database.

A file of plain scores with one good row (line 2) and one row of each kind the policy names (line 3): what is said of
it, how it is counted, and that nothing is written before a person's yes.
"""

from datetime import date

import pytest

from assessments.models import GroupSummary, Result, ResultHistory, Upload
from assessments.pipeline.acts import decide, publish_upload
from schools.models import Enrollment, School, Student
from tests import make
from tests.assessments.sending import advanced, wide

pytestmark = pytest.mark.django_db

HEADER = "school_id,student_id,last_name,first_name,grade,subject,administration,test_date,score,max_score"
CELLS = HEADER.split(",")


def database():
    """All that an import may write, but its own record."""
    tables = (Result, ResultHistory, GroupSummary, Student, School, Enrollment)
    return [list(table.objects.order_by("pk").values_list()) for table in tables]


def counts(upload):
    names = ("rows_read", "rows_loaded", "rows_not_tested", "rows_ignored", "rows_rejected")
    found = tuple(upload.answer[name] for name in names)
    assert found[0] == sum(found[1:])
    return found


def said(upload, code):
    """(level, line) of everything said under that code."""
    return list(upload.issues.filter(code=code).order_by("row").values_list("level", "row"))


@pytest.fixture
def scored(tested):
    """`tested` with a test that reports scores alone."""
    tested.scores = make.assessment(
        tested.district, "SC5", "Fluency", "scores", subject="Fluency", max_score=50, retake_rule="ask", series="SC"
    )
    return tested


@pytest.fixture
def send_scores(scored, send):
    """Send rows of plain scores; each is a dict of what differs from a good row of the first student."""

    def send_rows(*rows, header=HEADER, **options):
        student = scored.students[0]
        good = {
            "school_id": "100", "student_id": student.number, "last_name": student.family_name, "first_name": "Ana",
            "grade": "05", "subject": "SC5", "administration": "2025-26/Q1", "test_date": "2025-10-01", "score": "40",
            "max_score": "50",
        }  # fmt: skip
        lines = [row if isinstance(row, str) else ",".join((good | row)[cell] for cell in CELLS) for row in rows]
        return send("\n".join([header, *lines]) + "\n", **{"assessment": "", "window": ""} | options)

    return send_rows


ROW_ERRORS = [
    ("UNKNOWN_SCHOOL", {"school_id": "999"}),
    ("UNKNOWN_STUDENT", {"student_id": "NOBODY"}),
    ("MISSING_ID", {"student_id": ""}),
    ("UNKNOWN_SUBJECT", {"subject": "Chemistry"}),
    ("UNKNOWN_ADMINISTRATION", {"administration": "Spring 1999"}),
    *[("SCORE_NOT_NUMERIC", {"score": score}) for score in ("*", "#N/A", "inf", "1_0", "\uff14\uff10", "TRUE")],
    ("SCORE_NEGATIVE", {"score": "-1"}),
    ("SCORE_ABOVE_MAX", {"score": "51"}),
    ("SCORE_IS_PERCENT", {"score": "80%"}),
    ("SCORE_TOO_PRECISE", {"score": "40.123"}),
    ("MAX_SCORE_MISMATCH", {"max_score": "60"}),
    ("ID_SCIENTIFIC", {"student_id": "1.2E+05"}),
    ("ID_LOOKS_LIKE_DATE", {"student_id": "1-Mar"}),
    ("BAD_DATE", {"test_date": "31/12/2025"}),
    ("BAD_DATE", {"test_date": "45931"}),
    ("DATE_OUT_OF_RANGE", {"test_date": "2024-10-01"}),
    ("BAD_GRADE", {"grade": "13"}),
    ("FIELD_TOO_LONG", {"last_name": "x" * 201}),
]


@pytest.mark.parametrize(("code", "wrong"), ROW_ERRORS, ids=[f"{code} {cells}"[:60] for code, cells in ROW_ERRORS])
def test_a_row_that_is_an_error(scored, send_scores, code, wrong):
    second = scored.students[1]
    row = {"student_id": second.number, "last_name": second.family_name} | wrong
    before = database()
    upload = send_scores({}, row, publish=True)
    assert upload.state == Upload.State.NEEDS_REVIEW, upload.answer
    assert counts(upload) == (2, 1, 0, 0, 1)
    assert said(upload, code) == [("error", 3)]
    issue = upload.issues.get(code=code)
    assert issue.message and "2 %" in upload.answer["halts"][0]
    assert database() == before
    advanced(publish_upload(upload, scored.admin, approve=True))
    assert list(Result.objects.values_list("student", "points")) == [(scored.students[0].pk, 40.0)]


@pytest.mark.parametrize("cells", ["a,b,c", "100,{n},Last,Ana,05,SC5,2025-26/Q1,2025-10-01,40,50,surplus,more"])
def test_a_row_of_the_wrong_width(scored, send_scores, cells):
    before = database()
    upload = send_scores({}, cells.format(n=scored.students[1].number), publish=True)
    assert counts(upload) == (2, 1, 0, 0, 1) and said(upload, "ROW_WIDTH") == [("error", 3)]
    assert database() == before


def test_a_formula_without_a_value(tested, send):
    from tests.schools.files.make_files import sheet_of

    def cell(place, text):
        return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'

    one, other = (student.number for student in tested.students[:2])
    cells = "".join(cell(f"{column}1", name) for column, name in zip("ABCDE", ["student_id", *"1234"], strict=True))
    rows = [f'<row r="1">{cells}</row>']
    for line, number, first in ((2, one, cell("B2", "A")), (3, other, '<c r="B3"><f>1+1</f></c>')):
        rest = "".join(cell(f"{column}{line}", "B") for column in "CDE")
        rows.append(f'<row r="{line}">{cell(f"A{line}", number)}{first}{rest}</row>')
    before = database()
    upload = send(sheet_of("".join(rows).encode()), filename="results.xlsx", publish=True)
    assert counts(upload) == (2, 1, 0, 0, 1) and said(upload, "FORMULA_WITHOUT_VALUE") == [("error", 3)]
    assert database() == before


def test_students_and_schools_of_another_district_are_unknown(scored, send_scores):
    make.school(scored.far, "900", "Faraway School")
    before = database()
    upload = send_scores({}, {"student_id": scored.far_student.number}, {"school_id": "900"}, publish=True)
    assert counts(upload) == (3, 1, 0, 0, 2)
    assert said(upload, "UNKNOWN_STUDENT") == [("error", 3)] and said(upload, "UNKNOWN_SCHOOL") == [("error", 4)]
    assert scored.far_student.family_name not in "".join(upload.issues.values_list("message", flat=True))
    assert database() == before


def test_a_clerk_of_one_school_writes_for_no_other(scored, send_scores):
    other = scored.students[3]
    birch = {"school_id": "200", "student_id": other.number, "grade": "06", "last_name": "Wrong"}
    before = database()
    upload = send_scores({}, birch, school=scored.ash, by=scored.principal, publish=True)
    assert counts(upload) == (2, 1, 0, 0, 1) and said(upload, "STUDENT_NOT_IN_SCHOOL") == [("error", 3)]
    assert other.family_name not in "".join(upload.issues.values_list("message", flat=True))
    assert database() == before


def test_a_student_who_was_never_in_the_school_the_row_names(scored, send_scores):
    upload = send_scores({}, {"student_id": scored.students[3].number, "school_id": "100", "last_name": ""})
    assert counts(upload) == (2, 1, 0, 0, 1) and said(upload, "STUDENT_NOT_IN_SCHOOL") == [("error", 3)]


@pytest.mark.parametrize("word", ["", "N/A", "n/a", "NA", "ABS", "Absent", "NT", "nt"])
def test_not_tested_is_never_zero(scored, send_scores, word):
    upload = send_scores({}, {"student_id": scored.students[1].number, "last_name": "", "score": word}, publish=True)
    assert upload.state == Upload.State.PUBLISHED and counts(upload) == (2, 1, 1, 0, 0)
    result = Result.objects.get(student=scored.students[1])
    assert (result.status, result.points, result.level) == (Result.NOT_TESTED, None, None)
    school = GroupSummary.objects.get(school=scored.ash, grade="")
    assert (school.tested, school.not_tested, school.points_mean) == (1, 1, 40.0)


@pytest.mark.parametrize("surname", ["Null", "Nan", "True", "NA", "None"])
def test_surnames_that_look_like_nothing_are_names(scored, send_scores, surname):
    upload = send_scores({"student_id": "N77", "last_name": surname}, create_students=True, publish=True)
    assert counts(upload) == (1, 1, 0, 0, 0)
    assert Student.objects.get(number="N77").family_name == surname


def test_a_name_that_differs_warns_and_the_number_decides(scored, send_scores):
    upload = send_scores({"last_name": "Somebody"}, publish=True)
    assert upload.state == Upload.State.PUBLISHED and said(upload, "NAME_DIFFERS") == [("warning", 2)]
    assert Result.objects.get().student == scored.students[0]


def test_leading_zeros_come_back_only_with_the_name(scored, send_scores):
    for number, family in (("00777", "Zero"), ("00778", "Nought")):
        make.enroll(make.student(scored.district, number, family), scored.ash, scored.year)
    upload = send_scores(
        {"student_id": "777", "last_name": "Zero"}, {"student_id": "778", "last_name": "Other"}, create_students=True
    )
    assert counts(upload) == (2, 1, 0, 0, 1)
    assert said(upload, "LEADING_ZEROS") == [("note", 2)] and said(upload, "UNKNOWN_STUDENT") == [("error", 3)]
    advanced(publish_upload(upload, scored.admin, approve=True))
    assert Result.objects.get().student.number == "00777" and not Student.objects.filter(number="778").exists()


def test_identical_rows_are_loaded_once(scored, send_scores):
    upload = send_scores({}, {}, publish=True)
    assert upload.state == Upload.State.PUBLISHED and counts(upload) == (2, 1, 0, 1, 0)
    assert said(upload, "IDENTICAL_DUPLICATE") == [("note", 3)] and Result.objects.count() == 1


def test_two_scores_for_one_student_wait_for_a_person(scored, send_scores):
    before = database()
    other = {"student_id": scored.students[1].number, "last_name": ""}
    upload = send_scores({}, {"score": "41", "test_date": "2025-10-02"}, other, publish=True)
    assert upload.state == Upload.State.NEEDS_REVIEW and counts(upload) == (3, 1, 0, 0, 2)
    assert said(upload, "DUPLICATE_CONFLICT") == [("error", 2), ("error", 3)]
    assert database() == before
    advanced(decide(upload, scored.admin, {"keep_line": {scored.students[0].number: 3}}))
    upload.refresh_from_db()
    assert upload.state == Upload.State.READY and counts(upload) == (3, 2, 0, 1, 0)
    advanced(publish_upload(upload, scored.admin))
    assert Result.objects.get(student=scored.students[0]).points == 41


@pytest.mark.parametrize(("rule", "points"), [("first", 30.0), ("last", 20.0), ("best", 40.0)])
@pytest.mark.parametrize("files", [1, 3])
def test_retakes_follow_the_rule_within_a_file_and_across_files(scored, send_scores, rule, points, files):
    scored.scores.retake_rule = rule
    scored.scores.save()
    attempts = [
        {"score": "30", "test_date": "2025-10-01"},
        {"score": "40", "test_date": "2025-10-02"},
        {"score": "20", "test_date": "2025-10-03"},
    ]
    if files == 1:
        assert counts(send_scores(*attempts, publish=True)) == (3, 1, 0, 2, 0)
    else:
        other = {"student_id": scored.students[1].number, "last_name": ""}  # something to load in each file
        for attempt in attempts:
            send_scores(attempt, other, publish=True)
    assert Result.objects.get(student=scored.students[0]).points == points


def test_another_day_asks_and_the_same_day_corrects(scored, send_scores):
    send_scores({}, publish=True)
    other = {"student_id": scored.students[1].number, "last_name": ""}
    asked = send_scores({"score": "41", "test_date": "2025-10-02"}, other, publish=True)
    assert asked.state == Upload.State.NEEDS_REVIEW and said(asked, "DUPLICATE_CONFLICT") == [("error", 2)]
    send_scores({"score": "42"}, publish=True)
    result = Result.objects.get()
    assert (result.points, result.tested_on) == (42, date(2025, 10, 1))


def test_not_tested_never_wipes_out_a_result(scored, send_scores):
    send_scores({}, publish=True)
    other = {"student_id": scored.students[1].number, "last_name": ""}
    upload = send_scores({"score": "ABS"}, other, publish=True)
    assert counts(upload) == (2, 1, 0, 1, 0) and said(upload, "LATER_TESTED")[0][1] == 2
    assert Result.objects.get(student=scored.students[0]).points == 40
    assert counts(send_scores({}, {"score": "ABS"}, publish=True)) == (2, 1, 0, 1, 0)


@pytest.mark.parametrize(("wrong", "state"), [(2, "ready"), (3, "needs_review")])
def test_more_than_two_of_a_hundred_rows_are_a_halt(scored, send, wrong, state):
    good = [make.student(scored.district) for _ in range(100 - wrong)]
    for student in good:
        make.enroll(student, scored.ash, scored.year)
    upload = send(wide(*[(one, *"ABCD") for one in good], *[(f"NOBODY{n}", *"ABCD") for n in range(wrong)]))
    assert counts(upload) == (100, 100 - wrong, 0, 0, wrong)
    assert upload.state == state and bool(upload.answer["halts"]) == (state == "needs_review")


def test_enrollment_is_looked_up_on_the_days_of_the_window(scored, send_scores):
    """The student moved since: the result counts where the test was taken."""
    moved = make.student(scored.district)
    make.enroll(moved, scored.birch, scored.year, ends=date(2025, 10, 20))
    make.enroll(moved, scored.ash, scored.year, starts=date(2025, 10, 21))
    row = {"student_id": moved.number, "last_name": ""}
    upload = send_scores(row | {"school_id": "200"}, publish=True)
    assert upload.state == Upload.State.PUBLISHED, upload.answer
    assert Result.objects.get(student=moved).school == scored.birch
    elsewhere = send_scores(row, publish=True)  # the file says Ash, where the student is by now
    assert said(elsewhere, "COUNTED_ELSEWHERE") == [("warning", 2)] or said(elsewhere, "STUDENT_NOT_IN_SCHOOL")
    assert Result.objects.get(student=moved).school == scored.birch


def test_nobody_is_made_unless_asked_for_and_then_once(scored, send_scores):
    row = {"student_id": "N1", "last_name": "New", "school_id": "N-SCHOOL"}
    before = database()
    assert send_scores(row, publish=True).state == Upload.State.REJECTED and database() == before
    upload = send_scores(row, row | {"score": "40.0"}, {}, create_students=True, publish=True)
    assert upload.state == Upload.State.PUBLISHED and counts(upload) == (3, 2, 0, 1, 0)
    made = Student.objects.get(number="N1")
    assert made.enrollments.get().school.code == "N-SCHOOL"
    again = send_scores(row, create_students=True, publish=True)
    assert again.answer["rows_unchanged"] == 1 and Student.objects.filter(number="N1").count() == 1


def test_grades_outside_three_to_eight_load(scored, send_scores):
    young = make.student(scored.district)
    make.enroll(young, scored.ash, scored.year, "01")
    upload = send_scores({"student_id": young.number, "last_name": "", "grade": "First"}, publish=True)
    assert upload.state == Upload.State.PUBLISHED and Result.objects.get().grade == "01"


def test_one_file_feeds_several_administrations(scored, send_scores):
    winter = {"administration": "2025-26/Q2", "test_date": "2025-11-20", "score": "45"}
    upload = send_scores({}, winter, publish=True)
    assert counts(upload) == (2, 2, 0, 0, 0)
    assert [one["window"] for one in upload.answer["administrations"]] == ["2025-26/Q1", "2025-26/Q2"]
    assert list(Result.objects.order_by("points").values_list("points", flat=True)) == [40, 45]
