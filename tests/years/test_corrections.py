"""This is wrong: said on a class list, told to whoever can mend it, answered, and no student in any mail."""

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from schools import notices
from schools.models import AccessLog, ClassListReport, Notice
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_winter")]


def report(client, world, **fields):
    asked = {"kind": "not_here", "student": world.students[0].pk, "text": "Moved away in October."} | fields
    return client.post(f"/sections/{world.section.pk}/wrong/", asked, follow=True)


def answer(client, row, state="mended", words="Mended in the student system today.", **more):
    asked = {"state": state, "answer": words} | more
    return client.post(f"/corrections/{row.pk}/answer/", asked, follow=True)


def waiting(client) -> list[str]:
    return [line.label for line in client.get("/").context["waiting"]]


def test_from_the_teacher_to_the_principal_and_back(client, world):
    client.force_login(world.teacher)
    page = report(client, world).content.decode()
    assert "You are told here what comes of it." in page and "Nothing yet." in page
    row = ClassListReport.objects.get()
    client.force_login(world.principal)
    assert waiting(client) == ["1 report on a class list waits for an answer"]
    page = client.get(f"/corrections/{row.pk}/").content.decode()
    assert world.students[0].name in page and "Moved away in October." in page and "today: yes" in page
    answer(client, row)
    assert waiting(client) == []
    client.force_login(world.teacher)
    told = Notice.objects.visible_to(world.teacher).get()
    assert told.words == "What you said about the class list of Math 5, section 501, Ash School has been mended."
    assert "Mended in the student system today." in client.get(told.url).content.decode()


def test_no_mail_and_no_notice_names_a_student(client, world):
    client.force_login(world.teacher)
    report(client, world, text=f"{world.students[0].name} moved away.", names_stand="on")
    client.force_login(world.principal)
    answer(client, ClassListReport.objects.get(), words=f"{world.students[0].name} is gone.", names_stand="on")
    assert notices.mail_notices() == 2
    assert sorted(letter.to[0] for letter in mail.outbox) == ["principal@example.org", "teacher@example.org"]
    for letter in mail.outbox:
        assert world.students[0].family_name not in letter.subject + letter.body
        assert world.students[0].number not in letter.subject + letter.body


def test_the_same_report_sent_twice_counts_once(client, world):
    client.force_login(world.teacher)
    report(client, world)
    report(client, world)
    assert ClassListReport.objects.count() == Notice.objects.count() == 1
    report(client, world, kind="missing", student="", text="Somebody from 502.")
    assert ClassListReport.objects.count() == 2


def test_without_a_principal_the_district_is_told_and_without_anyone_it_is_said(client, world):
    client.force_login(world.teacher)
    world.principal.memberships.all().delete()
    report(client, world)
    assert Notice.objects.get().user == world.admin
    world.admin.memberships.all().delete()
    page = report(client, world, text="Still wrong.").content.decode()
    assert "Nobody keeps this school&#x27;s roster in the portal yet." in page
    assert "Still wrong." in page  # what was typed is kept
    assert ClassListReport.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": ""}, "This field is required."),
        ({"student": ""}, "Choose the student on the list."),
        ({"kind": "missing", "student": "", "text": ""}, "Write who is missing, and since when."),
        ({"kind": "other", "student": "", "text": ""}, "Write what is wrong."),
    ],
)
def test_what_is_not_said_is_asked_for(client, world, fields, words):
    client.force_login(world.teacher)
    assert words in report(client, world, **fields).content.decode()
    assert not ClassListReport.objects.exists()


def test_a_student_of_another_class_cannot_be_chosen(client, world):
    client.force_login(world.principal)
    for stranger in (world.students[2], world.students[3], world.far_student):
        page = report(client, world, student=stranger.pk).content.decode()
        assert "not one of the available choices" in page
        assert stranger.family_name not in page
    assert not ClassListReport.objects.exists()


def test_an_answer_is_given_once_and_says_why(client, world):
    client.force_login(world.teacher)
    report(client, world)
    row = ClassListReport.objects.get()
    client.force_login(world.admin)
    assert "Write why the list is right as it is." in answer(client, row, "answered", "").content.decode()
    answer(client, row, "answered", "The student is back since Monday.")
    client.force_login(world.principal)
    assert "has closed this report already" in answer(client, row).content.decode()
    row.refresh_from_db()
    assert (row.state, row.answered_by) == ("answered", world.admin)


def test_who_reports_loses_sight_of_it_with_the_class(client, world):
    client.force_login(world.leader)
    report(client, world)
    row = ClassListReport.objects.get()
    assert client.get(f"/corrections/{row.pk}/").status_code == 200
    world.leader.memberships.update(ends="2025-12-01")
    assert client.get(f"/corrections/{row.pk}/").status_code == 404


def test_looking_is_logged(client, world):
    client.force_login(world.teacher)
    report(client, world)
    client.force_login(world.principal)
    client.get("/corrections/")
    client.get(f"/corrections/{ClassListReport.objects.get().pk}/")
    logged = AccessLog.objects.filter(user=world.principal).order_by("pk")
    assert [(row.what, row.students) for row in logged] == [
        ("reports on class lists", 1),
        ("report on a class list", 1),
    ]


def test_the_list_asks_no_more_for_more_reports(client, world, flat):
    client.force_login(world.principal)
    section = world.section

    def more():
        for one in world.students[:2] * 5:
            ClassListReport.objects.create(section=section, by=make.user(), kind="not_here", student=one)

    more()
    flat("/corrections/", more, most=12)


def test_the_database_keeps_the_rules(world):
    row = ClassListReport.objects.create(section=world.section, by=world.teacher, kind="other", text="x")
    rows = ClassListReport.objects.filter(pk=row.pk)
    for wrong in ({"kind": "rude"}, {"state": "mended"}, {"answered_at": timezone.now()}, {"text": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**wrong)
