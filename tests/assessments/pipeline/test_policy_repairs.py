"""What the import policy repairs, and the edges of its rules, by the command itself: a file in, its answer out."""

import io
import json
import socket
import stat
import struct
import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter
from django.core.management import call_command

from assessments.models import Result
from schools.models import Student
from tests import make
from tests.assessments.sending import wide
from tests.schools.files.make_files import changed, packed, workbook

pytestmark = pytest.mark.django_db

SHEET = "xl/worksheets/sheet1.xml"
COLUMNS = ["school_id", "student_id", "last_name", "grade", "subject", "administration", "test_date", "score"]


@pytest.fixture
def fluency(tested):
    """`tested` with a test of plain scores, and a student S1 by the name of O'Hara in Ash School."""
    tested.scores = make.assessment(
        tested.district, "SC5", "Fluency", "scores", subject="Fluency", max_score=5000, series="SC"
    )
    tested.student = make.student(tested.district, "S1", "O'Hara")
    make.enroll(tested.student, tested.ash, tested.year)
    return tested


@pytest.fixture
def load(fluency, tmp_path, capsys):
    """Run import_results on text or bytes: its exit status and its answer."""

    def run(data, *flags, name="results.csv"):
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        status = 0
        try:
            call_command("import_results", str(path), "--district", "D1", "--json", *flags)
        except SystemExit as left:
            status = left.code
        return status, json.loads(capsys.readouterr().out)

    return run


def codes(answer):
    return {one["code"] for one in answer["issues"]}


def row(**cells):
    """The cells of a good row of S1, with what differs."""
    good = {
        "school_id": "100", "student_id": "S1", "last_name": "O'Hara", "grade": "05", "subject": "SC5",
        "administration": "2025-26/Q1", "test_date": "2025-10-01", "score": "40",
    }  # fmt: skip
    return list((good | cells).values())


def scores(*rows, sign=",", header=COLUMNS):
    return "".join(sign.join(cells) + "\n" for cells in [header, *rows])


def the_result():
    """(points, day) of the one result there is."""
    return Result.objects.values_list("points", "tested_on").get()


# --- archives that are not what they say -----------------------------------------------------------------


def book():
    return workbook([["S1", *"ABCD"]], header=["student_id", *"1234"])


def twice():
    with zipfile.ZipFile(io.BytesIO(book())) as archive:
        members = [(name, archive.read(name)) for name in archive.namelist()]
    return packed([*members, (SHEET, dict(members)[SHEET].replace(b"A", b"B"))])


def linked():
    held = io.BytesIO(book())
    with zipfile.ZipFile(held, "a") as archive:
        link = zipfile.ZipInfo("xl/media/image1.png")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    return held.getvalue()


def lying(size):
    """The sheet says in both its headers that it unpacks to `size` bytes."""
    data = bytearray(book())
    for signature, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = data.index(signature)
        while SHEET.encode() not in data[start : start + 80]:
            start = data.index(signature, start + 4)
        data[start + place : start + place + 4] = struct.pack("<I", size)
    return bytes(data)


