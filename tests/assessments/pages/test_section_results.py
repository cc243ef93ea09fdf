"""A class by standard, as its teacher, the school's leaders and others see it."""

from datetime import date

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments import store
from assessments.models import Administration, Assessment
from assessments.queries.classes import read_class
from assessments.queries.section import SectionResults
from assessments.rows import ResultRows
from schools.models import AccessLog, User
from tests import make
from tests.assessments.classes import KEYS, answers_of, new_student
from tests.assessments.pages.reading import csv_tables, plain, tables_of, titles_of, workbook_tables

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12


def page_of(section, **asked):
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return reverse("assessments:section_results", args=[section.pk]) + (f"?{query}" if query else "")


def results(world, who, section=None, administration=None):
    user = User.objects.get(pk=who.pk)
    return SectionResults(read_class(user, (section or world.section).pk, administration, None))


def by_hand(rows, positions):
    """Whole per cent of the points that these rows earned on these questions, counted one answer at a time."""
    right = sum(row[1][position - 1] == KEYS[position - 1] for row in rows for position in positions)
    return int(100 * right / (len(rows) * len(positions)) + 0.5)


# --- figures ---------------------------------------------------------------------------------------------


def test_each_standard_is_counted_by_hand(sat):
    page = results(sat, sat.teacher)
    asks = {"Add unlike fractions": (1, 3, 5), "Volume": (2, 4, 6), "Line plots": (7, 8)}
    found = {row.standard.name: row.percent for row in page.rows}
    assert found == {name: by_hand(sat.winter_rows, positions) for name, positions in asks.items()}
    assert page.basis[2] == "13 of 14 students (1 not tested)"


def test_the_newest_test_opens_and_the_lowest_standard_stands_first(sat, client):
    client.force_login(sat.teacher)
    text = client.get(page_of(sat.section)).content.decode()
    lowest = results(sat, sat.teacher).rows[0]
    assert f"Start with {lowest.standard.name}: your class got {lowest.percent}\u00a0% of the points" in text
    assert "Quarterly Math 5, Winter 1" in text and "opens when results are released" in text
    assert "For planning instruction. Not a measure of a teacher." in text
    assert "Lopez, Ana" in text  # not tested, by name


def test_a_standard_with_two_questions_comes_last_without_verdict_or_group(sat):
    page = results(sat, sat.teacher)
    assert page.rows[-1].standard.name == "Line plots" and page.rows[-1].remark == "only 2 questions"
    assert "Line plots" not in {group.name for group in page.groups}
    assert [row.standard.name for row in SectionResults(page.read, "teaching").rows] == [
        "Add unlike fractions", "Volume", "Line plots",
    ]  # fmt: skip


def test_groups_hold_those_under_half_of_the_points(sat):
    needs = {group.name: group.labels for group in results(sat, sat.teacher).groups}
    under = [one for one, answers, _ in sat.winter_rows if sum(answers[p - 1] == KEYS[p - 1] for p in (1, 3, 5)) < 1.5]
    assert sorted(needs["Add unlike fractions"]) == sorted(one.name for one in under)


def test_growth_is_of_the_same_students(sat):
    growth = results(sat, sat.teacher).growth
    before = {one.name: 480 + 2 * n for n, one in enumerate(sat.class_501)}
    after = {one.name: score for one, _, score in sat.winter_rows}
    assert {pair.label: pair.change for pair in growth.pairs} == {name: after[name] - before[name] for name in after}
    mean = sum(after[name] - before[name] for name in after) / len(after)
    assert growth.mean == pytest.approx(mean) and growth.low < mean < growth.high
    assert growth.sentence.startswith("13 of 13 students compared; the class grew 9 (")


def test_under_ten_students_there_are_counts_and_no_per_cents(sat, client):
    client.force_login(sat.colleague)
    response = client.get(page_of(sat.other_section))
    text = response.content.decode()
    assert "5 of 5 students tested" in text or "4 of 5 students tested" in text
    main = text[text.index("<main") : text.index("Who needs what") if "Who needs what" in text else None]
    assert "%" not in main
    assert "0 of 4" in main


