"""Whatever the bytes, there is a table or a refusal; and two ways of reading agree."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.files.cells import clean_cell
from schools.files.issues import CATALOGUE, FileRefused
from schools.files.limits import Limits
from schools.files.table import Table, read_table
from tests.schools.files.make_files import HEADER, ROWS, text, workbook

SMALL = Limits(max_rows=500, max_columns=50, max_line=5_000, max_unpacked=2_000_000)
GOOD = [
    text().encode(),
    text(sign=";").encode("utf-16"),
    text([["1001", "Peña", "José", "1", "0"]]).encode("cp1252"),
    b'id,name\r\n1,"Ash, ""A"""\r\n2,"B\nC"\r\n',
    b"sep=;\nTitle;;\nid;name;x\n1;Ash;2,5\nTotal;;2,5\n",
    workbook(),
]
PIECES = st.sampled_from(
    [
        b'"',
        b",",
        b";",
        b"\n",
        b"\r",
        b"\t",
        b"\x00",
        b"\x1a",
        b"\xff",
        b"\xe9",
        b"\xc3\xa9",
        b"Total",
        b"=1",
        b"<",
        b"%PDF",
        b"PK",
    ]
)


def outcome(data):
    """What reading gives: a table that keeps its promises, or the code of the refusal."""
    try:
        table = read_table(data, "results.csv", limits=SMALL)
    except FileRefused as refused:
        assert refused.issue.code in CATALOGUE and refused.issue.level == "error"
        return refused.issue.code
    return promises(table)


def promises(table):
    assert isinstance(table, Table)
    assert len(set(table.header)) == len(table.header) == table.frame.shape[1] and all(table.header)
    assert len(table.frame) == len(table.lines) > 0
    assert all(type(cell) is str and cell == cell.strip() for cell in table.frame.to_numpy().ravel())
    assert (table.frame != "").any(axis=1).all()
    assert table.lines.min() > table.header_line and (table.lines[1:] > table.lines[:-1]).all()
    bad = {found.row for found in table.row_issues}
    assert table.rows_read == len(table.frame) + len(bad) and not bad & set(table.lines.tolist())
    given_back = table.original.rows(table.lines.tolist())
    assert set(given_back) == set(table.lines.tolist())
    return table


@given(st.binary(max_size=300))
def test_random_bytes(data):
    outcome(data)


@given(st.text(alphabet='ab1 ,;"\n\r\t|é\u00a0\u200b=.', max_size=200))
def test_random_text(data):
    outcome(data.encode())


@given(st.sampled_from(GOOD), st.data())
def test_good_files_with_something_changed(good, data):
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(good)))
        length = data.draw(st.sampled_from([0, 0, 1, 1, 10, 1000]))
        good = good[:place] + data.draw(PIECES | st.binary(max_size=4)) + good[place + length :]
    outcome(good)


@pytest.mark.parametrize("length", range(0, len(GOOD[-1]), 97))
def test_a_workbook_cut_anywhere(length):
    assert outcome(GOOD[-1][:length]) in {"EMPTY_FILE", "CORRUPT_ARCHIVE", "BINARY_CONTENT", "NO_DATA_ROWS"}


CELLS = st.text(alphabet="ab1 ,;'\"\u00e9\u2019\n", max_size=6).filter(lambda cell: cell.strip())


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=8), st.sampled_from(",;\t|"), st.booleans())
def test_what_the_csv_module_writes_is_what_is_read(rows, sign, quote_all):
    held = io.StringIO()
    writer = csv.writer(
        held, delimiter=sign, quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL, lineterminator="\r\n"
    )
    ids = [str(number) for number in range(1001, 1001 + len(rows))]
    writer.writerows([["id", "one", "two", "three"], *([number, *row] for number, row in zip(ids, rows, strict=True))])
    table = outcome(f"sep={sign}\r\n{held.getvalue()}".encode())
    if table == "UNREADABLE_CSV":  # a cell that looks like swallowed rows: it holds as many separators as a row
        assert any(cell.count(sign) >= 3 for row in rows for cell in row)
        return
    expected = [[number, *map(clean_cell, row)] for number, row in zip(ids, rows, strict=True)]
    assert table.frame.to_numpy().tolist() == expected


@given(
    st.lists(
        st.lists(st.sampled_from(["0", "1", "12", "", "é", " A", "x y"]), min_size=4, max_size=4),
        min_size=1,
        max_size=9,
    )
)
def test_with_and_without_quotation_marks_alike(rows):
    rows = [[str(number), *row] for number, row in enumerate(rows, start=1001)]
    bare = text(rows)
    quoted = "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in [HEADER, *rows])
    one, other = outcome(bare.encode()), outcome(quoted.encode())
    assert one.frame.equals(other.frame) and one.lines.tolist() == other.lines.tolist()


@given(
    st.lists(
        st.lists(st.sampled_from(["0", "1", "-3.5", "Ash", "é&<", " A "]), min_size=4, max_size=4),
        min_size=1,
        max_size=9,
    )
)
def test_a_workbook_and_a_text_file_alike(rows):
    rows = [[str(number), *row] for number, row in enumerate(rows, start=1001)]
    assert outcome(workbook(rows)).frame.equals(outcome(text(rows).encode()).frame)


def test_the_good_files_are_good():
    assert all(isinstance(outcome(data), Table) for data in GOOD) and len(outcome(GOOD[0]).frame) == len(ROWS)
