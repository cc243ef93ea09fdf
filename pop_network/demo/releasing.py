"""The demo's releases: every window that is over but the newest, agreed to and opened as its people would.

The newest window of Quarterly Math is prepared and waits for both keys, so that a person can turn them.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from assessments.models import Administration, Release, Window
from assessments.releases import work
from assessments.releases.acts import prepare, turn_first_key, turn_second_key
from pop_network.demo.calendar import LAST_YEAR, closed_windows
from pop_network.demo.network import DemoNetwork
from pop_network.demo.places import NETWORK_SLUG, TIME_ZONE
from schools.models import District, Network, User

DISTRICT_KEY, NETWORK_KEY = "district@example.org", "network@example.org"
OPENED_AFTER, OPENED_AT = timedelta(14), time(15, 0)
QUARTERLY = "QM"
PUBLIC = (LAST_YEAR, "Q4", QUARTERLY)  # open to everyone, schools by name
STEPS = {Release.State.COMPUTING, Release.State.PREPARED, Release.State.AGREED}


def release_windows(network: DemoNetwork, district: District) -> int:
    """Release what is not released yet; how many releases were made or taken on."""
    closed = closed_windows(network.years, network.today)
    made = 0
    for year, window in closed:
        newest = (year, window) == closed[-1]
        given = Window.objects.get(year__district=district, year__code=year.code, code=window.code)  # unscoped
        for series in _series(given):
            if not newest:
                named = (year.index, window.code, series) == PUBLIC
                made += _release(district, series, given, named=named)
            elif series == QUARTERLY:
                made += _prepare(district, series, given) is not None
    return made


def _series(window: Window) -> list[str]:
    """The series with published results in a window."""
    given = Administration.objects.filter(window=window, version__gt=0)  # unscoped: no person asks
    return sorted(set(given.values_list("assessment__series", flat=True)))


def _prepare(district: District, series: str, window: Window, **choices) -> Release | None:
    """The first release of a window, worked out; None where that was done in an earlier run."""
    first = Release.objects.filter(district=district, series=series, window=window, number=1).first()  # unscoped
    if first is not None and first.state != Release.State.COMPUTING:
        return None
    if first is None:
        by, circle = _person(DISTRICT_KEY), Network.objects.get(slug=NETWORK_SLUG)
        first = prepare(circle, district, series, window, by, wake_worker=False, **choices)
    work.compute(first.pk)
    return first


def _release(district: District, series: str, window: Window, *, named: bool) -> bool:
    choices = {"naming": Release.Naming.NAMED, "audience": Release.Audience.PUBLIC} if named else {}
    _prepare(district, series, window, **choices)
    first = Release.objects.get(district=district, series=series, window=window, number=1)  # unscoped
    if first.state not in STEPS:
        return False
    if first.state == Release.State.PREPARED:
        first = turn_first_key(first, _person(DISTRICT_KEY), seen=first.digest)
    if first.state == Release.State.AGREED:
        turn_second_key(first, _person(NETWORK_KEY), seen=first.digest)
    _date_back(first.pk, window)
    return True


def _date_back(pk: int, window: Window) -> None:
    """It was released after its window's make-up tests, not today."""
    opened = datetime.combine(window.closes + OPENED_AFTER, OPENED_AT, ZoneInfo(TIME_ZONE))
    if opened > timezone.now():
        return
    row = Release.objects.filter(pk=pk)  # unscoped: no person asks
    moments = ("prepared_at", "computed_at", "moved_at", "first_key_at", "second_key_at", "opens_at")
    row.update(**dict.fromkeys(moments, opened))
    for event in row.get().events.all():  # unscoped: no person asks
        event.at = opened
        event.save(update_fields=["at"])


def _person(email: str) -> User:
    return User.objects.get(email=email)  # unscoped: no person asks
