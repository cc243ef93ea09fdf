"""Two keys: in order, by two people, for the figures and choices that were seen; open by the clock."""

import pytest
from django.utils import timezone

from assessments.models import Release, ReleasedCell
from assessments.releases import work
from assessments.releases.acts import (
    ReleaseRefused,
    choose,
    hold,
    prepare,
    resume,
    stop,
    turn_first_key,
    turn_second_key,
)
from tests import make
from tests.assessments.releases.conftest import later, shown

pytestmark = pytest.mark.django_db
State = Release.State


def refused(act, *arguments, **named):
    with pytest.raises(ReleaseRefused) as found:
        act(*arguments, **named)
    return str(found.value)


def begin(town, window=None, **choices):
    w = town.world
    return prepare(w.network, w.district, "QM", window or w.fall, w.admin, wake_worker=False, **choices)


def test_a_release_goes_through_both_keys_and_is_open(town):
    release = town.released()
    assert release.state == State.RELEASED and release.opens_at <= timezone.now()
    assert (release.first_key_by, release.second_key_by) == (town.world.admin, town.world.operator)
    assert [event.by for event in release.events.all()] == [
        town.world.admin, None, town.world.admin, town.world.operator,
    ]  # fmt: skip
    assert ReleasedCell.objects.visible_to(town.world.rep).filter(release=release).exists()


def test_nobody_but_the_offices_and_auditors_reads_it_before(town):
    release = town.prepared()
    readers = {
        who: ReleasedCell.objects.visible_to(getattr(town.world, who)).filter(release=release).exists()
        for who in ("teacher", "principal", "coach", "rep", "admin", "operator", "auditor")
    }
    assert [who for who, reads in readers.items() if reads] == ["admin", "operator", "auditor"]


def test_the_keys_are_turned_in_order_and_by_two_people(town):
    release = town.prepared()
    assert "waits for the district" in refused(turn_second_key, release, town.world.operator, seen=release.digest)
    both = make.user()
    agreed = turn_first_key(release, both, seen=release.digest)
    assert "another person" in refused(turn_second_key, agreed, both, seen=agreed.digest)
    agreed.refresh_from_db()
    assert agreed.state == State.AGREED and agreed.second_key_by is None


def test_a_key_is_turned_for_what_was_seen(town):
    release = town.prepared()
    assert "changed since you looked" in refused(turn_first_key, release, town.world.admin, seen="something else")
    agreed = turn_first_key(release, town.world.admin, seen=release.digest)
    seen = agreed.digest
    changed = choose(
        agreed, town.world.operator, naming="named", audience="public", opens_at=None,
    )  # fmt: skip
    assert changed.state == State.PREPARED and changed.first_key_by is None and changed.digest != seen
    assert refused(turn_first_key, changed, town.world.admin, seen=seen)


def test_results_changed_between_the_keys_ask_for_the_first_anew(town):
    release = town.prepared()
    agreed = turn_first_key(release, town.world.admin, seen=release.digest)
    town.sit(only=town.students["A", "05"])
    assert "worked out again" in refused(turn_second_key, agreed, town.world.operator, seen=agreed.digest)
    agreed.refresh_from_db()
    assert agreed.state == State.COMPUTING and agreed.first_key_by is None
    work.compute(agreed.pk)
    agreed.refresh_from_db()
    assert agreed.state == State.PREPARED
    assert refused(turn_second_key, agreed, town.world.operator, seen=agreed.digest)
    again = turn_first_key(agreed, town.world.admin, seen=agreed.digest)
    assert turn_second_key(again, town.world.operator, seen=again.digest).state == State.RELEASED


def test_no_key_turns_while_the_audit_is_not_clean(town):
    release = town.prepared()
    release.audit["clean"] = False
    release.save()
    assert "audit found" in refused(turn_first_key, release, town.world.admin, seen=release.digest)


def test_it_opens_by_the_clock_and_can_be_stopped_until_then(town):
    release = town.released(opens_at=later(2))
    readers = ReleasedCell.objects.visible_to(town.world.rep).filter(release=release)
    assert release.state == State.RELEASED and not readers.exists()
    Release.objects.filter(pk=release.pk).update(opens_at=later(-1))
    assert readers.exists()
    release.refresh_from_db()
    assert "cannot be taken back" in refused(stop, release, town.world.admin, "We changed our mind")
    Release.objects.filter(pk=release.pk).update(opens_at=later(1))
    assert stop(release, town.world.admin, "The date is wrong").state == State.STOPPED
    assert not readers.exists()


