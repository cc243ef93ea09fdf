"""What any page of the portal must keep to, read from its HTML without a browser."""

import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise

POINTERS = ("aria-labelledby", "aria-describedby", "aria-controls", "for", "list")
VOID = {"meta", "link", "input", "br", "hr", "img", "rect", "line", "circle", "path", "col", "source", "wbr"}


class Page(HTMLParser):
    """Elements of a page as (name, attributes, names of the elements around it)."""

    def __init__(self, html: str):
        super().__init__()
        self.elements, self._open = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs), tuple(self._open)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs), tuple(self._open)))

    def handle_endtag(self, tag):
        if tag in self._open:
            while self._open.pop() != tag:
                pass


def faults(html: str) -> list[str]:
    """Everything in a whole page that the look forbids, as sentences; an empty list is a good page."""
    page = Page(html)
    return [
        *_inline(page),
        *_ids(page),
        *_headings(page),
        *_pictures(page),
        *([] if re.search(r"<html lang=", html) else ["the page does not name its language"]),
    ]


def _inline(page):
    for tag, attrs, _ in page.elements:
        if "style" in attrs or tag == "style":
            yield f"<{tag}> is styled in place"
        if any(name.startswith(("on", "hx-on")) for name in attrs):
            yield f"<{tag}> has a script in an attribute"
        if tag == "script" and "src" not in attrs and attrs.get("type") != "application/json":
            yield "a script stands in the page"


def _ids(page):
    counts = Counter(attrs["id"] for _, attrs, _ in page.elements if "id" in attrs)
    yield from (f"id {name} stands {count} times" for name, count in counts.items() if count > 1)
    for tag, attrs, _ in page.elements:
        for pointer in POINTERS:
            for name in (attrs.get(pointer) or "").split():
                if name not in counts:
                    yield f"<{tag} {pointer}> points to {name}, which is not there"


def _headings(page):
    levels = [
        int(tag[1]) for tag, _, around in page.elements if re.fullmatch(r"h[1-6]", tag) and "dialog" not in around
    ]
    if levels.count(1) != 1:
        yield f"{levels.count(1)} h1 in the page"
    for before, after in pairwise(levels):
        if after > before + 1:
            yield f"h{after} follows h{before}"


def _pictures(page):
    for tag, attrs, around in page.elements:
        if tag != "svg" or "svg" in around or attrs.get("aria-hidden") == "true":
            continue
        if attrs.get("role") != "img" or not attrs.get("aria-labelledby"):
            yield "an svg says nothing to those who do not see it"
