"""`python -m schools.disclosure FILE.json`: suppress one table, or audit a published one. Knows no Django.

Prints one JSON object, in which "safe" is the audit's verdict. Exit 0; or 2 where the file cannot be worked on, with
a sentence on standard error and as "error".
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from schools.disclosure import BadTableError, Floors, audit, shown_change, shown_levels, suppress
from schools.disclosure.audit import exact_counts
from schools.disclosure.masks import written_rate
from schools.disclosure.reading import STAR, cube_from, published_from, whole, written

DEFAULT_FLOOR = 10
ANSWERED, BAD_INPUT = 0, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m schools.disclosure", description=__doc__.split("\n")[0])
    parser.add_argument("file", metavar="FILE.json", help="a table, as docs/disclosure.md shows it")
    parser.add_argument(
        "--floor", type=int, help=f"smallest group shown (else threshold_N of the file, else {DEFAULT_FLOOR})"
    )
    options = parser.parse_args(arguments)
    try:
        answer, status = _answer_file(_read(options.file), options.floor), ANSWERED
    except BadTableError as error:
        answer, status = {"error": str(error)}, BAD_INPUT
        print(error, file=sys.stderr)
    print(json.dumps(answer, indent=1, allow_nan=False))
    return status


def _read(path: str) -> dict[str, Any]:
    try:
        content = json.loads(
            Path(path).read_text(encoding="utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_constant
        )
    except OSError as error:
        raise BadTableError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise BadTableError(f"{path} is not text in UTF-8: save it as UTF-8.") from error
    except RecursionError as error:
        raise BadTableError(f"{path} is nested too deeply to be a table.") from error
    except json.JSONDecodeError as error:
        raise BadTableError(f"{path} is not JSON: {error.msg} in line {error.lineno}, column {error.colno}.") from error
    except ValueError as error:  # a number of thousands of digits; what the hooks found keeps its own sentence
        raise (
            error if isinstance(error, BadTableError) else BadTableError(f"{path} holds an endless number.")
        ) from error
    if not isinstance(content, dict):
        raise BadTableError(f"{path} must hold one JSON object with a table.")
    return content


def _answer_file(content: Mapping[str, Any], floor: int | None) -> dict[str, Any]:
    if floor is None:
        floor = whole(content.get("threshold_N", DEFAULT_FLOOR), "threshold_N")
    if "vectors" not in content:
        return _answer(content.get("input", content), floor)
    if not isinstance(content["vectors"], list) or not all(isinstance(v, dict) for v in content["vectors"]):
        raise BadTableError('"vectors" must be a list of objects, each with an id and an input.')
    answers: dict[str, Any] = {}
    for vector in content["vectors"]:
        try:
            answers[str(vector.get("id"))] = _answer(vector.get("input", vector), floor)
        except BadTableError as error:
            answers[str(vector.get("id"))] = {"error": str(error)}
    return {"answers": answers}


def _answer(table: Any, floor: int) -> dict[str, Any]:
    if not isinstance(table, dict):
        raise BadTableError('"input" must be an object.')
    floor = whole(table.get("threshold_N", floor), "threshold_N")
    floors = Floors(floor, max(floor, whole(table.get("subgroup_threshold_N", floor), "subgroup_threshold_N")))
    if "cells" in table:
        return _suppress(table, floors)
    if "published_n" in table or "published" in table:
        return _audit(table, floors)
    if "levels" in table:
        return _levels(table, floors)
    if "show_change" in table:
        return _change(table, floors)
    if "viewer" in table:
        raise BadTableError("Who sees real numbers is decided by the rights of the reader, not by a table.")
    raise BadTableError('The table has neither "cells" (to suppress) nor "published_n" or "published" (to audit).')


def _suppress(table: Mapping[str, Any], floors: Floors) -> dict[str, Any]:
    result = suppress(cube_from(table), floors)
    verdict = audit(result.published)
    return {
        "threshold_N": floors.group,
        "cells": {key: written(cell) for key, cell in result.shown.items()},
        "hidden": list(result.hidden),
        "safe": verdict.clean,
        "findings": [finding.sentence for finding in verdict.findings],
        "feasible_n_of_hidden": {key: list(reach) for key, reach in sorted(exact_counts(result.published).items())},
        "ledger": [{"cell": e.cell, "reason": e.reason, "partner": e.partner} for e in result.ledger],
    }


def _audit(table: Mapping[str, Any], floors: Floors) -> dict[str, Any]:
    published = published_from(table, floors)
    verdict = audit(published)
    reach = exact_counts(published)
    return {
        "threshold_N": floors.group,
        "safe": verdict.clean,
        "recoverable_exactly": {key: low for key, (low, high) in sorted(reach.items()) if low == high},
        "feasible_n": {key: list(ends) for key, ends in sorted(reach.items())},
        "findings": [finding.sentence for finding in verdict.findings],
    }


def _levels(table: Mapping[str, Any], floors: Floors) -> dict[str, Any]:
    given = table["levels"]
    if not isinstance(given, dict) or not given:
        raise BadTableError('"levels" must be an object of level names and numbers of students.')
    counts = {name: whole(count, f'level "{name}"') for name, count in given.items()}
    if min(counts.values()) < 0 or ("n" in table and table["n"] != sum(counts.values())):
        raise BadTableError('The levels must be 0 or more each, and add up to "n".')
    shown = shown_levels(counts, floors.group)
    return {"levels": shown.levels or STAR, "collapsed": shown.collapsed or STAR}


def _change(table: Mapping[str, Any], floors: Floors) -> dict[str, Any]:
    cells = {key: value for key, value in table.items() if isinstance(value, dict)}
    cube = cube_from({"cells": cells}) if len(cells) == 2 else None
    if cube is None or any(cell.k is None for cell in cube.cells.values()):
        raise BadTableError("A change needs exactly two cells, the earlier first, each with n and k.")
    rates = [
        written_rate(cell.n, cell.k) if cell.n >= floors.group and cell.k is not None else None
        for cell in cube.cells.values()
    ]
    points = shown_change(*rates)
    answer: dict[str, Any] = {key: rate or STAR for key, rate in zip(cells, rates, strict=True)}
    if table["show_change"] is True:
        answer["change"] = STAR if points is None else points
    return answer


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BadTableError(f'"{twice}" stands twice in one object: keep one.')
    return found


def _no_constant(name: str) -> None:
    raise BadTableError(f"{name} is not a number: write a whole number.")


if __name__ == "__main__":
    sys.exit(main())
