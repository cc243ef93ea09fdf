"""The pages of one student's privacy: who can see, who has looked, and the record for a parent."""

import csv
import io
from datetime import date

import pytest
from django.db import DatabaseError, transaction

from schools.models import AccessLog, DataAgreement, DisclosureRecord
from tests import make
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_winter")]


def look(user, action="view", what="class list", **of):
    return AccessLog.objects.create(user=user, action=action, what=what, **of)


def listed(client, student, query="") -> list[tuple]:
    page = client.get(f"/students/{student.pk}/who-has-looked/{query}").context["page"]
    return [(row.user.family_name, row.get_action_display(), row.reach) for row in page if "has looked" not in row.what]


def test_who_can_see_stands_with_reason_and_agreement(client, world, flat):
    client.force_login(world.principal)
    url = f"/students/{world.students[0].pk}/who-can-see/"
    page = client.get(url).content.decode()
    assert "5 people can see this student" in page
    assert "1 of them as a partner" in page
    assert "Teaches the student in Math 5, section 501." in page
    assert "Coaches Ash School under a data agreement in force." in page
    flat(url, lambda: [make.staff(make.user(), world.section, "support") for _ in range(5)], most=12)


def test_every_way_of_looking_is_found_and_nothing_else(client, world):
    student, other = world.students[0], world.students[2]
    district = {"district": world.district}
    look(world.teacher, section=world.section, school=world.ash, students=2, **district)
    look(world.colleague, "refused", section=world.section, school=world.ash, **district)
    look(world.leader, "export", "school results", school=world.ash, students=3, **district)
    look(world.admin, "export", "file as sent", students=40, **district)
    look(world.admin, "view", "one student", student=student, school=world.ash, students=1, **district)
    look(world.leader, what="school results", school=world.ash, **district)  # figures alone
    look(world.colleague, section=world.other_section, school=world.ash, students=1, **district)
    look(world.admin, what="one student", student=other, school=world.ash, students=1, **district)
    look(world.far_principal, section=world.far_section, school=world.far_school, students=1, district=world.far)
    client.force_login(world.admin)
    assert sorted(listed(client, student)) == [
        ("Admin", "exported", "a file of the district"),
        ("Admin", "viewed", "this student"),
        ("Colleague", "refused", "the class"),
        ("Leader", "exported", "the school"),
        ("Teacher", "viewed", "the class"),
    ]
    assert listed(client, student, "?q=teach") == [("Teacher", "viewed", "the class")]
    assert listed(client, student, "?action=refused") == [("Colleague", "refused", "the class")]
    assert listed(client, student, "?until=2025-12-09") == []


def test_a_class_counts_from_the_students_first_day_in_it(client, world):
    late = make.student(world.district)
    make.enroll(late, world.ash, world.year)
    make.seat(late, world.section, starts=date(2025, 12, 11))
    look(world.teacher, section=world.section, school=world.ash, students=2, district=world.district)
    client.force_login(world.admin)
    assert listed(client, late) == []


def test_looking_at_who_looked_is_itself_in_the_list(client, world, flat):
    student = world.students[0]
    client.force_login(world.principal)
    url = f"/students/{student.pk}/who-has-looked/"
    client.get(url)
    page = client.get(url).content.decode()
    assert page.count("who has looked at a student") == 2
    more = {"section": world.section, "school": world.ash, "students": 2, "district": world.district}
    flat(url, lambda: [look(world.teacher, **more) for _ in range(5)], most=12)


def test_the_list_as_a_file_needs_words_and_carries_the_notice(client, world):
    student = world.students[0]
    sign_in(client, world.principal)
    look(world.teacher, section=world.section, school=world.ash, students=2, district=world.district)
    url = f"/students/{student.pk}/who-has-looked/export/"
    assert client.post(url, {"format": "csv"}).status_code == 302
    assert not AccessLog.objects.filter(action="export").exists()
    body = client.post(url, {"format": "csv", "purpose": "a parent asked"}).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(body)))
    assert rows[0][0].startswith("# Student records: not to be passed on")
    assert [row[1] for row in rows[2:]] == ["Given Teacher"]
    assert AccessLog.objects.get(action="export").purpose == "a parent asked"


# --- the record of disclosures ---------------------------------------------------------------------------


def record(client, student):
    return client.get(f"/students/{student.pk}/disclosures/")


