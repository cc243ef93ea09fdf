"""Which versions of the results a release was made from, as one short text: when it differs, results have changed."""

import hashlib

from django.conf import settings

from assessments.models import Release, Window
from assessments.releases.counted import schools_of, tests_of
from assessments.releases.growth import first_window
from schools.models import District, Network


def basis_of(network: Network, district: District, series: str, window: Window, earlier: Release | None) -> str:
    """The versions of the tests of this window and of the window that growth is measured from, the schools, the
    floors, and the release that this one is held against."""
    since = first_window(district, series, window)
    windows = [window] if since is None else [since, window]
    tests = [(test.pk, test.version) for one in windows for test in tests_of(district, series, one)]
    floors = (settings.PUBLIC_MIN_N, settings.SUBGROUP_MIN_N, settings.MIN_TEACHERS)
    parts = (tests, schools_of(network, district, window), floors, earlier.pk if earlier else None)
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def earlier_release(
    network: Network, district: District, series: str, window: Window, below: int | None = None
) -> Release | None:
    """The newest release of the same window, open or with its time to come; `below` a number, where that is given."""
    done = Release.objects.filter(  # unscoped: no person asks
        network=network, district=district, series=series, window=window, state=Release.State.RELEASED
    )
    if below is not None:
        done = done.filter(number__lt=below)
    return done.order_by("-number").first()
