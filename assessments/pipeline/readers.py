"""Who opens a page and finds it changed once a file is published."""

import numpy as np
from django.utils import timezone

from assessments.pipeline.checking import Part
from assessments.rows import NO_ID
from schools.models import Membership, Role, SectionStaff


def readers_of(parts: list[Part]) -> dict[str, int]:
    """How many teachers of the classes, and principals of the schools, have new or changed rows in the file."""
    sections = _ids([part.rows.sections[part.compared.new | part.compared.changed] for part in parts])
    schools = _ids([part.rows.schools[part.compared.new | part.compared.changed] for part in parts])
    today = timezone.localdate()
    staff = SectionStaff.objects.on(today).filter(section__in=sections) if sections else SectionStaff.objects.none()
    leads = Membership.objects.on(today).filter(school__in=schools, role=Role.PRINCIPAL)
    return {
        "teachers": staff.values("user").distinct().count(),
        "principals": leads.values("user").distinct().count() if schools else 0,
    }


def _ids(columns: list[np.ndarray]) -> list[int]:
    found = np.unique(np.concatenate(columns)) if columns else np.empty(0, np.int64)
    return found[found != NO_ID].tolist()
