"""Who opens a page and finds it changed once a file is published."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from django.db.models.expressions import RawSQL
from django.utils import timezone

from assessments.rows import NO_ID, ResultRows
from schools.models import Membership, Role, SectionStaff

LEADERS = (Role.PRINCIPAL, Role.TEACHER_LEADER)


@dataclass(frozen=True, slots=True)
class Readers:
    """People by id: teachers with those of their classes, principals and teacher leaders with their schools."""

    teachers: dict[int, set[int]] = field(default_factory=dict)
    principals: dict[int, set[int]] = field(default_factory=dict)
    leaders: dict[int, set[int]] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """How many there are of each; who is two counts as the first."""
        principals, leaders = self.principals.keys(), self.leaders.keys()
        return {
            "teachers": len(self.teachers.keys() - principals - leaders),
            "principals": len(principals),
            "teacher leaders": len(leaders - principals),
        }


def places_of(rows: ResultRows, which: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The ids of sections and schools of the rows that the mask `which` names."""
    return rows.sections[which], rows.schools[which]


def readers_of(places: Iterable[tuple[np.ndarray, np.ndarray]]) -> Readers:
    """Who teaches the sections, and who leads the schools, of `places` (see `places_of`) today."""
    pairs = list(places)
    sections, schools = _ids([one for one, _ in pairs]), _ids([one for _, one in pairs])
    today = timezone.localdate()
    staff = SectionStaff.objects.on(today).filter(  # unscoped: no person asks
        section__in=_among(sections), user__is_active=True
    )
    leads = Membership.objects.on(today).filter(  # unscoped: no person asks
        school__in=_among(schools), role__in=LEADERS, user__is_active=True
    )
    found: dict[str, dict[int, set[int]]] = {role: defaultdict(set) for role in (Role.TEACHER, *LEADERS)}
    for user, section in staff.values_list("user", "section") if sections else ():
        found[Role.TEACHER][user].add(section)
    for user, role, school in leads.values_list("user", "role", "school") if schools else ():
        found[role][user].add(school)
    return Readers(found[Role.TEACHER], found[Role.PRINCIPAL], found[Role.TEACHER_LEADER])


def _among(ids: list[int]) -> RawSQL:
    """The ids as one value on the wire: a district has thousands of sections, and a placeholder each takes its time."""
    return RawSQL("SELECT unnest(%s::bigint[])", [ids])


def _ids(columns: list[np.ndarray]) -> list[int]:
    found = np.unique(np.concatenate(columns)) if columns else np.empty(0, np.int64)
    return found[found != NO_ID].tolist()
