"""One row an access, refusals too; the page of the log, and the log as a file."""

import csv
import io

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from schools.audit import NotRecorded, record_access, student_level
from schools.exports import safe_cell
from schools.models import AccessLog, User
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_winter")]


def row_of(who) -> AccessLog:
    """The one row this person has made."""
    return AccessLog.objects.get(user=who)


# --- one row an access -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "why"),
    [
        ("teacher", "Teaches the class."),
        ("principal", "Leads the school."),
        ("coach", "Coaches the school under a data agreement in force."),
        ("admin", "Administers the district."),
    ],
)
def test_a_class_list_writes_one_row_with_its_reason(client, world, who, why):
    client.force_login(getattr(world, who))
    assert client.get(f"/sections/{world.section.pk}/students/").status_code == 200
    row = row_of(getattr(world, who))
    assert (row.action, row.what, row.why, row.students) == ("view", "class list", why, 2)
    assert (row.section, row.school) == (world.section, world.ash)
    assert len(row.request_id) >= 8


@pytest.mark.parametrize("who", ["colleague", "operator", "auditor", "rep", "outsider", "far_principal"])
def test_a_refusal_writes_one_row(client, world, who):
    client.force_login(getattr(world, who))
    assert client.get(f"/sections/{world.section.pk}/students/").status_code == 404
    row = row_of(getattr(world, who))
    assert (row.action, row.section, row.students) == ("refused", world.section, 0)


def test_a_guessed_number_and_a_stranger_write_nothing(client, world):
    assert client.get(f"/sections/{world.section.pk}/students/").status_code == 302
    client.force_login(world.teacher)
    assert client.get("/sections/999999/students/").status_code == 404
    assert not AccessLog.objects.exists()


def a_request(user):
    request = RequestFactory().get("/")
    request.user = user
    return request


def test_a_page_of_students_without_a_row_does_not_leave(world):
    @student_level("silent page", section="pk")
    def silent(request, pk):
        return HttpResponse("names")

    with pytest.raises(NotRecorded, match=r"silent showed student records"):
        silent(a_request(world.teacher), pk=world.section.pk)


@pytest.mark.parametrize("refusal", [Http404, PermissionDenied])
def test_the_decorator_passes_the_refusal_on(world, refusal):
    @student_level("a student's page", student="pk", school="school_pk")
    def closed(request, pk, school_pk):
        raise refusal

    with pytest.raises(refusal):
        closed(a_request(world.teacher), pk=world.far_student.pk, school_pk=world.far_school.pk)
    row = row_of(world.teacher)
    assert (row.student, row.school, row.what) == (world.far_student, world.far_school, "a student's page")


def test_a_misspelled_subject_is_found_at_once():
    with pytest.raises(TypeError, match="not pupil"):
        student_level("page", pupil="pk")


def test_long_words_are_cut_not_refused(world):
    row = record_access(a_request(world.teacher), "export", "x" * 300, why="y" * 400, purpose="z" * 400)
    row.refresh_from_db()
    assert (len(row.what), len(row.why), len(row.purpose)) == (200, 300, 300)


@pytest.mark.parametrize(
    ("about", "district"),
    [
        ({"section": "section"}, "district"), ({"school": "far_school"}, "far"), ({"student": "far_student"}, "far"),
        ({"district": "far"}, "far"), ({}, "district"),
    ],
)  # fmt: skip
def test_a_row_names_the_district_whose_records_they_are(world, about, district):
    named = {name: getattr(world, key) for name, key in about.items()}
    row = record_access(a_request(world.teacher), "view", "class list", **named)
    assert row.district == getattr(world, district)


def test_a_reader_of_several_districts_is_put_to_none_of_them(world):
    make.school(world.far, "900", join=world.network)
    assert record_access(a_request(world.operator), "export", "access log, 2 rows").district is None
    assert record_access(a_request(world.outsider), "refused", "class list").district is None


def test_an_access_without_a_school_is_read_by_its_district_and_those_who_oversee_it(world):
    record_access(a_request(world.teacher), "view", "file as sent", district=world.district)
    seen_by = [name for name in ("teacher", "principal", "coach", "admin", "operator", "auditor", "far_principal")
               if AccessLog.objects.visible_to(getattr(world, name)).exists()]  # fmt: skip
    assert seen_by == ["teacher", "admin", "operator", "auditor"]


def test_who_oversees_a_network_reads_nothing_of_the_district_s_other_schools(world):
    outside = make.school(world.district, "900", "Outside School")
    record_access(a_request(world.admin), "view", "class list", school=outside)
    seen_by = [who for who in ("admin", "operator", "auditor", "principal")
               if AccessLog.objects.visible_to(getattr(world, who)).exists()]  # fmt: skip
    assert seen_by == ["admin"]


def test_a_row_is_of_the_records_district_not_of_the_readers_office(world):
    gone = make.user()
    make.member(gone, "district_admin", district=world.far, ends=make.STARTS)
    record_access(a_request(gone), "refused", "class list", district=world.district)
    assert AccessLog.objects.visible_to(world.admin).count() == 1


