"""Who may give which role where, and whose account they may change. Nobody gives a role above their own."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from schools import dates
from schools.models import (
    SCOPES,
    DataAgreement,
    District,
    Membership,
    Network,
    NetworkSchool,
    Organization,
    Role,
    School,
    Section,
    User,
)

STAFF = frozenset({Role.TEACHER, Role.TEACHER_LEADER})
IN_SCHOOL = STAFF | {Role.PRINCIPAL, Role.PSI_COACH}
IN_DISTRICT = frozenset({Role.DISTRICT_ADMIN, Role.AUDITOR})
# The role of network admin takes two people, and is not given on a page.
IN_NETWORK = frozenset({Role.AUDITOR, Role.UNION_REP})
IN_ORGANIZATION = {
    Organization.Kind.PARTNER: frozenset({Role.PSI_COACH}),
    Organization.Kind.UNION: frozenset({Role.UNION_REP}),
}


@dataclass(frozen=True)
class Grant:
    """A place, and the roles somebody may give there. `kind` is school, district, network or organization."""

    kind: str
    place: School | District | Network | Organization
    roles: frozenset[str]

    @property
    def key(self) -> str:
        """The place as the value of a form's choice: "school:12"."""
        return f"{self.kind}:{self.place.pk}"


def not_over(day: date) -> Q:
    """Dated rows in force on `day` or later."""
    return Q(ends__isnull=True) | Q(ends__gte=day)


def grants(user, *, organizations: bool = True) -> dict[str, Grant]:
    """The places where `user` may give roles, by key: the principal's school, the admin's district or network.

    Without `organizations` those are left out, and not asked for, where no role in one is at stake.
    """
    found = [*_school_grants(user), *_district_grants(user), *_network_grants(user)]
    if organizations:
        found += _organization_grants(user)
    return {grant.key: grant for grant in found}


def _school_grants(user):
    held = user.standing
    run = _schools_run(user)
    own = Q(pk__in=run | held.principal_school_ids) | Q(district__in=held.admin_district_ids)
    for school in School.objects.visible_to(user).filter(own).select_related("district"):
        whole = school.pk in run or school.district_id in held.admin_district_ids
        yield Grant("school", school, IN_SCHOOL if whole else STAFF)


def _schools_run(user) -> frozenset[int]:
    """Schools of the networks one runs, today."""
    held = user.standing
    if not held.network_admin_ids:
        return frozenset()
    if not held.audited_network_ids:
        return held.operated_school_ids
    rows = NetworkSchool.objects.visible_to(user).on(held.today).filter(network__in=held.network_admin_ids)
    return frozenset(rows.values_list("school", flat=True))


def _district_grants(user):
    held = [m.district for m in user.standing.active if m.district_id in user.standing.admin_district_ids]
    return [Grant("district", district, IN_DISTRICT) for district in dict.fromkeys(held)]


def _network_grants(user):
    held = [m.network for m in user.standing.active if m.network_id in user.standing.network_admin_ids]
    return [Grant("network", network, IN_NETWORK) for network in dict.fromkeys(held)]


def _organization_grants(user):
    """A network admin names any organization's people; a district admin those of its partners under agreement."""
    held = user.standing
    organizations = Organization.objects.visible_to(user)
    if not held.network_admin_ids:
        if not held.admin_district_ids:
            return []
        agreements = DataAgreement.objects.visible_to(user).filter(
            district__in=held.admin_district_ids, ends__gte=held.today
        )
        organizations = organizations.filter(kind=Organization.Kind.PARTNER, pk__in=agreements.values("organization"))
    return [Grant("organization", one, IN_ORGANIZATION[one.kind]) for one in organizations]


def key_of(membership: Membership) -> str:
    """The key of the place a membership is held in, as `grants` has it."""
    for kind in SCOPES:
        pk = getattr(membership, f"{kind}_id")
        if pk is not None:
            return f"{kind}:{pk}"
    raise ValueError(f"membership {membership.pk} is held nowhere")


