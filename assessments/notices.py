"""Who is told what of results: words and addresses, never a student and never a result.

Published, corrected and taken back: the teachers of the classes and the leaders of the schools concerned. Released:
everyone in the network, at the second of the release.
"""

from datetime import datetime

import numpy as np
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from assessments.models import Administration, Release, Upload
from assessments.models.releases import is_open
from assessments.pipeline.checking import Checked
from assessments.pipeline.readers import Readers, readers_of
from assessments.pipeline.uploads import Options
from assessments.sentences.figures import listed
from schools import dates
from schools.models import Membership, NetworkSchool, Notice, Role, SectionStaff
from schools.notices import take_back, tell

NAMED = 3  # more tests are counted, not named
IN_SCHOOLS = (Role.PRINCIPAL, Role.TEACHER_LEADER, Role.TEACHER, Role.PSI_COACH)
OPENED_TOGETHER = 20


def tell_published(upload: Upload, checked: Checked) -> int:
    """Tell those concerned that results are there, or are others now; how many."""
    parts = checked.parts
    touched = [part for part in parts if part.compared.new.any() or part.compared.changed.any()]
    if not touched:
        return 0
    what = _named([part.name for part in touched])
    if all(part.version == 0 for part in touched):
        words = f"Results of {what} are published."
    elif any(part.compared.changed.any() for part in touched):
        words = f"Results of {what} were corrected."
    else:
        words = f"More results of {what} are published."
    asked = Options.of(upload).tell_at
    at = datetime.fromisoformat(asked) if asked else None
    return tell(Notice.Kind.RESULTS, about(upload), words, addresses(checked.readers), at=at)


def tell_rescored(version: Upload, administration: Administration, places: tuple[np.ndarray, np.ndarray]) -> int:
    """Tell those concerned that a test was scored anew; how many."""
    words = f"Results of {administration} were scored anew after its key or cut scores changed."
    return tell(Notice.Kind.RESULTS, about(version), words, addresses(readers_of([places])))


def tell_undone(upload: Upload) -> int:
    """Tell those who were told of a file that it was taken back; who was not told yet hears nothing."""
    told = take_back(about(upload))
    what = _named([one["name"] for one in upload.answer.get("administrations", [])])
    words = f"The newest file of {what} was taken back. The pages show what stood before it."
    return tell(Notice.Kind.RESULTS, f"{about(upload)} undone", words, told) if told else 0


def about(upload: Upload) -> str:
    """What notices of a file are of."""
    return f"upload {upload.pk}"


def addresses(readers: Readers) -> dict[int, str]:
    """For each person the page to open: the one class or school that is theirs, else the list of them."""
    found: dict[int, str] = {}
    for name, people in (("section_results", readers.teachers), ("school_results", readers.leaders),
                         ("school_results", readers.principals)):  # fmt: skip
        for person, places in people.items():
            one = len(places) == 1 and person not in found
            found[person] = reverse(f"assessments:{name}", args=places) if one else reverse("assessments:results")
    return found


def _named(names: list[str]) -> str:
    """ "Quarterly Math 5, Winter 1"; of many tests their number."""
    if not names:
        return "results"
    return listed(names) if len(names) <= NAMED else f"{len(names)} tests"


# --- releases ------------------------------------------------------------------------------------------


def tell_open_releases() -> int:
    """Tell of every release that has opened and was not told of; how many there were.

    Safe to run twice at once: a release is told of by whoever holds its row, once.
    """
    told = 0
    while told < OPENED_TOGETHER and _tell_next():
        told += 1
    return told


def _tell_next() -> bool:
    with transaction.atomic():
        opened = Release.objects.filter(is_open(), notified_at=None)  # unscoped: the clock asks
        row = opened.select_for_update(skip_locked=True, of=("self",), no_key=True).order_by("opens_at", "pk").first()
        if row is None:
            return False
        tell_release(row)
        row.notified_at = timezone.now()
        row.save(update_fields=["notified_at"])
    return True


def tell_release(release: Release) -> int:
    """Tell everyone in the network that the release is open; how many."""
    name = f"{release.title or release.series}, {release.window.name}"
    words = f"Results of the network are released: {name}."
    if release.number > 1:
        words = f"Corrected results of the network are released: {name}."
    url = reverse("assessments:network_results", args=[release.network_id])
    people = dict.fromkeys(people_of_network(release), url)
    return tell(Notice.Kind.RELEASE, f"release {release.pk}", words, people, at=release.opens_at)


def people_of_network(release: Release) -> set[int]:
    """Who reads a release on the day it opens: leaders, teachers and coaches of the network's schools, its own
    people (union representatives, auditors, whoever runs it), and the offices of its districts."""
    day = timezone.localdate(release.opens_at)
    schools = dict(
        NetworkSchool.objects.on(day)  # unscoped: no person asks
        .filter(network=release.network_id)
        .values_list("school", "school__district")
    )
    active = {"user__is_active": True}
    held = Membership.objects.on(day).filter(**active)  # unscoped: no person asks
    staff = SectionStaff.objects.on(day).filter(  # unscoped: no person asks
        dates.on(day, "section__"), section__school__in=schools, **active
    )
    found = [
        held.filter(school__in=schools, role__in=IN_SCHOOLS),
        held.filter(network=release.network_id),
        held.filter(district__in=set(schools.values()), role=Role.DISTRICT_ADMIN),
        staff,
    ]
    return {user for rows in found for user in rows.values_list("user", flat=True)}
