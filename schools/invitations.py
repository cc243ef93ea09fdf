"""Letters that let an invited person in: a link to allauth's own page for a new password, and no scheme beside it."""

from datetime import timedelta
from smtplib import SMTPException

import structlog
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from schools.models import Membership, User
from schools.rights import not_over

AGAIN_AFTER = timedelta(minutes=1)  # a button pressed twice sends one letter

logger = structlog.get_logger("schools")


class InvitationFailed(Exception):
    """The letter did not leave; the text says what to do."""


def may_invite(person: User) -> bool:
    """Whether a letter makes sense: the account is on, and the person has never signed in."""
    return person.is_active and person.last_login is None


def invite(*, person: User, by: User) -> bool:
    """Send `person` the link that sets their first password. False where a letter left less than a minute ago.

    Raises InvitationFailed where the mail server does not take it; the person then counts as not invited.
    """
    now = timezone.now()
    before = person.invited_at
    lately = Q(invited_at__gt=now - AGAIN_AFTER)
    claimed = User.objects.filter(pk=person.pk).exclude(lately).update(invited_at=now)  # unscoped: one known person
    if not claimed:
        return False
    try:
        _send(person, by)
    except (SMTPException, OSError) as error:
        User.objects.filter(pk=person.pk, invited_at=now).update(invited_at=before)  # unscoped: the same row
        logger.warning("invitation_not_sent", person=person.pk, error=type(error).__name__)
        raise InvitationFailed(
            f"The mail server did not take the letter to {person.email}. Nothing is lost: send it again later, "
            "and tell whoever runs the portal if it happens twice."
        ) from error
    person.invited_at = now
    logger.info("invitation_sent", person=person.pk, by=by.pk)
    return True


def invitation_link(person: User) -> str:
    """The address that lets `person` set a password; it dies with its first use, or after a few days."""
    key = default_token_generator.make_token(person)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(person), "key": key})
    return settings.PORTAL_URL.rstrip("/") + path


def _send(person: User, by: User):
    held = Membership.objects.filter(not_over(person.standing.today), user=person)  # unscoped: their own letter
    roles = [str(m) for m in held.select_related("school", "district", "network", "organization")]
    context = {
        "person": person,
        "by": by,
        "roles": roles,
        "link": invitation_link(person),
        "days": settings.PASSWORD_RESET_TIMEOUT // (24 * 3600),
        "portal": settings.PORTAL_URL,
    }
    text = render_to_string("schools/mail/invitation.txt", context)
    subject = " ".join(f"{by.get_full_name()} invites you to the network's portal".split())  # a header has one line
    send_mail(subject, text, None, [person.email])
