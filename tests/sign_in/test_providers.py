"""Providers come from the environment alone, and an incomplete one is named."""

import pytest

from pop_network.sign_in.providers import ProviderRefused, for_allauth, providers_from

TENANT = "11111111-2222-3333-4444-555555555555"
ENV = {
    "SIGN_IN_GOOGLE_CLIENT_ID": "g", "SIGN_IN_GOOGLE_CLIENT_SECRET": "gs", "SIGN_IN_GOOGLE_DOMAIN": "Schools.example",
    "SIGN_IN_MICROSOFT_CLIENT_ID": "m", "SIGN_IN_MICROSOFT_CLIENT_SECRET": "ms", "SIGN_IN_MICROSOFT_TENANT": TENANT,
    "SIGN_IN_CLEVER_CLIENT_ID": "c", "SIGN_IN_CLEVER_CLIENT_SECRET": "cs", "SIGN_IN_CLEVER_URL": "https://clever.test",
    "SIGN_IN_CLEVER_DISTRICT": "D1",
}  # fmt: skip


def test_three_kinds():
    google, microsoft, clever = providers_from(["google", " Microsoft", "clever"], ENV).values()
    assert (google.server_url, google.pins) == ("https://accounts.google.com", {"hd": "schools.example"})
    assert microsoft.server_url == f"https://login.microsoftonline.com/{TENANT}/v2.0"
    assert microsoft.pins == {"tid": TENANT}
    assert (clever.name, clever.server_url, clever.district, clever.pins) == ("Clever", "https://clever.test", "D1", {})


def test_without_a_name_there_is_none():
    assert providers_from([], ENV) == {}
    assert for_allauth({})["openid_connect"]["APPS"] == []


@pytest.mark.parametrize(
    ("names", "change", "words"),
    [
        (["google"], {"SIGN_IN_GOOGLE_CLIENT_SECRET": ""}, "SIGN_IN_GOOGLE_CLIENT_SECRET is not set"),
        (["google"], {"SIGN_IN_GOOGLE_DOMAIN": " "}, "SIGN_IN_GOOGLE_DOMAIN is not set"),
        (["microsoft"], {"SIGN_IN_MICROSOFT_TENANT": "common"}, "the district's own tenant id"),
        (["clever"], {"SIGN_IN_CLEVER_URL": "http://clever.test"}, "must begin with https://"),
        (["our idp"], {}, "a key is letters and digits"),
    ],
)
def test_what_is_incomplete_is_named(names, change, words):
    with pytest.raises(ProviderRefused, match=words):
        providers_from(names, ENV | change)


def test_a_token_without_the_pinned_claim_does_not_count():
    google = providers_from(["google"], ENV)["google"]
    assert google.refusal({"hd": "SCHOOLS.example"}) is None
    assert "does not belong" in google.refusal({"hd": "other.example"})
    assert "does not belong" in google.refusal({})
