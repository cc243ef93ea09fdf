"""Figures for the page *Explore*: plain dicts that Plotly draws in the browser. No Django, no Plotly, no sums.

A color is the name of a token of `static/css/tokens.css` ("--ink"); `static/js/explore.js` puts the theme's value in
its place. Texts are escaped, for Plotly reads a few tags in them. Every number stands in the table beside the figure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import cycle, product

from assessments.charts import TONES, Estimate, growth_rows

# Lines are told apart by color, by the shape of their points and by their strokes, never by color alone; and so are
# points without a line, where there is one window: those of the second round are hollow, of the third dotted.
LOOKS = tuple(
    (color, symbol + filled, dash)
    for (dash, filled), (color, symbol) in product(
        (("solid", ""), ("dash", "-open"), ("dot", "-open-dot")),
        zip(
            ("--ink", "--above", "--below", "--same", "--accent", "--level-1"),
            ("circle", "square", "diamond", "triangle-up", "cross", "star"),
            strict=True,
        ),
    )
)
LONGEST_NAME = 40
PLOT, LINE_OF_LEGEND, ROW, AXIS = 340, 26, 44, 90  # pixels


OF_THE_POINTS = "% of the points"


@dataclass(frozen=True, slots=True)
class Run:
    """A standard (school, grade) over the windows: whole figures, None where there is none."""

    name: str
    code: str
    shares: tuple[int | None, ...]

    @property
    def title(self) -> str:
        """Short name first, code after; the code alone where there is no name."""
        return " ".join(dict.fromkeys(part for part in (self.name, self.code) if part))


def runs_figure(windows: Sequence[str], runs: Sequence[Run], *, unit: str = OF_THE_POINTS) -> dict[str, object]:
    """One line a run over `windows`; a missing figure breaks its line.

    `unit` says what the figures are, as a person reads it after one: "% of the points", "scale points". An axis of
    per cents goes from 0 to 100. Raises ValueError where a run has not one figure a window.
    """
    ticks = [escape(name, quote=False) for name in windows]
    traces = [_line(ticks, run, look, unit) for run, look in zip(runs, cycle(LOOKS), strict=False)]
    up = {"range": [0, 103], "ticksuffix": " %", "dtick": 20} if unit.startswith("%") else {"title": {"text": unit}}
    layout = _layout(PLOT + LINE_OF_LEGEND * len(runs)) | {
        "showlegend": True,
        "legend": {"orientation": "h", "x": 0, "y": -0.12, "yanchor": "top"},
        "xaxis": _axis() | {"type": "category", "categoryorder": "array", "categoryarray": ticks},
        "yaxis": _axis() | up,
    }
    return {"data": traces, "layout": layout}


def _line(ticks: Sequence[str], run: Run, look: tuple[str, str, str], unit: str) -> dict[str, object]:
    if len(run.shares) != len(ticks):
        raise ValueError(f"{run.title}: {len(run.shares)} shares for {len(ticks)} windows")
    color, symbol, dash = look
    told = escape(run.title, quote=False)
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": _short(run.title),
        "x": list(ticks),
        "y": list(run.shares),
        "connectgaps": False,
        "line": {"color": color, "width": 2, "dash": dash},
        "marker": {"color": color, "symbol": symbol, "size": 9},
        "hoverinfo": "text",
        "hovertext": [
            "" if share is None else f"{told}<br>{tick}: {share} {unit}"
            for tick, share in zip(ticks, run.shares, strict=True)
        ],
    }


def growth_figure(rows: Sequence[Estimate], *, unit: str = "scale points") -> dict[str, object]:
    """Growth with its range, a dot and a bar for each row that has a figure; rows keep their order, from above."""
    told = growth_rows(rows, unit=unit)["rows"]
    names = [escape(row.name, quote=False) for row in rows if row.value is not None]
    traces = [
        _dot(row, escape(words["sentence"], quote=False))
        for row, words in zip(rows, told, strict=True)
        if row.value is not None
    ]
    zero = {"zeroline": True, "zerolinecolor": "--edge", "zerolinewidth": 1, "rangemode": "tozero"}
    layout = _layout(AXIS + ROW * len(names)) | {
        "showlegend": False,
        "xaxis": _axis() | zero | {"title": {"text": escape(unit, quote=False)}},
        "yaxis": _axis()
        | {"type": "category", "categoryorder": "array", "categoryarray": names, "autorange": "reversed"},
    }
    return {"data": traces, "layout": layout}


def _dot(row: Estimate, sentence: str) -> dict[str, object]:
    color = f"--{TONES.get(row.verdict, 'ink')}"
    ranged = row.low is not None and row.high is not None
    beyond = [row.high - row.value] if ranged else []
    below = [row.value - row.low] if ranged else []
    return {
        "type": "scatter",
        "mode": "markers",
        "name": _short(row.name),
        "x": [row.value],
        "y": [escape(row.name, quote=False)],
        "marker": {"color": color, "size": 9},
        "error_x": {
            "type": "data", "symmetric": False, "array": beyond, "arrayminus": below, "visible": ranged,
            "color": color, "thickness": 2, "width": 0,
        },
        "hoverinfo": "text",
        "hovertext": [sentence],
    }  # fmt: skip


def standards_sentence(windows: Sequence[str], runs: Sequence[Run]) -> str:
    """What the figure of standards says: the lowest and the highest in the newest window that has figures."""
    for place, window in reversed(list(enumerate(windows))):
        known = sorted((run.shares[place], run.title) for run in runs if run.shares[place] is not None)
        if known:
            (low, lowest), (high, highest) = known[0], known[-1]
            if len(known) == 1:
                return f"{lowest}: {low} % of the points in {window}."
            return f"In {window} the lowest is {lowest}, {low} % of the points; the highest is {highest}, {high} %."
    return "No standard has a figure in these windows."


def growth_sentence(rows: Sequence[Estimate], *, unit: str = "scale points") -> str:
    """What the figure of growth says, the first row (the school) with its range."""
    return f"{growth_rows(rows, unit=unit)['rows'][0]['sentence']}."


def _short(name: str) -> str:
    """A name for the legend."""
    cut = name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rstrip() + "\u2026"
    return escape(cut, quote=False)


def _layout(height: int) -> dict[str, object]:
    """What all figures share: the portal's letters on the page's own ground."""
    return {
        "height": height,
        "margin": {"l": 8, "r": 16, "t": 8, "b": 16},
        "paper_bgcolor": "--page",
        "plot_bgcolor": "--page",
        "font": {"family": "--font", "size": 14, "color": "--ink"},
        "hoverlabel": {"bgcolor": "--page", "bordercolor": "--edge", "font": {"color": "--ink"}},
        "hovermode": "closest",
        "dragmode": False,
    }


def _axis() -> dict[str, object]:
    return {"gridcolor": "--line", "linecolor": "--edge", "zeroline": False, "automargin": True, "fixedrange": True}
