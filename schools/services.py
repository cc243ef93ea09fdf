"""Writes that touch several rows or leave the database: people and their roles, who teaches, agreements."""

from dataclasses import dataclass
from datetime import date

import structlog
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db import IntegrityError, transaction

from schools import dates
from schools.files.values import same_name
from schools.models import (
    DataAgreement,
    Membership,
    Network,
    NetworkSchool,
    Organization,
    School,
    SectionStaff,
    User,
)

logger = structlog.get_logger("schools")

# Lookups here are unscoped: the views have checked the right, and a double must be found even out of sight.


@dataclass(frozen=True)
class NewRole:
    """A role to give: `kind` names the field of the place (school, district, network, organization)."""

    role: str
    kind: str
    place: object
    starts: date
    ends: date | None = None
    reason: str = ""


@dataclass(frozen=True)
class Added:
    """What became of adding a person: `known` where the address already had an account in the adder's sight."""

    person: User
    known: bool


class Refused(Exception):
    """The act cannot be done; the text is for the person who tried."""


# --- people and roles ----------------------------------------------------------------------------------

ELSEWHERE = (
    "Nobody was added: this name and this address do not go together. Check the spelling of both, "
    "or ask the district's office to add the person."
)


@transaction.atomic
def add_person(*, by: User, email: str, given_name: str, family_name: str, roles: list[NewRole]) -> Added:
    """Make an account with its roles, or give the roles to the account that has this address.

    Pressed twice it does what it did once. Raises Refused where the existing account is switched off. An account out
    of `by`'s sight has to be named as it is: whoever tries addresses must not learn whose they are.
    """
    person, new = _account(email, given_name, family_name)
    known = not new and User.objects.visible_to(by).filter(pk=person.pk).exists()
    if not (new or known or (person.is_active and _is_named(person, given_name, family_name))):
        raise Refused(ELSEWHERE)
    if not person.is_active:
        raise Refused(
            f"{email} belongs to an account that is switched off. Switch it on again on the person's page, "
            "or ask the district's office."
        )
    for role in roles:
        grant_role(person=person, by=by, new=role)
    return Added(person, known)


def _is_named(person: User, given_name: str, family_name: str) -> bool:
    return same_name(person.given_name, given_name) and same_name(person.family_name, family_name)


def _account(email: str, given_name: str, family_name: str) -> tuple[User, bool]:
    found = User.objects.filter(email__iexact=email).first()
    if found:
        return found, False
    try:
        with transaction.atomic():
            return User.objects.create_user(email, given_name=given_name, family_name=family_name), True
    except IntegrityError:  # the other half of a double submit was first
        return User.objects.get_by_natural_key(email), False


@transaction.atomic
def grant_role(*, person: User, by: User, new: NewRole) -> Membership:
    """Give `person` the role. One they hold already in those days is returned as it is, so that a double counts once.

    Raises Refused where somebody would give a role to themselves.
    """
    if person.pk == by.pk:
        raise Refused("Your own roles are for somebody else to give. Ask another admin.")
    User.objects.select_for_update().get(pk=person.pk)  # two presses of one button come one after the other
    held = Membership.objects.filter(
        dates.overlapping(new.starts, new.ends or date.max), user=person, role=new.role, **{new.kind: new.place}
    ).first()
    if held:
        return held
    membership = Membership(
        user=person, role=new.role, starts=new.starts, ends=new.ends, reason=new.reason, granted_by=by,
        **{new.kind: new.place},
    )  # fmt: skip
    membership.full_clean()
    membership.save()
    logger.info("role_given", membership=membership.pk, person=person.pk, role=new.role, by=by.pk)
    return membership


@transaction.atomic
def end_role(*, membership: Membership, by: User, last_day: date, reason: str) -> Membership:
    """End the role after `last_day`; a day before today ends it at once. Raises Refused for one's own role."""
    if membership.user_id == by.pk:
        raise Refused("Your own roles are for somebody else to end. Ask another admin.")
    locked = Membership.objects.select_for_update().get(pk=membership.pk)
    locked.starts, locked.ends, locked.end_reason = _ended(locked.starts, last_day, reason)
    locked.save(update_fields=["starts", "ends", "end_reason"])
    logger.info("role_ended", membership=locked.pk, person=locked.user_id, ends=str(last_day), by=by.pk)
    return locked


def _ended(starts: date, last_day: date, reason: str) -> tuple[date, date, str]:
    """First day, last day and reason of what ends on `last_day`.

    What ends before it began (given by mistake today, taken back today) must stop at once and yet leave its trace:
    it is kept as that one day, and the reason tells the day it was to begin.
    """
    if last_day >= starts:
        return starts, last_day, reason[:200]
    told = f"{reason} (was given from {dates.day_words(starts)}, and taken back)"
    return last_day, last_day, told[:200]


@transaction.atomic
def change_person(*, person: User, by: User, email: str, given_name: str, family_name: str) -> User:
    """Change name and address. With the address go its sign-in records: a former one must open nothing."""
    before = User.objects.select_for_update().get(pk=person.pk)
    if before.email.lower() != email.lower():
        EmailAddress.objects.filter(user=before).delete()
        logger.info("address_changed", person=before.pk, by=by.pk)
    before.email, before.given_name, before.family_name = email, given_name, family_name
    before.full_clean(exclude=["password"])
    before.save(update_fields=["email", "given_name", "family_name"])
    return before


