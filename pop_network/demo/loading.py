"""The demo network into the portal: set-up and rosters in one transaction, then file after file as a clerk would.

A load that was interrupted goes on where it stopped; a load that is complete changes nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils import timezone

from assessments.configuration.applying import apply_configuration
from assessments.models import Administration, Result, Upload
from assessments.pipeline import work
from assessments.pipeline.uploads import Options, accept_upload
from pop_network.demo.files import ResultsFile
from pop_network.demo.network import DemoNetwork
from pop_network.demo.places import DISTRICT_CODE, TIME_ZONE
from pop_network.demo.releasing import release_windows
from pop_network.demo.rostering import load_roster
from schools.locks import Lock
from schools.models import District, User

CLERK = "district@example.org"
SENT_AT = time(15, 0)
PUBLISHED_AFTER = timedelta(minutes=2)


class DemoRefused(Exception):
    """The demo cannot be loaded here; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a run did, and what there is now."""

    files_loaded: int
    releases_made: int
    files: int
    published: int
    waiting: int
    results: int


def demo_district() -> District | None:
    """The demo's district, None where there is none yet.

    Raises DemoRefused where the database holds a district that is not the demo's.
    """
    other = District.objects.exclude(code=DISTRICT_CODE).first()  # unscoped: no person asks
    if other is not None:
        raise DemoRefused(
            f'This portal already serves a district, "{other.name}". The demo network is only loaded into an empty '
            "portal: choose another POP_DATA_DIR (or DATABASE_URL) for it."
        )
    return District.objects.filter(code=DISTRICT_CODE).first()  # unscoped: no person asks


def load(network: DemoNetwork, told: Callable[[int, int], None] = lambda done, known: None) -> Loaded:
    """Load what is not there yet. `told(files done, files known)` hears of progress.

    Raises DemoRefused where it cannot be loaded here, or is being loaded by someone else at this moment.
    """
    with _alone():
        return _load(network, told)


def _load(network: DemoNetwork, told: Callable[[int, int], None]) -> Loaded:
    district = demo_district()
    if district is None:
        with transaction.atomic():
            district = apply_configuration(network.setup, None).district
            load_roster(network, district)
    clerk = User.objects.get(email=CLERK)  # unscoped: no person asks
    loaded = 0
    for done, file in enumerate(network.files, 1):
        if _send(file, district, clerk):
            loaded += 1
            told(done, len(network.files))
    releases = release_windows(network, district)
    states = list(Upload.objects.filter(district=district).values_list("state", flat=True))  # unscoped
    return Loaded(
        files_loaded=loaded,
        releases_made=releases,
        files=len(network.files),
        published=states.count(Upload.State.PUBLISHED),
        waiting=sum(state in Upload.WAITING for state in states),
        results=Result.objects.filter(school__district=district).count(),  # unscoped: no person asks
    )


@contextmanager
def _alone() -> Iterator[None]:
    """Two loads at once would send each file twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [Lock.DEMO])
        if not cursor.fetchone()[0]:
            raise DemoRefused("The demo network is being loaded by another command. Wait until that is done.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [Lock.DEMO])


def _send(file: ResultsFile, district: District, clerk: User) -> bool:
    """Put one file through the portal's own pipeline; False where that was done in an earlier run."""
    sent = Upload.objects.filter(district=district, filename=file.filename).first()  # unscoped: no person asks
    if sent is not None and sent.state not in Upload.MOVING:
        return False
    if sent is None:
        sent = accept_upload(
            district=district,
            data=file.content,
            filename=file.filename,
            by=clerk,
            students=file.students or None,
            options=Options(
                assessment=file.assessment,
                window=file.window,
                publish=file.publish,
                tell_at=min(_published_at(file), timezone.now()).isoformat(),
            ),
            wake_worker=False,
        )
    work.advance(sent.pk)
    sent.refresh_from_db()
    if sent.state not in (Upload.State.PUBLISHED if file.publish else Upload.WAITING):
        raise DemoRefused(f"{file.filename} was not accepted: {sent.get_state_display()}. {sent.failure}".strip())
    if file.publish:
        _date_back(sent, file)
    return True


def _date_back(upload: Upload, file: ResultsFile) -> None:
    """The file came when its window was over, not today, so that pages tell the two years as they were."""
    published = _published_at(file)
    if published > timezone.now():
        return
    Upload.objects.filter(pk=upload.pk).update(
        at=published - PUBLISHED_AFTER, moved_at=published, published_at=published
    )
    Administration.objects.filter(results__upload=upload).update(published_at=published)


def _published_at(file: ResultsFile) -> datetime:
    return datetime.combine(file.sent, SENT_AT, ZoneInfo(TIME_ZONE)) + PUBLISHED_AFTER
