"""About this test: words for everybody with results, questions and choices for the district's office."""

from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.models import Assessment, FormSummary, GrowthSummary, ItemSummary, Upload, Window
from assessments.pipeline import work
from assessments.pipeline.uploads import Options, accept_upload
from assessments.queries.about_test import HARDEST, AboutTest
from schools.models import AccessLog, User
from tests import make
from tests.assessments.classes import KEYS, answers_of, new_student
from tests.assessments.pages.reading import csv_tables, plain, tables_of, titles_of, workbook_tables

pytestmark = pytest.mark.django_db
CLOSED_KEYS = "Question texts and keys open after Dec 12, 2025"
SCHOOL = ("teacher", "leader", "principal", "coach")


@pytest.fixture
def many(sat, publish):
    """Fifty-six more students: enough for reliability. Question 2's key says D where most chose B."""
    section = make.section(sat.ash, sat.year, "509")
    new = [new_student(sat, section, f"Many{n}") for n in range(56)]
    sat.math.items.filter(position=2).update(key="D")
    publish([(one, answers_of(n % 17), 480 + n) for n, one in enumerate(new)], window="2025-26/Q2")
    sat.many = new
    return sat


def about(world, who, test=None, **asked):
    return AboutTest(User.objects.get(pk=who.pk), (test or world.test).pk, **asked)


def address(world, name="about_test"):
    return reverse(f"assessments:{name}", args=[world.test.pk])


def main_of(response):
    text = response.content.decode()
    return text[text.index("<main") : text.index("</main>")]


def test_the_office_reads_reliability_with_word_figure_and_error(many, client):
    form = FormSummary.objects.get(administration=many.test, network=None)
    client.force_login(many.admin)
    text = main_of(client.get(address(many)))
    assert about(many, many.admin).sentence.startswith("Reliability is ") and form.reliability is not None
    assert f"KR-20: {form.reliability:.2f}, over {form.students} students" in text.replace("\u2212", "-")
    assert f"{form.sem:.1f} point" in text and "About two students in three" in text


def test_questions_are_those_of_the_summaries_key_marked_flags_in_words(many):
    page = about(many, many.admin)
    rows = {row.item.position: row for row in ItemSummary.objects.filter(administration=many.test, network=None)}
    assert [line.label for line in page.questions] == [str(n + 1) for n in range(len(KEYS))]
    for line in page.questions:
        row = rows[line.question.position]
        assert (line.p, line.r, line.students) == (row.difficulty, row.item_rest, row.students)
        assert sum(one.students for one in line.options) + sum(n for _, n in line.without_choice) == row.students
        assert [one.letter for one in line.options if one.is_key] == [line.question.key]
    second = page.questions[1]
    chosen = {one.letter: one.students for one in second.options}
    assert chosen["B"] > chosen["D"] and "A and B were chosen more than the key D: wrong key?" in second.remarks
    assert page.careful.startswith("Question") and "2" in page.careful.partition(":")[0]


def test_sorted_by_the_test_by_standard_and_by_difficulty(many, client):
    hardest = about(many, many.admin, order=HARDEST).questions
    assert [line.p for line in hardest] == sorted(line.p for line in hardest)
    client.force_login(many.admin)
    first = {
        order: tables_of(client.get(address(many), {"order": order}))["questions"][1][0].split()[0]
        for order in ("position", "standard", "hardest", "nonsense")
    }
    assert first["position"] == first["nonsense"] == "1" and first["hardest"] == hardest[0].label
    by_standard = [line.standards for line in about(many, many.admin, order="standard").questions]
    assert len([1 for one, two in pairwise(by_standard) if one != two]) == 2


def test_page_picture_csv_and_workbook_say_the_same(many, sign_in):
    client = sign_in(many.admin)
    page = client.get(address(many), {"order": "hardest"})
    shown = tables_of(page)["questions"][1:]
    in_csv = csv_tables(client.post(address(many, "about_test_export"), {"format": "csv", "order": "hardest"}))
    in_book = workbook_tables(client.post(address(many, "about_test_export"), {"format": "xlsx", "order": "hardest"}))
    assert in_book["Questions"] == plain(in_csv["Questions"]) and in_book["Choices"] == plain(in_csv["Choices"])
    rows = in_csv["Questions"][1:]
    assert [row[0].split()[0] for row in shown] == [row[0] for row in rows]
    assert [row[3] for row in shown] == [f"{row[3]} %, {row[4]}" for row in rows]
    assert [title for title in titles_of(page) if title.startswith("Question ")] == [
        f"Question {row[0]}: the district's students {row[3]} % of the points".replace("'", "&#x27;") for row in rows
    ]
    assert [row.action for row in AccessLog.objects.filter(user=many.admin)] == ["export", "export"]


