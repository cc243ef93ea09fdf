"""Looking at the portal as somebody else: who may, for how long, and what stays closed meanwhile.

Who looks sees the pages of the other person, changes nothing, carries nothing away, and is written down under the
own name on each page with students. Nobody sees more students so than by the own right.
"""

from datetime import timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from schools.models import User, Viewing
from schools.rights import Grant, may_change_person

LASTS = timedelta(minutes=30)
READING = frozenset({"GET", "HEAD", "OPTIONS"})
# Pages that belong to the person alone: how they sign in, what they were told, what is kept about them.
OWN = ("account_", "mfa_", "socialaccount_", "openid_connect_", "usersessions_", "second_factor", "sign_in_help")
OWN_PAGES = frozenset({"schools:notices", "schools:about_me", "schools:viewing_begin", "schools:download"})
FILES = ("_export", "_file", "_errors", "_print", "_download")
# What is answered to the one who looks, not to the one they look as.
WAY_OUT = frozenset({"schools:viewing_end", "account_logout", "sign_in_stay"})

logger = structlog.get_logger("schools")


def may_view_as(user: User, person: User, given: dict[str, Grant] | None = None) -> bool:
    """Whether `user` may look at the portal as `person`: an office, at somebody below it in all that they hold.

    All roles of the person must be in the user's gift, and the students they see must be the user's own to see: a
    network's admin sees no students, and so not as a teacher either.
    """
    held = user.standing
    if not (held.admin_district_ids or held.network_admin_ids) or not person.is_active or person.pk == user.pk:
        return False
    return may_change_person(user, person, given) and _sees_no_more(user, person)


def _sees_no_more(user: User, person: User) -> bool:
    own, theirs = user.standing, person.standing
    if not theirs.admin_district_ids <= own.admin_district_ids:
        return False
    schools = {m.school_id: m.school.district_id for m in theirs.memberships if m.school_id}
    schools |= {row.section.school_id: row.section.school.district_id for row in theirs.staffing}
    opened = theirs.student_school_ids | {row.section.school_id for row in theirs.readable_staffing}
    return {schools[pk] for pk in opened} <= own.admin_district_ids


def begin_viewing(*, by: User, person: User, reason: str) -> Viewing:
    """Write down that `by` looks at the portal as `person` from now on. The caller has asked `may_view_as`."""
    row = Viewing.objects.create(
        by=by, person=person, reason=reason[:200], until=timezone.now() + LASTS,
        district_id=by.standing.only_admin_district_id,
    )  # fmt: skip
    logger.info("viewing_begun", viewing=row.pk, by=by.pk, person=person.pk)
    return row


def viewing_of(user: User, key) -> Viewing | None:
    """The viewing of that key where it still runs: not ended, not over time, and the right to it still there."""
    row = Viewing.objects.filter(by=user, pk=key, ended_at=None).select_related("person").first()
    if row is None:
        return None
    if row.until <= timezone.now() or not may_view_as(user, row.person):
        end_viewing(row)
        return None
    row.by = user
    return row


@transaction.atomic
def end_viewing(row: Viewing) -> None:
    """Write down when it ended: now, or when its time was over."""
    Viewing.objects.filter(pk=row.pk, ended_at=None).update(ended_at=min(timezone.now(), row.until))
    logger.info("viewing_ended", viewing=row.pk, by=row.by_id)


def is_closed(view, name: str, method: str) -> bool:
    """Whether a page is closed to who looks as somebody else. A view may say so itself: `closed_to_viewing`."""
    if method not in READING or name in OWN_PAGES or name.startswith(OWN) or name.endswith(FILES):
        return True
    return getattr(view, "closed_to_viewing", False)
