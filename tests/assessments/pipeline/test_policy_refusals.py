"""Files that are refused as a whole, and files that are repaired, from their bytes to the database."""

import pytest

from assessments.models import Result, Upload
from tests.assessments.pipeline.test_policy_lines import counts, database, said
from tests.assessments.sending import wide
from tests.schools.files.make_files import changed, packed, workbook

pytestmark = pytest.mark.django_db

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
COLUMNS = ["student_id", "1", "2", "3", "4"]


def in_book(change=None, name="xl/worksheets/sheet1.xml"):
    """A workbook of one good row, with one of its members changed."""
    made = workbook([["S1", *"ABCD"]], header=COLUMNS)
    return changed(made, name, change) if change else made


GOOD = "student_id,last_name,1,2,3,4\nS1,Ash,A,B,C,D\nS2,Birch,A,B,C,D\n"
DOCTYPE = b'<!DOCTYPE x [<!ENTITY a "b">]>'
REFUSED = [
    ("EMPTY_FILE", b""),
    ("EMPTY_FILE", b"\xef\xbb\xbf \r\n"),
    ("NO_DATA_ROWS", GOOD.partition("\n")[0]),
    ("NO_DATA_ROWS", GOOD.partition("\n")[0] + "\nTotal,,,,,\n"),
    ("NO_VALID_ROWS", GOOD.replace("S1", "NOBODY").replace("S2", "NOONE")),
    ("WRONG_TYPE", b"%PDF-1.7\n1 0 obj"),
    ("WRONG_TYPE", b"\x89PNG\r\n\x1a\n\x00\x00"),
    ("WRONG_TYPE", b"<!DOCTYPE html>\n<html><body>Sign in</body></html>"),
    ("WRONG_TYPE", OLE + "Workbook".encode("utf-16-le")),
    ("BINARY_CONTENT", GOOD.encode().replace(b"Birch", b"Bi\x00ch")),
    ("ENCODING", GOOD.encode().replace(b"Ash", b"Jos\xc3\xa9").replace(b"Birch", b"Pe\xf1a")),
    ("UNREADABLE_CSV", GOOD.replace("Ash", '"Ash')),
    ("MISSING_COLUMN", GOOD.replace(",4\n", ",note\n", 1)),
    ("MISSING_COLUMN", "name,total\nAna,4\n"),
    ("DUPLICATE_COLUMN", GOOD.replace("last_name", "Q4")),
    ("REPEATED_HEADER", GOOD + GOOD),
    (
        "TOO_MANY_COLUMNS",
        wide(("S1", *"ABCD", *[""] * 200), columns=",".join([*COLUMNS, *[f"n{n}" for n in range(200)]])),
    ),
    ("LINE_TOO_LONG", GOOD.replace("Birch", "B" * 300_000)),
    ("MIXED_ADMINISTRATION", GOOD.replace("last_name", "window").replace("Ash", "Q1").replace("Birch", "Q2")),
    ("MIXED_ADMINISTRATION", GOOD.replace("last_name", "window").replace("Ash", "Q2").replace("Birch", "Q2")),
    ("ENCRYPTED", OLE + "EncryptedPackage".encode("utf-16-le")),
    ("MACROS", in_book(lambda _: b"macro", "xl/vbaProject.bin")),
    ("XML_ENTITY", in_book(lambda xml: xml.replace(b"<workbook", DOCTYPE + b"<workbook"), "xl/workbook.xml")),
    ("CORRUPT_ARCHIVE", in_book()[:-600]),
    ("CORRUPT_ARCHIVE", in_book(lambda xml: xml[: len(xml) // 2])),
    ("TOO_LARGE_UNPACKED", in_book(lambda xml: xml.replace(b"<sheetData>", b"<sheetData>" + b" " * 30_000_000))),
    ("UNSAFE_ARCHIVE_NAME", in_book(lambda _: b"x", "../outside.xml")),
    ("TOO_MANY_FILES", packed({f"xl/part{n}.xml": b"" for n in range(2_100)})),
]


@pytest.mark.parametrize(("code", "data"), REFUSED, ids=[f"{n} {code}" for n, (code, _) in enumerate(REFUSED)])
def test_a_file_refused_as_a_whole_leaves_nothing_but_its_record(tested, send, code, data):
    """Even where it would be complete for a school that has results: an empty file must not wipe it."""
    for student, number in zip(tested.students, ("S1", "S2"), strict=False):
        student.number = number
        student.save()
    send(wide(*[(one, *"ABCD") for one in tested.students[:3]]), publish=True)
    before = database()
    upload = send(data, complete_for=("100",), publish=True, approve=True)
    assert upload.state == Upload.State.REJECTED, upload.answer
    read, *rest = counts(upload)
    assert rest == [0, 0, 0, read]
    refusal = upload.answer["refusal"]
    assert refusal["code"] == code, refusal
    assert refusal["message"] and ("error", code) in upload.issues.values_list("level", "code")
    assert not upload.answer["administrations"] and database() == before


@pytest.mark.parametrize(("setting", "value", "code"), [("ROWS", 1, "TOO_MANY_ROWS"), ("BYTES", 40, "TOO_LARGE")])
def test_limits_are_settings(tested, send, settings, setting, value, code):
    setattr(settings, f"UPLOAD_MAX_{setting}", value)
    upload = send(GOOD, publish=True)
    assert upload.state == Upload.State.REJECTED and upload.answer["refusal"]["code"] == code


PLAIN = "student_id,last_name,1,2,3,4\nS1,Ash,A,B,C,A\nS2,Birch,A,A,A,A\n"
REPAIRED = {
    "byte order mark": PLAIN.encode("utf-8-sig"),
    "UTF-16": PLAIN.encode("utf-16"),
    "cp1252": PLAIN.replace("Ash", "Pe\u00f1a").encode("cp1252"),
    "semicolons": PLAIN.replace(",", ";").encode(),
    "tabs": PLAIN.replace(",", "\t").encode(),
    "pipes": PLAIN.replace(",", "|").encode(),
    "separator line": b"sep=;\n" + PLAIN.replace(",", ";").encode(),
    "title rows": b"Northside Schools\nQuarterly results\n\n" + PLAIN.encode(),
    "header spelled otherwise": PLAIN.replace("student_id", " Student ID ").replace("last_name", "LAST NAME").encode(),
    "columns moved": b"4,student_id,3,2,1,last_name\nA,S1,C,B,A,Ash\nA,S2,A,A,A,Birch\n",
    "line ends mixed": PLAIN.replace("\n", "\r\n", 1).encode(),
    "old Macintosh line ends": PLAIN.replace("\n", "\r").encode(),
    "end of file mark": PLAIN.encode() + b"\x1a",
    "trailing commas": PLAIN.replace("\n", ",,\n").encode(),
    "blank rows": PLAIN.replace("\nS2", "\n,,,,,\n\nS2").encode(),
    "footer": PLAIN.encode() + b"\nTotal,,,,,\n",
    "spaces": PLAIN.replace("S1", " S1\u00a0").replace("B,C", " B ,\u200bC").encode(),
    "decomposed letters": PLAIN.replace("Ash", "Pen\u0303a").encode(),
    "workbook": workbook(
        [["S1", "Ash", *"ABCA"], ["S2", "Birch", *"AAAA"]], header=["student_id", "last_name", *"1234"]
    ),
}


@pytest.mark.parametrize("data", REPAIRED.values(), ids=REPAIRED.keys())
def test_a_file_repaired_loads_what_it_says(tested, send, data):
    for student, number, name in zip(tested.students, ("S1", "S2"), ("Ash", "Birch"), strict=False):
        student.number, student.family_name = number, name
        student.save()
    upload = send(data, publish=True)
    assert upload.state == Upload.State.PUBLISHED, upload.answer
    assert counts(upload) == (2, 2, 0, 0, 0)
    assert list(Result.objects.order_by("student").values_list("points", flat=True)) == [3, 1]
    again = send(PLAIN, publish=True)
    assert again.answer["rows_unchanged"] == 2


def test_an_id_with_a_float_suffix_is_the_number(tested, send):
    tested.students[0].number = "1234"
    tested.students[0].save()
    upload = send(wide(("1234.0", *"ABCD")), publish=True)
    assert upload.state == Upload.State.PUBLISHED and said(upload, "ID_FLOAT_SUFFIX") == [("note", 2)]
    assert Result.objects.get().student == tested.students[0]


def test_a_hidden_sheet_is_not_read_and_the_one_read_is_named(tested, send):
    number = tested.students[0].number
    book = workbook(sheets={"Old": [COLUMNS, [number, *"BBBB"]], "Fall": [COLUMNS, [number, *"ABCD"]]})
    hidden = changed(
        book, "xl/workbook.xml", lambda xml: xml.replace(b'<sheet name="Old"', b'<sheet state="hidden" name="Old"')
    )
    upload = send(hidden, filename="results.xlsx", publish=True)
    assert upload.answer["sheet"] == "Fall" and Result.objects.get().points == 4