# --- one object feeds table, picture and files -----------------------------------------------------------


@pytest.mark.parametrize("order", ["lowest", "teaching"])
def test_table_picture_csv_and_workbook_say_the_same(sat, sign_in, order):
    client = sign_in(sat.teacher)
    page = client.get(page_of(sat.section, order=order))
    rows = [row[:4] for row in tables_of(page)["standards"][1:]]
    figures = [(row[0].rpartition(" ")[0], row[1].split()[0], row[3].split()[0]) for row in rows]
    url = reverse("assessments:section_export", args=[sat.section.pk])
    asked = {"administration": sat.test.pk, "order": order}
    in_csv = csv_tables(client.post(url, asked | {"format": "csv"}))
    in_book = workbook_tables(client.post(url, asked | {"format": "xlsx"}))
    assert [(row[0], row[2], row[3]) for row in in_csv["By standard"][1:]] == [
        (name, asked_by.removesuffix("questions"), share.removesuffix("%")) for name, asked_by, share in figures
    ]
    for name, _, share in figures:
        assert any(f"{name}: your class {share} % of the points" == title for title in titles_of(page))
    assert in_book.keys() - {"Notice"} == in_csv.keys() - {"notice"}
    for name in in_book.keys() - {"Notice"}:
        assert in_book[name] == plain(in_csv[name]), name


def test_the_files_hold_what_the_page_names(sat, sign_in):
    client = sign_in(sat.teacher)
    url = reverse("assessments:section_export", args=[sat.section.pk])
    tables = csv_tables(client.post(url, {"format": "csv"}))
    page = results(sat, sat.teacher)
    assert [row[:2] for row in tables["Who needs what"][1:]] == [
        [group.name, label] for group in page.groups for label in group.labels
    ]
    assert [row[0] for row in tables["Students"][1:]] == sorted((p.name for p in sat.class_501), key=str.casefold)
    assert ["Lopez, Ana", "not tested"] in [row[:2] for row in tables["Students"]]
    assert tables["notice"].startswith("# Student records: not to be passed on")


