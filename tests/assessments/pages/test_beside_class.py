"""The network beside a class: only what is released, only of the same test, and closed until it opens."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from assessments.models import Release, ReleasedCell
from assessments.queries.classes import read_class
from assessments.queries.items import ItemMap
from assessments.queries.section import FURTHEST, LOWEST_FIRST, SectionResults
from assessments.sentences.classes import BY_LUCK
from schools.models import User
from tests.assessments.pages.reading import csv_tables, pdf_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(sat):
    """Winter 1 is released: the network far above the class on Volume, about the same on fractions, plots hidden."""
    w = sat
    w.release = Release.objects.create(
        network=w.network, district=w.district, series=w.math.series, window=w.winter, since=w.fall, number=1,
        state="released", title="Quarterly Math", growth_kind="scale", mean_unit="scale", prepared_by=w.admin,
        first_key_by=w.admin, second_key_by=w.operator, opens_at=datetime(2025, 12, 8, tzinfo=UTC),
    )  # fmt: skip
    cell(w, "network", tested=540, mean=512, growth=5, growth_low=4, growth_high=6)
    own = {row.standard.name: row.percent for row in page_of(w).rows}
    w.beside = {w.fractions: own["Add unlike fractions"] + 4, w.volume: own["Volume"] + 20, w.plots: None}
    for standard, mean in w.beside.items():
        cell(w, "grade", grade="05", standard=standard, tested=94, mean=mean)
    for item in w.math.items.all():
        cell(w, "grade", grade="05", item=item, tested=94, mean=40 + item.position)
    return w


def cell(w, place, **figures):
    return ReleasedCell.objects.create(release=w.release, place=place, **figures)


def page_of(w, order=FURTHEST) -> SectionResults:
    return SectionResults(read_class(User.objects.get(pk=w.teacher.pk), w.section.pk, None, None), order)


def test_the_sentence_names_the_standard_furthest_below(opened):
    own = {row.standard.name: row.percent for row in page_of(opened).rows}
    assert page_of(opened).sentence == (
        f"Start with Volume: your class got {own['Volume']} % of the points, "
        f"the network {own['Volume'] + 20} % on the same questions."
    )


def test_the_furthest_below_stands_first_and_each_has_its_verdict(opened):
    rows = page_of(opened).rows
    assert [row.standard.name for row in rows] == ["Volume", "Add unlike fractions", "Line plots"]
    assert [row.verdict for row in rows] == ["below the network", "too close to call", None]
    assert rows[0].apart == 20


def test_the_page_says_what_a_mark_is_worth_and_only_where_there_is_one(opened, client):
    client.force_login(opened.teacher)
    url = reverse("assessments:section_results", args=[opened.section.pk])
    assert BY_LUCK in client.get(url).content.decode()
    opened.release.cells.filter(standard__isnull=False).update(mean=None)
    assert BY_LUCK not in client.get(url).content.decode()


def test_other_orders_are_still_offered(opened, client):
    client.force_login(opened.teacher)
    text = client.get(reverse("assessments:section_results", args=[opened.section.pk])).content.decode()
    assert "furthest below the network" in text and "lowest first" in text and "in teaching order" in text
    lowest = page_of(opened, LOWEST_FIRST).rows
    assert lowest[0].share == min(row.share for row in lowest if row.judged)


def test_a_figure_that_is_not_shown_has_no_tick(opened):
    bars = {row["name"]: row for row in page_of(opened).chart}
    assert bars["Volume"]["bar"]["tick"] and bars["Line plots"]["bar"]["tick"] is None


def test_growth_of_the_network_stands_beside_that_of_the_class(opened):
    assert page_of(opened).network_growth == "5 (4 to 6) scale points"


def test_the_item_map_has_a_row_of_the_network(opened, client):
    read = read_class(User.objects.get(pk=opened.teacher.pk), opened.section.pk, None, None)
    page = ItemMap(read)
    assert page.network == [40 + column.question.position for column in page.columns]
    client.force_login(opened.teacher)
    text = client.get(reverse("assessments:item_map", args=[opened.section.pk])).content.decode()
    assert "network, %" in text and "opens when results are released" not in text


def test_a_question_that_is_not_shown_says_so_and_the_others_stand(opened, client):
    ReleasedCell.objects.filter(item__position=3).update(mean=None)
    read = read_class(User.objects.get(pk=opened.teacher.pk), opened.section.pk, None, None)
    page = ItemMap(read)
    assert page.network.count(None) == 1 and page.network_hidden
    client.force_login(opened.teacher)
    text = client.get(reverse("assessments:item_map", args=[opened.section.pk])).content.decode()
    assert "* not shown: small groups" in text


def test_the_file_holds_the_network_as_the_page_does(opened, sign_in):
    url = reverse("assessments:section_export", args=[opened.section.pk])
    tables = csv_tables(sign_in(opened.teacher).post(url, {"format": "csv"}))
    head, *rows = tables["By standard"]
    place = head.index("Network, % of the points")
    assert [row[place] for row in rows][-1] == "not shown"
    assert rows[0][place + 1] == "below the network"


@pytest.mark.parametrize(
    "changed",
    [{"opens_at": datetime(2026, 1, 5, tzinfo=UTC)}, {"state": "stopped"}, {"series": "another"}],
    ids=["not open yet", "not released", "another test"],
)
def test_nothing_stands_beside_what_is_not_released(opened, changed):
    Release.objects.filter(pk=opened.release.pk).update(**changed)
    page = page_of(opened)
    assert not page.compared and page.read.beside is None
    assert page.sentence.endswith("The network comparison opens when results are released.")


def test_a_class_under_ten_is_compared_with_nothing(opened):
    user = User.objects.get(pk=opened.principal.pk)
    page = SectionResults(read_class(user, opened.other_section.pk, None, None))
    assert page.few and not page.compared and all(row.network is None for row in page.rows)


def test_paper_has_the_network_beside_the_class(opened, sign_in):
    client, pk = sign_in(opened.teacher), opened.section.pk
    told = {}
    for name in ("section_export", "item_map_export"):
        sent = client.post(reverse(f"assessments:{name}", args=[pk]), {"format": "pdf"})
        told[name] = " ".join(" ".join(page.extract_text() for page in pdf_of(sent).pages).split())
    assert "against the network" in told["section_export"] and "\u25bc below by 20" in told["section_export"]
    assert "The network: 5 (4 to 6) scale points." in told["section_export"]
    assert "opens when results are released" not in told["section_export"]
    read = read_class(User.objects.get(pk=opened.teacher.pk), pk, None, None)
    assert f"network, % {' '.join(map(str, ItemMap(read).network))}" in told["item_map_export"]