def test_partners_stand_with_their_agreement_and_officials_do_not(client, world):
    student = world.students[0]
    at_ash = {"section": world.section, "school": world.ash, "students": 2, "district": world.district}
    for action in ("view", "view", "export"):
        look(world.coach, action, **at_ash)
    look(world.teacher, **at_ash)
    client.force_login(world.principal)
    response = record(client, student)
    (party,) = response.context["parties"]
    assert (party.name, party.agreement) == (world.psi.name, world.agreement)
    assert party.kinds == "seen on the portal's pages 2 times, taken away as a file once"
    assert (party.first, party.last) == (date(2025, 12, 10), date(2025, 12, 10))
    page = response.content.decode()
    assert "Coaching in mathematics" in page
    assert "99.32(d)(2)" in page
    assert "Given Teacher" not in page
    assert AccessLog.objects.filter(what="record of disclosures", student=student).count() == 1


def test_a_refused_partner_stands_as_refused(client, world):
    DataAgreement.objects.filter(pk=world.agreement.pk).update(ends=date(2025, 12, 1))
    client.force_login(world.coach)
    assert client.get(f"/sections/{world.section.pk}/students/").status_code == 404
    client.force_login(world.principal)
    (party,) = record(client, world.students[0]).context["parties"]
    assert (party.agreement, party.kinds) == (None, "refused once")


def test_who_joined_the_partner_later_looked_as_somebody_else(client, world):
    newcomer = make.user(family_name="Newcoach")
    make.member(newcomer, "psi_coach", organization=world.psi, starts=date(2025, 12, 11))
    look(newcomer, section=world.section, school=world.ash, students=2, district=world.district)
    client.force_login(world.principal)
    assert record(client, world.students[0]).context["parties"] == []


def entered(**changes) -> dict:
    return {
        "reach": "student", "answer": "given", "on": "2025-12-01", "party": "Cedar Academy", "interest": "Enrolls",
        "basis": "transfer", "what": "Results of Fall", "onward": "",
    } | changes  # fmt: skip


def test_the_district_enters_what_it_gave_by_other_means(client, world):
    student, other = world.students[0], world.students[3]
    client.force_login(world.admin)
    url = f"/students/{student.pk}/disclosures/add/"
    for reach in ("student", "school", "district"):
        assert client.post(url, entered(reach=reach, party=f"Party {reach}")).status_code == 302
    page = record(client, student).content.decode()
    assert all(f"Party {reach}" in page for reach in ("student", "school", "district"))
    assert {row.party for row in record(client, other).context["entered"]} == {"Party district"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"basis": "none"}, "What was given has a basis in 34 CFR 99.31."),
        ({"on": "2026-01-31"}, "This day has not come yet."),
        ({"party": ""}, "This field is required."),
        ({"reach": "everybody"}, "Select a valid choice."),
    ],
)
def test_what_is_missing_in_a_disclosure_is_said(client, world, changes, words):
    client.force_login(world.admin)
    response = client.post(f"/students/{world.students[0].pk}/disclosures/add/", entered(**changes))
    assert words in response.content.decode()
    assert not DisclosureRecord.objects.exists()


def test_the_database_takes_nothing_given_without_a_basis(world):
    with pytest.raises(DatabaseError), transaction.atomic():
        DisclosureRecord.objects.create(
            district=world.district, on=date(2025, 12, 1), party="x", interest="x", basis="none", what="x",
            by=world.admin,
        )  # fmt: skip


def test_the_record_for_paper_says_to_whom_it_was_given(client, world):
    student = world.students[0]
    sign_in(client, world.principal)
    url = f"/students/{student.pk}/disclosures/print/"
    assert client.post(url).status_code == 302
    page = client.post(url, {"purpose": "the mother, at the office"}).content.decode()
    assert "given to: the mother, at the office" in page
    row = AccessLog.objects.get(action="print")
    assert (row.student, row.purpose) == (student, "the mother, at the office")


# --- the way there -------------------------------------------------------------------------------------


def test_a_student_is_found_by_name_or_number_in_ones_own_sight(client, world):
    client.force_login(world.principal)
    mine, far = world.students[0], world.far_student
    for words in (mine.number, mine.family_name[:6], f"{mine.family_name}, {mine.given_name}"):
        assert mine in client.post("/privacy/", {"find": words}).context["found"]
    assert client.post("/privacy/", {"find": far.family_name}).context["found"] == []
    client.force_login(world.teacher)
    assert client.post("/privacy/", {"find": mine.number}).context["found"] == []
    assert AccessLog.objects.filter(what="students found by name or number").count() == 3
