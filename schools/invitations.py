"""Letters that let an invited person in. The link opens the account once, for some days, and dies with the next letter.

It is signed and kept nowhere: what would end it (a sign-in, a new letter, another address) is part of what is signed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from smtplib import SMTPException

import structlog
from django.conf import settings
from django.core import signing
from django.core.mail import send_mail
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from schools.access import standing_from
from schools.models import SCOPES, Membership, SectionStaff, User
from schools.rights import grants, may_change_person, not_over

AGAIN_AFTER = timedelta(minutes=1)  # a button pressed twice sends one letter
SALT = "invitation"

logger = structlog.get_logger("schools")


class InvitationFailed(Exception):
    """The letter did not leave; the text says what to do."""


class InvitationSpent(Exception):
    """The link opens nothing: it is too old, was used, or a newer letter has left since."""


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
    person.invited_at = now  # the link is of this letter
    try:
        _send(person, by)
    except (SMTPException, OSError) as error:
        person.invited_at = before
        User.objects.filter(pk=person.pk, invited_at=now).update(invited_at=before)  # unscoped: the same row
        logger.warning("invitation_not_sent", person=person.pk, error=type(error).__name__)
        raise InvitationFailed(
            f"The mail server did not take the letter to {person.email}. Nothing is lost: send it again later, "
            "and tell whoever runs the portal if it happens twice."
        ) from error
    logger.info("invitation_sent", person=person.pk, by=by.pk)
    return True


@dataclass
class Sent:
    """What became of inviting several people: who got a letter, and who did not."""

    told: list[User] = field(default_factory=list)
    waiting: list[User] = field(default_factory=list)  # a letter left less than a minute ago
    failed: list[User] = field(default_factory=list)


def invite_all(*, people: Iterable[User], by: User) -> Sent:
    """Send each of `people` their letter; one that does not leave keeps nobody else from theirs."""
    sent = Sent()
    for person in people:
        try:
            left = invite(person=person, by=by)
        except InvitationFailed:
            sent.failed.append(person)
        else:
            (sent.told if left else sent.waiting).append(person)
    return sent


def letter_to(person: User, by: User) -> str:
    """What the letter says, for a preview: its link is made when it leaves, and stands as dots."""
    return _words(person, by, link=settings.PORTAL_URL.rstrip("/") + "/invitations/...")


def changeable_among(user: User, people: Iterable[User]) -> list[User]:
    """Those of `people` whose account `user` may change, and so may invite; two queries, however many there are."""
    found = {person.pk: person for person in people}
    held: dict[int, list] = {pk: [] for pk in found}
    taught: dict[int, list] = {pk: [] for pk in found}
    # Unscoped: whether somebody is in the reader's gift goes by all that they hold, also out of sight.
    places = ("school__district", "district", "network", "organization")
    for row in Membership.objects.filter(user__in=found).select_related(*places):
        held[row.user_id].append(row)
    for row in SectionStaff.objects.filter(user__in=found).select_related("section__school", "section__year"):
        taught[row.user_id].append(row)
    for pk, person in found.items():
        person.standing = standing_from(person, held[pk], taught[pk])
    given = grants(user)
    return [person for person in found.values() if may_change_person(user, person, given)]


def runs_out_at(person: User):
    """When the latest letter's link stops working, or None where no letter has left."""
    if person.invited_at is None:
        return None
    return person.invited_at + timedelta(days=settings.INVITATION_DAYS)


def letter_still_works(person: User) -> bool:
    """Whether a letter has left whose link would still open the account."""
    ends = runs_out_at(person)
    return ends is not None and ends > timezone.now()


def invitation_link(person: User) -> str:
    """The address that opens the account of `person`, once."""
    token = signing.dumps([person.pk, _state_of(person)], salt=SALT)
    return settings.PORTAL_URL.rstrip("/") + reverse("invitation", args=[token])


def open_invitation(token: str) -> User:
    """The person whom a link invites. Raises InvitationSpent where it opens nothing (any more)."""
    try:
        pk, state = signing.loads(token, salt=SALT, max_age=timedelta(days=settings.INVITATION_DAYS))
    except (signing.BadSignature, ValueError):
        raise InvitationSpent from None
    person = User.objects.filter(pk=pk).first()  # unscoped: the signed link names them
    if person is None or not may_invite(person) or state != _state_of(person):
        raise InvitationSpent
    return person


def _state_of(person: User) -> str:
    """Changes with whatever ends a link: a sign-in, a password, another address, a newer letter."""
    told = [str(person.last_login), person.password, person.email, str(person.invited_at)]
    return signing.Signer(salt=SALT).signature("\n".join(told))


def _send(person: User, by: User):
    subject = " ".join(f"{by.get_full_name()} invites you to the network's portal".split())  # a header has one line
    send_mail(subject, _words(person, by, link=invitation_link(person)), None, [person.email])


def _words(person: User, by: User, *, link: str) -> str:
    held = Membership.objects.filter(not_over(person.standing.today), user=person)  # unscoped: their own letter
    roles = [str(m) for m in held.select_related(*SCOPES)]
    context = {
        "person": person,
        "by": by,
        "roles": roles,
        "link": link,
        "days": settings.INVITATION_DAYS,
        "portal": settings.PORTAL_URL,
    }
    # What a template makes counts as safe HTML; added to, it is plain text, which a page that shows it escapes.
    return render_to_string("schools/mail/invitation.txt", context) + ""
