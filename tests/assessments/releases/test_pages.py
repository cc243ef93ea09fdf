"""The pages of releases: figures as readers will see them, keys, reasons, the auditor's ledger."""

import csv
import io
import re
from html import unescape

import pytest
from django.urls import reverse

from assessments.models import Release
from assessments.releases import work
from assessments.releases.acts import hold
from assessments.releases.suppressing import WORDS
from assessments.releases.words import RULES, ledger_words
from tests.assessments.releases.conftest import later, shown

pytestmark = pytest.mark.django_db
State = Release.State


def words_of(answer) -> str:
    """What a page says, without its tags."""
    main = answer.content.decode().split("<main", 1)[1].split("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def page(client, user, release) -> str:
    client.force_login(user)
    return words_of(client.get(reverse("assessments:release", args=[release.pk])))


def press(client, user, act, release, **data):
    client.force_login(user)
    answer = client.post(reverse(f"assessments:release_{act}", args=[release.pk]), data, follow=True)
    release.refresh_from_db()
    return words_of(answer)


def test_a_release_from_the_form_to_its_readers(client, town):
    w = town.world
    client.force_login(w.admin)
    offered = client.get(reverse("assessments:release_new")).context["form"]
    what = [key for key, _ in offered.fields["what"].choices]
    assert what == [f"{w.network.pk}/{w.fall.pk}/QM"]
    form = {"what": what[0], "naming": "lettered", "audience": "network", "opens_at": ""}
    client.post(reverse("assessments:release_new"), form)
    release = Release.objects.get()
    assert "being worked out" in page(client, w.admin, release)
    work.compute(release.pk)
    release.refresh_from_db()
    assert "Turn the first key" in page(client, w.admin, release)
    assert "Turn the" not in page(client, w.operator, release)
    press(client, w.admin, "first_key", release, seen=release.digest)
    assert release.state == State.AGREED
    assert "Turn the second key" in page(client, w.operator, release)
    assert "Open since" in press(client, w.operator, "second_key", release, seen=release.digest)
    assert release.state == State.RELEASED


def test_the_figures_stand_as_readers_will_see_them(client, town):
    release = town.prepared()
    text = page(client, town.world.admin, release)
    cells, letters = shown(release), dict(release.schools.values_list("school__name", "letter"))
    assert f"A School ({letters['A School']}) {cells['A'].tested}" in text
    assert f"B School ({letters['B School']}) not shown not shown not shown" in text
    assert "clean" in text and "under 11 students" in text


def test_others_read_state_and_date_alone(client, town):
    release = town.prepared()
    text = page(client, town.world.teacher, release)
    assert "The district turns the first key" in text
    for word in ("not shown", "Audit", "Who did what", "School A", str(shown(release)["network"].tested)):
        assert word not in text


def test_the_ledger_is_the_auditors(client, town):
    release = town.prepared()
    text, hidden = page(client, town.world.auditor, release), release.audit["hidden"]
    assert "What is not shown, and why" in text and f"{hidden} not shown." in text
    assert ledger_words(release.withheld.count(), hidden) in text
    assert set(RULES) == set(WORDS)
    assert "and why" not in page(client, town.world.operator, release)
    client.force_login(town.world.auditor)
    answer = client.post(reverse("assessments:release_ledger_export", args=[release.pk]))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1] == ["Group", "About", "Not shown", "Rule", "Why"]
    assert len(rows) - 2 == release.withheld.count()
    assert ["B School", "the whole test", "all figures", "small group", "The group is smaller than the floor."] in rows


def test_holding_asks_for_a_reason(client, town):
    release = town.prepared()
    assert "Nothing was done" in press(client, town.world.admin, "hold", release, reason="")
    assert release.state == State.PREPARED
    text = press(client, town.world.admin, "hold", release, reason="Make-up tests are missing")
    assert release.state == State.HELD and "Make-up tests are missing" in text
    press(client, town.world.operator, "resume", release)
    assert release.state == State.COMPUTING


def test_choices_are_in_the_districts_time(client, town):
    release = town.prepared()
    client.force_login(town.world.operator)
    url = reverse("assessments:release_choices", args=[release.pk])
    soon = later(3)
    form = {"naming": "named", "audience": "public", "opens_at": soon.strftime("%Y-%m-%dT15:00")}
    client.post(url, form)
    release.refresh_from_db()
    assert (release.naming, release.audience) == ("named", "public")
    assert f"{soon:%b} {soon.day}, 2026, 3:00 PM" in page(client, town.world.operator, release)
    past = client.post(url, form | {"opens_at": "2025-01-01T10:00"})
    assert "This time has passed" in words_of(past)


def test_a_window_in_preparation_is_not_offered_again(client, town):
    town.prepared()
    client.force_login(town.world.admin)
    assert "nothing to release now" in words_of(client.get(reverse("assessments:release_new")))


def test_a_second_press_is_no_error(client, town):
    release = town.prepared()
    seen = release.digest
    press(client, town.world.admin, "first_key", release, seen=seen)
    text = press(client, town.world.admin, "first_key", release, seen=seen)
    assert "cannot be done" not in text and release.state == State.AGREED


def test_the_list_does_not_ask_more_for_more_rows(client, town, flat):
    release = town.prepared()
    hold(release, town.world.admin, "Wait")
    client.force_login(town.world.rep)

    def more():
        for number in range(2, 9):
            Release.objects.create(
                network=release.network, district=release.district, series="QM", window=release.window,
                number=number, state=State.STOPPED, prepared_by=town.world.admin,
            )  # fmt: skip

    flat(reverse("assessments:releases"), more, most=12)


def test_the_page_of_a_release_asks_at_most_twelve_times(client, town, flat):
    release = town.prepared()
    client.force_login(town.world.auditor)
    flat(reverse("assessments:release", args=[release.pk]), lambda: None, most=12)
