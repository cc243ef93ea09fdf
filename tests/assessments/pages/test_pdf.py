"""A page as PDF: the same figures and sentences, the same right and log as any file, and nothing more of a student."""

import re

import pytest
from django.urls import reverse

from assessments.documents.blocks import Facts, Heading, Text
from assessments.exports import PURPOSE, REDISCLOSURE
from assessments.views import exports
from schools.models import AccessLog
from tests.assessments.pages.reading import csv_tables, pdf_of, tables_of, words_of, workbook_tables

pytestmark = pytest.mark.django_db

FILES = ["section_export", "item_map_export", "school_export"]
NAMES = "Student|Adams|Brown|Cruz|Diallo|Evans|Flores|Gray|Hill|Ito|Jones|King|Lopez"


def address(world, name):
    return reverse(f"assessments:{name}", args=[world.ash.pk if name.startswith("school") else world.section.pk])


def ask(client, world, name, **asked):
    return client.post(address(world, name), {"format": "pdf", "purpose": "data meeting"} | asked)


@pytest.mark.parametrize("name", FILES)
def test_a_pdf_is_a_tagged_download_that_nothing_keeps(sat, sign_in, name):
    response = ask(sign_in(sat.principal, 1), sat, name)
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert re.fullmatch(r'attachment; filename="[a-z0-9-]+\.pdf"', response["Content-Disposition"])
    assert (response["Cache-Control"], response["X-Content-Type-Options"]) == ("no-store", "nosniff")
    paper = pdf_of(response)
    root = paper.trailer["/Root"]
    assert (
        root["/Lang"].startswith("en")
        and root["/MarkInfo"]["/Marked"]
        and root["/ViewerPreferences"]["/DisplayDocTitle"]
    )
    assert b"<pdfuaid:part>1<" in root["/Metadata"].get_data()
    assert paper.metadata.title and paper.metadata.author == sat.principal.get_full_name()
    row = AccessLog.objects.get()
    assert (row.action, row.purpose) == ("export", "data meeting") and ", pdf: " in row.what


def page_of(client, world, name):
    """The page that the file is taken from, with names shown."""
    client.post(reverse("assessments:hide_names"), {"hide": "0", "next": "/"})
    return client.get(address(world, {"item_map_export": "item_map"}.get(name, name.replace("export", "results"))))


@pytest.mark.parametrize("name", FILES)
def test_every_table_of_the_page_is_on_paper_with_the_same_figures(sat, sign_in, name):
    client = sign_in(sat.principal, 1)
    page = page_of(client, sat, name)
    told = squeezed(text_of(ask(client, sat, name)))
    assert squeezed(page.context["page"].sentence) in told
    for label, rows in tables_of(page).items():
        if name == "item_map_export" and "Question" in " ".join(rows[0]):
            continue  # the list that a phone opens with
        beneath = 1 if label.startswith("levels") else None  # beneath a bar of levels: columns of their own on paper
        for cell in (cell for row in rows[1:] for place, cell in enumerate(row) if place != beneath):
            assert squeezed(seen(cell)) in told, (label, cell)


@pytest.mark.parametrize("name", FILES)
def test_paper_says_nothing_that_the_page_does_not_say(sat, sign_in, name, monkeypatch):
    client, kept = sign_in(sat.principal, 1), []
    monkeypatch.setattr(exports, "pdf", lambda document, maker: kept.append(document) or b"")
    shown = squeezed(words_of(page_of(client, sat, name)))
    ask(client, sat, name)
    said = [kept[0].title, kept[0].sentence, *kept[0].basis]
    said += [block.text for block in kept[0].blocks if isinstance(block, Text | Heading)]
    said += [words for block in kept[0].blocks if isinstance(block, Facts) for fact in block.facts for words in fact]
    assert [words for words in said if squeezed(words) not in shown] == []


def text_of(response) -> str:
    """All text of a PDF, as one line."""
    return " ".join(" ".join(one.extract_text() for one in pdf_of(response).pages).split())


def squeezed(text: str) -> str:
    """Without the spaces that a line's end puts in or takes away."""
    return re.sub(r"\s", "", text)


def seen(cell: str) -> str:
    """A cell as a wide page shows it: without the words that only a phone has."""
    return re.sub(r"(?<=[\d%])\s(questions?|students?|of the points)$", "", cell)