def test_a_time_that_has_passed_is_refused(town):
    assert "has passed" in refused(begin, town, opens_at=later(-1))
    release = town.prepared(opens_at=later(1))
    agreed = turn_first_key(release, town.world.admin, seen=release.digest)
    Release.objects.filter(pk=agreed.pk).update(opens_at=later(-1))
    assert "Choose another time" in refused(turn_second_key, agreed, town.world.operator, seen=agreed.digest)
    cells = ReleasedCell.objects.filter(release=agreed)  # the time has come, and the second key has not been turned
    assert cells.exists() and not cells.visible_to(town.world.rep).exists()
    Release.objects.filter(pk=agreed.pk).update(audience="public")
    assert not cells.visible_to_public().exists() and not Release.objects.visible_to_public().exists()


def test_public_reads_a_public_release_alone(town):
    release = town.released()
    assert not ReleasedCell.objects.visible_to_public().filter(release=release).exists()
    assert not Release.objects.visible_to_public().exists()
    Release.objects.filter(pk=release.pk).update(audience="public")
    assert ReleasedCell.objects.visible_to_public().filter(release=release).exists()
    assert Release.objects.visible_to_public().exists()


def test_holding_voids_the_key_and_going_on_works_it_out_again(town):
    release = town.prepared()
    agreed = turn_first_key(release, town.world.admin, seen=release.digest)
    held = hold(agreed, town.world.operator, "A school found a mistake")
    assert held.state == State.HELD and held.first_key_by is None
    assert held.events.last().words == "Held back: A school found a mistake"
    resumed = resume(held, town.world.admin)
    work.compute(resumed.pk)
    resumed.refresh_from_db()
    assert resumed.state == State.PREPARED


def test_two_releases_of_a_window_at_once_are_one(town):
    begin(town)
    assert "being prepared already" in refused(begin, town)


def test_nothing_to_release_is_said(town):
    assert "no published results" in refused(begin, town, town.world.winter)
    town.released()
    assert "nothing new to release" in refused(begin, town)


# --- a correction ----------------------------------------------------------------------------------------


def test_a_correction_of_a_few_students_waits(town):
    town.released()
    town.sit(only=town.students["A", "05"][:5])
    second = town.prepared()
    assert second.number == 2 and second.state == State.HELD
    assert "Fewer than 11 students" in second.events.last().words
    assert not second.cells.exists()


def test_cells_with_few_changes_keep_their_figures(town):
    """In school A 20 results change; in C 4, and in another school beside it as many as are needed."""
    first = town.released()
    changed = town.students["A", "05"][:20] + town.students["C", "05"][:4]
    town.sit(only=changed)
    second = town.released()
    old, new = shown(first), shown(second)
    kept = {line.cell.school.name.split()[0] for line in second.withheld.filter(
        rule__startswith="frozen", cell__standard=None, cell__item=None, cell__school__isnull=False)}  # fmt: skip
    assert {"C", "A"} <= kept  # of two changed schools one alone would tell the other
    for letter in kept:
        assert (new[letter].tested, new[letter].rate, new[letter].mean) == (
            old[letter].tested, old[letter].rate, old[letter].mean,
        )  # fmt: skip


def test_a_correction_of_many_shows_them_and_hides_what_was_hidden(town):
    first = town.released()
    town.sit(only=[*town.students["A", "05"], *town.students["D", "06"]])
    second = town.released()
    old, new = shown(first), shown(second)
    assert any(new[letter].mean != old[letter].mean for letter in ("A", "D") if old[letter].mean is not None)
    assert all(new[name].tested is None for name, cell in old.items() if cell.tested is None)


def test_the_older_stays_until_the_newer_opens(town):
    from assessments.queries.released import open_releases

    first = town.released()
    town.sit(only=[*town.students["A", "05"], *town.students["D", "06"]])
    second = town.prepared()
    assert open_releases(town.world.network, town.world.rep) == [first]
    agreed = turn_first_key(second, town.world.admin, seen=second.digest)
    turn_second_key(agreed, town.world.operator, seen=agreed.digest)
    assert open_releases(town.world.network, town.world.rep) == [second]
