"""Today says what the page says that it leads to, what waits for the reader, and what changed since they were here."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from assessments.models import Administration, Release
from schools import today as registry
from schools.today import Line, Panel
from tests import make
from tests.assessments.network.conftest import cells, release

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_winter")]


def today(client, who):
    client.force_login(who)
    return client.get("/")


def waiting(client, who) -> list[tuple[str, str]]:
    return [(line.label, line.url) for line in today(client, who).context["waiting"]]


def sentence_of(response) -> str:
    """The sentence of a page, as its template has it."""
    text = response.content.decode()
    return text.split('id="sentence">')[1].split("</p>")[0]


@pytest.fixture
def opened(sat):
    """`sat` with its Winter 1 released."""
    one = release(sat, sat.winter, since=sat.fall)
    cells(one, sat, "AB", sat.volume)
    return sat


@pytest.mark.usefixtures("sat")
@pytest.mark.parametrize("who", ["teacher", "colleague", "principal", "leader"])
@pytest.mark.parametrize("state", ["sat", "opened"])
def test_the_sentence_is_that_of_the_page_it_leads_to(client, request, state, who):
    w = request.getfixturevalue(state)
    response = today(client, getattr(w, who))
    news = response.context["news"]
    assert news.basis
    assert sentence_of(response) == sentence_of(client.get(news.url))


@pytest.mark.parametrize("who", ["rep", "operator", "auditor", "coach"])
def test_the_network_s_people_read_the_network_s_sentence(client, opened, who):
    response = today(client, getattr(opened, who))
    news = response.context["news"]
    assert news.url == f"/results/networks/{opened.network.pk}/"
    assert "Since Fall the network grew 5 (4 to 6) scale points." in news.sentence
    assert sentence_of(response) == sentence_of(client.get(news.url))


def test_a_coach_reads_first_of_schools_with_results_newer_than_the_release(client, sat):
    one = release(sat, sat.fall, since=None)
    cells(one, sat, "AB", sat.volume)
    news = today(client, sat.coach).context["news"]
    assert news.url == f"/results/schools/{sat.ash.pk}/"
    assert "Winter 1" in " ".join(news.basis)
    assert sentence_of(client.get(news.url)) in sentence_of(client.get("/"))


def test_a_teacher_of_two_classes_is_told_which_one(client, sat):
    make.staff(sat.teacher, sat.other_section)
    news = today(client, sat.teacher).context["news"]
    assert news.sentence.startswith("Math 5, section 501: ")


def test_students_to_test_wait_for_teacher_and_principal_while_the_window_is_open(client, sat):
    assert waiting(client, sat.teacher) == []
    sat.winter.closes = date(2025, 12, 19)
    sat.winter.save()
    line = ("1 student of Math 5, section 501 not tested yet; Winter 1 is open until Dec 19, 2025",
            f"/results/sections/{sat.section.pk}/")  # fmt: skip
    assert waiting(client, sat.teacher) == [line]
    [(label, url)] = waiting(client, sat.principal)
    assert "of Ash School not tested yet" in label and url == f"/results/schools/{sat.ash.pk}/"


@pytest.mark.parametrize(
    ("state", "who", "words"),
    [
        ("prepared", "admin", "waits for your key, the first of two"),
        ("agreed", "operator", "waits for your key, the second of two"),
        ("held", "admin", "is held back"),
        ("held", "operator", "is held back"),
    ],
)
def test_a_release_waits_for_whose_key_is_next(client, world, state, who, words):
    one = release(world, make.window(world.year), since=None, state=state, second_key_by=None, audit={"clean": True})
    label = f"The release of Quarterly Math, Fall {words}"
    assert waiting(client, getattr(world, who)) == [(label, f"/releases/{one.pk}/")]
    for other in {"admin", "operator", "principal", "teacher", "rep", "auditor"} - {who}:
        if state != "held" or other not in ("admin", "operator"):
            assert waiting(client, getattr(world, other)) == []
    Release.objects.update(state="computing")
    assert waiting(client, getattr(world, who)) == []


def test_a_release_that_is_not_clean_waits_for_no_key(client, world):
    release(world, make.window(world.year), since=None, state="prepared", second_key_by=None, audit={"clean": False})
    [(label, _)] = waiting(client, world.admin)
    assert label.endswith("cannot be opened: the audit found figures that could be worked out")


def test_a_district_s_office_reads_first_how_much_waits(client, sat):
    newest = today(client, sat.admin).context["news"].sentence
    assert newest.startswith("The newest results are those of ")
    release(sat, sat.winter, since=None, state="prepared", second_key_by=None, audit={"clean": True})
    assert today(client, sat.admin).context["news"].sentence == f"1 thing waits for you. {newest}"


def test_tests_of_one_series_and_window_are_the_newest_together(client, sat, publish):
    """One file a grade: the sentence names what the files that stand below it have in common."""
    make.assessment(sat.district, "QM6", "Quarterly Math 6", keys="AB", grades=["06"], series="QM", scale="QMS")
    student = make.student(sat.district)
    make.enroll(student, sat.ash, sat.year, "06")
    publish([(student, "AB", 500)], window="2025-26/Q2", assessment="QM6")
    Administration.objects.filter(window=sat.fall).update(published_at=timezone.now() - timedelta(days=60))
    said = today(client, sat.admin).context["news"].sentence
    assert said == "The newest results are those of Quarterly Math, Winter 1, in 2 tests."


def since(client) -> list[str]:
    return [notice.words for notice in client.get("/").context["since"]]


def test_what_changed_since_the_last_visit_stays_for_an_hour(client, world, monkeypatch):
    now = timezone.now()
    make.notice(world.teacher, "Before.", at=now - timedelta(days=1))
    make.notice(world.principal, "Somebody else's.")
    client.force_login(world.teacher)
    assert since(client) == ["Before."]  # the first visit looks two weeks back
    clock = {"now": now}
    monkeypatch.setattr(timezone, "now", lambda: clock["now"])
    clock["now"] = now + timedelta(hours=5)
    make.notice(world.teacher, "Meanwhile.", at=now + timedelta(hours=4))
    assert since(client) == ["Meanwhile."]
    clock["now"] += timedelta(minutes=30)
    assert since(client) == ["Meanwhile."]
    clock["now"] += timedelta(hours=2)
    assert since(client) == []


def test_the_note_of_a_visit_is_written_once_an_hour(client, world, django_assert_num_queries):
    client.force_login(world.outsider)
    with django_assert_num_queries(6):
        client.get("/")
    with django_assert_num_queries(5):
        client.get("/")


def test_other_rooms_add_panels_and_what_waits(client, world, monkeypatch):
    monkeypatch.setattr(registry, "_panels", [])
    monkeypatch.setattr(registry, "_waiting", [])

    def visits(user):
        return Panel("Visits this week", [Line("Ash School, Thursday")]) if user == world.coach else None

    registry.add_today_panel(visits)
    registry.add_today_panel(visits)
    registry.add_waiting(lambda user: [Line("A visit without a touchpoint", "/schools/")])
    response = today(client, world.coach)
    assert response.content.decode().count("Visits this week") == 1
    assert waiting(client, world.coach) == [("A visit without a touchpoint", "/schools/")]
    assert "Visits this week" not in today(client, world.rep).content.decode()