# --- who -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "why"),
    [
        ("teacher", "Teaches the class."),
        ("leader", "Leads the school."),
        ("principal", "Leads the school."),
        ("coach", "Coaches the school under a data agreement in force."),
        ("admin", "Administers the district."),
    ],
)
@pytest.mark.parametrize("name", ["section_results", "item_map", "item_detail"])
def test_one_row_in_the_log_says_who_looked_and_why(sat, client, who, why, name):
    person = getattr(sat, who)
    client.force_login(person)
    args = [sat.section.pk, 1] if name == "item_detail" else [sat.section.pk]
    with CaptureQueriesContext(connection) as asked:
        assert client.get(reverse(f"assessments:{name}", args=args)).status_code == 200
    row = AccessLog.objects.get(user=person)
    assert (row.action, row.why, row.section, row.students) == ("view", why, sat.section, 14)
    sql = [query["sql"] for query in asked if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(sql) <= MOST_QUERIES, "\n".join(sql)
    assert sum("points_vector" in query for query in sql) == 1


@pytest.mark.parametrize("who", ["colleague", "operator", "rep", "auditor", "outsider", "far_principal"])
def test_others_find_nothing_and_the_refusal_is_written_down(sat, client, who):
    person = getattr(sat, who)
    client.force_login(person)
    for name in ("section_results", "item_map"):
        assert client.get(reverse(f"assessments:{name}", args=[sat.section.pk])).status_code == 404
    assert list(AccessLog.objects.filter(user=person).values_list("action", flat=True)) == ["refused", "refused"]


def test_a_coach_without_an_agreement_finds_nothing(sat, client):
    sat.agreement.ends = date(2025, 9, 1)
    sat.agreement.save()
    client.force_login(sat.coach)
    assert client.get(page_of(sat.section)).status_code == 404


def test_a_test_the_class_has_not_sat_is_not_found(sat, client):
    client.force_login(sat.teacher)
    for asked in ("99999", "x", "-1", "1e9", "²"):
        assert client.get(page_of(sat.section), {"administration": asked}).status_code == 404


def test_queries_stay_as_they_are_when_the_class_grows(sat, publish, client, flat):
    client.force_login(sat.teacher)

    def more():
        new = [new_student(sat, sat.section, f"More{n}") for n in range(8)]
        publish([(one, answers_of(n), 500) for n, one in enumerate(new)], window="2025-26/Q2")

    flat(page_of(sat.section), more, MOST_QUERIES)
    flat(reverse("assessments:item_map", args=[sat.section.pk]), lambda: None, MOST_QUERIES)


# --- names -----------------------------------------------------------------------------------------------


def test_names_are_hidden_from_readers_who_do_not_teach_the_class(sat, client):
    client.force_login(sat.principal)
    text = client.get(page_of(sat.section)).content.decode()
    assert "Adams" not in text and "Student 1" in text and "Show names" in text
    client.post(reverse("assessments:hide_names"), {"hide": "0", "next": "/"})
    assert "Adams, Ana" in client.get(page_of(sat.section)).content.decode()


def test_numbers_in_place_of_names_do_not_follow_the_alphabet(sat):
    """Beside a class list that order would tell who is who; on every page of the class they are the same."""
    named, hidden = (read_class(sat.teacher, sat.section.pk, None, hide_names=hide) for hide in (False, True))
    assert {one.pk for one in hidden.counted.people} == {one.pk for one in named.counted.people}
    assert [one.pk for one in hidden.counted.people] != [one.pk for one in named.counted.people]
    again = read_class(sat.teacher, sat.section.pk, sat.fall_test.pk, hide_names=True)
    numbers = {one.pk: one.label for one in (*hidden.counted.people, *hidden.untested)}
    assert {one.pk: one.label for one in (*again.counted.people, *again.untested)} == numbers


def test_names_stand_where_a_reader_looks_for_them(sat):
    """Accents, case and the length of a family name move nobody."""
    for name in ("Özdemir", "vega", "Ángel", "Ito Ng"):
        new_student(sat, sat.section, name)
    read = read_class(sat.teacher, sat.section.pk, None, hide_names=False)
    told = [one.label.split(",")[0] for one in read.untested]
    assert [name for name in told if name in ("Özdemir", "vega", "Ángel", "Ito Ng")] == [
        "Ángel", "Ito Ng", "Özdemir", "vega",
    ]  # fmt: skip


def test_one_tap_hides_names_for_the_session(sat, client):
    client.force_login(sat.teacher)
    assert "Adams, Ana" in client.get(page_of(sat.section)).content.decode()
    to = page_of(sat.section)
    assert client.post(reverse("assessments:hide_names"), {"hide": "1", "next": to})["Location"] == to
    for url in (to, reverse("assessments:item_map", args=[sat.section.pk])):
        assert "Adams" not in client.get(url).content.decode()
    assert client.post(reverse("assessments:hide_names"), {"next": "https://far.example"})["Location"] == "/"


# --- who is in the class and not in its figures ------------------------------------------------------------


def test_who_joined_since_stands_in_the_groups_and_not_in_the_figures(sat, client):
    mover = sat.class_502[0]
    make.seat(mover, sat.section, starts=date(2025, 12, 8))
    before = results(sat, sat.teacher)
    assert [person.label for person in before.read.joined.people] == [mover.name]
    assert before.basis[2] == "13 of 14 students (1 not tested)"
    assert {row.percent for row in before.rows} == {
        by_hand(sat.winter_rows, positions) for positions in ((1, 3, 5), (2, 4, 6), (7, 8))
    }
    client.force_login(sat.teacher)
    assert "1 joined since: Few0, Ana" in client.get(page_of(sat.section)).content.decode()


def test_who_was_tested_elsewhere_is_not_called_untested(sat, client):
    mover = sat.class_502[0]
    make.seat(mover, sat.section, starts=date(2025, 12, 1))  # while the window was open
    assert [person.label for person in results(sat, sat.teacher).read.untested] == ["Lopez, Ana"]


def test_who_joined_without_a_result_is_named(sat, client):
    new_student(sat, sat.section, "Zamora", starts=date(2025, 12, 9))
    client.force_login(sat.teacher)
    text = client.get(page_of(sat.section)).content.decode()
    assert "1 joined since: Zamora, Ana" in text and "are not here" in text


# --- days without data -------------------------------------------------------------------------------------


def test_before_the_first_result_stands_the_class_list(taught, client):
    client.force_login(taught.teacher)
    make.window(taught.year, "Q3", "Winter 2", opens=date(2026, 1, 12), closes=date(2026, 1, 30))
    text = client.get(page_of(taught.section)).content.decode()
    assert "Winter 2: no results yet. Results are due about Jan 30; this page fills itself" in text
    assert "Adams, Ana" in text and reverse("schools:class_list_wrong", args=[taught.section.pk]) in text


def test_a_new_class_shows_its_students_results_of_before(sat, client):
    section = make.section(sat.ash, sat.year, "503", "Math 5")
    make.staff(sat.colleague, section)
    for one in sat.class_501[:3]:
        make.seat(one, section, starts=date(2025, 12, 8))
    page = results(sat, sat.colleague, section)
    assert page.read.earlier and page.read.tested == 3
    client.force_login(sat.colleague)
    assert "Nobody was tested in this class yet" in client.get(page_of(section)).content.decode()


def test_a_closed_class_says_so(sat, client, monkeypatch):
    from datetime import UTC, datetime

    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 7, 1, 12, tzinfo=UTC))
    client.force_login(sat.teacher)
    assert "Math 5, section 501, 2025-26, closed" in client.get(page_of(sat.section)).content.decode()