def may_give_roles(user) -> bool:
    """Whether there is any role `user` may give."""
    held = user.standing
    return bool(held.principal_school_ids or held.admin_district_ids or held.network_admin_ids)


def may_give_roles_in(user, school: School) -> bool:
    """Whether `user` may give roles in this school."""
    held = user.standing
    return (
        school.pk in held.principal_school_ids
        or school.district_id in held.admin_district_ids
        or school.pk in _schools_run(user)
    )


def _in_gift(given: dict[str, Grant], membership: Membership) -> bool:
    grant = given.get(key_of(membership))
    return grant is not None and membership.role in grant.roles


def may_change_person(user, person: User, given: dict[str, Grant] | None = None) -> bool:
    """Whether `user` may change `person`'s name and address, invite them, or switch the account off.

    All that the person holds, today or later, must be in `user`'s gift: who changes an address can take the account
    over, so a principal must not reach a district admin who also teaches in the school.
    """
    given = grants(user) if given is None else given
    if not given or person.pk == user.pk:
        return False
    today = person.standing.today
    held = [m for m in person.standing.memberships if m.ends is None or m.ends >= today]
    taught = {f"school:{row.section.school_id}" for row in person.standing.staffing}  # readable still, now, or later
    if held or taught:
        return all(_in_gift(given, m) for m in held) and taught <= given.keys()
    return any(_in_gift(given, m) for m in person.standing.memberships)


def may_end(user, membership: Membership, given: dict[str, Grant] | None = None) -> bool:
    """Whether `user` may end this role: it is in their gift, or of the network they run; never their own."""
    if membership.user_id == user.pk:
        return False
    if membership.network_id is not None and membership.network_id in user.standing.network_admin_ids:
        return True
    return _in_gift(grants(user) if given is None else given, membership)


def districts_for_schools(user) -> frozenset[int]:
    """Districts in which `user` may add schools: those they administer, and those of the network they run."""
    if not user.standing.network_admin_ids:
        return user.standing.admin_district_ids
    of_network = School.objects.visible_to(user).filter(pk__in=_schools_run(user))
    return user.standing.admin_district_ids | frozenset(of_network.values_list("district", flat=True))


def why_section(user, section: Section) -> str | None:
    """Why `user` may see the students of `section`, as a sentence for the access log, or None where they may not."""
    held = user.standing
    if section.pk in held.current_section_ids:
        return "Teaches the class."
    if section.school_id in held.led_school_ids:
        return "Leads the school."
    if section.school.district_id in held.admin_district_ids:
        return "Administers the district."
    if section.school_id in held.agreed_school_ids:
        return "Coaches the school under a data agreement in force."
    if section.pk in held.section_ids:
        return "Taught the class; readable until 90 days after the year."
    return None


def may_staff(user, section: Section) -> bool:
    """Whether `user` may say who teaches `section`: the school's principal, the district's office."""
    held = user.standing
    return section.school_id in held.principal_school_ids or section.school.district_id in held.admin_district_ids


def people_to_staff(user, section: Section):
    """People whom `user` may put before `section`: teaching staff of its district, as far as `user` sees them.

    A coach is not among them: teaching would open student records without a data agreement.
    """
    today = user.standing.today
    roles = Membership.objects.visible_to(user).filter(
        dates.overlapping(today, section.ends),
        role__in=[Role.TEACHER, Role.TEACHER_LEADER, Role.PRINCIPAL],
        school__district=section.school.district_id,
    )
    return User.objects.visible_to(user).filter(pk__in=roles.values("user"), is_active=True)


def may_merge_people(user) -> bool:
    """Whether `user` may say that two people are one: the office of a district, or of the network."""
    return bool(user.standing.admin_district_ids or user.standing.network_admin_ids)


def may_merge_students(user, student=None) -> bool:
    """Whether `user` may say that two students (or `student` and another) are one: the district's office."""
    held = user.standing.admin_district_ids
    return bool(held) if student is None else student.district_id in held
