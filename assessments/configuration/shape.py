"""Whether a set-up file is built as it must be, before anything of it is looked up. Knows no Django.

What a value means is checked where it is saved; here only that a list is a list and a text is a text.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

Row = dict[str, Any]

LISTS = ("school_years", "windows", "standards", "assessments")
TEXT_LISTS = {"windows": ("aliases",), "assessments": ("grades", "strands")}
WHOLE_NUMBERS = {"assessments": ("benchmark_level",), "cut_scores": ("level",), "items": ("position",)}
HIGHEST_WHOLE_NUMBER = 32_767
NUL = "\x00"


def shape_problems(body: object) -> list[str]:
    """Everything in which `body` is not built like a set-up file, as sentences with their places."""
    if not isinstance(body, dict):
        return ["The file must be one JSON object with the parts of the set-up."]
    found: list[str] = []
    if not isinstance(body.get("district", {}), dict):
        found.append('district: must be an object, as {"code": "D1", "name": "First District"}.')
    else:
        found += _texts(body.get("district", {}), "district")
    for part in LISTS:
        found += _rows(body, part, part, _assessment if part == "assessments" else None)
    return found


def _rows(
    holder: Row, part: str, place: str, inner: Callable[[Row, str], Iterator[str]] | None = None
) -> Iterator[str]:
    """Problems of a list of objects, `holder[part]`, which may be left out."""
    rows = holder.get(part, [])
    if not isinstance(rows, list):
        yield f"{place}: must be a list of objects."
        return
    for number, row in enumerate(rows):
        spot = f"{place}[{number}]"
        if not isinstance(row, dict):
            yield f"{spot}: must be an object, not {_named(row)}."
            continue
        lists = TEXT_LISTS.get(part, ())
        yield from _texts(row, spot, apart=(*lists, "items", "cut_scores", "choices", "standards"))
        for name in lists:
            yield from _text_list(row, name, spot)
        for name in WHOLE_NUMBERS.get(part, ()):
            yield from _whole_number(row, name, spot)
        if inner is not None:
            yield from inner(row, spot)


def _assessment(row: Row, place: str) -> Iterator[str]:
    yield from _rows(row, "items", f"{place}.items", _item)
    yield from _rows(row, "cut_scores", f"{place}.cut_scores")


def _item(row: Row, place: str) -> Iterator[str]:
    yield from _text_list(row, "standards", place)
    choices = row.get("choices", {})
    if not isinstance(choices, dict):
        yield f'{place}.choices: must be an object of letters, as {{"A": {{"text": "3/8"}}}}.'
        return
    for letter, choice in choices.items():
        spot = f"{place}.choices.{letter}"
        if not re.fullmatch(r"[A-Za-z]", letter):
            yield f'{spot}: a choice is one letter from A to Z, not "{letter}".'
        elif not isinstance(choice, dict):
            yield f'{spot}: must be an object, as {{"text": "3/8", "suggests": ""}}, not {_named(choice)}.'
        else:
            for name in ("text", "suggests"):
                if not isinstance(choice.get(name, ""), str) or NUL in choice.get(name, ""):
                    yield f"{spot}.{name}: must be plain text."


def _texts(row: Row, place: str, apart: tuple[str, ...] = ()) -> Iterator[str]:
    for name, value in row.items():
        if name not in apart and (isinstance(value, (dict, list, bool)) or (isinstance(value, str) and NUL in value)):
            yield f"{place}.{name}: must be one plain value, not {_named(value)}."


def _text_list(row: Row, name: str, place: str) -> Iterator[str]:
    values = row.get(name, [])
    if not isinstance(values, list) or not all(isinstance(value, str) and NUL not in value for value in values):
        yield f'{place}.{name}: must be a list of texts, as ["05"].'


def _whole_number(row: Row, name: str, place: str) -> Iterator[str]:
    value = row.get(name)
    if value is None or isinstance(value, bool):
        return
    if not isinstance(value, int) or not 0 < value <= HIGHEST_WHOLE_NUMBER:
        yield f"{place}.{name}: must be a whole number from 1, not {_named(value)}."


def _named(value: object) -> str:
    if isinstance(value, str):
        return f'"{value[:40]}"' if NUL not in value else "a text with a NUL character"
    words = {dict: "an object", list: "a list", bool: "true or false", type(None): "null"}
    return words.get(type(value), str(value)[:40])
