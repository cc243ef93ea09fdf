"""The bar, the strip and the select: who finds which places, and where they are."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import resolve, reverse

from pop_network import navigation
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_winter"), pytest.mark.urls("tests.look.rooms")]


def seen_by(user, path="/"):
    request = RequestFactory().get(path)
    request.user, request.resolver_match = user, resolve(path)
    return navigation.navigation(request)["navigation"]


def labels(user, path="/"):
    seen = seen_by(user, path)
    return [link.label for link in [*seen.places, *seen.further]]


def test_nobody_in_particular_has_no_places():
    seen = seen_by(AnonymousUser())
    assert (list(seen.places), list(seen.strip)) == ([], [])


def test_everyone_begins_at_today(world):
    for user in (world.teacher, world.principal, world.admin, world.operator, world.rep, world.auditor):
        assert labels(user)[0] == "Today"


def test_a_bar_holds_five_places_and_the_menu_the_rest(world):
    seen = seen_by(world.admin)
    assert len(seen.places) == navigation.MOST_PLACES
    assert seen.further
    assert len(set(labels(world.admin))) == len(labels(world.admin))


def test_places_follow_the_role(world):
    assert "People" in labels(world.principal)
    assert "People" not in labels(world.teacher)
    assert "Access log" in labels(world.auditor)
    for reader_of_releases in (world.auditor, world.rep, world.operator):
        assert "Results" not in labels(reader_of_releases)


def test_a_place_that_the_portal_does_not_have_is_left_out(world, monkeypatch):
    monkeypatch.setattr(
        navigation, "PLACES", [("Today", "today", navigation.EVERYONE), ("Moon", "moon", navigation.EVERYONE)]
    )
    assert labels(world.teacher) == ["Today"]


def test_the_place_in_view_is_marked(world):
    marked = {link.label: link.current for link in seen_by(world.principal, "/people/").places}
    within = {link.label: link.current for link in seen_by(world.principal, "/people/5/").places}
    assert (marked["People"], within["People"], marked["Today"]) == ("page", "true", "")


def test_a_page_of_the_network_stands_under_network_not_under_results():
    found = navigation._place_of("/results/networks/1/explore/", ["/", "/results/", "/results/network/"])
    assert found == "/results/network/"
    assert navigation._place_of("/results/schools/1/", ["/", "/results/", "/results/network/"]) == "/results/"
    assert navigation._place_of("/notices/", ["/", "/results/"]) == ""


def test_one_strip_holds_the_classes_of_all_the_readers_schools(world):
    make.staff(world.teacher, world.birch_section)
    groups = seen_by(world.teacher).strip
    assert [group.label for group in groups] == ["Ash School", "Birch School"]
    assert [link.url for link in groups[1].links] == [
        reverse("assessments:section_results", args=[world.birch_section.pk])
    ]


def test_the_strip_leads_to_the_same_kind_of_page(world):
    path = reverse("assessments:item_map", args=[world.section.pk])
    [link] = seen_by(world.teacher, path).strip[0].links
    assert (link.url, link.current) == (path, "page")


def test_a_leader_finds_the_school_and_nobody_elses(world):
    [group] = [group for group in seen_by(world.principal).strip if group.label == "School"]
    assert [link.label for link in group.links] == ["Ash School"]


def test_pages_that_are_not_about_results_have_no_strip(world):
    assert seen_by(world.teacher, reverse("schools:people")).strip == []


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example/", "/\\evil.example", "evil", ""])
def test_the_select_leads_nowhere_else(elsewhere):
    assert navigation.go(RequestFactory().get("/go/", {"to": elsewhere})).url == "/"


def test_the_select_leads_where_it_says():
    assert navigation.go(RequestFactory().get("/go/", {"to": "/results/sections/5/"})).url == "/results/sections/5/"
