"""What stands in a page, for somebody who takes it apart: links, forms, tables, titles of pictures, data of charts."""

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "input", "br", "hr", "img", "rect", "line", "circle", "path", "col", "source", "wbr"}
UNREAD = {"on-phone", "visually-hidden"}


@dataclass
class Form:
    """A form with what it would send: fields by name, buttons and choices as (name, value)."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    choices: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Table:
    """A table as rows of texts; `kind` is its id. `leads` has the addresses in each row."""

    kind: str
    rows: list[list[str]] = field(default_factory=list)
    leads: list[list[str]] = field(default_factory=list)


class Page(HTMLParser):
    """One page: `links` as (address, text, whether it is the current one), forms, tables, titles, JSON, text."""

    def __init__(self, html: str):
        super().__init__()
        self.html = html
        self.links, self.forms, self.tables, self.titles, self.data = [], [], [], [], []
        self.words: list[str] = []
        self._open: list[tuple[str, dict]] = []
        self._cell: list[str] | None = None
        self._link: list | None = None
        self.feed(html)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self._link = [given["href"], "", "aria-current" in given]
            if self._cell is not None:
                self.tables[-1].leads[-1].append(given["href"])
        elif tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").lower()))
        elif tag in ("input", "button", "option", "select", "textarea"):
            self._field(tag, given)
        elif tag == "table":
            self.tables.append(Table(given.get("id", "")))
        elif tag == "tr" and self._in("table"):
            self.tables[-1].rows.append([])
            self.tables[-1].leads.append([])
        elif tag in ("td", "th") and self._in("table"):
            self._cell = []
        if tag not in VOID:
            self._open.append((tag, given))

    handle_startendtag = handle_starttag

    def _field(self, tag, given):
        if not self._in("form"):
            return
        form = self.forms[-1]
        if tag == "select":
            form.fields[given.get("name", "")] = ""
        elif tag == "option":
            name = next(attrs["name"] for name, attrs in reversed(self._open) if name == "select")
            form.choices.append((name, given.get("value", "")))
        elif (tag == "button" and "name" in given) or given.get("type") in ("radio", "checkbox"):
            form.choices.append((given.get("name", ""), given.get("value", "")))
        elif given.get("name"):
            form.fields[given["name"]] = given.get("value", "")

    def handle_endtag(self, tag):
        if tag in ("td", "th") and self._cell is not None:
            self.tables[-1].rows[-1].append(" ".join("".join(self._cell).split()))
            self._cell = None
        elif tag == "a" and self._link is not None:
            self.links.append(tuple(self._link))
            self._link = None
        if tag in (name for name, _ in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data):
        inside = [name for name, _ in self._open]
        if "script" in inside:
            if self._open[-1][1].get("type") == "application/json":
                self.data.append(json.loads(data))
            return
        self.words.append(data)
        if self._link is not None:
            self._link[1] += data
        if "svg" in inside:
            if inside[-1] == "title":
                self.titles.append(" ".join(data.split()))
            return
        unread = any(UNREAD & set(attrs.get("class", "").split()) for _, attrs in self._open)
        if self._cell is not None and not unread:
            self._cell.append(data)

    def _in(self, tag: str) -> bool:
        return any(name == tag for name, _ in self._open)
