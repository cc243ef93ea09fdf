"""Inviting several people as an act on many rows: looked at like the others, kept like them, and never taken back."""

import structlog

from schools.bulk.changes import BulkRefused, Line, digest_of
from schools.invitations import Sent, changeable_among, invite_all, letter_still_works
from schools.models import BulkEdit, User

logger = structlog.get_logger("schools")


def invite_people(user: User, people: list[User], asked: dict) -> list[Line]:
    """A letter for each who never signed in and has none that still works."""
    mine = {person.pk for person in changeable_among(user, people)}
    return [_letter(person, mine=person.pk in mine) for person in people]


def _letter(person: User, *, mine: bool) -> Line:
    if not person.is_active:
        return Line(person.pk, refused="The account is switched off.")
    if person.last_login:
        return Line(person.pk, refused="Has signed in before and needs no letter.")
    if not mine:
        return Line(person.pk, refused="Holds a role that is not yours to give; the district's office can write.")
    if letter_still_works(person):
        return Line(person.pk, refused="Was invited, and that letter still works.")
    return Line(person.pk, f"Letter to {person.email}")


def send_letters(*, act: str, asked: dict, lines: list[Line], seen: str, by: User) -> tuple[BulkEdit | None, Sent]:
    """Send what the lines say, and keep to whom a letter left (None: to nobody). The second value says of each.

    Letters leave one by one, outside any transaction: what has left is kept as it is. Raises BulkRefused where the
    plan is not the one that was `seen`.
    """
    if digest_of(lines) != seen:
        raise BulkRefused("Something changed since you looked. No letter left; here is who would get one now.")
    keys = [line.pk for line in lines if not line.refused]
    people = User.objects.in_bulk(keys)  # unscoped: the rows of the caller's own plan
    sent = invite_all(people=[people[key] for key in keys], by=by)
    if not sent.told:
        return None, sent
    row = BulkEdit.objects.create(
        act=act, asked=asked, by=by, district_id=by.standing.only_admin_district_id,
        lines=[{"row": one.pk, "does": f"Letter to {one.email}", "changes": []} for one in sent.told],
    )  # fmt: skip
    logger.info("bulk_letters", edit=row.pk, rows=len(sent.told), by=by.pk)
    return row, sent
