"""The record of disclosures of one student (34 CFR 99.32): which parties outside the district got what, and why.

Two sources: what an outside partner's people opened or took away in the portal, by the access log and the agreements
of those days; and what the district gave away by other means, which it enters itself (`DisclosureRecord`).
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from schools.models import AccessLog, DataAgreement, DisclosureRecord, Membership, Organization, Student
from schools.privacy.looks import looks_at

KINDS = {"view": "seen on the portal's pages", "print": "printed", "export": "taken away as a file"}
NO_AGREEMENT = "No agreement was in force; the portal refused."

EXEMPT = [
    (
        "The parent, and the student from the age of 18",
        "34 CFR 99.32(d)(1). What they read of the record is theirs.",
    ),
    (
        "School officials with a legitimate educational interest",
        "34 CFR 99.32(d)(2): teachers, leaders and staff of the district under 99.31(a)(1). The portal logs each of "
        "their accesses all the same; the school shows that list on request.",
    ),
    (
        "Whoever a parent has consented to in writing",
        "34 CFR 99.32(d)(3). The signed consent is the record.",
    ),
    (
        "Whoever asked for directory information only",
        "34 CFR 99.32(d)(4). This portal gives none out.",
    ),
    (
        "Whoever holds a court order or subpoena that forbids to tell",
        "34 CFR 99.32(d)(5).",
    ),
]
PARTNERS = (
    "Partners outside the district work under a written agreement that makes their people school officials (34 CFR "
    "99.31(a)(1)(i)(B)). The regulation does not ask for them in this record; the district lists them here because "
    "parents ask."
)


@dataclass
class Party:
    """What one organization's people did with the student's records under one agreement, or without one."""

    name: str
    agreement: DataAgreement | None
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    people: set[int] = field(default_factory=set)
    first: date | None = None
    last: date | None = None

    @property
    def interest(self) -> str:
        """Their legitimate interest, in the words of the agreement."""
        return self.agreement.function if self.agreement else NO_AGREEMENT

    @property
    def kinds(self) -> str:
        """What they did, with how often: "seen on the portal's pages 12 times, printed once"."""
        words = KINDS | {"refused": "refused"}
        return ", ".join(f"{words[kind]} {times(self.counts[kind])}" for kind in words if self.counts.get(kind))


def times(count: int) -> str:
    """How often, in words."""
    return "once" if count == 1 else f"{count} times"


def parties_of(student: Student) -> list[Party]:
    """The outside parties that got at `student`'s records in the portal, or were refused, by name and first day."""
    rows = looks_at(student).exclude(user=None).order_by("at", "pk")
    roles = Membership.objects.filter(  # unscoped: all partners' people, for the district's own record
        organization__kind=Organization.Kind.PARTNER, user__in=rows.order_by().values("user")
    ).select_related("organization")
    held = defaultdict(list)
    for role in roles:
        held[role.user_id].append(role)
    agreements = _agreements(student, {role.organization_id for role in roles})
    zone, found = ZoneInfo(student.district.timezone), {}
    for row in rows.filter(user__in=list(held)) if held else ():
        day = row.at.astimezone(zone).date()
        role = next((one for one in held[row.user_id] if one.starts <= day <= (one.ends or day)), None)
        if role is None:
            continue  # on that day they did not work for the partner
        agreement = _in_force(agreements[role.organization_id], row, day)
        key = (role.organization.name, agreement.pk if agreement else None)
        party = found.setdefault(key, Party(role.organization.name, agreement))
        party.counts[row.action] += 1
        party.people.add(row.user_id)
        party.first, party.last = party.first or day, day
    return sorted(found.values(), key=lambda party: (party.name, party.first))


def _agreements(student: Student, organizations: set[int]) -> dict[int, list[DataAgreement]]:
    """The district's agreements with these organizations, past ones too, by organization, the newest first."""
    found = defaultdict(list)
    if organizations:
        rows = DataAgreement.objects.filter(  # unscoped: for the district's own record
            district=student.district_id, organization__in=organizations, names_school_officials=True
        )
        for row in rows.prefetch_related("schools").order_by("-starts"):
            found[row.organization_id].append(row)
    return found


def _in_force(agreements: list[DataAgreement], row: AccessLog, day: date) -> DataAgreement | None:
    """The agreement that covered this access on its day; none for what was refused."""
    if row.action == AccessLog.Action.REFUSED:
        return None
    covering = (
        one
        for one in agreements
        if one.starts <= day <= one.ends
        and (row.school_id is None or row.school_id in {school.pk for school in one.schools.all()})
    )
    return next(covering, None)


def entered_for(student: Student):
    """What the district entered of disclosures by other means: of the student, of a school of theirs, of all."""
    schools = student.enrollments.values("school")
    rows = DisclosureRecord.objects.filter(district=student.district_id)  # unscoped: narrowed by who answers for it
    whole_school = rows.filter(student=None, school__in=schools)
    whole_district = rows.filter(student=None, school=None)
    return (rows.filter(student=student) | whole_school | whole_district).select_related("school", "by")
