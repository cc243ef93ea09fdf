"""Files for the tests: workbooks written by a real writer, and the same with one thing changed inside."""

import io
import zipfile

import xlsxwriter

HEADER = ["student_id", "last_name", "first_name", "Q1", "Q2"]
ROWS = [["1001", "Ash", "Ann", "1", "0"], ["1002", "Birch", "Ben", "0", "1"], ["1003", "Cole", "Cy", "1", "1"]]


def text(rows=ROWS, *, header=HEADER, sign=",", end="\n"):
    """A text file of those rows, as str."""
    return "".join(sign.join(row) + end for row in [header, *rows])


def workbook(rows=ROWS, *, header=HEADER, sheets=None):
    """A workbook with one sheet of those rows, or with `sheets`: {name: rows}, as bytes."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        for name, cells in (sheets or {"Results": [header, *rows]}).items():
            sheet = book.add_worksheet(name)
            for place, row in enumerate(cells):
                sheet.write_row(place, 0, row)
    return held.getvalue()


def packed(members):
    """A zip of {name: bytes}; a name may come twice as a list of pairs."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items() if isinstance(members, dict) else members:
            archive.writestr(name, data)
    return held.getvalue()


def changed(data, name, change):
    """The zip with one member passed through `change` (bytes to bytes); a new member starts as b""."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {each: archive.read(each) for each in archive.namelist()}
    members[name] = change(members.get(name, b""))
    return packed(members)


def sheet_of(cells, **parts):
    """A workbook whose only sheet holds that XML between its sheetData tags."""

    def put(xml):
        before, rest = xml.split(b"<sheetData>", 1)
        return before + b"<sheetData>" + cells + b"</sheetData>" + rest.split(b"</sheetData>", 1)[1]

    return changed(workbook(**parts), "xl/worksheets/sheet1.xml", put)
