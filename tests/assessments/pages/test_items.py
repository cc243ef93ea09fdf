"""The item map and a question."""

from datetime import date

import pytest
from django.urls import reverse

from assessments.queries.classes import read_class
from assessments.queries.items import BY_NAME, HARDEST, ItemDetail, ItemMap, cell
from assessments.responses import BLANK, MULTIPLE, NOT_GIVEN, NOT_REACHED
from schools.models import User
from tests import make
from tests.assessments.classes import KEYS, new_student
from tests.assessments.pages.reading import Tables, csv_tables, plain, tables_of, workbook_tables

HTML_BYTES = 40_000


@pytest.mark.parametrize(
    ("points", "choice", "worth", "shown"),
    [
        (4, 1, 4, ("", "✓")),
        (0, 2, 4, ("w", "B")),
        (0, 0, 4, ("w", "0")),
        (0, MULTIPLE, 4, ("w", "M")),
        (4, 0, 8, ("p", "1")),
        (6, 0, 8, ("p", "1.5")),
        (BLANK, 0, 4, ("b", "–")),
        (NOT_GIVEN, 0, 4, ("n", "/")),
        (NOT_REACHED, 0, 4, ("n", "/")),
    ],
)
def test_a_cell(points, choice, worth, shown):
    assert cell(points, choice, worth) == shown
    assert cell(points, choice, worth, " first") == (f"{shown[0]} first".strip(), shown[1])


def item_map(world, who, **asked):
    return ItemMap(read_class(User.objects.get(pk=who.pk), world.section.pk, None, None), **asked)


@pytest.mark.django_db
def test_columns_stand_by_standard_hardest_first_and_rows_by_points(sat):
    page = item_map(sat, sat.teacher)
    assert [(head.name, head.columns) for head in page.heads] == [
        ("Add unlike fractions", 3), ("Volume", 3), ("Line plots", 2),
    ]  # fmt: skip
    shares = [column.percent for column in page.columns]
    assert shares[:3] == sorted(shares[:3]) and shares[3:6] == sorted(shares[3:6])
    points = [row.earned for row in page.rows]
    assert points == sorted(points)
    assert [row.label for row in item_map(sat, sat.teacher, rows_by=BY_NAME).rows] == sorted(
        one.name for one, _, _ in sat.winter_rows
    )
    hardest = item_map(sat, sat.teacher, columns_by=HARDEST)
    assert [column.percent for column in hardest.columns] == sorted(shares) and not hardest.heads


@pytest.mark.django_db
def test_every_answer_stands_where_it_belongs(sat, client):
    client.force_login(sat.teacher)
    page = item_map(sat, sat.teacher)
    positions = [column.question.position for column in page.columns]
    answers = {one.name: given for one, given, _ in sat.winter_rows}
    table = tables_of(client.get(reverse("assessments:item_map", args=[sat.section.pk])))["1"]
    students = [row for row in table if row and row[0] in answers]
    assert len(students) == 13
    for row in students:
        given = answers[row[0]]
        marks = ["✓" if given[p - 1] == KEYS[p - 1] else given[p - 1] for p in positions]
        assert row[2:] == marks and row[1] == str(marks.count("✓"))
    assert ["Lopez, Ana", "not tested"] in table


@pytest.mark.django_db
def test_the_map_its_csv_and_its_workbook_say_the_same(sat, sign_in):
    client = sign_in(sat.teacher)
    url = reverse("assessments:item_map_export", args=[sat.section.pk])
    in_csv = csv_tables(client.post(url, {"format": "csv", "rows": "name"}))
    in_book = workbook_tables(client.post(url, {"format": "xlsx", "rows": "name"}))
    page = tables_of(client.get(reverse("assessments:item_map", args=[sat.section.pk]), {"rows": "name"}))["1"]
    shown = [row for row in page if row and ", Ana" in row[0] and row[1] != "not tested"]
    assert plain(in_csv["Item map"])[1:14] == shown
    assert in_book["Item map"] == plain(in_csv["Item map"])
    assert in_book["Questions, most missed first"] == plain(in_csv["Questions, most missed first"])


@pytest.mark.django_db
def test_a_question_says_who_chose_what(sat, client):
    page = ItemDetail(read_class(User.objects.get(pk=sat.teacher.pk), sat.section.pk, None, None), 1)
    who = {answer.letter: set(answer.labels) for answer in page.answers}
    for letter in "ABCD":
        assert who[letter] == {one.name for one, answers, _ in sat.winter_rows if answers[0] == letter}
    client.force_login(sat.teacher)
    text = client.get(reverse("assessments:item_detail", args=[sat.section.pk, 1])).content.decode()
    assert "<h1>Question 1: Math 5, section 501</h1>" in text
    assert "Question 1 was missed by 10 of 13 students; 10 of them chose B." in text
    assert "What is 1/4 + 1/4?" in text and "added the denominators" in text and "Add unlike fractions" in text
    assert client.get(reverse("assessments:item_detail", args=[sat.section.pk, 99])).status_code == 404


@pytest.mark.django_db
def test_keys_texts_and_choices_are_closed_until_the_window_has_ended(sat, client):
    sat.winter.closes = date(2025, 12, 10)  # today: the last day
    sat.winter.save()
    client.force_login(sat.teacher)
    pages = {
        name: client.get(reverse(f"assessments:{name}", args=args)).content.decode()
        for name, args in [
            ("section_results", [sat.section.pk]), ("item_map", [sat.section.pk]), ("item_detail", [sat.section.pk, 1]),
        ]
    }  # fmt: skip
    for text in pages.values():
        assert "after Dec 10" in text
        for secret in ("1/4 + 1/4", "2/8", "added the denominators", "chose B.", "✓ right"):
            assert secret not in text
    letters = [row[2:] for row in map_rows(pages["item_map"]) if ", Ana" in row[0]]
    assert {mark for row in letters for mark in row} <= {"✓", "0", "not tested"}


def map_rows(text):
    return [row for row in Tables(text).tables["1"] if row]


@pytest.mark.django_db
def test_twenty_eight_students_by_forty_questions_stay_small(taught, publish, client):
    keys = "ABCD" * 10
    standards = [make.standard(f"CC.{n}", f"A standard with a longer name {n}") for n in range(9)]
    make.assessment(taught.district, "LONG", "Long test", keys=keys, standards=standards, series="LONG")
    for n in range(14):
        taught.class_501.append(new_student(taught, taught.section, f"Longfamilyname{n:02d}"))
    rows = [
        (one, "".join(key if (n * 7 + place) % 3 else "ABCD"[place % 3] for place, key in enumerate(keys)), "")
        for n, one in enumerate(taught.class_501)
    ]
    publish(rows, assessment="LONG")
    client.force_login(taught.teacher)
    response = client.get(reverse("assessments:item_map", args=[taught.section.pk]))
    assert response.content.count(b"<td") > 28 * 40
    assert len(response.content) < HTML_BYTES
