"""Workbooks: typed cells as text, the right sheet, nothing hidden, nothing dangerous."""

import datetime
import io
import re
import zipfile

import pytest
import xlsxwriter

from schools.files.issues import FileRefused
from schools.files.limits import Limits
from schools.files.table import read_table
from tests.schools.files.make_files import HEADER, ROWS, changed, packed, sheet_of, workbook

STYLED = b'<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c></row>'


def read(data, **options):
    return read_table(data, "results.xlsx", **options)


def refusal(data, **limits):
    with pytest.raises(FileRefused) as refused:
        read(data, limits=Limits(**limits))
    return refused.value.issue


def codes(table):
    return {note.code for note in table.notes}


def test_the_rows_and_the_name_of_the_sheet():
    table = read(workbook())
    assert table.header == tuple(HEADER) and table.frame.to_numpy().tolist() == ROWS
    assert table.sheet == "Results" and table.lines.tolist() == [2, 3, 4] and table.rows_read == 3
    assert [note.message for note in table.notes] == ["The sheet Results was read."]


def typed(**options):
    """A workbook with one cell of every type under its heading."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True, **options}) as book:
        sheet = book.add_worksheet()
        styles = {code: book.add_format({"num_format": code}) for code in ("m/d/yyyy", "h:mm", "0%", "0.00", "[h]:mm")}
        day = datetime.datetime(2026, 1, 31)
        cells = [
            ("id", 1001, None, "1001"),
            ("float", 12.5, None, "12.5"),
            ("shown", 12, styles["0.00"], "12"),
            ("yes", True, None, "TRUE"),
            ("no", False, None, "FALSE"),
            ("date", day, styles["m/d/yyyy"], "2026-01-31"),
            ("moment", day.replace(hour=9, minute=30), styles["m/d/yyyy"], "2026-01-31T09:30:00"),
            ("percent", 0.85, styles["0%"], "85%"),
            ("third", 0.29, styles["0%"], "29%"),
            ("hours", 1.5, styles["[h]:mm"], "1.5"),
            ("text", "00123", None, "00123"),
            ("nul", "Null", None, "Null"),
            ("large", 1.2345678901234567e17, None, "1.23457E+17"),
            ("negative", -3, None, "-3"),
        ]
        for place, (heading, value, style, _) in enumerate(cells):
            sheet.write(0, place, heading)
            sheet.write(1, place, value, style)
        sheet.write(0, len(cells), "error")
        sheet.write_formula(1, len(cells), "=NA()", None, "#N/A")
        sheet.write(0, len(cells) + 1, "formula")
        sheet.write_formula(1, len(cells) + 1, "=1+1", None, 2)
    return held.getvalue(), [text for *_, text in cells] + ["#N/A", "2"]


@pytest.mark.parametrize("options", [{}, {"date_1904": True}, {"constant_memory": True}])
def test_typed_cells_as_text(options):
    data, expected = typed(**options)
    assert read(data).frame.to_numpy().tolist() == [expected]


def test_the_same_cells_through_the_xml_parser():
    data, expected = typed()
    odd = changed(
        data, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"<sheetData>", b"<sheetData><row><!-- odd --></row>")
    )
    assert read(odd).frame.to_numpy().tolist() == [expected]


def prefixed(xml):
    """Sheet XML with a namespace prefix on every tag, as some programs write it."""
    return re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", xml).replace(b"xmlns=", b"xmlns:x=")


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: xml.replace(b'"', b"'").replace(b"version='1.0'", b'version="1.0"'),
        lambda xml: xml.replace(b'<c r="B2" t="s">', b'<c t="s" r="B2">'),
        lambda xml: xml.replace(b"<v>", b"<v >"),
        lambda xml: xml.replace(b"<row r=", b"<row spans='1:5' r="),
        lambda xml: b"".join(xml.split(b' spans="1:5"')),
        lambda xml: xml.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        prefixed,
    ],
    ids=["single quotes", "attributes turned", "space in tag", "spans first", "no spans", "UTF-16", "prefix"],
)
def test_sheets_written_in_other_ways_read_the_same(change):
    data = changed(workbook(), "xl/worksheets/sheet1.xml", change)
    assert read(data).frame.to_numpy().tolist() == ROWS


def test_a_large_sheet_written_in_a_very_unusual_way_is_refused():
    row = b"<!-- odd -->" + b" " * 1_000_000
    assert refusal(sheet_of(b'<row r="1"/>' + row * 26), max_ratio=10_000).code in {
        "TOO_LARGE_UNPACKED",
        "LINE_TOO_LONG",
    }


def test_rows_and_cells_without_an_address_follow_each_other():
    cells = "".join(
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row) + "</row>"
        for row in [HEADER, *ROWS]
    )
    table = read(sheet_of(cells.encode()))
    assert table.frame.to_numpy().tolist() == ROWS and table.lines.tolist() == [2, 3, 4]


def test_rich_text_phonetic_help_and_escapes():
    cells = (
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c>'
        b'<c r="B1" t="inlineStr"><is><t>name</t></is></c></row>'
        b'<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="inlineStr"><is><r><t>O&amp;M </t></r><r><t>Ash_x000D_</t></r>'
        b"<rPh><t>no</t></rPh></is></c></row>"
    )
    assert read(sheet_of(cells)).frame.to_numpy().tolist() == [["1", "O&M Ash"]]


def test_a_formula_without_its_result_is_an_error_of_its_row():
    rows = b"".join(
        b'<row r="%d"><c r="A%d"><v>%d</v></c><c r="B%d">%s</c></row>' % (line, line, line, line, inside)
        for line, inside in enumerate(
            [b"<f>1+1</f>", b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>", b'<f t="shared" si="0"/>'], 2
        )
    )
    head = (
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c><c r="B1" t="inlineStr"><is><t>Q1</t></is></c></row>'
    )
    table = read(sheet_of(head + rows))
    assert table.frame.to_numpy().tolist() == [["4", "2"]] and table.rows_read == 4
    assert [(found.code, found.row, found.column) for found in table.row_issues] == [
        ("FORMULA_WITHOUT_VALUE", line, "Q1") for line in (2, 3, 5)
    ]


def test_a_formula_that_gives_an_empty_text_is_blank():
    head = (
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c><c r="B1" t="inlineStr"><is><t>Q1</t></is></c></row>'
    )
    row = b'<row r="2"><c r="A2"><v>7</v></c><c r="B2" t="str"><f>""</f><v></v></c></row>'
    assert read(sheet_of(head + row)).frame.to_numpy().tolist() == [["7", ""]]


def test_titles_footers_and_blank_rows_of_a_sheet():
    sheet = [["Results, fall"], [], HEADER, *ROWS, [], ["Total", "", "", "2", "2"], ["Printed on 5/3/2026"]]
    table = read(workbook(sheets={"Fall": sheet}))
    assert table.frame.to_numpy().tolist() == ROWS and table.lines.tolist() == [4, 5, 6]
    assert table.header_line == 3 and {"TITLE_ROWS", "FOOTER_ROWS"} <= codes(table)


def with_hidden(state):
    data = workbook(sheets={"Results": [HEADER, *ROWS], "Keys": [HEADER, ["9999", "X", "Y", "1", "1"]]})
    mark = b'name="Keys" '
    return changed(data, "xl/workbook.xml", lambda xml: xml.replace(mark, mark + b'state="%s" ' % state))


@pytest.mark.parametrize("state", [b"hidden", b"veryHidden"])
def test_hidden_sheets_are_never_read(state):
    data = with_hidden(state)
    table = read(data)
    assert table.sheet == "Results" and "9999" not in table.frame["student_id"].tolist()
    assert any(note.code == "HIDDEN_SHEETS" and "Keys" in note.message for note in table.notes)
    with pytest.raises(FileRefused) as refused:
        read(data, sheet="Keys")
    assert refused.value.issue.code == "MISSING_SHEET" and "Results" in str(refused.value)


def test_the_sheet_with_the_table_is_read_and_the_others_named():
    data = workbook(sheets={"About": [["Results of fall"]], "Fall": [HEADER, *ROWS], "Other": [["a", "b"], ["1", "2"]]})
    table = read(data)
    assert table.sheet == "Fall" and "not read: About, Other" in table.notes[0].message
    assert read(data, needed=frozenset({"a", "b"})).sheet == "Other"
    assert read(data, sheet="other").sheet == "Other"


def test_links_to_other_workbooks_are_not_followed():
    data = changed(workbook(), "xl/externalLinks/externalLink1.xml", lambda _: b"<externalLink/>")
    assert "EXTERNAL_LINKS" in codes(read(data))


@pytest.mark.parametrize(
    ("name", "change", "code"),
    [
        ("xl/vbaProject.bin", lambda _: b"macro", "MACROS"),
        ("xl/macrosheets/sheet1.xml", lambda _: b"<x/>", "MACROS"),
        ("[Content_Types].xml", lambda xml: xml.replace(b"sheet.main", b"sheet.macroEnabled.main"), "MACROS"),
        (
            "xl/workbook.xml",
            lambda xml: xml.replace(b"<workbook", b'<!DOCTYPE x [<!ENTITY a "b">]><workbook'),
            "XML_ENTITY",
        ),
        ("xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"<worksheet", b"<!DOCTYPE x><worksheet"), "XML_ENTITY"),
        (
            "xl/sharedStrings.xml",
            lambda xml: xml.replace(b"<sst", b" " * 3_000_000 + b"<!DOCTYPE x><sst"),
            "XML_ENTITY",
        ),
        ("docProps/app.xml", lambda _: b"<!DOCTYPE x><x/>", "XML_ENTITY"),
        (
            "xl/sharedStrings.xml",
            lambda xml: xml.replace(b"<sst", b"<!DOCTYPE x><sst").decode().replace("UTF-8", "UTF-16").encode("utf-16"),
            "XML_ENTITY",
        ),
        ("xl/worksheets/sheet1.xml", lambda xml: xml[: len(xml) // 2], "CORRUPT_ARCHIVE"),
        ("xl/workbook.xml", lambda _: b"not xml", "CORRUPT_ARCHIVE"),
        (
            "xl/sharedStrings.xml",
            lambda xml: xml.replace(b"<si>", b"<no>").replace(b"</si>", b"</no>"),
            "CORRUPT_ARCHIVE",
        ),
        ("xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'r="B2"', b'r="XFD2"'), "TOO_MANY_COLUMNS"),
    ],
)
def test_dangerous_or_broken_inside(name, change, code):
    assert refusal(changed(workbook(), name, change)).code == code


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ("word/document.xml", "Word"),
        ("xl/workbook.bin", "xlsb"),
        ("content.xml", "OpenDocument"),
        ("results.csv", "zip without a workbook"),
    ],
)
def test_zips_that_are_no_workbook(inside, words):
    found = refusal(packed({inside: b"<x/>"}))
    assert found.code == "WRONG_TYPE" and words in found.message


def test_a_header_without_rows_and_nothing_at_all():
    assert refusal(workbook([])).code == "NO_DATA_ROWS"
    assert refusal(workbook(sheets={"Empty": []})).code == "EMPTY_FILE"
    hidden = changed(workbook(), "xl/workbook.xml", lambda xml: xml.replace(b"<sheet ", b'<sheet state="hidden" '))
    assert refusal(hidden).code == "MISSING_SHEET"


def test_limits():
    assert refusal(workbook(), max_rows=2).code == "TOO_MANY_ROWS"
    assert refusal(workbook(), max_columns=4).code == "TOO_MANY_COLUMNS"
    assert refusal(workbook(), max_cells=14).code == "TOO_MANY_CELLS"
    assert refusal(workbook(), max_unpacked=5000).code == "TOO_LARGE_UNPACKED"
    assert refusal(workbook(), max_members=3).code == "TOO_MANY_FILES"


def test_a_sheet_that_unpacks_to_far_more_than_it_is():
    bomb = sheet_of(b'<row r="1">' + b'<c r="A1"><v>1</v></c>' * 2_000_000 + b"</row>")
    assert len(bomb) < 200_000 and refusal(bomb).code == "TOO_LARGE_UNPACKED"


def test_a_very_long_text_that_many_cells_share_is_no_bomb():
    shared = changed(workbook(), "xl/sharedStrings.xml", lambda xml: xml.replace(b"Birch", b"B" * 2_000_000))
    many = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>6</v></c></row>' % (line, line) for line in range(6, 20_000))
    data = changed(shared, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"</sheetData>", many + b"</sheetData>"))
    table = read(data)
    assert {found.code for found in table.row_issues} == {"FIELD_TOO_LONG"} and table.rows_read == 3 + len(
        range(6, 20_000)
    )


def test_one_far_cell_does_not_make_a_million_rows():
    far = STYLED + b'<row r="1048576"><c r="A1048576"><v>5</v></c></row>'
    table = read(sheet_of(far))
    assert table.lines.tolist() == [1048576] and len(table.frame) == 1


def test_a_workbook_cut_off_is_damaged():
    data = workbook()
    assert refusal(data[: len(data) // 2]).code == "CORRUPT_ARCHIVE"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        start = archive.getinfo("xl/worksheets/sheet1.xml").header_offset
    broken = bytearray(data)
    broken[start + 60 : start + 80] = b"\xff" * 20
    assert refusal(bytes(broken)).code == "CORRUPT_ARCHIVE"


def test_the_original_rows_are_given_back_by_row():
    assert read(workbook()).original.rows([3]) == {3: ROWS[1]}
