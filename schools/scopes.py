"""The rules of sight, one function a kind of row: a person in, a Q out. `access.py` asks them, models name them."""

from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet

from schools import dates

NOBODY: frozenset[int] = frozenset()


def any_of(**held) -> Q:
    """Rows one of whose fields lies among the ids held of its kind: `any_of(school=ids, section=others)`.

    A field for which nothing is held is left out of the question; where nothing is held at all no row is found.
    """
    asked = [Q((f"{field}__in", ids)) for field, ids in held.items() if isinstance(ids, QuerySet) or ids]
    return reduce(or_, asked) if asked else Q(pk__in=[])


def districts(user) -> Q:
    """Districts in reach."""
    return Q(pk__in=user.standing.district_ids)


def of_districts_in_reach(user) -> Q:
    """Rows that belong to a district in reach."""
    return Q(district__in=user.standing.district_ids)


def schools(user) -> Q:
    """Own schools, those of an administered district, those of a network one runs or audits."""
    held = user.standing
    return any_of(pk=held.school_ids | held.operated_school_ids, district=held.admin_district_ids)


def people(user) -> Q:
    """Oneself, everyone with a role one may see, and who teaches the sections one may see."""
    from schools.models import Membership, SectionStaff

    staff = SectionStaff.objects.filter(section_staff(user), user=OuterRef("pk"))
    roles = Membership.objects.filter(memberships(user), user=OuterRef("pk"))
    return Q(pk=user.pk) | Q(Exists(roles)) | Q(Exists(staff))


def memberships(user) -> Q:
    """Own roles; those in schools one leads, coaches, runs; those of an administered district or network."""
    held = user.standing
    staff_of = held.led_school_ids | held.coached_school_ids | held.operated_school_ids
    run = held.network_admin_ids | held.audited_network_ids
    return Q(user=user) | any_of(
        school=staff_of,
        school__district=held.admin_district_ids,
        district=held.admin_district_ids,
        network=run,
        organization=_partners(held, held.overseen_district_ids) if held.admin_district_ids or run else [],
    )


def _partners(held, of_networks: frozenset[int]):
    """Unions, and organizations with an agreement in a district one administers or in those `of_networks` of one's own.

    A district that one merely teaches, leads or coaches in opens none.
    """
    from schools.models import Organization

    agreed = Q(agreements__district__in=held.admin_district_ids | of_networks)
    return Organization.objects.filter(agreed | Q(kind=Organization.Kind.UNION)).values("pk")


def memberships_to_change(user) -> Q:
    """District admins in their district, network admins in their network's schools, principals their own staff."""
    held = user.standing
    offices = held.network_admin_ids | held.admin_district_ids
    partners = _partners(held, held.operated_district_ids) if offices else []
    return (
        Q(school__district__in=held.admin_district_ids)
        | Q(district__in=held.admin_district_ids)
        | Q(network__in=held.network_admin_ids)
        | Q(organization__in=partners)
        | Q(school__in=held.operated_school_ids if held.network_admin_ids else [])
        | Q(school__in=held.principal_school_ids, role__in=["teacher", "teacher_leader"])
    )


def agreements(user) -> Q:
    """A coach the own organization's, a principal those that name the own school, others those of their districts."""
    held = user.standing
    own = [m.organization_id for m in held.active if m.organization_id and m.role == "psi_coach"]
    if held.roles <= {"psi_coach"}:
        return Q(organization__in=own)
    if held.roles <= {"principal"}:
        return Q(pk__in=_agreements_of_schools(held.principal_school_ids))
    return Q(district__in=held.district_ids) | Q(organization__in=own)


def _agreements_of_schools(school_ids):
    from schools.models import DataAgreement

    return DataAgreement.objects.filter(schools__in=school_ids).values("pk")


def students(user) -> Q:
    """Students one teaches; of schools one leads or, under an agreement, coaches; of an administered district."""
    held = user.standing
    own = any_of(district=held.admin_district_ids, pk=seated_students(user))
    led = any_of(pk=_enrolled_ever(held.led_school_ids))
    return own | led | any_of(pk=_enrolled_on(held.agreed_school_ids, held.today))


def enrolled_students(user):
    """Ids of the students enrolled today in schools all of whose students one sees."""
    return _enrolled_on(user.standing.student_school_ids, user.standing.today)


