"""From a document to the bytes of a PDF: tagged (PDF/UA-1), titled, in English, and no letter lost unseen.

The text goes in as JSON beside the template, so that nothing in it can act as markup. The setter reads no file but
the templates and the fonts, and loads nothing from anywhere.
"""

import json
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import typst

from assessments.documents.blocks import Document, Maker, as_data
from assessments.exports import PURPOSE, REDISCLOSURE

TEMPLATES = Path(__file__).parent / "typst"
FONT_PACKAGES = ("fontpkg_noto_sans", "pylopdf_fonts_ar", "pylopdf_fonts_he", "noto_cjk_sans_otc")
REFUSED = re.compile(r'the text (?:`"(.+?)"` could not be displayed|contains the disallowed codepoint `"(.+?)"`)')
IN_ITS_PLACE = "□"
LETTERS_MISSING = (
    f"{IN_ITS_PLACE} stands for a letter that no font of this server has. The CSV and Excel files hold it."
)
MOST_TRIES = 3


def pdf(document: Document, maker: Maker) -> bytes:
    """The document as a PDF. A letter without a font is a □, and the foot of every page says so."""
    foot = [REDISCLOSURE, PURPOSE] if document.students else [PURPOSE]
    data = as_data(document) | {"made": maker.words, "author": maker.name, "foot": foot}
    text, missing = json.dumps(data), False
    for _ in range(MOST_TRIES):
        try:
            return _set(text, maker)
        except typst.TypstError as error:
            letters = _refused(error)
            if not letters:
                raise
            data = _replaced(data, letters)
            if not missing:
                data["foot"], missing = [*data["foot"], LETTERS_MISSING], True
            text = json.dumps(data)
    return _set(text, maker)


def _set(text: str, maker: Maker) -> bytes:
    return typst.compile(
        TEMPLATES / "page.typ",
        root=TEMPLATES,
        font_paths=_fonts(),
        sys_inputs={"document": text},
        pdf_standards=["ua-1"],
        timestamp=int(maker.at.timestamp()),
    )


@cache
def _fonts() -> typst.Fonts:
    """The fonts of the locked packages; for other scripts those that the server has itself."""
    folders = [Path(find_spec(name).origin).parent for name in FONT_PACKAGES]
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True, font_paths=[str(one) for one in folders])


def _refused(error: typst.TypstError) -> set[str]:
    """The letters the setter refused: no font has them, or they are none (a byte order mark)."""
    return {letter for found in REFUSED.findall(error.diagnostic) for letter in _spelled("".join(found))}


def _spelled(found: str) -> str:
    r"""Rust writes letters that do not print as \u{e000}."""
    return re.sub(r"\\u\{([0-9a-f]+)\}", lambda match: chr(int(match[1], 16)), found)


def _replaced(value, letters: set[str]):
    """The same data with each of the letters as IN_ITS_PLACE."""
    if isinstance(value, str):
        return "".join(IN_ITS_PLACE if letter in letters else letter for letter in value)
    if isinstance(value, dict):
        return {key: _replaced(one, letters) for key, one in value.items()}
    if isinstance(value, list):
        return [_replaced(one, letters) for one in value]
    return value
