"""A coach's schools side by side: own figures, the network's once released, and no order by result."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from assessments.models import Release, ReleasedCell
from assessments.queries.side_by_side import SideBySide
from schools.models import DataAgreement, User
from tests import make
from tests.assessments.classes import new_student
from tests.assessments.pages.reading import csv_tables

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(sat, publish):
    """The coach of Ash coaches Birch too, where twelve students sat the Fall test and did better."""
    w = sat
    make.member(w.coach, "psi_coach", school=w.birch)
    DataAgreement.objects.get(pk=w.agreement.pk).schools.add(w.birch)
    others = [new_student(w, w.birch_section, f"Birch{n}") for n in range(12)]
    publish([(one, "ABCDABCD" if n else "ABCDABCA", 500) for n, one in enumerate(others)])
    return w


def page_of(w, window="2025-26/Q1") -> SideBySide:
    return SideBySide(User.objects.get(pk=w.coach.pk), window=window)


def release(w, **means) -> Release:
    one = Release.objects.create(
        network=w.network, district=w.district, series=w.math.series, window=w.fall, number=1, state="released",
        title="Quarterly Math", mean_unit="scale", prepared_by=w.admin, first_key_by=w.admin,
        second_key_by=w.operator, opens_at=datetime(2025, 12, 8, tzinfo=UTC),
    )  # fmt: skip
    for name, mean in means.items():
        standard = getattr(w, name)
        ReleasedCell.objects.create(release=one, place="grade", grade="05", standard=standard, tested=90, mean=mean)
    return one


def marks(page, name) -> list:
    return next(line.marks for line in page.blocks[0].lines if line.standard.name == name)


def test_before_release_each_school_has_its_own_share_and_no_verdict(two):
    page = page_of(two)
    assert [school.name for school in page.blocks[0].schools] == ["Ash School", "Birch School"]
    assert page.sentence.startswith("The comparison with the network opens when results are released")
    found = marks(page, "Add unlike fractions")
    assert found[1].percent == 100 and found[0].percent < 100
    assert all(mark.verdict is None for mark in found)


def test_after_release_each_standard_stands_against_the_network(two):
    own = marks(page_of(two), "Volume")[0].percent
    release(two, volume=own + 5, fractions=marks(page_of(two), "Add unlike fractions")[0].percent + 4)
    page = page_of(two)
    assert marks(page, "Volume")[0].verdict == "below the network"
    assert marks(page, "Add unlike fractions")[0].verdict == "too close to call"
    assert page.sentence == "Standards below the network in Fall: Ash School 1."


def test_a_standard_with_two_questions_is_not_judged(two):
    assert "Line plots" not in [line.standard.name for line in page_of(two).blocks[0].lines]


def test_a_school_without_an_agreement_shows_released_figures_alone(two):
    DataAgreement.objects.get(pk=two.agreement.pk).schools.remove(two.birch)
    one = release(two, volume=60)
    page = page_of(two)
    assert [school.name for school in page.blocks[0].schools] == ["Ash School"]
    for standard in (two.fractions, two.volume):
        mean = 71 if standard == two.volume else None
        ReleasedCell.objects.create(release=one, place="school", school=two.birch, standard=standard, mean=mean)
    ReleasedCell.objects.filter(school=two.birch, standard=two.fractions).update(mean=55)
    found = marks(page_of(two), "Volume")
    assert found[1].percent == 71 and found[1].verdict == "above the network"


def test_one_school_has_nothing_beside_it(sat, client):
    client.force_login(sat.coach)
    assert client.get(reverse("assessments:side_by_side")).status_code == 404


@pytest.mark.parametrize("asked", [{"series": "X"}, {"window": "2025-26/Q9"}])
def test_what_has_no_results_is_not_found(two, client, asked):
    client.force_login(two.coach)
    assert client.get(reverse("assessments:side_by_side"), asked).status_code == 404


def test_page_and_file_say_the_same(two, client):
    release(two, volume=99)
    client.force_login(two.coach)
    text = client.get(reverse("assessments:side_by_side"), {"window": "2025-26/Q1"}).content.decode()
    assert "Ash School" in text and "Not a measure of a teacher." in text
    response = client.post(reverse("assessments:side_by_side_export"), {"format": "csv", "window": "2025-26/Q1"})
    rows = csv_tables(response)
    table = next(iter(table for name, table in rows.items() if name != "notice"))
    volume = next(row for row in table if row[0] == "Volume")
    assert volume[3] == "99 %" and volume[4].endswith(
        "below the network by " + str(marks(page_of(two), "Volume")[0].by)
    )
