"""The portal in a real browser: one Chromium and one server for all the tests that need them."""

import os
import shutil
import threading
from contextlib import contextmanager
from functools import cache
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
HOW_TO_GET_ONE = "No Chromium here. On Debian: apt-get install chromium"
# Without these it looks for Google's hosts at every start.
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
if CHROMIUM is None and os.environ.get("POP_REQUIRE_BROWSER"):
    raise RuntimeError(HOW_TO_GET_ONE)
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason=HOW_TO_GET_ONE)


RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
FAULTS = """async options => {
  const found = await axe.run(document, {resultTypes: ['violations'], ...options});
  const places = fault => fault.nodes.slice(0, 3).map(node => node.html.slice(0, 200)).join(' | ');
  return found.violations.map(fault => `${fault.id}: ${fault.help}: ${places(fault)}`);
}"""


class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        """Requests of a test are no news."""


class Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@contextmanager
def portal():
    """The address of the portal with its static files, served from this process."""
    application = StaticFilesHandler(get_wsgi_application())
    with make_server("127.0.0.1", 0, application, server_class=Threads, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def axe(page, rules: list[str] | None = None) -> list[str]:
    """What axe finds on a page, by all its rules or by some."""
    if page.evaluate("() => !window.axe"):
        page.evaluate(axe_script())
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": RULES}
    return page.evaluate(FAULTS, {"runOnly": only, "preload": False})


@cache
def axe_script() -> str:
    from axe_playwright_python.sync_playwright import Axe

    return Axe().axe_script


@contextmanager
def chromium():
    """A Chromium without a window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()