def test_the_table_takes_no_other_action(world):
    with pytest.raises(DatabaseError), transaction.atomic():
        record_access(a_request(world.teacher), "peeked", "class list")


# --- the page --------------------------------------------------------------------------------------------


@pytest.fixture
def log(world):
    """Six accesses: four in Ash, one in Birch, one far away."""
    rows = [
        (world.teacher, "view", world.ash, "class list"),
        (world.teacher, "export", world.ash, "item map"),
        (world.colleague, "view", world.ash, "class list"),
        (world.outsider, "refused", world.ash, "class list"),
        (world.admin, "view", world.birch, "class list"),
        (world.far_principal, "view", world.far_school, "class list"),
    ]
    return [
        AccessLog.objects.create(
            user=user, action=action, district=school.district, school=school, what=what, students=2
        )
        for user, action, school, what in rows
    ]


@pytest.mark.parametrize(
    ("who", "seen"),
    [("teacher", 2), ("leader", 0), ("principal", 4), ("coach", 0), ("admin", 5), ("operator", 5), ("auditor", 5),
     ("rep", 0), ("outsider", 1), ("far_principal", 1)],
)  # fmt: skip
def test_each_person_reads_their_part_of_the_log(client, world, log, who, seen):
    client.force_login(getattr(world, who))
    assert client.get("/access-log/").context["page"].paginator.count == seen


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("q=colleague", 1),
        ("q=item+map", 1),
        ("q=teacher@example.org+class", 1),
        ("action=refused", 1),
        ("since=2025-12-11", 0),
        ("until=2025-12-09", 0),
        ("since=2025-12-10&until=12/10/2025", 5),
        ("since=0001-01-01&until=9999-12-31", 5),
        ("since=soon&action=nonsense&school=x", 5),
    ],
)
def test_the_log_is_searched_and_filtered(client, world, log, query, seen):
    client.force_login(world.admin)
    assert client.get(f"/access-log/?{query}").context["page"].paginator.count == seen


def test_a_school_is_a_filter_and_foreign_schools_are_no_choice(client, world, log):
    client.force_login(world.admin)
    response = client.get(f"/access-log/?school={world.birch.pk}")
    assert response.context["page"].paginator.count == 1
    assert "Far School" not in response.content.decode()


def test_a_day_that_cannot_be_read_is_told_beside_the_field(client, world, log):
    client.force_login(world.admin)
    assert "Write the day as month/day/year" in client.get("/access-log/?since=soon").content.decode()


def test_the_log_of_one_student_names_the_number_only_to_those_who_may_see_the_student(client, world):
    student = world.students[0]
    AccessLog.objects.create(
        user=world.teacher, action="view", what="student", district=world.district, school=world.ash, student=student
    )
    client.force_login(world.auditor)
    assert student.number not in client.get("/access-log/").content.decode()
    client.force_login(world.principal)
    assert student.number in client.get("/access-log/").content.decode()


def test_an_empty_log_says_when_rows_come(client, world):
    client.force_login(world.admin)
    assert "A row appears here whenever" in client.get("/access-log/").content.decode()


def test_the_log_asks_no_more_for_more_rows(client, world, log, flat):
    client.force_login(world.admin)

    def more():
        for _ in range(10):
            AccessLog.objects.create(
                user=make.user(), action="view", district=world.district, school=world.ash, what="class list"
            )

    flat("/access-log/", more, most=12)


# --- the file --------------------------------------------------------------------------------------------


def read(response) -> list[dict]:
    text = b"".join(response).decode("utf-8-sig")
    notice, rows = text.split("\r\n", 1)
    assert "34 CFR 99.33" in notice
    return list(csv.DictReader(io.StringIO(rows)))


def test_the_file_holds_what_the_page_shows(client, world, log):
    client.force_login(world.admin)
    response = client.get("/access-log/export/?q=class&action=view")
    rows = read(response)
    shown = client.get("/access-log/?q=class&action=view").context["page"]
    assert [row["Email"] for row in rows] == [row.user.email for row in shown]
    assert response["Content-Disposition"] == 'attachment; filename="access-log-2025-12-10.csv"'
    assert response["Cache-Control"] == "no-store"


def test_the_file_is_an_access_itself(client, world, log):
    client.force_login(world.auditor)
    rows = read(client.get("/access-log/export/"))
    assert len(rows) == 5
    assert (row_of(world.auditor).action, row_of(world.auditor).what) == ("export", "access log, 5 rows")


def test_a_formula_in_a_name_stays_text(client, world, log):
    User.objects.filter(pk=world.teacher.pk).update(given_name="=cmd|' /C calc'!A0", family_name="X")
    client.force_login(world.admin)
    rows = read(client.get("/access-log/export/?q=calc"))
    assert {row["Who"] for row in rows} == {"'=cmd|' /C calc'!A0 X"}


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"), ("  =1", "'  =1"),
        (-3, "-3"), (2.5, "2.5"), (None, ""), ("O'Hara", "O'Hara"), ("a=b", "a=b"), ("＝1", "'＝1"),
    ],
)  # fmt: skip
def test_no_cell_can_run(value, cell):
    assert safe_cell(value) == cell
