"""Where the marks of a chart lie: figures in, plain dicts for the SVG templates out. No Django, no sums.

A chart is a table whose picture cells are small SVGs without a viewBox. Positions are text in per cent of the
cell's width ("41.5%"), heights are pixels: a mark keeps its thickness and a letter its size at any width.
Every row carries its own `sentence`: what the picture says, in words, with the same figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log10

from assessments.sentences.figures import rounded, whole_words, with_minus
from assessments.verdicts import Change, Standing

TONES: dict[str, str] = {
    Standing.ABOVE: "above",
    Standing.BELOW: "below",
    Standing.CLOSE: "same",
    Change.GREW: "above",
    Change.SLIPPED: "below",
}
NARROWEST_BAR = 300  # pixels: a stacked bar on a phone; counts that would not fit there are left out
DIGIT = 9  # pixels of one bold digit


@dataclass(frozen=True, slots=True)
class StandardBar:
    """Shares of the points from 0 to 1; `network` is None before the release or where there is none."""

    name: str
    own: float
    network: float | None = None


@dataclass(frozen=True, slots=True)
class LevelShare:
    """One level of one bar: its number and name in the test's own words, and its students."""

    number: int
    name: str
    students: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with the range where it would likely land again; None throughout where it is not shown."""

    name: str
    value: float | None
    low: float | None = None
    high: float | None = None
    verdict: str = ""  # in the words of `verdicts`: the color of its mark; "" is ink
    own: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight axis from `low` to `high` with its round `ticks`."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def at(self, value: float) -> str:
        """Where `value` lies, in per cent of the width; values outside stand at the end."""
        share = (value - self.low) / (self.high - self.low)
        return per_cent(min(max(share, 0.0), 1.0))


def per_cent(share: float) -> str:
    """A share from 0 to 1 as an SVG length: 0.415 -> "41.5%"."""
    return f"{round(share * 100, 2):g}%"


# --- standards -----------------------------------------------------------------------------------------


def standard_bars(bars: Sequence[StandardBar], *, group: str = "your class") -> list[dict[str, object]]:
    """One dict a bar, in the order given: `width` of the bar, `tick` of the network or None, `sentence`."""
    return [
        {
            "name": bar.name,
            "width": per_cent(bar.own),
            "tick": None if bar.network is None else per_cent(bar.network),
            "sentence": _standard_sentence(bar, group),
        }
        for bar in bars
    ]


def _standard_sentence(bar: StandardBar, group: str) -> str:
    own = f"{bar.name}: {group} {rounded(round(bar.own * 100, 6))} % of the points"
    if bar.network is None:
        return own
    return f"{own}, the network {rounded(round(bar.network * 100, 6))} % on the same questions"


def share_bar(name: str, own: float, network: float | None, *, of: str) -> dict[str, object]:
    """One bar of a share from 0 to 1 with the network's tick or None; `of` says what the share is of."""
    told = f"{name}: {rounded(round(own * 100, 6))} % {of}"
    if network is not None:
        told += f", the network {rounded(round(network * 100, 6))} %"
    tick = None if network is None else per_cent(network)
    return {"name": name, "width": per_cent(own), "tick": tick, "sentence": told}


# --- levels --------------------------------------------------------------------------------------------

FILLS = {2: (1, 4), 3: (1, 3, 4), 4: (1, 2, 3, 4), 5: (0, 1, 2, 3, 4)}


