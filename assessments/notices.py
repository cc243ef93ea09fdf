"""Who is told what of results: words and addresses, never a student and never a result.

Published, corrected and taken back: the teachers of the classes and the leaders of the schools concerned. Released:
everyone in the network, at the second of the release.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

import numpy as np
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from assessments.models import Administration, Release, Upload, Window
from assessments.models.releases import is_open
from assessments.pipeline.checking import Checked, Part
from assessments.pipeline.readers import Readers, places_of, readers_of
from assessments.pipeline.uploads import Options
from assessments.queries.released import full_key
from assessments.rows import NO_ID
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
    touched = [part for part in parts if _moved(part).any()]
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
    return tell(Notice.Kind.RESULTS, about(upload), words, addresses(checked.readers, _tests(upload, touched)), at=at)


def tell_rescored(version: Upload, administration: Administration, places: tuple[np.ndarray, np.ndarray]) -> int:
    """Tell those concerned that a test was scored anew; how many."""
    words = f"Results of {administration} were scored anew after its key or cut scores changed."
    of_test = Touched(administration, *map(_known, places))
    return tell(Notice.Kind.RESULTS, about(version), words, addresses(readers_of([places]), [of_test]))


def tell_undone(upload: Upload) -> int:
    """Tell those who were told of a file that it was taken back; who was not told yet hears nothing."""
    told = take_back(about(upload))
    what = _named([one["name"] for one in upload.answer.get("administrations", [])])
    words = f"The newest file of {what} was taken back. The pages show what stood before it."
    return tell(Notice.Kind.RESULTS, f"{about(upload)} undone", words, told) if told else 0


def about(upload: Upload) -> str:
    """What notices of a file are of."""
    return f"upload {upload.pk}"


@dataclass(frozen=True, slots=True)
class Touched:
    """A test in a window of which results changed, and the ids of the classes and schools they are of."""

    administration: Administration
    sections: frozenset[int]
    schools: frozenset[int]


def addresses(readers: Readers, tests: Sequence[Touched]) -> dict[int, str]:
    """For each person the page to open: the one class or school that is theirs, with the test they are told of; else
    the list of them."""
    found: dict[int, str] = {}
    kinds = ((readers.teachers, _class_page), (readers.leaders, _school_page), (readers.principals, _school_page))
    for people, page in kinds:
        for person, places in people.items():
            one = len(places) == 1 and person not in found
            found[person] = page(*places, tests) if one else reverse("assessments:results")
    return found


def _class_page(section: int, tests: Sequence[Touched]) -> str:
    page = reverse("assessments:section_results", args=[section])
    test = next((one.administration for one in tests if section in one.sections), None)
    return f"{page}?administration={test.pk}" if test else page


def _school_page(school: int, tests: Sequence[Touched]) -> str:
    page = reverse("assessments:school_results", args=[school])
    test = next((one.administration for one in tests if school in one.schools), None)
    return f"{page}?{_asked(test.assessment.series, test.window)}" if test else page


def _asked(series: str, window: Window) -> str:
    """How an address asks for a series in a window; a mail shows it, so it stays readable."""
    return urlencode({"series": series, "window": window.full_code}, safe="/@")


def _tests(upload: Upload, parts: Sequence[Part]) -> list[Touched]:
    """The tests of a file's parts, in their order; they are in the database by now."""
    rows = Administration.objects.filter(  # unscoped: no person asks
        assessment__district=upload.district_id, window__in={part.window.pk for part in parts}
    ).select_related("assessment", "window__year")
    of = {(row.assessment.code, row.window_id): row for row in rows}
    return [
        Touched(of[part.spec.code, part.window.pk], *map(_known, places_of(part.rows, _moved(part)))) for part in parts
    ]


def _moved(part: Part) -> np.ndarray:
    """The rows of a part that are new or others now."""
    return part.compared.new | part.compared.changed


def _known(ids: np.ndarray) -> frozenset[int]:
    return frozenset(np.unique(ids).tolist()) - {NO_ID}


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
    page = reverse("assessments:network_results", args=[release.network_id])
    url = f"{page}?{_asked(full_key(release), release.window)}"
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
