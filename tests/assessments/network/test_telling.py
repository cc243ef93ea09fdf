"""A release is told of when its time has come: to everyone in the network at once, and once."""

from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection, transaction
from django.utils import timezone

from assessments.models import Release
from assessments.notices import tell_open_releases
from assessments.tasks import tell_releases
from schools.models import Notice
from tests import make
from tests.assessments.network.conftest import release
from tests.worlds import small_world

EVERYONE = {"Teacher", "Colleague", "Leader", "Principal", "Coach", "Admin", "Operator", "Rep", "Auditor"}


def names() -> set[str]:
    return {notice.user.family_name for notice in Notice.objects.select_related("user")}


@pytest.mark.django_db
@pytest.mark.usefixtures("in_winter")
def test_everyone_in_the_network_is_told_at_the_same_second_and_once(world):
    one = release(world, make.window(world.year), since=None)
    assert tell_releases() == 1
    assert tell_releases() == 0
    assert names() == EVERYONE
    assert {notice.at for notice in Notice.objects.all()} == {one.opens_at}
    assert {(n.words, n.url) for n in Notice.objects.all()} == {
        (
            "Results of the network are released: Quarterly Math, Fall.",
            f"/results/networks/{world.network.pk}/?series=QM@{world.district.code}&window=2025-26/Q1",
        )
    }


@pytest.mark.django_db
@pytest.mark.usefixtures("in_winter")
@pytest.mark.parametrize("changed", ["later", "held", "told"])
def test_what_is_not_open_or_was_told_is_not_told(world, changed):
    now = timezone.now()
    values = {
        "later": {"opens_at": now + timedelta(minutes=1)},
        "held": {"state": "held"},
        "told": {"notified_at": now},
    }
    release(world, make.window(world.year), since=None, **values[changed])
    assert tell_open_releases() == 0
    assert not Notice.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("in_winter")
def test_a_correction_says_so(world):
    release(world, make.window(world.year), since=None, number=2)
    tell_open_releases()
    assert Notice.objects.first().words == "Corrected results of the network are released: Quarterly Math, Fall."


@pytest.mark.django_db(transaction=True)
def test_two_workers_tell_once():
    with transaction.atomic():
        world = small_world()
        release(world, make.window(world.year), since=None)

    def work():
        try:
            tell_open_releases()
        finally:
            connection.close()

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert names() == EVERYONE
    assert Notice.objects.count() == len(EVERYONE)
    assert Release.objects.get().notified_at is not None