def switch_account(*, person: User, by: User, on: bool) -> None:
    """Let an account sign in, or not; without it the person is out at the next click."""
    if person.pk == by.pk:
        raise Refused("Your own account is for somebody else to switch off. Ask another admin.")
    User.objects.filter(pk=person.pk).update(is_active=on)
    person.is_active = on
    logger.info("account_switched", person=person.pk, on=on, by=by.pk)


@transaction.atomic
def reset_sign_in(*, person: User, by: User) -> None:
    """Take away passkeys, app, recovery codes and the district's account, and end every session of `person`.

    What is left is the password or a code by mail, and with it the page to set up a new second factor.
    """
    Authenticator.objects.filter(user=person).delete()
    SocialAccount.objects.filter(user=person).delete()
    for session in UserSession.objects.filter(user=person):
        session.end()
    logger.info("sign_in_reset", person=person.pk, by=by.pk)


# --- who teaches a section -----------------------------------------------------------------------------


@transaction.atomic
def staff_section(
    *, section, user: User, by: User, role: str, starts: date, ends: date | None, reason: str
) -> SectionStaff:
    """Put `user` before the section. Where they stand there in those days already, that row is returned."""
    type(section).objects.select_for_update().get(pk=section.pk)
    held = SectionStaff.objects.filter(dates.overlapping(starts, ends or date.max), section=section, user=user).first()
    if held:
        return held
    row = SectionStaff(
        section=section, user=user, role=role, starts=starts, ends=ends, reason=reason,
        source=SectionStaff.Source.PORTAL,
    )  # fmt: skip
    row.full_clean()
    row.save()
    logger.info("section_staffed", section=section.pk, person=user.pk, by=by.pk)
    return row


@transaction.atomic
def change_staffing(*, staffing: SectionStaff, by: User, role: str, starts: date, ends: date | None, reason: str):
    """Give a row that was entered here other days or another part; the person's rights follow at once."""
    row = SectionStaff.objects.select_for_update(of=("self",)).select_related("user").get(pk=staffing.pk)
    row.role, row.starts, row.ends, row.reason = role, starts, ends, reason
    row.full_clean()
    row.save(update_fields=["role", "starts", "ends", "reason"])
    logger.info("section_staffing_changed", section=row.section_id, person=row.user_id, by=by.pk)
    return row


def end_staffing(*, staffing: SectionStaff, by: User, last_day: date, reason: str) -> None:
    """Let `last_day` be the person's last before the section; never before their first."""
    SectionStaff.objects.filter(pk=staffing.pk, starts__lte=last_day).update(ends=last_day, reason=reason[:200])
    logger.info("section_staffing_ended", section=staffing.section_id, person=staffing.user_id, by=by.pk)


def remove_staffing(*, staffing: SectionStaff, by: User) -> None:
    """Take back what was entered by mistake, as if it had not been; what was seen meanwhile stays in the access log."""
    SectionStaff.objects.filter(pk=staffing.pk).delete()
    logger.info("section_staffing_removed", section=staffing.section_id, person=staffing.user_id, by=by.pk)


# --- schools -------------------------------------------------------------------------------------------


@transaction.atomic
def add_school(*, school: School, network: Network | None, joins: date, by: User) -> School:
    """Save a new school and, where one is named, its joining of a network from `joins` on."""
    school.save()
    if network is not None:
        NetworkSchool.objects.create(network=network, school=school, starts=joins)
    logger.info("school_added", school=school.pk, by=by.pk)
    return school


# --- agreements ----------------------------------------------------------------------------------------


@transaction.atomic
def sign_agreement(*, by: User, organization: Organization | None, new_organization: str, schools, **fields):
    """Enter an agreement, with its organization where that is new. The same agreement again is returned as it is."""
    if organization is None:
        organization = Organization.objects.filter(name__iexact=new_organization).first()
    if organization is None:
        organization, _ = Organization.objects.get_or_create(
            name=new_organization, defaults={"kind": Organization.Kind.PARTNER}
        )
    Organization.objects.select_for_update().get(pk=organization.pk)
    same = DataAgreement.objects.filter(organization=organization, **fields).first()
    if same:
        return same
    agreement = DataAgreement(organization=organization, signed_by=by, **fields)
    agreement.full_clean()
    agreement.save()
    agreement.schools.set(schools)
    logger.info("agreement_signed", agreement=agreement.pk, by=by.pk)
    return agreement


@transaction.atomic
def end_agreement(*, agreement: DataAgreement, by: User, last_day: date, reason: str) -> DataAgreement:
    """End the agreement after `last_day`, never later than it said; the partner's people lose sight at once."""
    locked = DataAgreement.objects.select_for_update().get(pk=agreement.pk)
    locked.starts, locked.ends, locked.ended_early_reason = _ended(locked.starts, min(last_day, locked.ends), reason)
    locked.save(update_fields=["starts", "ends", "ended_early_reason"])
    logger.info("agreement_ended", agreement=locked.pk, ends=str(locked.ends), by=by.pk)
    return locked
