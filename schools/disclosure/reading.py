"""Tables as JSON: what the command reads, what it answers, and how a release keeps what it published."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from schools.disclosure.cells import BadTableError, Cell, Cube, Equation, Floors, Mean, Published, Shown, check_keys

STAR = "*"
LARGEST = 1_000_000_000
TEXTS = ("floor", "students", "measure", "within")


def cube_from(table: Mapping[str, Any]) -> Cube:
    """The cube of {"cells": {key: {"n", "k", ...}}, "constraints": [{"total", "parts"}]}."""
    cells = [_cell(key, given) for key, given in _cells(table, "cells").items()]
    return Cube.of(cells, equations_from(table))


def published_from(table: Mapping[str, Any], floors: Floors) -> Published:
    """A published table: {"published_n": {key: n or "*"}} or {"published": {key: {"n", "rate"}}}, with constraints."""
    if "published_n" in table:
        given = {key: {"n": n} for key, n in _cells(table, "published_n").items()}
    else:
        given = dict(_cells(table, "published"))
    shown = {key: _shown(key, cell) for key, cell in given.items()}
    equations = equations_from(table)
    check_keys(shown, equations)
    return Published(shown, equations, floors)


def equations_from(table: Mapping[str, Any]) -> tuple[Equation, ...]:
    """The sums of a table; none where it lists no constraints."""
    constraints = table.get("constraints", [])
    if not isinstance(constraints, list):
        raise BadTableError('"constraints" must be a list of {"total": ..., "parts": [...]}.')
    equations = []
    for number, given in enumerate(constraints, start=1):
        parts = given.get("parts") if isinstance(given, dict) else None
        total = given.get("total") if isinstance(given, dict) else None
        if not isinstance(total, str) or not isinstance(parts, list) or not all(isinstance(p, str) for p in parts):
            raise BadTableError(f'Constraint {number} must be {{"total": "name", "parts": ["name", ...]}}.')
        equations.append(Equation(total, tuple(parts)))
    return tuple(equations)


def stored(published: Published) -> dict[str, Any]:
    """A published table as plain JSON, whole: what a released snapshot keeps to be audited against later."""
    return {
        "floors": asdict(published.floors),
        "cells": [asdict(cell) for cell in published.cells.values()],
        "equations": [[equation.total, list(equation.parts)] for equation in published.equations],
    }


def restored(kept: Mapping[str, Any]) -> Published:
    """The published table that `stored` wrote."""
    cells = {}
    for given in kept["cells"]:
        mean = given["mean"]
        if mean is not None:
            mean = Mean(**{**mean, "items": tuple((key, points) for key, points in mean["items"])})
        cells[given["key"]] = Shown(**{**given, "mean": mean})
    equations = tuple(Equation(total, tuple(parts)) for total, parts in kept["equations"])
    return Published(cells, equations, Floors(**kept["floors"]))


def written(cell: Shown) -> dict[str, Any]:
    """One cell for readers: every hidden thing is the same star."""
    answer: dict[str, Any] = {"n": STAR if cell.n is None else cell.n}
    if cell.rated and cell.n != 0:
        answer["rate"] = STAR if cell.rate is None else cell.rate
    if cell.mean is not None:
        answer["mean"] = cell.mean.value
    return answer


def _cells(table: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    cells = table.get(name)
    if not isinstance(cells, dict) or not cells:
        raise BadTableError(f'"{name}" must be an object with at least one cell.')
    return cells


def _cell(key: str, given: Any) -> Cell:
    if not isinstance(given, dict) or "n" not in given:
        raise BadTableError(f'The cell "{key}" must be an object with n, the number of students.')
    unknown = given.keys() - {"n", "k", "mean", *TEXTS}
    if unknown:
        raise BadTableError(f'The cell "{key}" has "{min(unknown)}", which this table does not know: leave it out.')
    texts = {name: given[name] for name in TEXTS if name in given}
    named = all(isinstance(text, str) for text in texts.values())
    if not named or texts.get("floor", "group") not in ("group", "subgroup"):
        raise BadTableError(
            f'The cell "{key}": floor is "group" or "subgroup"; students, measure and within are names.'
        )
    k = None if given.get("k") is None else whole(given["k"], f'k of the cell "{key}"')
    return Cell(key=key, n=whole(given["n"], f'n of the cell "{key}"'), k=k, mean=_mean(key, given), **texts)


def _mean(key: str, given: Mapping[str, Any]) -> Mean | None:
    mean = given.get("mean")
    if mean is None:
        return None
    if not isinstance(mean, dict) or not mean.keys() <= {"value", "lowest", "highest", "cut"} or "value" not in mean:
        raise BadTableError(
            f'The mean of "{key}" must be {{"value", "lowest", "highest", "cut"}}; only value is needed.'
        )
    ends = {name: whole(number, f'mean {name} of "{key}"') for name, number in mean.items()}
    return Mean(ends["value"], ends.get("lowest", 0), ends.get("highest", 100), ends.get("cut"))


def _shown(key: str, given: Any) -> Shown:
    if not isinstance(given, dict) or "n" not in given:
        raise BadTableError(f'The cell "{key}" must be an object with n, the number of students or "{STAR}".')
    n = None if given["n"] == STAR else whole(given["n"], f'n of the cell "{key}"')
    if n is not None and n < 0:
        raise BadTableError(f'The cell "{key}" has n = {n}: a number of students is 0 or more.')
    rate = given.get("rate")
    if rate is not None and not (isinstance(rate, str) and (rate == STAR or _is_rate(rate))):
        raise BadTableError(f'The rate of "{key}" must be "34%", "<=20%", ">=80%" or "{STAR}".')
    return Shown(key, n, None if rate in (None, STAR) or n is None else rate, rated=rate is not None)


def _is_rate(rate: str) -> bool:
    digits = rate.removeprefix("<=").removeprefix(">=").removesuffix("%")
    return rate.endswith("%") and digits.isascii() and digits.isdigit() and len(digits) <= 3


def whole(value: Any, what: str) -> int:
    """A whole number, or a BadTableError that names what should have been one."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadTableError(f"{what} is {value!r}: write a whole number.")
    if abs(value) > LARGEST:
        raise BadTableError(f"{what} is over {LARGEST}: no table of students is that large.")
    return value
