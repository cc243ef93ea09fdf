"""Letters: from the bytes of a text file to UTF-8 with one kind of line end, or a refusal where it would be a guess.

A name spelled wrong is worse than a file sent again. So Windows text (cp1252) is read only where nothing in it
speaks for another encoding, and a file that mixes encodings is refused with the line where it shows.
"""

import codecs
import re
from dataclasses import dataclass

import numpy as np

from schools.files.issues import FileRefused, Issue, issue

PIECE = 1 << 20
# Letters that are whole in UTF-8. Left out are rare ones (U+0180 to U+02FF) that Windows text may look like: an
# accented capital before a no-break space or a quotation mark.
UTF8_LETTERS = re.compile(
    rb"(?<![\x80-\xff])(?:[\xc2-\xc5\xcc-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})+"
    rb"(?![\x80-\xff])"
)
UNDEFINED_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
# What cp1252 would make of letters of other encodings: a low quotation mark or a dagger (DOS), a sign inside a word
# (Mac, DOS, Central European), a capital after a small letter (Mac), four accented letters in a row (Cyrillic).
FOREIGN = re.compile(
    rb"[\x82-\x84\x86-\x89\x8b\x98\x9b]"
    rb"|(?<=[A-Za-z])[\x80\x85\x93-\x97\x99\xa1-\xa9\xab\xac\xae-\xb3\xb5\xb6\xb8\xb9\xbb-\xbf\xd7\xf7](?=[a-z\xdf-\xff])"
    rb"|(?<=[a-z])[\x8a\x8c\x8e\x9f]"
    rb"|[\xc0-\xff]{4}"
)
CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\v\f\r\x1a") + b"\x7f"
MOST_CONTROLS = 0.001
REPLACEMENT = "\N{REPLACEMENT CHARACTER}".encode()


@dataclass(frozen=True, slots=True)
class Text:
    """UTF-8 without byte order mark, lines ended by a line feed; the encoding it was in, and what was repaired."""

    utf8: bytes
    encoding: str
    notes: tuple[Issue, ...]


def decode(data: bytes) -> Text:
    """The bytes of a text file as `Text`. Raises FileRefused: BINARY_CONTENT, ENCODING."""
    notes: list[Issue] = []
    encoding = "utf-8"
    if wide := _utf16_order(data):
        utf8 = _from_utf16(data, wide)
        encoding = "utf-16"
        notes.append(issue("ENCODING_UTF16"))
    elif data.startswith(codecs.BOM_UTF8):
        utf8 = data[len(codecs.BOM_UTF8) :]
        notes.append(issue("BYTE_ORDER_MARK"))
    else:
        utf8 = data
    _refuse_binary(utf8)
    wrong = _first_invalid(utf8)
    if wrong is not None:
        _refuse_unless_cp1252(utf8)
        encoding = "cp1252"
        notes.append(_cp1252_note(utf8, wrong))
        utf8 = utf8.decode("cp1252").encode()
    elif not utf8.isascii() and (lost := utf8.find(REPLACEMENT)) >= 0:
        notes.append(issue("ENCODING_LOST", row=line_at(utf8, lost), value=_word_at(utf8, lost)))
    end = utf8.rstrip(b"\x1a\r\n ")
    if b"\x1a" in utf8[len(end) :]:
        utf8 = end
        notes.append(issue("END_OF_FILE_MARK"))
    return Text(_one_line_end(utf8, notes), encoding, tuple(notes))


def line_at(data: bytes, place: int) -> int:
    """The physical line of the byte at that place, whatever the line ends are."""
    before = data[:place]
    return before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n") + 1


def _utf16_order(data: bytes) -> str | None:
    """The byte order of UTF-16: by its mark, or because every other byte of the beginning is zero."""
    if data.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if data.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    start = data[:4000]
    half = len(start) // 2
    if half < 2 or b"\x00" not in start:
        return None
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if odd > 0.6 * half and even == 0:
        return "utf-16-le"
    return "utf-16-be" if even > 0.6 * half and odd == 0 else None