def test_a_coteacher_is_named(sat, client):
    make.staff(sat.colleague, sat.section, "co_teacher")
    client.force_login(sat.teacher)
    assert "Also taught by G. Colleague." in client.get(page_of(sat.section)).content.decode()
    client.force_login(sat.colleague)
    assert "Also taught by G. Teacher." in client.get(page_of(sat.section)).content.decode()


# --- an adaptive test --------------------------------------------------------------------------------------


@pytest.fixture
def adaptive(sat):
    """The class sat an adaptive test with two strands; one student has none in the second."""
    test = make.assessment(sat.district, "MAP", "MAP Growth", kind=Assessment.Kind.ADAPTIVE, scale="RIT", series="MAP")
    test.strands = ["Number", "Geometry", "Statistics"]
    test.save()
    one = Administration.objects.create(assessment=test, window=sat.winter)
    count = len(sat.class_501)
    strands = np.full((count, 3), np.nan, np.float32)
    strands[:, 0], strands[1:, 1] = 200 + np.arange(count), 210
    rows = ResultRows(
        students=np.array([s.pk for s in sat.class_501]), schools=np.full(count, sat.ash.pk),
        sections=np.full(count, sat.section.pk), grades=np.full(count, "05", object), tested=np.ones(count, bool),
        dates=np.full(count, np.datetime64("2025-12-01")), points=np.full(count, np.nan, np.float32),
        scale_scores=np.full(count, 205, np.float32), levels=np.zeros(count, np.int8), strands=strands,
    )  # fmt: skip
    store.write(one, rows, sat.upload.pk)
    sat.adaptive = one
    return sat


def test_an_adaptive_test_has_strands_and_no_item_map(adaptive, client):
    page = results(adaptive, adaptive.teacher, administration=adaptive.adaptive.pk)
    assert [(row.name, row.mean, row.students) for row in page.totals.shown_strands] == [
        ("Number", 206.5, 14), ("Geometry", 210.0, 13),
    ]  # fmt: skip
    client.force_login(adaptive.teacher)
    text = client.get(page_of(adaptive.section, administration=adaptive.adaptive.pk)).content.decode()
    assert "questions differ by student, so there is no item map" in text and "Open the item map" not in text
    assert "Number: your class 207 scale points" in text and "Statistics" not in text
    url = reverse("assessments:item_map", args=[adaptive.section.pk])
    assert client.get(url, {"administration": adaptive.adaptive.pk}).status_code == 404
