"""The demo network: an invented district with two years of results."""

import logging
import time
from argparse import ArgumentTypeError
from contextlib import contextmanager
from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from pop_network.demo.loading import DemoRefused, demo_district, load
from pop_network.demo.network import SEED, make_network
from pop_network.demo.places import TIME_ZONE
from pop_network.demo.rostering import anchor_of
from pop_network.demo.sign_ins import write_sign_ins
from schools.commands import BadUsage, JsonCommand

TELL_EVERY = 20


class Command(JsonCommand):
    help = "Load the demo network into an empty portal. Running it again changes nothing."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument(
            "--today", type=day, metavar="DATE", help="the day to count from, as 2026-11-22; by default today"
        )
        parser.add_argument("--seed", type=int, help=f"another number makes other people; by default {SEED}")

    def handle(self, *, today, seed, **options):
        started = time.monotonic()
        try:
            kept = self.kept_anchor()
            network = make_network(kept[0] if kept else today or today_there(), kept[1] if kept else seed_or(seed))
            with only_warnings():
                loaded = load(network, told=self.tell)
        except DemoRefused as refusal:
            raise BadUsage(str(refusal)) from None
        sign_ins = write_sign_ins(network, settings.DATA_DIR)
        body = {
            "status": "loaded" if loaded.files_loaded or loaded.releases_made or not kept else "unchanged",
            "today": network.today.isoformat(),
            "seed": network.seed,
            "files": loaded.files,
            "published": loaded.published,
            "waiting": loaded.waiting,
            "results": loaded.results,
            "sign_ins": str(sign_ins),
            "seconds": round(time.monotonic() - started, 1),
        }
        self.answer(body, 0, in_words(body, sign_ins.read_text(), other_wishes(network, today, seed)))

    def tell(self, done, known):
        """A line of progress now and then, beside the answer."""
        if not self.as_json and done % TELL_EVERY == 0:
            self.stderr.write(f"  demo network: {done} of {known} files")

    def kept_anchor(self):
        """The day and seed of a demo that is here already, else None."""
        district = demo_district()
        kept = anchor_of(district) if district else None
        return (date.fromisoformat(kept["today"]), kept["seed"]) if kept else None


def day(text):
    """A day of the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f'"{text}" is not a day. Write it as 2026-11-22.') from None


@contextmanager
def only_warnings():
    """The log need not tell of every demo file that was published."""
    before = logging.root.manager.disable
    logging.disable(logging.INFO)
    try:
        yield
    finally:
        logging.disable(before)


def today_there() -> date:
    """The day it is in the demo's district."""
    return timezone.now().astimezone(ZoneInfo(TIME_ZONE)).date()


def seed_or(seed):
    """The seed asked for, 0 included."""
    return SEED if seed is None else seed


def other_wishes(network, today, seed) -> str:
    """What to say where the demo that is here was made from another day or seed than was asked for."""
    if (today or network.today) == network.today and (seed is None or seed == network.seed):
        return ""
    return (
        f"The demo network here counts from {network.today} with seed {network.seed} and stays as it is. "
        "For another one, use an empty POP_DATA_DIR."
    )


def in_words(body, sign_ins: str, wishes: str) -> str:
    """The answer for a person at the keyboard."""
    if body["status"] == "unchanged":
        done = "The demo network is already here; nothing was changed."
    else:
        done = (
            f"The demo network as of {body['today']}: {body['published']} files published, {body['waiting']} left "
            f"waiting, {body['results']} results, in {body['seconds']} s."
        )
    return "\n".join(line for line in (done, wishes, "", sign_ins) if line is not None)
