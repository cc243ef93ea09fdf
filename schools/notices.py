"""Telling people: a row for each, in the transaction of what it is about, and a mail after the commit.

The row is the truth. A mail that did not leave is tried again by the sweep until it is old news; a person may switch
mails off. Nothing here knows of students or results: whoever tells gives words without either.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F, Func, Value
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from schools.bell import ring
from schools.models import Notice

MAIL = "schools.tasks.mail_notices"
OLD_NEWS = timedelta(days=2)  # after that a mail says nothing new, and the page has it
TRY_AGAIN = timedelta(minutes=15)

log = structlog.get_logger(__name__)


def tell(kind: str, about: str, words: str, to: Mapping[int, str], *, at: datetime | None = None) -> int:
    """Tell people, once each: `to` holds by user id the address that the notice leads them to.

    `about` names what it is of; who was told of that before is not told again. With `at` in the future they are told
    then; with one long past nobody gets a mail. Returns how many are told. The caller is inside the transaction.
    """
    now = timezone.now()
    at = at or now
    due = at if at > now - OLD_NEWS else None
    rows = [
        Notice(user_id=pk, kind=kind, about=about, words=words[:300], url=url, at=at, mail_due=due)
        for pk, url in sorted(to.items())
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    if due is not None and due <= now:
        ring(MAIL)
    return len(rows)


def take_back(about: str) -> dict[int, str]:
    """Tell nobody else of `about`; those who were told already, as `tell` takes them.

    What their notices asked of a page may be there no more: they lead to the page itself.
    """
    rows = Notice.objects.filter(about=about)  # unscoped: those the portal told
    rows.filter(at__gt=timezone.now()).delete()
    page = Func(F("url"), Value("?"), Value(1), function="split_part")
    rows.update(mail_due=None, url=page)
    return dict(rows.values_list("user", "url"))


def unread(user):
    """The person's notices that they have not marked as read."""
    return Notice.objects.visible_to(user).filter(read_at=None)


def mail_notices() -> int:
    """Mail what is due; how many left. Safe to run twice at once: each takes a row that nobody else holds.

    Stops where the mail server does not answer; what is left waits for the next time.
    """
    sent, mails = 0, get_connection()
    try:
        while (outcome := _mail_next(mails)) is not None:
            sent += outcome
    finally:
        mails.close()
    return sent


def _mail_next(mails) -> int | None:
    """Mail the notice that has waited longest: 1 where it left, 0 where it did not, None where there is no more."""
    now = timezone.now()
    with transaction.atomic():
        due = Notice.objects.filter(mail_due__lte=now).select_related("user")  # unscoped: no person asks
        row = due.select_for_update(skip_locked=True, of=("self",)).order_by("mail_due", "pk").first()
        if row is None:
            return None
        wanted = row.user.is_active and row.kind not in row.user.no_mail_of and row.at > now - OLD_NEWS
        row.mail_due = None
        answer: int | None = 0
        if wanted:
            try:
                mails.open()  # once for all of them
                _letter(row, mails).send()
            except SMTPRecipientsRefused:
                log.warning("notice_refused", notice=row.pk, person=row.user_id)
            except OSError as error:
                log.warning("notice_not_mailed", notice=row.pk, error=type(error).__name__)
                row.mail_due, answer = now + TRY_AGAIN, None
            else:
                row.mailed_at, answer = now, 1
        row.save(update_fields=["mail_due", "mailed_at"])
    return answer


def _letter(row: Notice, mails) -> EmailMessage:
    portal = settings.PORTAL_URL.rstrip("/")
    context = {"notice": row, "link": portal + row.url, "notices": portal + reverse("schools:notices")}
    subject = " ".join(row.words.split()).removesuffix(".")  # a header has one line
    text = render_to_string("schools/mail/notice.txt", context)
    return EmailMessage(subject, text, None, [row.user.email], connection=mails)
