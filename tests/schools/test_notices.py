"""Notices: told once, read by their person alone, mailed once, and never against that person's choice."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from threading import Thread

import pytest
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone

from schools import notices
from schools.models import Notice, User
from tests import make

pytestmark = pytest.mark.django_db
RESULTS = Notice.Kind.RESULTS


def told(*people, about="upload 1", words="Results of Quarterly Math 5, Fall are published.", **more):
    return notices.tell(RESULTS, about, words, {one.pk: "/results/" for one in people}, **more)


def test_a_notice_is_told_and_mailed_once(world, settings):
    settings.PORTAL_URL = "https://portal.example.org"
    told(world.teacher, world.principal)
    told(world.teacher, world.principal)
    assert notices.mail_notices() == 2
    assert notices.mail_notices() == 0
    assert sorted(letter.to[0] for letter in mail.outbox) == ["principal@example.org", "teacher@example.org"]
    letter = mail.outbox[0]
    assert letter.subject == "Results of Quarterly Math 5, Fall are published"
    assert "https://portal.example.org/results/" in letter.body
    assert "https://portal.example.org/notices/" in letter.body


def test_a_notice_for_later_waits_for_its_time(client, world, monkeypatch):
    now = timezone.now()
    told(world.teacher, at=now + timedelta(hours=3))
    client.force_login(world.teacher)
    assert notices.mail_notices() == 0
    assert not client.get("/notices/").context["page"].object_list
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(hours=3))
    assert notices.mail_notices() == 1
    assert len(client.get("/notices/").context["page"].object_list) == 1


def test_old_news_are_on_the_page_and_not_in_the_mail(world):
    told(world.teacher, at=timezone.now() - timedelta(days=30))
    assert notices.mail_notices() == 0
    assert Notice.objects.visible_to(world.teacher).count() == 1


def test_who_switched_mails_off_or_left_gets_none(client, world):
    User.objects.filter(pk=world.principal.pk).update(is_active=False)
    client.force_login(world.teacher)
    client.post("/notices/mail/", {"kind": ["release"]})
    told(world.teacher, world.principal, world.leader)
    assert notices.mail_notices() == 1
    assert [letter.to for letter in mail.outbox] == [["leader@example.org"]]
    client.post("/notices/mail/", {"kind": ["release", "results"]})
    told(world.teacher, about="upload 2")
    assert notices.mail_notices() == 1


def test_what_is_taken_back_reaches_nobody_else(world):
    told(world.teacher)
    told(world.principal, at=timezone.now() + timedelta(hours=1))
    assert notices.take_back("upload 1") == {world.teacher.pk: "/results/"}
    assert notices.mail_notices() == 0
    assert Notice.objects.count() == 1


def test_a_mail_server_that_is_away_is_asked_again_later(world, monkeypatch):
    told(world.teacher, world.principal)
    send = mail.EmailMessage.send
    monkeypatch.setattr(mail.EmailMessage, "send", raising(SMTPServerDisconnected("gone")))
    assert notices.mail_notices() == 0  # and the second is not even tried
    assert Notice.objects.filter(mail_due__gt=timezone.now()).count() == 1
    monkeypatch.setattr(mail.EmailMessage, "send", send)
    assert notices.mail_notices() == 1
    later = timezone.now() + notices.TRY_AGAIN
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert notices.mail_notices() == 1


def test_an_address_that_is_refused_stops_nobody_elses_mail(world, monkeypatch):
    told(world.teacher, world.principal)
    send = mail.EmailMessage.send

    def picky(letter, *args, **more):
        if letter.to == [world.teacher.email]:
            raise SMTPRecipientsRefused({})
        return send(letter, *args, **more)

    monkeypatch.setattr(mail.EmailMessage, "send", picky)
    assert notices.mail_notices() == 1
    assert not Notice.objects.exclude(mail_due=None).exists()


def raising(error):
    def fail(*args, **more):
        raise error

    return fail


def test_the_own_notices_unread_first_and_marked_all_at_once(client, world):
    make.notice(world.teacher, "Old and read.", at=timezone.now() - timedelta(days=1), read_at=timezone.now())
    make.notice(world.teacher, "Old and unread.", at=timezone.now() - timedelta(days=2))
    other = make.notice(world.principal, "Somebody else's.")
    client.force_login(world.teacher)
    page = client.get("/notices/")
    assert [row.words for row in page.context["page"]] == ["Old and unread.", "Old and read."]
    assert page.context["unread"] == 1
    client.post("/notices/read/")
    assert client.get("/notices/").context["unread"] == 0
    other.refresh_from_db()
    assert other.read_at is None


def test_the_list_asks_no_more_for_more_rows(client, world, flat):
    make.notice(world.teacher)
    client.force_login(world.teacher)
    flat("/notices/", lambda: [make.notice(world.teacher) for _ in range(5)], most=12)


@pytest.mark.django_db(transaction=True)
def test_two_workers_mail_each_notice_once(settings):
    for number in range(6):
        with transaction.atomic():
            told(make.user(), about=f"upload {number}")

    def work():
        try:
            notices.mail_notices()
        finally:
            connection.close()

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(mail.outbox) == 6
    assert len({letter.to[0] for letter in mail.outbox}) == 6
