"""The XML inside a workbook: no document types, texts that cells share, and the memory they may take."""

import re
import sys
from collections.abc import Callable, Iterator
from xml.etree import ElementTree

from schools.files.issues import FileRefused, issue
from schools.files.limits import MEGABYTE

DOCTYPE = (b"<!DOCTYPE", b"<!ENTITY")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
SIMPLE = re.compile(rb'<si>(?:<t>|<t xml:space="preserve">)([^<&]*)</t>')
MOST_SHARED = 120 * MEGABYTE  # all shared texts in memory
LONGEST_SHARED = 4 * MEGABYTE  # XML of one; a cell holds 32,767 characters


class Unusual(Exception):
    """The XML is right, but not written in the common way."""


def local(tag: str) -> str:
    """A tag without its namespace."""
    return tag.rpartition("}")[2]


def without_doctype(data: bytes, name: str) -> None:
    """Raises FileRefused, XML_ENTITY, where XML declares a document type: the way to entities, and to nothing else."""
    plain = data.replace(b"\x00", b"") if b"\x00" in data[:200] else data
    if any(sign in plain for sign in DOCTYPE):
        raise FileRefused(issue("XML_ENTITY", file=name))


def plain_text(node: ElementTree.Element) -> str:
    """The text of a shared or inline string: its runs joined, phonetic help left out."""
    texts = []
    for child in node:
        runs = child if local(child.tag) == "r" else (child,)
        texts += [run.text or "" for run in runs if local(run.tag) == "t"]
    return _unescaped("".join(texts))


def _unescaped(text: str) -> str:
    return ESCAPED.sub(lambda code: chr(int(code[1], 16)), text) if "_x" in text else text


def shared_texts(pieces: Callable[[], Iterator[bytes]], name: str) -> list[str]:
    """The texts that cells point to, in order. Raises FileRefused: XML_ENTITY, TOO_LARGE_UNPACKED."""
    try:
        return _within(_fast_texts(pieces(), name), name)
    except Unusual:
        return _within(_slow_texts(pieces(), name), name)


def _within(texts: Iterator[str], name: str) -> list[str]:
    held, size = [], 0
    for text in texts:
        held.append(text)
        size += sys.getsizeof(text)
        if size > MOST_SHARED:
            raise FileRefused(issue("TOO_LARGE_UNPACKED", limit=MOST_SHARED // MEGABYTE, file=name))
    return held


def _fast_texts(pieces: Iterator[bytes], name: str) -> Iterator[str]:
    waiting = b""
    for piece in pieces:
        waiting += piece
        without_doctype(waiting, name)
        *whole, waiting = waiting.split(b"</si>")
        for xml in whole:
            start = xml.find(b"<si")
            simple = SIMPLE.fullmatch(xml, max(start, 0))
            if simple:
                yield _decoded(simple[1])
            elif b"<!" in xml or xml.count(b"<si") != 1:
                raise Unusual
            else:
                yield _parsed(xml[start:] + b"</si>")
        if len(waiting) > LONGEST_SHARED:
            raise FileRefused(issue("TOO_LARGE_UNPACKED", limit=LONGEST_SHARED // MEGABYTE, file=name))
    if b"</sst>" not in waiting or b"<si" in waiting:
        raise Unusual


def _decoded(data: bytes) -> str:
    try:
        text = data.decode()
    except UnicodeDecodeError as problem:
        raise Unusual from problem
    return _unescaped(text)


def _parsed(xml: bytes) -> str:
    try:
        return plain_text(ElementTree.fromstring(xml))  # noqa: S314 (a document type was refused)
    except ElementTree.ParseError as problem:
        raise Unusual from problem


def _slow_texts(pieces: Iterator[bytes], name: str) -> Iterator[str]:
    parser = ElementTree.XMLPullParser(["start", "end"])
    root: ElementTree.Element | None = None
    before, fed = b"", 0
    for piece in pieces:
        without_doctype(before + piece, name)
        before = piece[-16:]
        fed += len(piece)
        parser.feed(piece)
        for event, node in parser.read_events():
            root = node if root is None else root
            if event == "end" and local(node.tag) == "si":
                fed = 0
                yield plain_text(node)
                root.clear()
        if fed > LONGEST_SHARED:
            raise FileRefused(issue("TOO_LARGE_UNPACKED", limit=LONGEST_SHARED // MEGABYTE, file=name))
    parser.close()