@pytest.mark.parametrize("who", SCHOOL)
def test_a_school_reads_words_and_no_figure_of_a_question(many, sign_in, who):
    client = sign_in(getattr(many, who))
    text = main_of(client.get(address(many)))
    assert "Reliability is " in text and "Standard error of measurement" in text and "read with care" in text
    assert "KR-20" not in text and '<table id="questions"' not in text and "discrimination" not in text.lower()
    assert "chosen more" not in text and "% of the points" not in text and "#take" not in text
    assert client.post(address(many, "about_test_export"), {"format": "csv"}).status_code == 403


@pytest.mark.parametrize("who", SCHOOL)
def test_while_a_window_is_open_no_question_is_named(many, client, who):
    Window.objects.filter(pk=many.winter.pk).update(closes="2025-12-12")
    client.force_login(getattr(many, who))
    text = main_of(client.get(address(many)))
    assert CLOSED_KEYS in text and "read with care, " not in text and "Reliability is " in text


def test_below_the_least_counts_it_says_why(sat, client):
    client.force_login(sat.admin)
    text = main_of(client.get(address(sat)))
    assert "Reliability: no figure, fewer than 50 students took every question." in text
    assert "fewer than 30 students" in text and "Whether a key is wrong cannot be told" in text
    assert about(sat, sat.admin).questions[0].remarks == []


def test_effect_sizes_are_of_the_schools_in_full_sight(sat, client):
    row = GrowthSummary.objects.get(school=sat.ash, grade="")
    for who in (sat.principal, sat.leader, sat.admin):
        assert [(one.school, one.matched) for one in about(sat, who).effects] == [("Ash School", row.matched)]
    client.force_login(sat.principal)
    assert f"{abs(row.effect):.2f} of the spread (standard deviation) of their scores in Fall" in main_of(
        client.get(address(sat))
    )
    assert about(sat, sat.teacher).effects == [] and about(sat, sat.principal, sat.fall_test).effects == []


def test_without_answers_to_questions_it_says_where_to_look(sat):
    FormSummary.objects.filter(administration=sat.test).delete()
    ItemSummary.objects.filter(administration=sat.test).delete()
    page = about(sat, sat.admin)
    assert page.sentence.startswith("Answers to single questions are not on file")
    assert page.questions == [] and page.right is None
    Assessment.objects.filter(pk=sat.math.pk).update(kind=Assessment.Kind.ADAPTIVE)
    assert about(sat, sat.admin).sentence.startswith("Questions differ by student")


@pytest.mark.parametrize("who", ["operator", "rep", "auditor", "outsider", "far_principal"])
def test_without_results_in_sight_there_is_no_such_test(sat, client, who):
    client.force_login(getattr(sat, who))
    assert client.get(address(sat)).status_code == 404


def test_every_page_of_its_results_leads_there(sat, client):
    client.force_login(sat.principal)
    for name, pk in (("section_results", sat.section.pk), ("item_map", sat.section.pk), ("school_results", sat.ash.pk)):
        assert address(sat) in client.get(reverse(f"assessments:{name}", args=[pk])).content.decode(), name


@pytest.mark.parametrize("who", ["admin", "coach", "teacher", "principal"])
def test_twelve_queries_at_most(many, client, who):
    client.force_login(getattr(many, who))
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address(many)).status_code == 200
    assert len(asked) <= 12, "\n".join(query["sql"] for query in asked)


def test_a_doubted_key_of_a_file_leads_to_the_results_shown_now(sat, client):
    again = accept_upload(
        district=sat.district, data=f"student_id,1,2\n{sat.class_501[0].number},A,B".encode(), filename="again.csv",
        by=sat.principal, options=Options(assessment="QM5", window="2025-26/Q2"), school=sat.ash, wake_worker=False,
    )  # fmt: skip
    work.advance(again.pk)
    again.refresh_from_db()
    looks = [{"kind": "key", "sentence": "Question 1: 90 % chose C, the key says A. Wrong key?", "position": 1}]
    Upload.objects.filter(pk=again.pk).update(answer=again.answer | {"looks": looks}, state=Upload.State.READY)
    for who, there in ((sat.admin, True), (sat.principal, False)):
        client.force_login(who)
        text = main_of(client.get(reverse("assessments:upload", args=[again.pk])))
        assert "Look before you publish" in text and (address(sat) in text) is there
