"""`make bench-pages`: how long dashboards take beside a trivial signed-in page, in one run on the demo network.

The portal runs as `make run` starts it, in a data folder of its own. Each round asks for every page once, in an order
drawn anew; the ratio is that of the 95th percentiles. First pages are asked for as they stand ready, then, in rounds of
their own, under addresses that nobody asked for yet, so that each has to be drawn (`schools/drawn`). Prints ratio, time
and the bytes on the wire of each page; the limit is for pages as they stand ready.
"""

import argparse
import gzip
import http.client
import json
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable
from urllib.parse import urlencode

from benchmarks.run import REPO

MOST_RATIO, MOST_BYTES = 1.5, 30_000
PORT = 8797
PASSWORD = "bench-pages-demo"
WARM_UP = 5
READY_WITHIN = 300  # seconds, the demo included
TRIVIAL = ("teacher", "trivial", "/accounts/password/change/")


class Reader:
    """Somebody who has signed in."""

    def __init__(self, who: str):
        self.cookies: dict[str, str] = {}
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get("/accounts/login/")[0].decode())[1]
        form = {"login": f"{who}@example.org", "password": PASSWORD, "csrfmiddlewaretoken": token}
        self._ask("POST", "/accounts/login/", urlencode(form), {"Content-Type": "application/x-www-form-urlencoded"})
        if "sessionid" not in str(self.cookies):
            raise SystemExit(f"{who} could not sign in")

    def get(self, path: str) -> tuple[bytes, int]:
        """The page, unpacked, and its bytes on the wire. Raises SystemExit for anything but 200."""
        status, body, packed = self._ask("GET", path)
        if status != 200:
            raise SystemExit(f"{path} answered {status}")
        return (gzip.decompress(body) if packed else body), len(body)

    def _ask(self, method: str, path: str, body: str | None = None, more: dict | None = None):
        sent = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": sent, "Accept-Encoding": "gzip", "Referer": f"http://127.0.0.1:{PORT}/"} | (more or {})
        wire = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)  # a new one: idle ones are closed
        wire.request(method, path, body, headers)
        answer = wire.getresponse()
        data = answer.read()
        wire.close()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, data, answer.headers.get("Content-Encoding") == "gzip"


def main() -> None:
    """Start the portal, ask, print; exit 1 where a dashboard takes or weighs too much."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    folder = os.environ.get("BENCH_DATA_DIR", str(REPO / ".data" / "bench-pages"))
    environment = os.environ | {"POP_DATA_DIR": folder, "POP_DEMO_PASSWORD": PASSWORD}
    command = [sys.executable, "manage.py", "portal", "--port", str(PORT)]
    portal = subprocess.Popen(command, cwd=REPO, env=environment, stdout=subprocess.DEVNULL)
    try:
        wait_until_ready(portal)
        found = measured(given.rounds)
    finally:
        portal.send_signal(2)
        portal.wait(60)
    print(json.dumps(found) if given.json else in_words(found))
    dashboards = [one for one in found if one["page"] != TRIVIAL[1]]
    raise SystemExit(any(one["ratio"] > MOST_RATIO or one["bytes"] > MOST_BYTES for one in dashboards))


def wait_until_ready(portal: subprocess.Popen) -> None:
    """Return when the portal answers that it is ready. Raises SystemExit where it stops or takes too long."""
    last = time.monotonic() + READY_WITHIN
    while time.monotonic() < last:
        if portal.poll() is not None:
            raise SystemExit("The portal stopped while it started.")
        try:
            wire = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
            wire.request("GET", "/health/ready/")
            if wire.getresponse().status == 200:
                return
        except OSError:
            pass  # not up yet
        time.sleep(0.5)
    raise SystemExit("The portal was not ready in time.")


def measured(rounds: int) -> list[dict]:
    """Each page with its 95th percentile in seconds, the ratio to the trivial page, its bytes."""
    readers = {who: Reader(who) for who in ("teacher", "principal", "union", "district")}
    pages = [TRIVIAL, *dashboards(readers)]
    weight = {name: readers[who].get(path)[1] for who, name, path in pages}
    ready = in_rounds(rounds, pages, lambda who, path, turn: readers[who].get(path))
    first = in_rounds(rounds, pages, lambda who, path, turn: readers[who].get(f"{path}?turn={turn}"))
    return [
        {"page": name, "p95": ready[name], "ratio": ratio(ready, name), "first": first[name],
         "first_ratio": ratio(first, name), "bytes": weight[name]}
        for _, name, _ in pages
    ]  # fmt: skip


def in_rounds(rounds: int, pages: list[tuple[str, str, str]], ask: Callable[[str, str, int], object]) -> dict:
    """The 95th percentile of each page in seconds, by its name."""
    seconds: dict[str, list[float]] = {name: [] for _, name, _ in pages}
    drawn, order = random.Random(7), list(pages)
    for turn in range(WARM_UP + rounds):
        drawn.shuffle(order)
        for who, name, path in order:
            begun = time.perf_counter()
            ask(who, path, turn)
            if turn >= WARM_UP:
                seconds[name].append(time.perf_counter() - begun)
    return {name: round(percentile(times), 4) for name, times in seconds.items()}


def ratio(p95: dict[str, float], name: str) -> float:
    """How many times a trivial page of the same rounds the page takes."""
    return round(p95[name] / p95[TRIVIAL[1]], 2)


def dashboards(readers: dict[str, Reader]) -> list[tuple[str, str, str]]:
    """Who opens which page: found by following the links of Today and of each page."""
    home = readers["teacher"].get("/")[0].decode()
    section = re.search(r'href="(/results/sections/\d+/)', home)[1]
    school = re.search(r'href="(/results/schools/\d+/)', readers["principal"].get("/")[0].decode())[1]
    network = "/results/networks/1/"
    return [
        ("teacher", "today", "/"),
        ("teacher", "class", section),
        ("teacher", "item map", f"{section}items/"),
        ("principal", "school", school),
        ("union", "network", network),
        ("district", "network, district", network),
    ]


def percentile(times: list[float]) -> float:
    """The 95th percentile."""
    return sorted(times)[int(0.95 * len(times))]


def in_words(found: list[dict]) -> str:
    """A line for each page."""
    return "\n".join(
        f"{one['page']:<20} p95 {one['p95'] * 1000:6.1f} ms   ratio {one['ratio']:5.2f}   {one['bytes']:>7,} bytes"
        f"   drawn first {one['first'] * 1000:6.1f} ms, {one['first_ratio']:5.2f}"
        for one in found
    )


if __name__ == "__main__":
    main()
