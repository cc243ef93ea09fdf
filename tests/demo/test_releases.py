"""What the demo has released: the older windows, the newest waiting for its keys, the small school hidden."""

import pytest

from assessments.models import Release, ReleasedCell
from schools.models import User

pytestmark = pytest.mark.django_db


def of_quarterly():
    return Release.objects.filter(series="QM").select_related("window__year").order_by("window__opens")


def test_all_windows_are_released_but_the_newest(demo):
    *older, newest = of_quarterly()
    assert newest.state == "prepared" and newest.first_key_by is None and newest.audit["clean"]
    assert older and {one.state for one in older} == {"released"}
    assert all(one.opens_at.date() > one.window.closes for one in older)
    assert Release.objects.exclude(series="QM").filter(state="released").exists()


def test_last_spring_is_public_and_named_and_no_other(demo):
    public = Release.objects.filter(audience="public")
    assert [(one.series, one.window.code, one.naming) for one in public] == [("QM", "Q4", "named")]
    assert not Release.objects.exclude(audience="public").filter(naming="named").exists()


def test_the_small_school_is_hidden_in_every_release(demo):
    cells = ReleasedCell.objects.filter(release__series="QM", place="school", standard=None)
    assert cells.filter(school__name__startswith="Dovecote").exists()
    assert not cells.filter(school__name__startswith="Dovecote", tested__isnull=False).exists()
    for one in of_quarterly():
        assert cells.filter(release=one, tested=None).count() >= 3


def test_the_school_that_lost_is_told_below_the_network(demo):
    rep = User.objects.get(email="union@example.org")
    seen = ReleasedCell.objects.visible_to(rep).filter(
        release__series="QM", release__window__code="Q4", place="school", school__name__startswith="Ironbridge",
        standard=None,
    )  # fmt: skip
    assert seen.get().verdict == "below the network"
