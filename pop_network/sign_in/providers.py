"""District sign-in by OpenID Connect, switched on by the environment alone. No Django here: settings import this.

`SIGN_IN_PROVIDERS=google,microsoft,classlink` names them; each has its own lines, such as `SIGN_IN_GOOGLE_CLIENT_ID`.
Google and Microsoft speak OpenID Connect like the others, so there is one way in and one thing to test.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

GOOGLE, MICROSOFT = "google", "microsoft"
TENANT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
KEY = re.compile(r"[a-z][a-z0-9]{0,29}")


class ProviderRefused(Exception):
    """A provider is not set up as it must be; the text names the line of the environment."""


@dataclass(frozen=True)
class Provider:
    """One place where a district's people sign in.

    `pins`: claims that a token must carry, so that a private account of the same company opens nothing.
    `district`: the code of the district whose people it signs in; empty where it serves all of the portal.
    """

    key: str
    name: str
    server_url: str
    client_id: str
    secret: str
    district: str = ""
    pins: Mapping[str, str] = field(default_factory=dict)

    def refusal(self, claims: Mapping) -> str | None:
        """Why a token with these claims does not count, as a sentence, or None where it does."""
        for claim, value in self.pins.items():
            if str(claims.get(claim, "")).lower() != value:
                return f"This {self.name} account does not belong to the district. Choose the one you have at work."
        return None


def providers_from(names: Iterable[str], env: Mapping[str, str]) -> dict[str, Provider]:
    """The named providers by key, each from its own lines of `env`. Raises ProviderRefused where one is incomplete."""
    keys = [name.strip().lower() for name in names if name.strip()]
    return {key: _provider(key, env) for key in keys}


def _provider(key: str, env: Mapping[str, str]) -> Provider:
    if not KEY.fullmatch(key):
        raise ProviderRefused(f'SIGN_IN_PROVIDERS names "{key}": a key is letters and digits, such as classlink.')
    words = _Lines(env, f"SIGN_IN_{key.upper()}_")
    common = {
        "key": key,
        "client_id": words.needed("CLIENT_ID"),
        "secret": words.needed("CLIENT_SECRET"),
        "district": words.given("DISTRICT"),
    }
    if key == GOOGLE:
        # Without the domain anybody's private account would do, and a private account is no district sign-in.
        pins = {"hd": words.needed("DOMAIN").lower()}
        return Provider(name="Google", server_url="https://accounts.google.com", pins=pins, **common)
    if key == MICROSOFT:
        tenant = words.needed("TENANT").lower()
        if not TENANT.fullmatch(tenant):
            raise ProviderRefused(
                "SIGN_IN_MICROSOFT_TENANT must be the district's own tenant id (36 characters); "
                '"common" or "organizations" would let in every company\'s accounts.'
            )
        server_url = f"https://login.microsoftonline.com/{tenant}/v2.0"
        return Provider(name="Microsoft", server_url=server_url, pins={"tid": tenant}, **common)
    server_url = words.needed("URL")
    address = urlsplit(server_url)
    if address.scheme != "https" and address.hostname not in ("localhost", "127.0.0.1"):
        raise ProviderRefused(f"SIGN_IN_{key.upper()}_URL must begin with https://, or anybody could answer for it.")
    return Provider(name=words.given("NAME") or key.title(), server_url=server_url, **common)


@dataclass(frozen=True)
class _Lines:
    """The lines of one provider in the environment."""

    env: Mapping[str, str]
    prefix: str

    def given(self, name: str) -> str:
        return self.env.get(self.prefix + name, "").strip()

    def needed(self, name: str) -> str:
        value = self.given(name)
        if not value:
            raise ProviderRefused(f"{self.prefix}{name} is not set, though SIGN_IN_PROVIDERS names the provider.")
        return value


def for_allauth(providers: Mapping[str, Provider]) -> dict:
    """The setting SOCIALACCOUNT_PROVIDERS: all are one kind to allauth, told apart by their key."""
    apps = [
        {
            "provider_id": one.key,
            "name": one.name,
            "client_id": one.client_id,
            "secret": one.secret,
            # The token itself says who it is; a second answer could only disagree with it.
            "settings": {"server_url": one.server_url, "fetch_userinfo": False},
        }
        for one in providers.values()
    ]
    # Who it is and at which address: nothing else is asked for, so nothing else has to be guarded.
    return {"openid_connect": {"APPS": apps, "SCOPE": ["openid", "email"], "OAUTH_PKCE_ENABLED": True}}
