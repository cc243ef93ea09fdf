"""Who can see one student today, and why: the other side of `visible_to`, in a fixed number of questions."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q

from schools.access import agreements_covering, standing_from
from schools.models import Membership, Role, SectionStaff, Student, User
from schools.privacy.students import enrollments_of
from schools.reasons import Reason, reasons_to_see

LEADERS = (Role.PRINCIPAL, Role.TEACHER_LEADER)


@dataclass(frozen=True)
class Reader:
    """A person who can see the student today, with every reason."""

    person: User
    reasons: tuple[Reason, ...]


def readers_of(student: Student) -> list[Reader]:
    """Everybody who can see `student` today, by name, each with all reasons. Five questions, however many people.

    Those who might are read broadly; whether they can is said by the rule that guards the pages, person by person.
    """
    enrollments = enrollments_of(student)
    seats = list(student.sections.select_related("section__school", "section__year"))
    staffing = SectionStaff.objects.filter(section__in={seat.section_id for seat in seats})  # unscoped: asked of all
    staffing = list(staffing.select_related("section__school", "section__year", "user"))
    schools = {row.school_id for row in enrollments}
    memberships = _memberships(student, schools, {row.user_id for row in staffing})
    people = {row.user_id: row.user for row in [*memberships, *staffing]}
    organizations = {row.organization_id for row in memberships if row.organization_id}
    agreements = list(agreements_covering(organizations, schools)) if organizations else []
    held, taught = defaultdict(list), defaultdict(list)
    for row in memberships:
        held[row.user_id].append(row)
    for row in staffing:
        taught[row.user_id].append(row)
    found = []
    for pk, person in people.items():
        standing = standing_from(person, held[pk], taught[pk], agreements)
        reasons = reasons_to_see(standing, student, enrollments, seats) if person.is_active else []
        if reasons:
            found.append(Reader(person, tuple(reasons)))
    return sorted(found, key=lambda reader: (reader.person.family_name, reader.person.given_name, reader.person.pk))


def _memberships(student: Student, schools: set[int], teachers: set[int]) -> list[Membership]:
    """All that those hold who administer the district, lead or coach one of the schools, or teach the student."""
    might = Membership.objects.filter(  # unscoped: who can see a student is asked of everybody
        Q(role=Role.DISTRICT_ADMIN, district=student.district_id)
        | Q(role__in=[*LEADERS, Role.PSI_COACH], school__in=schools)
    )
    rows = Membership.objects.filter(Q(user__in=might.values("user")) | Q(user__in=teachers))  # unscoped: as above
    return list(rows.select_related("user", "school__district", "district", "network", "organization"))
