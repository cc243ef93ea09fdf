"""The network beside a school: its share, its growth and its standards, once they are released."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from assessments.models import GrowthSummary, Release, ReleasedCell
from assessments.queries.school import SchoolResults
from schools.models import User
from tests.assessments.pages.reading import csv_tables, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(sat):
    """Winter 1 is released: the network ahead on Volume, behind on fractions, its share a mask."""
    w = sat
    GrowthSummary.objects.filter(school=w.ash).update(against_mean=2.6, against_low=1.0, against_high=4.0)
    w.release = Release.objects.create(
        network=w.network, district=w.district, series=w.math.series, window=w.winter, since=w.fall, number=1,
        state="released", title="Quarterly Math", growth_kind="scale", mean_unit="scale", has_levels=True,
        prepared_by=w.admin, first_key_by=w.admin, second_key_by=w.operator,
        opens_at=datetime(2025, 12, 8, tzinfo=UTC),
    )  # fmt: skip
    own = {line.standard.name: line.percent for line in page_of(w).standards}
    cell(w, "network", tested=540, rate="41%", mean=512, growth=5, growth_low=4, growth_high=6)
    cell(w, "grade", grade="05", standard=w.volume, mean=own["Volume"] + 12)
    cell(w, "grade", grade="05", standard=w.fractions, mean=own["Add unlike fractions"] - 9)
    return w


def cell(w, place, **figures):
    return ReleasedCell.objects.create(release=w.release, place=place, **figures)


def page_of(w, who="principal") -> SchoolResults:
    return SchoolResults(User.objects.get(pk=getattr(w, who).pk), w.ash)


def test_the_sentence_says_growth_and_how_it_stands(opened):
    assert page_of(opened).sentence.endswith("scale points, above the network by 3 (1 to 4).")


def test_standards_stand_by_how_far_they_are_from_the_network(opened):
    page = page_of(opened)
    assert [(line.standard.name, line.by) for line in page.below] == [("Volume", 12)]
    assert [(line.standard.name, line.by) for line in page.above] == [("Add unlike fractions", 9)]


def test_the_page_shows_the_network_and_no_promise_of_it(opened, client):
    client.force_login(opened.principal)
    text = client.get(reverse("assessments:school_results", args=[opened.ash.pk])).content.decode()
    assert "41\u00a0%" in text and "Dashed: the network, 5 (4 to 6) scale points." in text
    assert "Difference from the network in scale points, the school: 3 (1 to 4)." in text
    assert "Standards furthest below the network" in text and "below by 12" in text
    assert "opens when results are released" not in text


def test_a_masked_share_is_told_in_words(opened):
    opened.release.cells.filter(place="network").update(rate="<=20%")
    assert page_of(opened).network_figure == "20\u00a0% or fewer"
    opened.release.cells.filter(place="network").update(rate="")
    assert page_of(opened).network_figure == "not shown"


def test_no_standard_far_from_the_network_is_said(opened, client):
    for line in page_of(opened).standards:
        opened.release.cells.filter(standard=line.standard.pk).update(mean=line.percent + 4)
    client.force_login(opened.principal)
    text = client.get(reverse("assessments:school_results", args=[opened.ash.pk])).content.decode()
    assert "No standard is far from the network." in text


def test_where_only_the_standing_counts_it_is_told_after_the_release(opened, client):
    GrowthSummary.objects.filter(school=opened.ash).update(
        kind="standing", against_mean=-0.1, against_low=-0.4, against_high=0.2
    )
    opened.release.cells.filter(place="network").update(growth=None)
    page = page_of(opened)
    assert page.by_standing and str(page.standing_row.verdict) == "too close to call"
    client.force_login(opened.principal)
    text = words_of(client.get(reverse("assessments:school_results", args=[opened.ash.pk])))
    apart = "\u221210 (\u221240 to 20) hundredths of a standard deviation."
    assert f"they are too close to call, {apart}" in page.sentence
    assert f"difference from the network {apart}" in text
    Release.objects.filter(pk=opened.release.pk).update(state="stopped")
    assert page_of(opened).standing_row is None


def test_the_file_holds_the_network(opened, sign_in):
    url = reverse("assessments:school_export", args=[opened.ash.pk])
    tables = csv_tables(sign_in(opened.leader).post(url, {"format": "csv"}))
    head, *rows = tables["Standards"]
    assert head[-2:] == ["Network, % of the points", "Against the network"]
    assert {row[0]: row[-1] for row in rows}["Volume"] == "below the network"
    assert ["Network", "not shown", "5 (4 to 6)", "", ""] in tables["Growth"]
    assert [row[4] for row in tables["Growth"][1:2]] == ["3 (1 to 4)"]


def test_before_the_release_nothing_of_it_is_there(opened):
    Release.objects.filter(pk=opened.release.pk).update(opens_at=datetime(2026, 3, 1, tzinfo=UTC))
    page = page_of(opened)
    assert page.beside is None and page.network_growth == "" and all(row.against is None for row in page.growth)
