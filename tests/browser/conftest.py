"""One town, one server and one Chromium for a module; a tab for each person who reads in it.

The town's rows are committed in a database of the module's own, for the requests of a browser come from other threads.
What a test itself does to them it does `elsewhere`: the connection of its own thread is in a transaction.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, connections

from tests.browser.signing import house  # noqa: F401  (a fixture)
from tests.browser.tab import Tab
from tests.browser.town import town_database
from tests.look.browser import chromium, portal


@pytest.fixture(scope="module")
def town(django_db_setup, django_db_blocker, tmp_path_factory):
    """The small world with nasty names, in December of its school year."""
    with pytest.MonkeyPatch.context() as patch, town_database(django_db_blocker, tmp_path_factory) as town:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")  # Playwright runs an event loop in this thread
        patch.setitem(connections.databases["default"], "CONN_MAX_AGE", 0)  # each request has a thread of its own
        yield town


@pytest.fixture(scope="module")
def tabs(town):
    """`tabs(who)`: the tab of somebody who is signed in, by the names of the policy's tables; "anon" is nobody."""
    opened = {}
    with portal() as address, chromium() as browser:

        def of(who):
            if who not in opened:
                opened[who] = Tab(browser, address, town.cookies.get(who))
            return opened[who]

        yield of
        for tab in opened.values():
            tab.context.close()
        connection.close()  # under the event loop this thread has a connection of its own


@pytest.fixture(scope="module")
def elsewhere(town):
    """`elsewhere(function, ...)` runs in a thread of its own, where the database may be asked."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        yield lambda function, *args: pool.submit(function, *args).result()
        pool.submit(lambda: connection.close()).result()  # that thread's own


@pytest.fixture
def picture():
    """`picture(tab, name)` keeps a screenshot in the folder that POP_SCREENSHOTS names, and nothing without it."""
    folder = os.environ.get("POP_SCREENSHOTS")

    def take(tab, name):
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            tab.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    return take
