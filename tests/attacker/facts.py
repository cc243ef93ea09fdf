"""Figures read off pages and files: which group, about what, in which released window."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.attacker.markup import Page, Table
from tests.attacker.reader import File, Reader, asked_of

RELEASED = re.compile(r"^/(results/networks/\d+|public/[\w-]+/results)/(explore/)?$")
NETWORK = ("network", "")
WHOLE = ""
NUMBER = re.compile(r"[-\u2212]?\d[\d,]*")


@dataclass
class Figures:
    """What is known of one group about one subject; None is not known, "*" was asked for and is not shown."""

    tested: int | str | None = None
    rate: str | None = None
    mean: int | str | None = None
    growth: tuple[int, ...] | str | None = None

    def add(self, **told) -> None:
        """What another page says of it. A figure that two pages tell differently is the reader's gain: both count."""
        for name, value in told.items():
            known = getattr(self, name)
            if known is None or (known == "*" and value is not None):
                setattr(self, name, value)
            elif value is not None and value not in ("*", known):
                raise AssertionError(f"{name} is {known!r} on one page and {value!r} on another")


@dataclass
class Told:
    """Everything that was read: {(series, window): {(group, subject): Figures}}, groups ("school", "School B")."""

    releases: dict[tuple[str, str], dict[tuple, Figures]] = field(default_factory=dict)

    def of(self, release, group, subject=WHOLE) -> Figures:
        return self.releases.setdefault(release, {}).setdefault((group, subject), Figures())

    def add(self, release, group, subject=WHOLE, **told) -> None:
        self.of(release, group, subject).add(**told)


def number(text: str) -> int | str | None:
    """The first whole number of a text; "*" for "not shown", None where there is none."""
    if text.startswith("not shown"):
        return "*"
    found = NUMBER.search(text)
    return int(found[0].replace(",", "").replace("\u2212", "-")) if found else None


def rate(text: str) -> str | None:
    """ "41%", "<=20%" or ">=90%" of the words of a page."""
    value = number(text)
    if value in ("*", None):
        return value
    sign = "<=" if text.endswith("or less") else ">=" if text.endswith("or more") else ""
    return f"{sign}{value}%"


def growth(text: str) -> tuple[int, ...] | str | None:
    """ "5 (1 to 9)" as three numbers."""
    if number(text) in ("*", None):
        return number(text)
    return tuple(int(one.replace(",", "").replace("\u2212", "-")) for one in NUMBER.findall(text))


def group_of(name: str) -> tuple[str, str]:
    """The group of a row by its name."""
    name = name.split(" \u25c6")[0].strip()
    if name in ("Network", "The network"):
        return NETWORK
    return ("grade", name.removeprefix("Grade ").zfill(2)) if name.startswith("Grade ") else ("school", name)


def read_all(reader: Reader) -> Told:
    """The figures of every released page and file that was opened."""
    told = Told()
    for address, page in reader.pages.items():
        release = release_of(address, page)
        if release:
            read_page(told, release, address, page)
    for file in reader.files:
        page = reader.pages.get(file.page)
        if page and RELEASED.match(urlsplit(file.page).path) and "pdf" not in file.kind:
            read_file(told, release_of(file.page, page), file)
    return told


def release_of(address: str, page: Page) -> tuple[str, str] | None:
    """(series, window) of a released page: what its address asks for, else the choices marked as the current ones."""
    if not RELEASED.match(urlsplit(address).path):
        return None
    current = {}
    for href, _, is_current in page.links:
        if is_current:
            current |= asked_of(href)
    asked = current | asked_of(address)
    return (asked["series"], asked["window"]) if {"series", "window"} <= asked.keys() else None


def read_page(told: Told, release, address: str, page: Page) -> None:
    standard = asked_of(address).get("standard")
    subject = ("standard", standard) if standard else WHOLE
    for table in page.tables:
        if table.kind == "shares":
            figure = "rate" if "benchmark" in table.rows[0][2] else "mean"
            of = rate if figure == "rate" else number
            for name, _, words, tested in table.rows[1:]:
                told.add(release, group_of(name), subject, tested=number(tested), **{figure: of(words)})
        elif table.kind == "growth":
            for name, _, words, tested, _ in table.rows[1:]:
                told.add(release, group_of(name), tested=number(tested), growth=growth(words))
        elif table.kind == "subjects":
            _read_subjects(told, release, address, table)


def _read_subjects(told: Told, release, address: str, table: Table) -> None:
    asked = asked_of(address)
    group = ("grade", asked["grade"]) if asked.get("grade") else NETWORK
    for (name, _, words, tested), leads in zip(table.rows[1:], table.leads[1:], strict=True):
        linked = [asked_of(href).get("standard") for href in leads]
        subject = ("standard", linked[0]) if linked and linked[0] else ("strand", name)
        if not leads and asked.get("standard"):
            subject = ("standard", asked["standard"])
        told.add(release, group, subject, tested=number(tested), mean=number(words))


def read_file(told: Told, release, file: File) -> None:
    """The first table of a CSV file or workbook: the figures of the page it was taken from."""
    figure, header = None, None
    subject = ("standard", file.asked["standard"]) if file.asked.get("standard") else WHOLE
    for line in file.lines:
        if line and line[0].startswith("# "):
            figure = {"# Growth": "growth", "# Students at benchmark": "rate", "# Mean": "mean"}.get(line[0])
            header = None
        elif line and header is None:
            header = line
        elif line and figure and header[0] in ("School", "Grade"):
            of = {"growth": growth, "rate": rate, "mean": number}[figure]
            tested, shown = line[header.index("Tested")], line[header.index("Tested") - 1]
            told.add(release, group_of(line[0]), subject, tested=number(tested), **{figure: of(shown)})