def level_bar(name: str, levels: Sequence[LevelShare]) -> dict[str, object]:
    """One stacked bar, lowest level first: `segments` (x, width, fill, label, inside), `beneath`, `total`, `sentence`.

    `fill` is the level's colour (0 to 4) for tests of two to five levels; `inside` tells whether the count stands
    on the fill (3 and 4) or beside it on a plate of `plate` pixels. `label` is "" where there is no room for it:
    then it stands in the words `beneath` the bar ("1 Below Basic 2"). Raises ValueError for another number of levels.
    """
    if len(levels) not in FILLS:
        raise ValueError(f"a bar has two to five levels, not {len(levels)}")
    total = sum(level.students for level in levels)
    segments: list[dict[str, object]] = []
    before = 0
    for level, fill in zip(levels, FILLS[len(levels)], strict=True):
        share = level.students / total if total else 0.0
        if level.students:
            segments.append(
                {
                    "x": per_cent(before / total),
                    "width": per_cent(share),
                    "end": per_cent((before + level.students) / total),
                    "middle": per_cent((before + level.students / 2) / total),
                    "fill": fill,
                    "name": f"{level.number} {level.name}",
                    "label": str(level.students) if _has_room(share, level.students, fill) else "",
                    "inside": fill >= 3,
                    "plate": _plate(level.students),
                }
            )
        before += level.students
    counts = ", ".join(f"{level.number} {level.name} {level.students}" for level in levels)
    too_narrow = {str(segment["name"]) for segment in segments if not segment["label"]}
    named = {f"{level.number} {level.name}": level.students for level in levels}
    return {
        "name": name,
        "segments": segments,
        "beneath": ", ".join(f"{level} {students}" for level, students in named.items() if level in too_narrow),
        "total": total,
        "sentence": f"{name}: {counts} students",
    }


def _plate(students: int) -> int:
    return 8 + DIGIT * len(str(students))


def _has_room(share: float, students: int, fill: int) -> bool:
    """On a fill the digits must fit; beside a pattern some of the pattern must still be seen."""
    needed = DIGIT * len(str(students)) + 4 if fill >= 3 else _plate(students) + 8
    return share * NARROWEST_BAR >= needed


# --- growth --------------------------------------------------------------------------------------------


def growth_rows(
    rows: Sequence[Estimate], *, network: float | None = None, unit: str = "scale points"
) -> dict[str, object]:
    """Dots with ranges on one axis: `rows`, `zero`, `network` (positions or None), `ticks`, `unit`.

    The axis always holds zero, every range and the network. A row without a value has `dot` None and a sentence
    that says "not shown".
    """
    values = [v for row in rows for v in (row.value, row.low, row.high) if v is not None]
    scale = scale_for([*values, 0.0, *([] if network is None else [network])])
    return {
        "zero": scale.at(0),
        "network": None if network is None else scale.at(network),
        "ticks": axis_ticks(scale),
        "unit": unit,
        "rows": [_growth_row(row, scale, unit) for row in rows],
    }


def _growth_row(row: Estimate, scale: Scale, unit: str) -> dict[str, object]:
    if row.value is None:
        return {"name": row.name, "own": row.own, "dot": None, "sentence": f"{row.name}: not shown"}
    ranged = row.low is not None and row.high is not None
    figures = whole_words(row.value)
    if row.low is not None and row.high is not None:
        figures += f" ({whole_words(row.low)} to {whole_words(row.high)})"
    return {
        "name": row.name,
        "own": row.own,
        "dot": scale.at(row.value),
        "low": scale.at(row.low) if ranged and row.low is not None else None,
        "high": scale.at(row.high) if ranged and row.high is not None else None,
        "tone": TONES.get(row.verdict, "ink"),
        "figures": figures,
        "sentence": f"{row.name}: {figures} {unit}",
    }


def scale_for(values: Sequence[float]) -> Scale:
    """The shortest axis with round ends and 3 to 7 ticks that holds all `values`."""
    low, high = min(values), max(values)
    if low == high:
        low, high = low - 1, high + 1
    step = _round_step((high - low) / 5)
    first, last = floor(low / step), ceil(high / step)
    return Scale(first * step, last * step, tuple(round(n * step, 10) for n in range(first, last + 1)))


def _round_step(rough: float) -> float:
    """The next of 1, 2, 5 times a power of ten at or above `rough`."""
    power = 10.0 ** floor(log10(rough))
    return next(nice * power for nice in (1, 2, 5, 10) if nice * power >= rough * 0.999)


