"""What anyone may read without an account: released to everyone, suppressed, by name only where the release says so."""

import pytest
from django.urls import reverse

from assessments.models import Release
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_winter")]


@pytest.fixture
def everyone(released):
    """Winter 1 is released to everyone, schools by letter; Fall to the network alone."""
    Release.objects.filter(pk=released.newest.pk).update(audience="public")
    return released


def read(client, world, name="public_results", **asked):
    response = client.get(reverse(name, args=[world.network.slug]), asked)
    return response.content.decode() if response.status_code == 200 else response.status_code


def test_the_network_says_what_it_is_and_which_schools(client, everyone):
    text = read(client, everyone.world, "public_network")
    assert "Ash School" in text and "Birch School" in text
    assert "Results of 1 test window are released to everyone." in text


def test_results_are_read_by_letter_and_no_name_is_a_link(client, everyone):
    text = read(client, everyone.world)
    assert "Since Fall the network grew 5 (4 to 6) scale points." in text and "to everyone at once" in text
    assert "School A" in text and "Ash" not in text and "/results/schools/" not in text


def test_a_release_by_name_names_its_schools(client, everyone):
    Release.objects.filter(pk=everyone.newest.pk).update(naming="named")
    assert "Ash School" in read(client, everyone.world) and "School A" not in read(client, everyone.world)


def test_a_signed_in_reader_reads_the_same_here(client, everyone):
    before = read(client, everyone.world)
    client.force_login(everyone.world.principal)
    after = read(client, everyone.world)
    assert "School A" in after and "Ash School" not in after[after.index("<main") :]
    assert before.count("not shown") == after.count("not shown")


def test_what_is_released_to_the_network_alone_is_not_here(client, everyone):
    assert read(client, everyone.world, window=everyone.fall.full_code) == 404
    Release.objects.update(audience="network")
    assert "Nothing is released" in read(client, everyone.world)
    assert read(client, everyone.world, "public_file") == 404


def test_an_older_public_release_is_still_read_where_the_newer_one_is_for_the_network(client, everyone):
    newer = Release.objects.get(pk=everyone.newest.pk)
    newer.pk, newer.number, newer.audience = None, 2, "network"
    newer.save()
    assert "grew 5 (4 to 6)" in read(client, everyone.world)


def test_the_file_is_the_page(client, everyone):
    response = client.get(reverse("public_file", args=[everyone.world.network.slug]), {"format": "csv"})
    text = response.content.decode()
    assert "Network,5 (4 to 6),540" in text and "School B,not shown,not shown" in text and "Birch" not in text


@pytest.mark.parametrize("asked", [{"standard": "1"}, {"series": "X"}, {"by": "sections"}, {"grade": "99"}])
def test_a_forged_filter_is_not_found(client, everyone, asked):
    assert read(client, everyone.world, **asked) == 404


def test_several_networks_are_listed(client, everyone):
    other = make.network("south", "Southside Math Network")
    text = client.get(reverse("public")).content.decode()
    assert other.name in text and everyone.world.network.name in text
    assert client.get(reverse("public_network", args=["nowhere"])).status_code == 404
