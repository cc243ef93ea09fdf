"""The setter of PDFs: every letter is printed or told, nothing in the text acts, the map keeps to its pages."""

import io
import time
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from pypdf import PdfReader

from assessments.documents import press
from assessments.documents.blocks import Bar, Bars, Document, Heading, Maker, Map, Names, Rows, Text, as_data
from assessments.documents.item_maps import item_map_document
from assessments.documents.press import LETTERS_MISSING, pdf
from assessments.exports import PURPOSE, REDISCLOSURE

NOON = datetime(2025, 12, 4, 15, 5, tzinfo=UTC)
ROSA = Maker("Rosa López", NOON)
SCRIPTS = [
    "Nguyễn, Thảo", "Đặng, Søren", "Шевченко, Олена", "Παππάς, Ελένη", "李, 梓涵", "김, 서연", "田中, さくら",
    "Wójcik, Zéphyr",
]  # fmt: skip
SHAPED = ["حداد, ليلى", "שרה, כהן", "शर्मा, आरव"]  # extracted in the order of their shapes
NOBODY_HAS = "\u0378"  # a code that is no letter, and so in no font
MARKUP = '#eval("1+1") *b* _i_ $x^2$ = h [y](z) <lab> @ref `c` \\ // /* ~ -- #panic()'


def paper(*blocks, **rest) -> PdfReader:
    document = Document("Title", "", (), blocks, **rest)
    return PdfReader(io.BytesIO(pdf(document, ROSA)))