def axis_ticks(scale: Scale) -> list[dict[str, object]]:
    """Labels of an axis: `x`, `label`, and `anchor`, so that the outermost stay inside the cell."""
    last = len(scale.ticks) - 1
    anchors = {0: "start", last: "end"}
    return [
        {"x": scale.at(tick), "label": _tick_label(tick), "anchor": anchors.get(n, "middle")}
        for n, tick in enumerate(scale.ticks)
    ]


def _tick_label(tick: float) -> str:
    return whole_words(tick) if tick == round(tick) else with_minus(f"{tick:g}")


# --- standing in the network, two windows of unlike forms -------------------------------------------------


def standing_row(name: str, first: float, second: float, scale: Scale) -> dict[str, object]:
    """Two dots joined by a thin line: hollow for the earlier window, filled for the later."""
    return {
        "name": name,
        "first": scale.at(first),
        "second": scale.at(second),
        "zero": scale.at(0),
        "sentence": f"{name}: {with_minus(f'{first:+.1f}')} then {with_minus(f'{second:+.1f}')} against the network",
    }


# --- runs ----------------------------------------------------------------------------------------------


def sparkline(
    values: Sequence[float | None], *, name: str, labels: Sequence[str], width: int = 120, height: int = 28
) -> dict[str, object]:
    """A small line of fixed size in pixels: `lines` between neighbours, `dots`, the last one marked.

    A missing value breaks the line; it is never drawn across.
    """
    known = [value for value in values if value is not None]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    if low == high:
        low, high = low - 1, high + 1
    across, up = (width - 12) / max(len(values) - 1, 1), (height - 12) / (high - low)
    points = [
        None if v is None else (round(6 + n * across, 1), round(height - 6 - (v - low) * up, 1))
        for n, v in enumerate(values)
    ]
    told = [f"{label} {'not shown' if v is None else whole_words(v)}" for label, v in zip(labels, values, strict=True)]
    dots = [point for point in points if point is not None]
    return {
        "width": width,
        "height": height,
        "lines": _joined(points),
        "dots": dots,
        "last": dots[-1] if dots else None,
        "sentence": f"{name}: {', '.join(told)}",
    }


def run_chart(
    values: Sequence[float],
    *,
    name: str,
    labels: Sequence[str],
    median: float,
    breaks: Sequence[tuple[int, str]] = (),
    height: int = 160,
) -> dict[str, object]:
    """A line with points across the whole width, its median dashed, rule breaks ringed and named.

    `breaks` holds (position in `values`, name of the rule). Heights are pixels from the top.
    """
    scale = scale_for([*values, median])
    top, bottom = 20, height - 24

    def height_of(value: float) -> float:
        return round(bottom - (value - scale.low) / (scale.high - scale.low) * (bottom - top), 1)

    xs = [per_cent(0.06 + 0.88 * n / max(len(values) - 1, 1)) for n in range(len(values))]
    points = [(x, height_of(value)) for x, value in zip(xs, values, strict=True)]
    named = dict(breaks)
    return {
        "height": height,
        "lines": _joined(points),
        "points": [
            {"x": x, "y": y, "label": label, "broken": named.get(n, "")}
            for n, ((x, y), label) in enumerate(zip(points, labels, strict=True))
        ],
        "median": height_of(median),
        "baseline": bottom,
        "sentence": f"{name}: {', '.join(f'{lb} {whole_words(v)}' for lb, v in zip(labels, values, strict=True))}; "
        f"median {whole_words(median)}",
    }


def _joined(points: Sequence[tuple[str | float, float] | None]) -> list[dict[str, object]]:
    """The lines between neighbours that are both there."""
    return [
        {"x1": a[0], "y1": a[1], "x2": b[0], "y2": b[1]} for a, b in pairwise(points) if a is not None and b is not None
    ]