def test_the_class_on_paper_has_what_the_files_have(sat, sign_in):
    client = sign_in(sat.teacher)
    tables = csv_tables(ask(client, sat, "section_export", format="csv"))
    told = squeezed(text_of(ask(client, sat, "section_export")))
    for name in ("By standard", "Popular wrong answers", "Who needs what", "Since Fall"):
        for row in tables[name][1:]:
            assert squeezed(row[0]) in told, (name, row)
    for row in tables["Since Fall"][1:]:
        change = int(row[3])
        signed = f"+{change}" if change > 0 else f"\u2212{-change}" if change else "0"
        assert squeezed("".join(row[:3]) + signed) in told


def test_paper_with_students_carries_the_notice_on_every_page(sat, sign_in):
    for name in FILES[:2]:
        paper = pdf_of(ask(sign_in(sat.teacher), sat, name))
        for number, page in enumerate(paper.pages, 1):
            text = " ".join(page.extract_text().split())
            assert REDISCLOSURE in text and PURPOSE in text
            assert f"Page {number} of {len(paper.pages)}" in text
            assert f"Made by {sat.teacher.get_full_name()} on " in text
        assert "Adams" in paper.pages[0].extract_text() + paper.pages[-1].extract_text()


def test_a_leader_gets_figures_and_is_told_what_is_left_out(sat, sign_in):
    for name in FILES[:2]:
        text = text_of(ask(sign_in(sat.leader), sat, name))
        assert "Students' names and answers are left out of this print." in text
        assert not re.search(rf"\b({NAMES}),", text) and "FERPA" not in text and PURPOSE in text
        assert not re.search(r"Student \d", text)


def test_hidden_names_are_hidden_on_paper(sat, sign_in):
    client = sign_in(sat.teacher)
    client.post(reverse("assessments:hide_names"), {"hide": "1", "next": "/"})
    for name in FILES[:2]:
        text = text_of(ask(client, sat, name))
        assert "Student 1" in text and not re.search(r"Adams|Brown|Cruz|Diallo|Evans", text)


def test_a_pdf_goes_through_the_same_door_as_any_file(sat, sign_in):
    """Who, minutes since the password, what they get: 302 asks for the password again."""
    doors = [
        ("teacher", 29, 200), ("teacher", 31, 302), ("leader", 600, 200), ("principal", 6, 302), ("principal", 1, 200),
        ("admin", 6, 302), ("admin", 1, 200), ("coach", 0, 403), ("rep", 0, 404), ("auditor", 0, 404),
        ("operator", 0, 404),
    ]  # fmt: skip
    for name in ("section_export", "item_map_export"):
        got = [(who, ago, ask(sign_in(getattr(sat, who), ago), sat, name).status_code) for who, ago, _ in doors]
        assert got == doors


def test_no_paper_without_a_purpose_where_one_is_asked(sat, sign_in):
    response = ask(sign_in(sat.principal, 1), sat, "school_export", purpose=" ")
    assert response.status_code == 422 and not AccessLog.objects.exists()


def test_a_name_is_text_in_every_file(sat, sign_in):
    """Markup of the setter, a formula and a broken letter print as they are; what no font has is told."""
    first, second = sat.class_501[0], sat.class_501[1]
    first.family_name, first.given_name = '#eval("1+1")', "*b* $x$ _i_ [y](z) <a> @r \\ // `c`"
    second.family_name, second.given_name = "=HYPERLINK(1)", "x\u0378y"
    first.save()
    second.save()
    client = sign_in(sat.teacher)
    for name in ("section_export", "item_map_export"):
        text = text_of(ask(client, sat, name))
        assert '#eval("1+1")' in text and "*b*$x$" in squeezed(text)
        assert "\u25a1 stands for a letter that no font of this server has." in text
        in_csv = csv_tables(ask(client, sat, name, format="csv"))
        in_workbook = workbook_tables(ask(client, sat, name, format="xlsx"))
        for tables in (in_csv, in_workbook):
            cells = {cell for name, rows in tables.items() if name != "notice" for row in rows for cell in row}
            assert any(cell.startswith("'=HYPERLINK(1)") for cell in cells)
            assert not [cell for cell in cells if cell[:1] in ("=", "+", "@")]


def test_a_school_page_is_one_sheet_without_names(sat, sign_in):
    paper = pdf_of(ask(sign_in(sat.principal, 1), sat, "school_export"))
    text = paper.pages[0].extract_text()
    assert len(paper.pages) == 1 and "FERPA" not in text and PURPOSE in text
    assert not re.search(rf"\b({NAMES}), ", text)