def text_of(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


@pytest.mark.parametrize("name", [*SCRIPTS, *SHAPED])
def test_names_print_in_their_own_letters(name):
    """The setter refuses a letter without a font, so what is printed without the note has all of them."""
    text = text_of(paper(Text(name), Names("Group", "", (name,))))
    assert LETTERS_MISSING not in text and "□" not in text
    if name in SCRIPTS:
        assert text.count(name) == 2


def test_a_screen_reader_finds_title_headings_and_heads_of_columns():
    bar = Bar("Volume", "", "4", "55%", "61%", "55 %", "▼", "below by 6", "Volume: your class 55 % of the points")
    bars = Bars("By standard", "your class", "network", ("Standard", "questions", "of the points", "verdict"), (bar,))
    reader = paper(Heading("Standards"), bars, Rows("R", ("Student", "Points"), (("Ana", "4"),), figures=(1,)))
    kinds = [kind for kind, _ in tags(reader.trailer["/Root"]["/StructTreeRoot"])]
    assert (kinds.count("/H1"), kinds.count("/H2"), kinds.count("/Table")) == (1, 1, 2)
    assert kinds.count("/TH") == 7
    told = [element["/Alt"] for kind, element in tags(reader.trailer["/Root"]["/StructTreeRoot"]) if kind == "/Figure"]
    assert told == ["Volume: your class 55 % of the points"]


def tags(element):
    """Every element of the tree of tags: (kind, element)."""
    element = element.get_object() if hasattr(element, "get_object") else element
    if isinstance(element, list):
        for one in element:
            yield from tags(one)
    elif isinstance(element, dict):
        if "/S" in element:
            yield element["/S"], element
        yield from tags(element.get("/K", []))


@pytest.mark.parametrize("letters", [NOBODY_HAS, "\ufffe", "\ufeff", "\x00", f"{NOBODY_HAS}\ufffe\x01"])
def test_a_letter_that_cannot_be_printed_is_a_box_and_the_foot_says_so(letters):
    text = text_of(paper(Text(f"Mar{letters}ia"), Rows("R", ("a",), ((letters,),))))
    assert LETTERS_MISSING in text and "Mar" in text and "ia" in text


def test_markup_is_text_wherever_it_stands():
    rows = Rows("R", ("Name", "n"), ((MARKUP, "1"),), figures=(1,))
    document = Document(MARKUP, MARKUP, (MARKUP,), (Text(MARKUP), rows, Names(MARKUP, "", (MARKUP,))), MARKUP)
    text = "".join(text_of(PdfReader(io.BytesIO(pdf(document, Maker(MARKUP, NOON))))).split())
    assert text.count("".join(MARKUP.split())) >= 8


def test_a_fault_of_the_setter_is_not_taken_for_a_letter(monkeypatch):
    monkeypatch.setattr(press, "as_data", lambda document: as_data(document) | {"blocks": [{"kind": "nothing"}]})
    with pytest.raises(press.typst.TypstError, match="no such block"):
        paper()


def test_the_foot_says_who_when_and_what_may_be_done_with_it():
    plain, students = text_of(paper(Text("x"))), text_of(paper(Names("G", "", ("Ana",))))
    for text in (plain, students):
        assert PURPOSE in text and "Made by Rosa López on Dec 4, 2025, 3:05 PM Page 1 of 1" in text
    assert REDISCLOSURE in students and REDISCLOSURE not in plain


def mapped(students: int, questions: int, untested: int = 0):
    """An item map of so many students and questions, a standard to every eleven."""
    sums = SimpleNamespace(right=1)
    columns = [
        SimpleNamespace(question=SimpleNamespace(label=str(n + 1)), sums=sums, first=n % 11 == 0, percent=n)
        for n in range(questions)
    ]
    cells = [("w first" if n % 11 == 0 else "", "B" if n % 11 == 0 else "✓") for n in range(questions)]
    rows = [SimpleNamespace(label=f"Somebody{n}, Ana", points="9", cells=tuple(cells)) for n in range(students)]
    heads = [SimpleNamespace(name=f"Standard {n}", columns=min(11, questions - n)) for n in range(0, questions, 11)]
    away = [SimpleNamespace(label=f"Away{n}, Bo") for n in range(untested)]
    read = SimpleNamespace(open=True, untested=away)
    section = SimpleNamespace(title="Math 5", basis=["Quarterly Math 5, Winter 1", "30 of 30 students"])
    sentence = "Question 14 was missed by 21 of 27 students; 13 of them chose B."
    return SimpleNamespace(
        columns=columns, rows=rows, joined_rows=[], heads=heads, few=False, whole_test=58, read=read, page=section,
        network=list(range(questions)), sentence=sentence,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("students", "questions", "untested", "pages"),
    [(30, 44, 0, 1), (29, 44, 1, 1), (31, 44, 0, 2), (30, 44, 1, 2), (30, 45, 0, 2), (31, 45, 0, 4), (1, 1, 0, 1)],
)
def test_thirty_students_by_44_questions_stand_on_one_letter_page(students, questions, untested, pages):
    document = item_map_document(mapped(students, questions, untested), students=True)
    reader = PdfReader(io.BytesIO(pdf(document, ROSA)))
    assert len(reader.pages) == pages
    assert all(page.mediabox[2:] == [792, 612] for page in reader.pages)
    text = text_of(reader)
    across = 1 if questions <= 44 else 2
    for n in range(students):
        assert text.count(f"Somebody{n}, Ana") == across
    assert text.count("not tested") == untested * across
    assert text.count("✓") == students * sum(1 for n in range(questions) if n % 11) + pages  # a tick in each key


def test_the_map_without_the_right_to_students_is_the_class_alone():
    page = mapped(30, 44, 2)
    page.tables = lambda: [SimpleNamespace(students=False, name="Questions", header=("Question",), rows=((1,),))]
    document = item_map_document(page, students=False)
    assert not document.students
    assert [len(sheet.rows) for block in document.blocks if isinstance(block, Map) for sheet in block.sheets] == [0]
    assert "Somebody" not in str(as_data(document)) and "Away" not in str(as_data(document))


def test_the_largest_map_is_set_within_the_request():
    document = item_map_document(mapped(30, 44), students=True)
    pdf(document, ROSA)  # the fonts are read once in a process
    started = time.perf_counter()
    pdf(item_map_document(mapped(29, 44, 1), students=True), ROSA)
    assert time.perf_counter() - started < 2
