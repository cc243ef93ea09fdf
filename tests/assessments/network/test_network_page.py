"""The page of a network: released figures alone, the own school by name, nothing that was not released."""

import pytest
from django.urls import reverse

from assessments.models import Release
from assessments.queries.network import LETTERS
from tests.assessments.network.conftest import OPENED, cells, release

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_winter")]


@pytest.fixture
def read(client, released):
    """The page's text as one of the world's people reads it, or its status."""

    def fetch(who, **asked):
        client.force_login(getattr(released.world, who))
        response = client.get(reverse("assessments:network_results", args=[released.world.network.pk]), asked)
        return response.content.decode() if response.status_code == 200 else response.status_code

    return fetch


def test_the_sentence_says_growth_and_how_many_are_clear(read):
    page = read("rep")
    assert "Since Fall the network grew 5 (4 to 6) scale points." in page
    assert "Of 2 schools, 0 are above the network, 0 are below the network, 1 is too close to call" in page
    assert "About 1 school in 20 would look clear by chance." in page


def test_a_principal_reads_the_own_school_by_name_and_others_by_letter(read, released):
    page = read("principal")
    assert "Ash School" in page and "School B" in page
    assert "Birch" not in page
    assert reverse("assessments:school_results", args=[released.world.ash.pk]) in page


def test_a_union_representative_reads_letters_alone(read):
    page = read("rep")
    assert "School A" in page and "School B" in page
    assert "Ash" not in page and "Birch" not in page


def test_who_administers_the_district_reads_every_name_over_the_year(read):
    page = read("admin")
    assert "Ash School" in page and "Birch School" in page and "School B" not in page


def test_letters_of_two_releases_never_stand_in_one_row(read):
    page = read("rep", measure="benchmark")
    year = page[page.index("Over the year") :]
    assert "Network" in year and "School A" not in year and "School B" not in year


def test_what_is_not_shown_is_said_in_the_same_words(read):
    page = read("rep", measure="benchmark")
    assert "not shown" in page and "90\u00a0% or more" in page
    assert "numbers from which a small group could be worked out, are not shown" in page


def test_a_standard_shows_its_schools(read, released):
    page = read("principal", standard=released.standard.pk)
    assert "On Add unlike fractions the network&#x27;s students got 47\u00a0% of the points in Winter 1." in page
    assert "61\u00a0%" in page


def test_where_no_school_is_shown_one_sentence_says_so(read, released):
    released.newest.cells.filter(place="school", standard=released.standard).update(tested=None, mean=None)
    page = read("principal", standard=released.standard.pk)
    assert "Of the 2 schools none is shown here. Your own: <a" in page and "School B" not in page
    assert 'class="not-shown"' not in page


@pytest.mark.parametrize(
    "asked",
    [
        {"window": "2025-26/W2"}, {"series": "OTHER"}, {"measure": "sum"}, {"by": "teachers"}, {"grade": "04"},
        {"standard": "0"}, {"standard": "' or 1=1"}, {"by": "grades", "standard": "1"},
    ],
)  # fmt: skip
def test_a_forged_filter_is_not_found(read, asked):
    assert read("rep", **asked) == 404


def test_a_release_that_is_not_open_yet_is_read_by_nobody(read, released):
    Release.objects.filter(pk=released.newest.pk).update(opens_at=OPENED.replace(year=2027))
    assert "Winter 1" not in read("principal")
    assert read("principal", window=released.winter.full_code) == 404


def test_a_newer_open_release_takes_the_place_of_the_older_one(read, released):
    newer = release(released.world, released.winter, since=released.fall, number=2, title="Quarterly Math, corrected")
    cells(newer, released.world, "AB", released.standard)
    newer.cells.filter(place="network", standard=None).update(growth=9, growth_low=7, growth_high=11)
    assert "grew 9 (7 to 11)" in read("rep")


def test_before_a_release_the_page_says_whom_it_waits_for(read, released):
    released.newest.delete()
    Release.objects.filter(pk=released.first.pk).update(state="prepared", second_key_by=None, opens_at=None)
    assert "it waits for the district and the network" in read("teacher")


def test_the_file_holds_what_the_page_shows(client, released):
    client.force_login(released.world.rep)
    url = reverse("assessments:network_export", args=[released.world.network.pk])
    text = client.post(url, {"format": "csv"}).content.decode()
    assert "Network,5 (4 to 6),540" in text
    assert "School B,not shown,not shown" in text and "Birch" not in text
    shares = client.post(url, {"format": "csv", "measure": "benchmark"}).content.decode()
    assert "School B,another letter,not shown" in shares
    assert "Against the network" in text and "Against the network" not in shares  # growth alone is compared


def test_explore_draws_a_school_by_letter_in_its_one_window_and_says_why(client, released):
    """A letter is of one release: its school is a point, the network a line; the figures are at benchmark."""
    for cell in released.newest.cells.filter(place="school", school=released.world.ash, standard=None):
        cell.rate = "44%"
        cell.save()
    client.force_login(released.world.rep)
    page = client.get(
        reverse("assessments:network_explore", args=[released.world.network.pk]), {"measure": "benchmark"}
    )
    [chart] = page.context["charts"]
    lines = {trace["name"]: trace for trace in chart["figure"]["data"]}
    assert lines["Network"]["y"] == [41, 41] and lines["School A"]["y"] == [None, 44]
    assert lines["School A"]["hovertext"][1].endswith("Winter 1: 44 % of students at benchmark")
    assert "School B" not in lines  # not shown
    assert LETTERS in chart["help"]
