"""The one-page picture of a school."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments import panels
from assessments.models import GrowthSummary
from assessments.queries.school import SchoolResults
from assessments.queries.school_forms import common_words
from schools.models import AccessLog, User
from tests import make
from tests.assessments.classes import KEYS, answers_of, new_student
from tests.assessments.network.conftest import cells, release
from tests.assessments.pages.reading import csv_tables, plain, tables_of, titles_of, workbook_tables

MOST_QUERIES = 12


def address(world):
    return reverse("assessments:school_results", args=[world.ash.pk])


def results(world, who, window=""):
    return SchoolResults(User.objects.get(pk=who.pk), world.ash, "", window)


def test_the_name_of_several_forms_is_what_they_share():
    assert common_words(["Quarterly Math 5", "Quarterly Math 6"]) == "Quarterly Math"
    assert common_words(["MAP", "Star"]) == ""


@pytest.mark.django_db
def test_tested_levels_and_benchmark_are_those_of_the_rows(sat, client):
    page = results(sat, sat.principal)
    scores = [score for _, _, score in sat.winter_rows] + [505] * 4
    # The student of 502 from the small world has no answers, and Lopez was absent.
    assert (page.tested, page.enrolled) == (17, 19)
    assert page.untested == sorted([sat.class_501[-1].name, sat.students[2].name], key=str.casefold)
    assert page.chosen.sum.at_benchmark == sum(score >= 510 for score in scores)
    bars = {bar["name"]: bar["counts"] for bar in page.chosen.level_groups[0].bars}
    assert bars["Winter 1"] == [sum(low <= s < high for s in scores) for low, high in
                                [(0, 490), (490, 510), (510, 530), (530, 999)]]  # fmt: skip
    assert list(bars) == ["Fall", "Winter 1"]
    client.force_login(sat.principal)
    text = client.get(address(sat)).content.decode()
    assert "17 of 19" in text and "2 not tested" in text and "Lopez, Ana" in text
    assert any(title.startswith("Winter 1: 1 Below Basic") for title in titles_of(client.get(address(sat))))


@pytest.mark.django_db
def test_names_can_be_hidden_here_too(sat, client):
    client.force_login(sat.principal)
    client.post(reverse("assessments:hide_names"), {"hide": "1", "next": address(sat)})
    text = client.get(address(sat)).content.decode()
    assert "Lopez" not in text and "Names are hidden." in text and "2 not tested" in text


@pytest.mark.django_db
def test_of_two_series_in_one_window_the_one_most_sat_opens(sat, publish):
    make.assessment(sat.district, "UC5", "Unit Check 5", keys="AB", series="UC", standards=[sat.volume])
    publish([(one, "AB", "") for one in sat.class_501[:3]], window="2025-26/Q2", assessment="UC5")
    assert results(sat, sat.principal).chosen.series == "QM"


@pytest.mark.django_db
def test_growth_is_told_with_its_range_and_no_network(sat, client):
    row = GrowthSummary.objects.get(school=sat.ash, grade="")
    page = results(sat, sat.principal)
    assert (page.growth[0].matched, page.growth[0].mean) == (row.matched, row.mean) and page.since == "Fall"
    assert page.sentence.startswith("17 of 19 students tested. Since Fall they grew ")
    client.force_login(sat.principal)
    text = client.get(address(sat)).content.decode()
    assert "The network&#x27;s growth opens when results are released" in text or "network's growth opens" in text


@pytest.mark.django_db
def test_standards_are_summed_over_the_school(sat):
    rows = [answers for _, answers, _ in sat.winter_rows] + ["BBCDABCD"] * 4
    lines = {line.standard.name: line.percent for line in results(sat, sat.principal).standards}
    right = sum(answers[p - 1] == KEYS[p - 1] for answers in rows for p in (2, 4, 6))
    assert lines["Volume"] == int(100 * right / (3 * len(rows)) + 0.5)
    assert "Line plots" not in lines  # two questions


@pytest.mark.django_db
def test_classes_stand_by_name_with_counts_and_no_result(sat, client):
    client.force_login(sat.principal)
    response = client.get(address(sat))
    table = next(rows for rows in tables_of(response).values() if rows[0] == ["Class", "tested"])
    assert table[1:] == [["Math 5, section 501", "13"], ["Math 5, section 502", "4"]]


@pytest.mark.django_db
def test_page_csv_and_workbook_say_the_same(sat, sign_in):
    client = sign_in(sat.leader)
    page = client.get(address(sat))
    url = reverse("assessments:school_export", args=[sat.ash.pk])
    in_csv = csv_tables(client.post(url, {"format": "csv"}))
    in_book = workbook_tables(client.post(url, {"format": "xlsx"}))
    for name in in_book.keys() - {"Notice"}:
        assert in_book[name] == plain(in_csv[name]), name
    shares = {row[0]: row[4] for row in in_csv["Standards"][1:]}
    shown = [row for rows in tables_of(page).values() if rows[0] == ["Standard", "of the points"] for row in rows[1:]]
    assert shown and all(shares[row[0].split(" Grade")[0]] == row[1].split()[0] for row in shown)
    levels = [(row[0], int(row[2])) for row in in_csv["Levels"][1:]]
    for window in ("Fall", "Winter 1"):
        title = next(title for title in titles_of(page) if title.startswith(f"{window}: "))
        assert [int(part.split()[-1]) for part in title.removesuffix(" students").split(", ")] == [
            students for name, students in levels if name == window
        ]
    assert in_csv["Growth"][1][2] == results(sat, sat.leader).growth[0].words
    assert "Adams" not in str(in_csv)


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["principal", "leader", "coach", "admin"])
def test_whoever_sees_the_whole_school_sees_it_in_twelve_queries(sat, client, who):
    person = getattr(sat, who)
    client.force_login(person)
    with CaptureQueriesContext(connection) as asked:
        assert "Lopez, Ana" in client.get(address(sat)).content.decode()
    sql = [query["sql"] for query in asked if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(sql) <= MOST_QUERIES, "\n".join(sql)
    row = AccessLog.objects.get(user=person)
    assert (row.action, row.school, row.students) == ("view", sat.ash, 2)


@pytest.mark.django_db
def test_queries_stay_as_they_are_when_the_school_grows(sat, publish, client, flat):
    client.force_login(sat.principal)

    def more():
        section = make.section(sat.ash, sat.year, "504")
        new = [new_student(sat, section, f"More{n}") for n in range(12)]
        publish([(one, answers_of(n), 500) for n, one in enumerate(new)], window="2025-26/Q2")

    flat(address(sat), more, MOST_QUERIES)


# --- teachers of the school ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_with_two_teachers_a_teacher_is_shown_nothing_of_the_whole(sat, client):
    client.force_login(sat.teacher)
    text = client.get(address(sat)).content.decode()
    assert "Results of the whole school are not shown" in text and "standards: not shown." in text
    assert "At benchmark" not in text and "chart" not in text[text.index("<main") :]
    assert "Lopez" not in text and "Few0" not in text and "section 502" not in text
    assert "Small groups, and numbers from which a small group could be worked out, are not shown." in text


@pytest.mark.django_db
def test_with_two_teachers_the_own_page_says_what_the_network_s_page_says(sat, client):
    one = release(sat, sat.winter, since=sat.fall)
    cells(one, sat, "AB", sat.volume)
    said = results(sat, sat.teacher).sentence
    assert (
        "As released: 90\u00a0% or more of students at benchmark, growth since Fall 7 (4 to 10) scale points." in said
    )
    client.force_login(sat.teacher)
    network = client.get(reverse("assessments:network_results", args=[sat.network.pk])).content.decode()
    assert "7 (4 to 10)" in network
    assert said in client.get(address(sat)).content.decode()


@pytest.fixture
def three_teachers(sat, publish):
    """A third class of grade 5 with its own teacher."""
    section = make.section(sat.ash, sat.year, "503")
    make.staff(make.user(), section)
    sat.class_503 = [new_student(sat, section, f"Third{n}") for n in range(6)]
    for window in ("Q1", "Q2"):
        publish([(one, answers_of(n), 500) for n, one in enumerate(sat.class_503)], window=f"2025-26/{window}")
    return sat


@pytest.mark.django_db
def test_with_three_teachers_a_teacher_sees_figures_and_no_name(three_teachers, client):
    world = three_teachers
    client.force_login(world.teacher)
    text = client.get(address(world)).content.decode()
    assert "At benchmark" in text and "Lowest standards" in text
    assert "Lopez" not in text and "Third0" not in text and "section 503" not in text


@pytest.mark.django_db
def test_coteachers_of_one_class_count_once(sat):
    make.staff(make.user(), sat.other_section, "co_teacher")
    assert results(sat, sat.teacher).few_teachers


@pytest.mark.django_db
def test_a_grade_with_one_teacher_hides_every_grade_and_standard(three_teachers, publish, client):
    world = three_teachers
    make.assessment(world.district, "QM6", "Quarterly Math 6", keys="AB", grades=["06"], series="QM", scale="QMS",
                    standards=[world.volume])  # fmt: skip
    section = make.section(world.ash, world.year, "610", "Math 6", grade="06")
    taught_there = make.user()
    make.staff(taught_there, section)
    sixth = []
    for _ in range(10):
        student = make.student(world.district)
        make.enroll(student, world.ash, world.year, "06")
        make.seat(student, section)
        sixth.append((student, "AB", 500))
    publish(sixth, window="2025-26/Q2", assessment="QM6")
    mine, whole = results(world, world.teacher), results(world, world.principal)
    assert not mine.few_teachers and not mine.shows_parts
    assert mine.grades == [] and mine.standards == [] and [row.grade for row in mine.growth] == [""]
    assert [(row.grade, row.tested) for row in whole.grades] == [("05", 23), ("06", 10)]
    assert whole.chosen.name == "Quarterly Math"
    fifth, sixth = (form.administration.pk for form in whole.chosen.forms)
    for person, behind in ((world.principal, fifth), (world.teacher, fifth), (taught_there, sixth)):
        assert results(world, person).behind == behind  # a test in which the reader has results
        client.force_login(person)
        shown = client.get(address(world))
        page, why = shown.context, "Not shown: with so few teachers in a grade they would tell a colleague"
        assert (why in shown.content.decode()) is (person != world.principal)
        assert client.get(page["source_url"]).status_code == client.get(page["about_url"]).status_code == 200


# --- choices, panels, days without data -----------------------------------------------------------------------


@pytest.mark.django_db
def test_an_earlier_window_is_a_link(sat, client):
    client.force_login(sat.principal)
    assert "window=2025-26%2FQ1" in client.get(address(sat)).content.decode()
    text = client.get(address(sat), {"series": "QM", "window": "2025-26/Q1"}).content.decode()
    assert "Quarterly Math 5, Fall" in text and "Growth since" not in text
    for asked in ({"series": "NO"}, {"window": "2025-26/Q9"}):
        assert client.get(address(sat), asked).status_code == 404


@pytest.mark.django_db
def test_without_results_the_page_says_so(world, in_winter, client):
    client.force_login(world.principal)
    assert "No results yet." in client.get(address(world)).content.decode()


@pytest.mark.django_db
def test_other_rooms_add_panels_and_with_none_there_is_none(sat, client, monkeypatch):
    monkeypatch.setattr(panels, "_providers", [])
    client.force_login(sat.principal)
    assert "What we tried" not in client.get(address(sat)).content.decode()

    def tried(user, school, window):
        assert (user, school, window) == (sat.principal, sat.ash, sat.winter.pk)
        return panels.Panel("What we tried", "components/empty.html", {})

    panels.add_school_panel(tried)
    panels.add_school_panel(tried)
    panels.add_school_panel(lambda *asked: None)
    assert [panel.title for panel in panels.school_panels(sat.principal, sat.ash, sat.winter.pk)] == ["What we tried"]
    assert client.get(address(sat)).content.decode().count('class="empty"') == 1


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["operator", "rep", "auditor", "outsider", "far_principal"])
def test_others_find_nothing_and_it_is_written_down(sat, client, who):
    client.force_login(getattr(sat, who))
    assert client.get(address(sat)).status_code == 404
    assert AccessLog.objects.get().action == "refused"