def _from_utf16(data: bytes, order: str) -> bytes:
    try:
        return data.decode(order).removeprefix("\ufeff").encode()
    except UnicodeError as problem:
        line = data[: getattr(problem, "start", 0)].replace(b"\x00", b"").count(b"\n") + 1
        raise FileRefused(issue("ENCODING", row=line, reason="its UTF-16 is broken")) from problem


def _refuse_binary(text: bytes) -> None:
    """Raises FileRefused, BINARY_CONTENT, where there are NUL bytes, or more control characters than a slip."""
    nul = text.find(b"\x00")
    if nul >= 0:
        raise FileRefused(issue("BINARY_CONTENT", row=line_at(text, nul)))
    if only_line_ends(text):
        return
    count = len(text) - len(text.translate(None, CONTROLS))
    if count > 10 and count > MOST_CONTROLS * len(text):
        first = re.search(b"[" + re.escape(CONTROLS) + b"]", text)
        raise FileRefused(issue("BINARY_CONTENT", row=line_at(text, first.start()) if first else None))


def only_line_ends(text: bytes) -> bool:
    """Whether line ends are the only control signs. In pieces, so that nothing large is made to find out."""
    signs = np.frombuffer(text, np.uint8)
    for start in range(0, len(signs), PIECE):
        piece = signs[start : start + PIECE]
        ends = np.count_nonzero(piece == ord("\n")) + np.count_nonzero(piece == ord("\r"))
        if np.count_nonzero(piece < ord(" ")) != ends:
            return False
    return b"\x7f" not in text


def _first_invalid(text: bytes) -> int | None:
    """The place of the first byte that is not UTF-8, or None. In pieces: a whole copy may be four times as large."""
    if text.isascii():
        return None
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(text), PIECE):
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(text[start : start + PIECE], final=start + PIECE >= len(text))
        except UnicodeDecodeError as problem:
            return start - pending + problem.start
    return None


def _refuse_unless_cp1252(text: bytes) -> None:
    """Raises FileRefused, ENCODING, where a byte speaks against Windows text."""
    for wrong, reason in (
        (_place(UTF8_LETTERS, text), "it mixes UTF-8 and Windows letters"),
        (_place(UNDEFINED_CP1252, text), "it is neither UTF-8 nor Windows text"),
        (_place(FOREIGN, text), "it is neither UTF-8 nor, it seems, Windows text"),
    ):
        if wrong is not None:
            raise FileRefused(issue("ENCODING", row=line_at(text, wrong), value=_word_at(text, wrong), reason=reason))


def _place(pattern: re.Pattern[bytes], text: bytes) -> int | None:
    found = pattern.search(text)
    return found.start() if found else None


def _word_at(text: bytes, place: int) -> str:
    """The cell around that place, for a person to look for."""
    start = max(text.rfind(sign, 0, place) for sign in (b",", b";", b"\t", b"|", b"\n", b"\r", b'"')) + 1
    ends = [text.find(sign, place) for sign in (b",", b";", b"\t", b"|", b"\n", b"\r", b'"')]
    end = min((end for end in ends if end >= 0), default=len(text))
    word = text[start : min(end, start + 80)]
    try:
        return word.decode()
    except UnicodeDecodeError:
        return word.decode("cp1252", errors="replace")


def _cp1252_note(text: bytes, place: int) -> Issue:
    return issue("ENCODING_CP1252", row=line_at(text, place), value=_word_at(text, place))


def _one_line_end(text: bytes, notes: list[Issue]) -> bytes:
    """The text with line feeds only; a note where the lines ended in other than one common way."""
    if b"\r" not in text:
        return text
    joined = text.replace(b"\r\n", b"\n")
    alone = b"\r" in joined
    if alone or joined.count(b"\n") != len(text) - len(joined):
        notes.append(issue("LINE_ENDINGS"))
    return joined.replace(b"\r", b"\n") if alone else joined
