"""A file that cannot be used is refused as a whole, with the reason and the place."""

import codecs

import pytest

from schools.files.issues import FileRefused
from schools.files.limits import Limits
from schools.files.table import read_table
from tests.schools.files.make_files import HEADER, ROWS, text

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def refusal(data, name="results.csv", **limits):
    """The issue that a file is refused with."""
    with pytest.raises(FileRefused) as refused:
        read_table(data if isinstance(data, bytes) else data.encode(), name, limits=Limits(**limits))
    return refused.value.issue


@pytest.mark.parametrize("data", [b"", b" \r\n\n\t ", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, b",,,\r\n,,,\r\n", b"\x1a"])
def test_nothing_in_it(data):
    assert refusal(data).code == "EMPTY_FILE"


@pytest.mark.parametrize("rows", ["", "\n\n", ",,,,\n , ,,,\n", "Total,,,\nPrinted on 5/3/2026 by J. Ash\n"])
def test_a_header_without_rows_wipes_no_school(rows):
    found = refusal(text([]) + rows)
    assert (found.code, found.row) == ("NO_DATA_ROWS", 1)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7\n1 0 obj", "PDF"),
        (b"\r\n%PDF-1.4", "PDF"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "picture"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "picture"),
        (b"GIF89a,1,2", "picture"),
        (b"\x00\x00\x00\x18ftypheic", "picture"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"<!DOCTYPE html>\n<html><body>Sign in</body></html>", "sign-in page"),
        (b"\n  <HTML><head><title>Login</title>", "web page"),
        (codecs.BOM_UTF8 + b"<table><tr><td>1</td></tr></table>", "web page"),
        ("<html>Sign in</html>".encode("utf-16"), "web page"),
        (b'<?xml version="1.0"?><Workbook/>', "XML"),
        (b'{"error": "login required"}', "JSON"),
        (OLE + "Workbook".encode("utf-16-le"), "old Excel"),
        (OLE + "WordDocument".encode("utf-16-le"), "Word"),
    ],
)
@pytest.mark.parametrize("name", ["results.csv", "results.xlsx"])
def test_not_a_table_whatever_it_is_called(data, words, name):
    found = refusal(data, name)
    assert found.code == "WRONG_TYPE" and words in found.message


def test_an_encrypted_workbook_asks_to_remove_the_password():
    found = refusal(OLE + "EncryptedPackage".encode("utf-16-le"), "results.xlsx")
    assert found.code == "ENCRYPTED" and "remove the password" in found.message


def test_nul_bytes_name_their_line():
    found = refusal(text().encode().replace(b"Birch", b"Bi\x00ch"))
    assert (found.code, found.row) == ("BINARY_CONTENT", 3)


def test_control_bytes_throughout_are_not_text():
    assert refusal(b"a,b\n" + b"\x01\x02,\x03\n" * 20).code == "BINARY_CONTENT"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (b"Jos\xc3\xa9,Pe\xf1a", "mixes UTF-8 and Windows"),  # one name in each
        (b"Jos\x8f,A", "neither UTF-8 nor"),  # not defined in cp1252
        ("José,Muñoz".encode("mac-roman"), "neither UTF-8 nor"),
        ("Muñoz,A".encode("cp437"), "neither UTF-8 nor"),
        ("Wałęsa,A".encode("cp1250"), "neither UTF-8 nor"),
        ("Иванов,A".encode("cp1251"), "neither UTF-8 nor"),
        ("田中,A".encode("shift-jis"), "neither UTF-8 nor"),
    ],
)
def test_an_encoding_that_would_be_a_guess(name, reason):
    found = refusal(text().encode().replace(b"Cole,Cy", name))
    assert (found.code, found.row) == ("ENCODING", 4)
    assert reason in found.message


def test_a_utf16_file_cut_in_the_middle_of_a_letter():
    assert refusal(text().encode("utf-16")[:-1]).code == "ENCODING"


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("Ash", '"Ash', 2),  # never closed
        ("Cy,1,1", 'Cy,1,"1', 4),  # never closed, on the last line
        ("Birch", '"Birch', 3),
    ],
)
def test_an_open_quotation_mark(old, new, line):
    found = refusal(text().replace(old, new))
    assert (found.code, found.row) == ("UNREADABLE_CSV", line)


def test_an_open_quotation_mark_that_a_later_one_closes():
    rows = [[str(1000 + n), "Ash", "Ann", "1", "0"] for n in range(20)]
    whole = (
        text(rows).replace("1003,Ash", '1003,"Ash').replace("1009,Ash", '1009,Ash"').replace("1012,Ash", '1012,"Ash"')
    )
    found = refusal(whole)
    assert (found.code, found.row) == ("UNREADABLE_CSV", 5)
    assert "line 11" in found.message


def test_the_header_again_in_the_middle():
    found = refusal(text() + text([["1004", "Dee", "Di", "1", "1"]]))
    assert (found.code, found.row) == ("REPEATED_HEADER", 5)
    spelled_otherwise = text() + "Student ID, Last Name ,FIRST_NAME,q1,q2\n"
    assert refusal(spelled_otherwise).code == "REPEATED_HEADER"


def test_no_valid_row_names_the_first_problem():
    found = refusal(text([["1001", "Ash"], ["1002"]]))
    assert (found.code, found.row) == ("NO_VALID_ROWS", 2)
    assert "2 cells" in found.message


def test_limits():
    assert refusal(text(), max_bytes=50).code == "TOO_LARGE"
    assert refusal(text(), max_columns=4).code == "TOO_MANY_COLUMNS"
    assert refusal(text(), max_rows=2).code == "TOO_MANY_ROWS"
    assert refusal(text(), max_cells=14).code == "TOO_MANY_CELLS"
    assert refusal("\n" * 5000 + text(), max_rows=500).code == "TOO_MANY_ROWS"
    found = refusal(text().replace("Birch", "B" * 500), max_line=400)
    assert (found.code, found.row) == ("LINE_TOO_LONG", 3)


def test_as_many_as_the_limits_say_are_read():
    limits = Limits(max_rows=3, max_columns=5, max_cells=15, max_line=60)
    assert len(read_table(text().encode(), "x", limits=limits).frame) == len(ROWS)
    assert len(read_table((text() + ",,,,\n" * 10).encode(), "x", limits=limits).frame) == len(ROWS)


def test_a_mistaken_extension_does_not_matter():
    assert list(read_table(text().encode(), "results.xlsx").frame) == HEADER
