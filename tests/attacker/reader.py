"""Somebody at the portal who opens everything: follows every link, makes every choice, takes every file."""

import csv
import io
import re
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urljoin, urlsplit

from django.test import Client
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from tests.attacker.markup import Page

NOT_READ = ("/accounts/", "/static/", "/go/", "/style/")
FILES = re.compile(r"/(export|file)/$")
MOST = 10_000


@dataclass(frozen=True)
class File:
    """A file that was taken: who offered it, what was sent to get it, its kind and its content as lines of cells."""

    page: str
    asked: dict
    kind: str
    lines: list[list[str]]


@dataclass
class Reader:
    """What one person can reach. `only` says which addresses are opened, `files` which kinds are taken where."""

    client: Client
    only: object = lambda address: True
    takes: object = lambda address, kind: True
    pages: dict[str, Page] = field(default_factory=dict)
    files: list[File] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=dict)

    def read(self, *starts: str) -> "Reader":
        """Open `starts` and all that they lead to."""
        waiting = list(starts)
        seen = set(waiting)
        while waiting:
            address = waiting.pop(0)
            for found in self._opened(address):
                if found not in seen:
                    seen.add(found)
                    waiting.append(found)
            assert len(seen) < MOST, "there is no end to the pages"
        dead = {one: code for one, code in self.refused.items() if code in (404, 500) and one not in starts}
        assert not dead, "links that lead their own reader nowhere"
        return self

    def _opened(self, address: str) -> list[str]:
        answer = self.client.get(address, follow=True)
        if answer.status_code != 200:
            self.refused[address] = answer.status_code
            return []
        kind = answer.headers["Content-Type"].split(";")[0]
        if kind != "text/html":
            self.files.append(File(address, {}, kind, lines_of(answer)))
            return []
        page = self.pages[address] = Page(answer.content.decode())
        self._take(address, page)
        return [one for one in self._leads_to(address, page) if self.only(one)]

    def _leads_to(self, address: str, page: Page) -> list[str]:
        found = [href for href, _, _ in page.links]
        for form in page.forms:
            found += [value for name, value in form.choices if name == "to" and value]
        whole = (urljoin(address, one).split("#")[0] for one in found)
        return [one for one in whole if one.startswith("/") and not one.startswith(NOT_READ)]

    def _take(self, address: str, page: Page) -> None:
        for form in page.forms:
            if form.method != "post" or not FILES.search(urlsplit(form.action).path):
                continue
            for _, kind in [choice for choice in form.choices if choice[0] == "format"] or [("", "csv")]:
                if self.takes(address, kind):
                    self._sent(address, form, kind)

    def _sent(self, address: str, form, kind: str) -> None:
        sent = form.fields | {"format": kind, "purpose": "to see what is in it"}
        answer = self.client.post(form.action, sent)
        if answer.status_code == 200 and not answer.headers["Content-Type"].startswith("text/html"):
            self.files.append(File(address, sent, answer.headers["Content-Type"].split(";")[0], lines_of(answer)))
        elif answer.status_code != 200:
            self.refused[f"{form.action} {kind}"] = answer.status_code


def lines_of(answer) -> list[list[str]]:
    """A file as lines of cells; a PDF has one cell a line."""
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    kind = answer.headers["Content-Type"]
    if "pdf" in kind:
        text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
        return [[line] for line in text.splitlines()]
    if "sheet" in kind:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        lines = []
        for name in book.sheet_names:
            lines.append([f"# {name}"])
            lines += [[_cell(value) for value in row] for row in book.get_sheet_by_name(name).to_python()]
        return lines

    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def _cell(value) -> str:
    return str(int(value)) if isinstance(value, float) and value == int(value) else str(value)


def asked_of(address: str) -> dict[str, str]:
    """What the address asks for."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
