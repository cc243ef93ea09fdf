"""What people do with a release: prepare, choose, turn a key, hold, resume, stop. Each is logged with its person.

Every act locks the release's row. A key is turned for the digest that the person saw; where that is no longer what
the release is, the act is refused with a sentence, and the person looks again.
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from assessments.models import Release, ReleaseEvent, Window
from assessments.releases.basis import basis_of, earlier_release
from assessments.releases.counted import tests_of
from assessments.releases.words import moment_words
from assessments.releases.writing import digest_of
from schools.bell import ring
from schools.models import District, Network, User

COMPUTE = "assessments.tasks.compute_release"
State = Release.State

ONE_AT_A_TIME = (
    "A release of this test and window is being prepared already. Open it in the list, or stop it before another "
    "begins."
)
SAME_FIGURES = (
    "Release {number} of this test and window was made from the results as they are. There is nothing new to release."
)
NOTHING = "This test has no published results in this window yet."
LOOK_AGAIN = "This release changed since you looked. No key was turned; please look once more."
RESULTS_CHANGED = (
    "Results changed since these figures were worked out. They are being worked out again; the first key is then asked "
    "for anew. No key was turned."
)
TWO_PEOPLE = "You turned the first key. The second is turned by another person."
NOT_CLEAN = (
    "The audit found figures that could be worked out, so no key can be turned. The findings stand on this page."
)
TIME_PAST = (
    "The time at which this release was to open has passed. Choose another time; the first key is then asked for anew."
)


class ReleaseRefused(Exception):
    """The act cannot be done now; the sentence says why and what to do instead."""


def prepare(
    network: Network,
    district: District,
    series: str,
    window: Window,
    by: User,
    *,
    naming: str = Release.Naming.LETTERED,
    audience: str = Release.Audience.NETWORK,
    opens_at: datetime | None = None,
    wake_worker: bool = True,
) -> Release:
    """Begin a release; a worker works it out. `opens_at` None means at once, when the second key is turned.

    Raises ReleaseRefused where one is being prepared already, or there is nothing (new) to release.
    """  # fmt: skip
    if not any(test.version for test in tests_of(district, series, window)):
        raise ReleaseRefused(NOTHING)
    earlier = earlier_release(network, district, series, window)
    if earlier is not None and not _results_changed(earlier):
        raise ReleaseRefused(SAME_FIGURES.format(number=earlier.number))
    _check_time(opens_at)
    same = Release.objects.filter(network=network, district=district, series=series, window=window)  # unscoped
    try:
        with transaction.atomic():
            last = same.aggregate(last=Max("number"))["last"] or 0
            release = Release.objects.create(
                network=network, district=district, series=series, window=window, number=last + 1,
                naming=naming, audience=audience, opens_at=opens_at, prepared_by=by, title=series,
            )  # fmt: skip
            _note(release, by, f"Began release {release.number}. {choices_words(release)}")
            if wake_worker:
                ring(COMPUTE, release.pk)
    except IntegrityError:
        raise ReleaseRefused(ONE_AT_A_TIME) from None
    return release


@transaction.atomic
def choose(release: Release, by: User, *, naming: str, audience: str, opens_at: datetime | None) -> Release:
    """Other names, readers or time. A first key that was turned for the old ones is asked for anew.

    Raises ReleaseRefused where it is open or stopped.
    """
    row = _locked(release, (State.COMPUTING, State.PREPARED, State.AGREED, State.HELD))
    _check_time(opens_at)
    row.naming, row.audience, row.opens_at = naming, audience, opens_at
    _forget_key(row)
    if row.state == State.AGREED:
        row.state = State.PREPARED
    if row.audit:
        row.digest = digest_of(row, row.audit["figures"])
    row.save()
    _note(row, by, f"Chose: {choices_words(row)}")
    return row


def turn_first_key(release: Release, by: User, *, seen: str) -> Release:
    """The district agrees to these figures and choices. Raises ReleaseRefused; see `_turn`."""

    def agree(row: Release) -> None:
        row.first_key_by, row.first_key_at, row.state = by, timezone.now(), State.AGREED
        _note(row, by, f"Turned the first key, for the district. {choices_words(row)}")

    return _turn(release, by, State.PREPARED, seen, agree)


def turn_second_key(release: Release, by: User, *, seen: str) -> Release:
    """The network releases: open at its time, or now. Raises ReleaseRefused; see `_turn`."""

    def open_it(row: Release) -> None:
        if row.first_key_by_id == by.pk:
            raise ReleaseRefused(TWO_PEOPLE)
        now = timezone.now()
        if row.opens_at is not None and row.opens_at < now:
            raise ReleaseRefused(TIME_PAST)
        row.second_key_by, row.second_key_at, row.opens_at = by, now, row.opens_at or now
        row.state = State.RELEASED
        _note(row, by, f"Turned the second key, for the network. {choices_words(row)}")

    return _turn(release, by, State.AGREED, seen, open_it)


def _turn(release: Release, by: User, expected: str, seen: str, act) -> Release:
    """Turn a key for the digest that was seen.

    Raises ReleaseRefused where the release is elsewhere or changed since, the audit is not clean, or results changed:
    then it is worked out again.
    """
    with transaction.atomic():
        row = _locked(release, (expected,))
        if seen != row.digest:
            raise ReleaseRefused(LOOK_AGAIN)
        if not row.audit.get("clean"):
            raise ReleaseRefused(NOT_CLEAN)
        changed = _results_changed(row)
        if changed:
            _work_out_again(row, by, "Results had changed when a key was to be turned; worked out again.")
        else:
            act(row)
            row.moved_at = timezone.now()
            row.save()
    if changed:
        raise ReleaseRefused(RESULTS_CHANGED)
    return row


@transaction.atomic
def hold(release: Release, by: User, reason: str) -> Release:
    """Hold a release back, with a reason for those who wait. Raises ReleaseRefused where it is open or stopped."""
    row = _locked(release, (State.COMPUTING, State.PREPARED, State.AGREED))
    row.state, row.moved_at = State.HELD, timezone.now()
    _forget_key(row)
    row.save()
    _note(row, by, f"Held back: {reason}")
    return row


@transaction.atomic
def resume(release: Release, by: User) -> Release:
    """Go on with a release that is held: it is worked out again. Raises ReleaseRefused where it is not held."""
    row = _locked(release, (State.HELD,))
    _work_out_again(row, by, "Resumed; worked out again.")
    return row


@transaction.atomic
def stop(release: Release, by: User, reason: str) -> Release:
    """Give a release up before it opens. Raises ReleaseRefused where it is open: readers keep what they have seen."""
    row = _locked(release, (State.COMPUTING, State.PREPARED, State.AGREED, State.HELD, State.RELEASED))
    if row.is_open:
        raise ReleaseRefused("This release is open. What readers have seen cannot be taken back; release a correction.")
    row.state, row.moved_at = State.STOPPED, timezone.now()
    row.save()
    _note(row, by, f"Stopped: {reason}")
    return row


def choices_words(release: Release) -> str:
    """The choices in one sentence; the time is said in the zone of the district."""
    schools = {"named": "Schools are named", "lettered": "Schools stand by letter, one's own by name"}[release.naming]
    readers = {"network": "open to the network's people", "public": "open to everyone"}[release.audience]
    if release.opens_at is None:
        return f"{schools}; {readers}, at once."
    return f"{schools}; {readers}, {moment_words(release.opens_at, release)}."


def _results_changed(row: Release) -> bool:
    """Whether the figures would be made from other results than those they were made from."""
    what = (row.network, row.district, row.series, row.window)
    return row.basis != basis_of(*what, earlier_release(*what, below=row.number))


def _work_out_again(row: Release, by: User, words: str) -> None:
    row.state, row.attempts, row.moved_at = State.COMPUTING, 0, timezone.now()
    _forget_key(row)
    row.save()
    _note(row, by, words)
    ring(COMPUTE, row.pk)


def _forget_key(row: Release) -> None:
    row.first_key_by = row.first_key_at = None


def _check_time(opens_at: datetime | None) -> None:
    if opens_at is not None and opens_at < timezone.now():
        raise ReleaseRefused("This time has passed. Choose a later one, or leave it empty to open at the second key.")


def _locked(release: Release, states) -> Release:
    """The row, locked. Raises ReleaseRefused in any other state."""
    rows = Release.objects.select_for_update(of=("self",), no_key=True)  # unscoped: the caller had it in sight
    row = rows.select_related("network", "district", "window__year").get(pk=release.pk)
    if row.state not in states:
        raise ReleaseRefused(f"This release is {row.get_state_display()}; that cannot be done with it now.")
    return row


def _note(release: Release, by: User | None, words: str) -> None:
    ReleaseEvent.objects.create(release=release, by=by, words=words[:400])
