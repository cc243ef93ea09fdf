"""The job: an error leaves the row as it was, three attempts are the most, and what is done is not done again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.models import Release
from assessments.releases import work
from assessments.releases.acts import hold, prepare
from assessments.releases.writing import letters
from assessments.tasks import sweep_releases

pytestmark = pytest.mark.django_db
State = Release.State


@pytest.fixture
def begun(town):
    w = town.world
    return prepare(w.network, w.district, "QM", w.fall, w.admin, wake_worker=False)


def test_worked_out_twice_is_worked_out_once(begun):
    work.compute(begun.pk)
    cells = set(begun.cells.values_list("pk", flat=True))
    work.compute(begun.pk)
    assert set(begun.cells.values_list("pk", flat=True)) == cells


def test_three_times_stopped_it_is_held_with_a_sentence(begun, monkeypatch):
    def broken(*arguments):
        raise MemoryError

    monkeypatch.setattr(work, "live_cube", broken)
    for _ in range(3):
        with pytest.raises(MemoryError):
            work.compute(begun.pk)
        begun.refresh_from_db()
        assert begun.state == State.COMPUTING
    work.compute(begun.pk)
    begun.refresh_from_db()
    assert begun.state == State.HELD and not begun.cells.exists()
    assert "stopped 3 times" in begun.events.last().words


def test_an_error_while_writing_leaves_nothing(begun, monkeypatch):
    monkeypatch.setattr(work, "digest_of", lambda *arguments: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        work.compute(begun.pk)
    begun.refresh_from_db()
    assert begun.state == State.COMPUTING and begun.attempts == 1
    assert not (begun.cells.exists() or begun.schools.exists() or begun.withheld.exists())


def test_held_while_it_was_worked_out_it_stays_held(begun, monkeypatch):
    def held_meanwhile(*arguments, audit=work.audit):
        hold(begun, begun.prepared_by, "Wait for the make-up tests")
        return audit(*arguments)

    monkeypatch.setattr(work, "audit", held_meanwhile)
    work.compute(begun.pk)
    begun.refresh_from_db()
    assert begun.state == State.HELD and not begun.cells.exists()


def test_the_sweep_rings_for_what_stopped_moving(begun):
    assert sweep_releases() == 0
    Release.objects.update(moved_at=timezone.now() - timedelta(hours=1))
    assert sweep_releases() == 1
    assert sweep_releases() == 0


def test_without_students_there_is_nothing_to_release(begun, monkeypatch):
    begun.network.memberships_of_schools.update(ends=begun.window.opens - timedelta(1))
    work.compute(begun.pk)
    begun.refresh_from_db()
    assert begun.state == State.HELD and "nothing to release" in begun.events.last().words


def test_letters_go_on_after_z():
    assert [letters(place) for place in (0, 25, 26, 51, 52, 219)] == ["A", "Z", "AA", "AZ", "BA", "HL"]