ARCHIVES = {
    "a member twice": (twice, "DUPLICATE_MEMBER"),
    "a link": (linked, "ARCHIVE_SYMLINK"),
    "says less than it unpacks to": (lambda: lying(100), "CORRUPT_ARCHIVE"),
    "says far more": (lambda: lying(4_000_000_000), "TOO_LARGE_UNPACKED"),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(("made", "code"), ARCHIVES.values(), ids=ARCHIVES.keys())
def test_a_workbook_that_is_a_trap_is_refused(load, made, code):
    flags = ("--assessment", "QM5", "--window", "2025-26/Q1", "--publish", "--approve")
    status, answer = load(made(), *flags, name="results.xlsx")
    assert (status, answer["status"]) == (1, "rejected") and code in codes(answer)
    assert answer["rows_loaded"] == 0 and not Result.objects.exists()
    assert load(book(), *flags, name="results.xlsx")[1]["status"] == "published"


# --- repairs ---------------------------------------------------------------------------------------------


def test_well_formed_thousands_are_numbers_and_others_are_errors(load):
    status, answer = load(scores(row(score='"1,234.5"')), "--publish")
    assert (status, the_result()[0]) == (0, 1234.5) and answer["rows_loaded"] == 1
    status, answer = load(scores(row(), row(student_id="S1", score='"1,23"')), "--publish")
    assert status == 1 and "SCORE_NOT_NUMERIC" in codes(answer)


def test_decimal_commas_of_a_semicolon_file(load):
    status, _ = load(scores(row(score="1.234,5"), sign=";"), "--publish")
    assert (status, the_result()[0]) == (0, 1234.5)


def test_commas_and_points_mixed_in_a_semicolon_file_are_no_decimals(fluency, load):
    other = make.student(fluency.district, "S2", "Ash")
    make.enroll(other, fluency.ash, fluency.year)
    mixed = scores(row(score="40,5"), row(student_id="S2", last_name="Ash", score="40.5"), sign=";")
    status, answer = load(mixed, "--publish")
    assert status == 1 and "SCORE_NOT_NUMERIC" in codes(answer) and not Result.objects.exists()


@pytest.mark.parametrize(
    "name", ["O\u2019Hara", "O\u02bcHara", "\u200eO'Hara\u200f", "\u202aO'Hara\u202c", "O'Ha\u200bra"]
)
def test_apostrophes_and_direction_marks_are_not_another_name(load, name):
    status, answer = load(scores(row(last_name=name, student_id="\u200eS1\u202c")), "--publish")
    assert (status, answer["rows_loaded"]) == (0, 1)
    assert not {"NAME_DIFFERS", "UNKNOWN_STUDENT"} & codes(answer)
    assert Student.objects.get(number="S1").family_name == "O'Hara"


def test_typed_cells_of_a_workbook(load):
    """A date is a date and a number a number, however the sheet shows them."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as made:
        sheet, shown = made.add_worksheet(), made.add_format({"num_format": "d. mmmm yy"})
        sheet.write_row(0, 0, COLUMNS)
        sheet.write_row(1, 0, row())
        sheet.write_datetime(1, COLUMNS.index("test_date"), datetime(2025, 10, 2), shown)
        sheet.write_number(1, COLUMNS.index("score"), 40.5, made.add_format({"num_format": "0"}))
        sheet.write_number(1, COLUMNS.index("grade"), 5)
        sheet.write_number(1, COLUMNS.index("school_id"), 100)
    status, _ = load(held.getvalue(), "--publish", name="results.xlsx")
    assert status == 0 and the_result() == (40.5, date(2025, 10, 2))


@pytest.mark.parametrize(("written", "day"), [("10/2/2025", 2), ("Oct 3, 2025", 3), ("2025-10-04", 4)])
def test_dates_as_people_write_them(load, written, day):
    assert load(scores(row(test_date=f'"{written}"')), "--publish")[0] == 0
    assert the_result()[1] == date(2025, 10, day)


GRADES = {
    "3": "03", "03": "03", "Grade 3": "03", "Third": "03", "3rd": "03", "gr. 3": "03", "K": "KG", "KG": "KG",
    "Kinder": "KG", "PK": "PK", "Freshman": "09",
}  # fmt: skip


@pytest.mark.parametrize(("spelling", "grade"), GRADES.items())
@pytest.mark.parametrize("case", [str, str.upper, str.lower])
def test_grades_as_people_write_them(load, spelling, grade, case):
    new = row(student_id="N1", last_name="New", grade=case(spelling))
    status, answer = load(scores(new), "--create-students", "--publish")
    assert status == 0 and "BAD_GRADE" not in codes(answer)
    assert Student.objects.get(number="N1").enrollments.get().grade == grade
    assert Result.objects.get().grade == grade


def test_a_maximum_left_blank_is_that_of_the_test(load):
    blank = scores([*row(), ""], header=[*COLUMNS, "max_score"])
    status, answer = load(blank, "--publish")
    assert status == 0 and the_result()[0] == 40 and "MAX_SCORE_MISMATCH" not in codes(answer)


# --- workbooks with more inside --------------------------------------------------------------------------


def test_external_links_are_named_and_never_followed(load):
    """The link points at a server that would notice; the value that the workbook stores is what counts."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/other.xlsx"
        held = io.BytesIO()
        with xlsxwriter.Workbook(held, {"in_memory": True}) as made:
            sheet = made.add_worksheet()
            sheet.write_row(0, 0, COLUMNS)
            sheet.write_row(1, 0, row())
            sheet.write_formula(1, COLUMNS.index("score"), "='[1]Sheet1'!$A$1", value=40)
        links = "xl/externalLinks/"
        relation = f'<Relationships><Relationship Id="rId1" Target="{address}" TargetMode="External"/></Relationships>'
        data = changed(held.getvalue(), f"{links}externalLink1.xml", lambda _: b"<externalLink/>")
        data = changed(data, f"{links}_rels/externalLink1.xml.rels", lambda _: relation.encode())
        status, answer = load(data, "--publish", name="results.xlsx")
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()
    assert status == 0 and "EXTERNAL_LINKS" in codes(answer) and the_result()[0] == 40


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_hidden_sheets_are_never_read_and_the_one_read_is_named(load, state):
    sheets = {"Old": [COLUMNS, row(score="11")], "Fall": [COLUMNS, row()]}
    mark = f'<sheet state="{state}" name="Old"'.encode()
    data = changed(workbook(sheets=sheets), "xl/workbook.xml", lambda xml: xml.replace(b'<sheet name="Old"', mark))
    status, answer = load(data, "--publish", name="results.xlsx")
    assert status == 0 and the_result()[0] == 40
    said = {one["code"]: one["message"] for one in answer["issues"]}
    assert "Old" in said["HIDDEN_SHEETS"] and any("The sheet Fall was read" in one for one in said.values())


# --- edges -----------------------------------------------------------------------------------------------


def pupils(world, count, school=None):
    made = [make.student(world.district) for _ in range(count)]
    for one in made:
        make.enroll(one, school or world.ash, world.year)
    return made


FORM = ("--assessment", "QM5", "--window", "2025-26/Q1")


@pytest.mark.parametrize(("absent", "status", "found"), [(2, 0, "ready"), (3, 1, "needs_review")])
def test_five_of_a_hundred_may_be_absent_from_a_complete_file(fluency, load, absent, status, found):
    school = make.school(fluency.district, "500")
    there = pupils(fluency, 40, school)
    sheet = wide(*[(one, *"ABCD") for one in there[absent:]])
    left, answer = load(sheet, *FORM, "--complete-for", "500", "--dry-run")
    assert (left, answer["status"]) == (status, found)


@pytest.mark.parametrize(("rows", "status", "found"), [(50, 0, "ready"), (49, 1, "needs_review")])
def test_two_of_a_hundred_rows_may_be_errors(fluency, load, rows, status, found):
    good = pupils(fluency, rows - 1)
    left, answer = load(wide(*[(one, *"ABCD") for one in good], ("NOBODY", *"ABCD")), *FORM, "--dry-run")
    assert (left, answer["status"], answer["rows_rejected"]) == (status, found, 1)


def test_a_bare_window_code_takes_its_year_from_the_file(fluency, load):
    """Q1 of this year and of the next: the dates say which, then the file's own words; alone it is unclear."""
    later = make.year(fluency.district, "2026-27", starts=date(2026, 8, 24), ends=date(2027, 6, 14))
    make.enroll(fluency.student, fluency.ash, later, grade="06")
    opens, closes = date(2026, 9, 14), date(2026, 10, 14)
    make.window(later, opens=opens, closes=closes, aliases=["Fall 2026-2027"])
    head = [name for name in COLUMNS if name != "administration"]

    def sheet(day):
        return scores(row(test_date=day)[:5] + row(test_date=day)[6:], header=head)

    def windows(answer):
        return [one["window"] for one in answer["administrations"]]

    assert windows(load(sheet("2025-10-01"), "--window", "Q1", "--publish")[1]) == ["2025-26/Q1"]
    assert windows(load(sheet("2026-10-01"), "--window", "Q1", "--publish")[1]) == ["2026-27/Q1"]
    named = scores(row(administration="Fall 2026-2027", test_date=""))
    assert windows(load(named, "--window", "Q1", "--publish")[1]) == ["2026-27/Q1"]
    status, answer = load(sheet(""), "--window", "Q1", "--publish")
    assert (status, answer["status"]) == (1, "rejected") and "UNKNOWN_ADMINISTRATION" in codes(answer)
    assert Result.objects.count() == 2
