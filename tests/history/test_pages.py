"""The history as it is read: in words, by who may, with no name of a student to who may not see the student."""

import csv
import html
import io
import re

import pytest
from django.db import connection
from django.urls import reverse

from assessments.models import CutScore, Item
from schools.history.signing import Who, signed
from schools.models import AccessLog, Act, Change, Membership, School, SectionEnrollment, SectionStaff
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_winter")]


@pytest.fixture
def acted(world):
    """Do something as somebody, as an act of its own; the key of the act. A test is one transaction."""

    def act(what, person=None, name="schools:role_add"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('portal.act', '', true)")
        with signed(lambda: Who("page", name, (person or world.admin).pk)):
            what()
        return Act.objects.first().pk

    return act


def text(response):
    return " ".join(response.content.decode().split())


def read(client, user, **query):
    client.force_login(user)
    response = client.get(reverse("schools:history"), query)
    assert response.status_code == 200
    return text(response)


def file_rows(response) -> list[dict]:
    """The rows of the file, below its notice."""
    notice, _, table = b"".join(response).decode("utf-8-sig").partition("\n")
    assert "#" in notice
    return list(csv.DictReader(io.StringIO(table)))


def test_a_cut_score_that_was_changed_reads_as_a_sentence(client, world, acted):
    test = make.assessment(world.district)
    make.cuts(test, minimums=(0, 20, 60, 80))
    acted(lambda: CutScore.objects.filter(name="Proficient").update(minimum=65))
    page = read(client, world.admin, of=f"test-{test.pk}")
    assert "History of Quarterly Math 5" in page
    line = "<b>Cut score Proficient, grade 05 (Quarterly Math 5)</b>, minimum: 60 → 65"
    assert line in page
    assert "Given Admin" in page


def test_a_role_given_and_ended_names_person_place_and_dates(client, world, acted):
    row = []
    acted(lambda: row.append(make.member(world.teacher, "teacher_leader", school=world.ash, reason="Stands in")))
    acted(lambda: Membership.objects.filter(pk=row[0].pk).update(ends="2025-12-31", end_reason="Back again"))
    page = read(client, world.admin, of=f"person-{world.teacher.pk}")
    assert "<b>Role teacher leader (Given Teacher, Ash School)</b> added" in page
    assert "reason: Stands in" in page
    assert "ends: nothing → Dec 31, 2025; why it ended: nothing → Back again" in page


def test_what_was_done_to_many_rows_is_counted_and_read_on_a_page_of_its_own(client, world, acted):
    students = [make.student(world.district) for _ in range(7)]
    act = acted(lambda: [make.seat(one, world.section) for one in students])
    page = read(client, world.admin)
    assert "7 seats in classes added" in page
    assert students[0].family_name not in page
    response = client.get(reverse("schools:history_act", args=[act]), {"kind": "sectionenrollment"})
    assert all(one.family_name in text(response) for one in students)
    log = AccessLog.objects.first()
    assert (log.what, log.students) == ("history of changes", 7)


def test_a_removed_row_says_what_stood_there(client, world, acted):
    acted(lambda: SectionStaff.objects.filter(user=world.teacher).delete(), world.principal)
    page = read(client, world.principal)
    assert "<b>Class staff teacher (Given Teacher, Math 5, 501, Ash School)</b> removed" in page


@pytest.mark.parametrize("who", ["operator", "auditor"])
def test_who_runs_a_network_reads_of_no_student(client, world, acted, who):
    acted(lambda: world.students[0].__class__.objects.update(family_name="Renamed"))
    acted(lambda: SectionEnrollment.objects.filter(section=world.section).update(ends="2026-01-31"))
    page = read(client, getattr(world, who))
    assert "Renamed" not in page and "seat" not in page
    assert read(client, getattr(world, who), of=f"student-{world.students[0].pk}").count("<tr") == 0
    assert not AccessLog.objects.exists()


def test_an_act_out_of_sight_is_not_there(client, world, acted):
    act = acted(lambda: School.objects.filter(pk=world.far_school.pk).update(name="Elsewhere"), world.far_principal)
    client.force_login(world.admin)
    assert client.get(reverse("schools:history_act", args=[act])).status_code == 404
    assert "Elsewhere" not in read(client, world.admin)


def test_keys_are_read_by_who_may_read_them(client, world, acted):
    test = make.assessment(world.district)
    make.administration(test, make.window(world.year, closes="2026-01-31"))
    act = acted(lambda: Item.objects.filter(position=1).update(key="D", text="How many?"))
    assert "key: A → D; text: nothing → How many?" in read(client, world.admin)
    for who in (world.operator, world.auditor):
        page = read(client, who)
        assert "key: not open to you yet → not open to you yet" in page
        assert "How many?" not in page
        client.force_login(who)
        assert "How many?" not in text(client.get(reverse("schools:history_act", args=[act])))
        assert "How many?" not in b"".join(client.get(reverse("schools:history_export"))).decode()


def test_the_list_is_searched_and_filtered(client, world, acted):
    acted(lambda: School.objects.filter(pk=world.ash.pk).update(name="Ash Academy"), world.principal)
    acted(lambda: School.objects.filter(pk=world.birch.pk).update(name="Birch Academy"))
    assert "Ash Academy" in read(client, world.admin, q="principal academy")
    assert "Birch Academy" not in read(client, world.admin, q="principal academy")
    assert "No change was found" in read(client, world.admin, q="zzz")
    assert "Birch Academy" in read(client, world.admin, kind="school", since="2000-01-01")
    assert "No change was found" in read(client, world.admin, until="2000-01-01")
    assert "Birch Academy" not in read(client, world.admin, of=f"school-{world.ash.pk}")


def test_the_file_has_the_rows_of_the_page_but_those_about_students(client, world, acted):
    acted(lambda: School.objects.filter(pk=world.ash.pk).update(name="=Ash", code="1"))
    client.force_login(world.admin)
    response = client.get(reverse("schools:history_export"), {"kind": "school"})
    rows = file_rows(response)
    changed = [row for row in rows if row["Done"] == "changed"]
    assert {(row["Of it"], row["Before"], row["After"]) for row in changed} == {
        ("code", "100", "1"), ("name", "Ash School", "'=Ash"),
    }  # fmt: skip
    assert {row["Who"] for row in changed} == {"Given Admin"}
    assert AccessLog.objects.get().action == "export"
    rows = file_rows(client.get(reverse("schools:history_export")))
    assert len(rows) > 20 and not [row for row in rows if row["What"].startswith(("Student", "Seat", "Enrollment"))]


def test_the_page_asks_no_more_for_more_acts(client, world, acted, flat):
    def more():
        for number in range(6):
            acted(lambda number=number: make.member(make.user(), "teacher", school=world.ash, reason=f"new {number}"))

    more()
    client.force_login(world.admin)
    flat(reverse("schools:history"), more, most=12)


def test_every_kind_of_change_reads(world):
    """Whatever was ever written of any kept table becomes words."""
    from schools.history.words import lines_of
    from tests.policy.rows import furnish

    furnish(world)
    lines = lines_of(world.admin, Change.objects.all())
    assert len(lines) == Change.objects.count() > 100
    assert all(line.what and line.did for line in lines.values())


PANELS = {
    "schools:school": "ash", "schools:section": "section", "schools:person": "teacher", "schools:student": "student",
    "schools:agreement": "agreement",
}  # fmt: skip


def panel(client, name, subject):
    """What htmx puts into the panel of a thing's page; None where the page has none."""
    page = text(client.get(reverse(name, args=[subject.pk])))
    found = re.search(r'hx-get="([^"]+)" hx-trigger="revealed"', page)
    return found and text(client.get(html.unescape(found[1]), headers={"HX-Request": "true"}))


@pytest.mark.parametrize("name", PANELS)
def test_a_thing_s_own_page_shows_its_newest_changes(client, world, acted, name):
    world.student = world.students[0]
    subject = getattr(world, PANELS[name])
    columns = {"section": "title", "person": "given_name", "agreement": "function", "student": "given_name"}
    field = columns.get(name.partition(":")[2], "name")
    acted(lambda: type(subject).objects.filter(pk=subject.pk).update(**{field: "Newly named"}))
    client.force_login(world.admin)
    told = panel(client, name, subject)
    assert "→ Newly named" in told and "Given Admin" in told and "<html" not in told
    assert (world.students[0].family_name in told) == (name == "schools:student")
    client.force_login(world.coach)
    assert panel(client, name, subject) is None


def test_a_test_s_page_shows_its_cut_scores(client, world, acted):
    test = make.assessment(world.district)
    make.cuts(test, minimums=(0, 20, 60, 80))
    acted(lambda: CutScore.objects.filter(name="Proficient").update(minimum=65))
    client.force_login(world.admin)
    assert "minimum: 60 → 65" in panel(client, "assessments:test", test)


def test_the_panel_of_a_student_is_an_access(client, world):
    client.force_login(world.admin)
    client.get(reverse("schools:history"), {"of": f"student-{world.students[0].pk}", "panel": "1"}, headers={
        "HX-Request": "true"
    })  # fmt: skip
    assert AccessLog.objects.get().student == world.students[0]
    client.force_login(world.teacher)
    assert client.get(reverse("schools:history"), {"of": f"student-{world.students[0].pk}"}).status_code == 403