def seated_students(user):
    """Ids of the students of one's sections: today's for current ones, any day's for those of a year just past."""
    from schools.models import SectionEnrollment

    held = user.standing
    past = [row.section_id for row in held.past_staffing]
    if not (past or held.current_section_ids):
        return NOBODY
    return SectionEnrollment.objects.filter(_seated_now(held) | Q(section__in=past)).values("student")


def students_taught_now(user):
    """Ids of the students who sit today in the sections one teaches today."""
    from schools.models import SectionEnrollment

    if not user.standing.current_section_ids:
        return NOBODY
    return SectionEnrollment.objects.filter(_seated_now(user.standing)).values("student")


def _seated_now(held) -> Q:
    return Q(section__in=held.current_section_ids) & dates.on(held.today)


def _enrolled_ever(school_ids):
    from schools.models import Enrollment

    return Enrollment.objects.filter(school__in=school_ids).values("student") if school_ids else NOBODY


def _enrolled_on(school_ids, day: date):
    from schools.models import Enrollment

    return Enrollment.objects.on(day).filter(school__in=school_ids).values("student") if school_ids else NOBODY


def of_students(user, school: str) -> Q:
    """Rows about students in a school (`school` names the path to it), by the same rule as the students."""
    held = user.standing
    places = {school: held.led_school_ids, f"{school}__district": held.admin_district_ids}
    coached = any_of(**{school: held.agreed_school_ids})
    here = any_of(student=_enrolled_on(held.agreed_school_ids, held.today))  # who left is a coach's no more
    return any_of(**places, student=seated_students(user)) | (coached & here)


def sections(user) -> Q:
    """Own sections; those of schools one leads, coaches or runs; those of an administered district."""
    held = user.standing
    return any_of(
        pk=held.section_ids,
        school=held.led_school_ids | held.coached_school_ids | held.operated_school_ids,
        school__district=held.admin_district_ids,
    )


def section_staff(user) -> Q:
    """Who teaches the sections one may see."""
    held = user.standing
    return any_of(
        section=held.section_ids,
        section__school=held.led_school_ids | held.coached_school_ids | held.operated_school_ids,
        section__school__district=held.admin_district_ids,
    )


def class_list_reports(user) -> Q:
    """Those one made oneself about classes whose students one sees, and all that are one's own to answer."""
    held = user.standing
    own = Q(by=user) & any_of(section=held.section_ids, section__school=held.student_school_ids)
    return own | class_lists_kept(user)


def class_lists_kept(user) -> Q:
    """Reports on class lists that are for `user` to mend: of the principal's school, of the admin's district."""
    held = user.standing
    return any_of(section__school=held.principal_school_ids, section__school__district=held.admin_district_ids)


def access_log(user) -> Q:
    """Own rows; a principal the school's, a district admin the district's, operator and auditor the network's.

    An access that names no school (a file of a whole district) is of all its schools, and so of the network's too.
    """
    held = user.standing
    return (
        Q(user=user)
        | Q(school__in=held.principal_school_ids | held.operated_school_ids)
        | Q(district__in=held.admin_district_ids)
        | Q(school=None, district__in=held.overseen_district_ids)
    )


def disclosures(user) -> Q:
    """A principal those of the school and of the whole district, the district's office and overseers all."""
    held = user.standing
    led = [m.school for m in held.active if m.school_id in held.principal_school_ids]
    return (
        any_of(school=held.principal_school_ids)
        | Q(school=None, student=None, district__in={school.district_id for school in led})
        | of_districts_kept(user)
    )


def of_districts_kept(user) -> Q:
    """Rows of districts one administers, runs or audits."""
    return any_of(district=user.standing.admin_district_ids | user.standing.overseen_district_ids)


def history(user) -> Q:
    """A district's office its district's changes; who runs or audits a network those of its schools, of its own and of
    their districts as such, never one about a student; a principal those of the own school.

    A change of a person's name or address is seen by those of them who see the person.
    """
    from schools.history.kept import everywhere, inside
    from schools.models import User

    held = user.standing
    run = held.network_admin_ids | held.audited_network_ids
    if not (held.admin_district_ids or run or held.principal_school_ids):
        return Q(pk__in=[])
    of_districts = any_of(district=held.overseen_district_ids) & Q(school=None)
    of_network = (of_districts | any_of(school=held.operated_school_ids, network=run)) & Q(student=None)
    return (
        any_of(district=held.admin_district_ids, school=held.principal_school_ids)
        | (of_network & ~Q(kind__in=inside()))
        | Q(kind="user", person__in=User.objects.filter(people(user)).values("pk"))
        | Q(kind__in=everywhere())
    )
