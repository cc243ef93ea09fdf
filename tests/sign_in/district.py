"""A district's sign-in for tests: a real OpenID Connect provider on this machine, and the journey through it."""

import html
import re
from contextlib import contextmanager

import requests
from oidc_provider_mock import User, run_server_in_thread

from pop_network.sign_in.providers import Provider, for_allauth


@contextmanager
def provider_running(people: dict[str, dict]):
    """The address of a provider that knows `people`: claims by subject id."""
    known = [User(sub=sub, claims=claims) for sub, claims in people.items()]
    with run_server_in_thread(user_claims=known) as server:
        yield f"http://localhost:{server.server_port}"


def switch_on(settings, *providers: Provider) -> None:
    """Set up the portal as the environment would."""
    settings.SIGN_IN_PROVIDERS = {one.key: one for one in providers}
    settings.SOCIALACCOUNT_PROVIDERS = for_allauth(settings.SIGN_IN_PROVIDERS)


def provider(address: str, key: str = "classlink", **more) -> Provider:
    return Provider(key, key.title(), address, client_id="portal", secret="hush", **more)


def leave(client, key: str = "classlink", process: str = "login", next: str = "") -> str:
    """Press the provider's button: the address the browser is then led to."""
    address = f"/accounts/district/{key}/login/?process={process}" + (f"&next={next}" if next else "")
    page = client.post(address)
    assert page.status_code == 200
    return html.unescape(re.search(r'content="0;url=([^"]+)"', page.content.decode())[1])


def come_back(client, address: str, sub: str, **extra):
    """Sign in at the provider as `sub` and follow it back: the portal's answer."""
    answer = requests.post(address, data={"sub": sub}, allow_redirects=False, timeout=10)
    back = answer.headers["Location"].removeprefix("http://testserver")
    return client.get(back, **extra)


def sign_in(client, sub: str, key: str = "classlink", process: str = "login", next: str = ""):
    """The whole journey: the portal's answer at its end."""
    return come_back(client, leave(client, key, process, next), sub)
