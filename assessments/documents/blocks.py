"""What a PDF is made of. Plain text and figures: how they look is said in `typst/`. Knows no Django.

Every text goes to the setter as data and is never read as markup. Positions in pictures are those of
`assessments.charts`: text in per cent of the width ("41.5%").
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime

from assessments.verdicts import MARKS, in_short


@dataclass(frozen=True)
class Heading:
    """A heading under the title."""

    text: str


@dataclass(frozen=True)
class Text:
    """A paragraph; `quiet` sets it smaller, as help under a figure. `students` says that it names students."""

    text: str
    quiet: bool = False
    students: bool = False


@dataclass(frozen=True)
class Facts:
    """Figures in a row: (what, figure or "", words beside it)."""

    facts: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Rows:
    """A table. `figures` are the places of columns of numbers, set flush right; `narrow` leaves out the full width."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: tuple[int, ...] = ()
    narrow: bool = False
    students: bool = False


@dataclass(frozen=True)
class Names:
    """A group of students by name."""

    name: str
    count: str
    names: tuple[str, ...]
    students: bool = True


@dataclass(frozen=True)
class Bar:
    """A row of `Bars`: `width` of the own bar and `tick` of the network ("" for none), with the figures in words."""

    name: str
    code: str
    beside: str
    width: str
    tick: str
    figure: str
    mark: str
    remark: str
    sentence: str


@dataclass(frozen=True)
class Bars:
    """Bars from 0 to 100 %. `header` names the four columns of words: name, beside, figure, remark."""

    name: str
    own: str
    network: str
    header: tuple[str, str, str, str]
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Levels:
    """Stacked bars, one a window, as `charts.level_bar` gives them, and the levels (fill, "2 Basic").

    `header` names the columns of figures beside a bar, which are its `cells`: students at each level, and in all.
    """

    name: str
    levels: tuple[tuple[int, str], ...]
    header: tuple[str, ...]
    bars: tuple[dict, ...]


@dataclass(frozen=True)
class Dot:
    """A row of `Dots`: positions of dot and range ("" for none), and the figures in words."""

    name: str
    dot: str
    low: str
    high: str
    tone: str
    cells: tuple[str, ...]
    mark: str
    remark: str
    sentence: str


@dataclass(frozen=True)
class Dots:
    """Dots with ranges on one axis. `ticks` as `charts.axis_ticks` gives them; `zero`, `network` "" where absent.

    `header` names the columns of words after the picture: one for each of a dot's `cells`.
    """

    name: str
    ticks: tuple[dict, ...]
    zero: str
    network: str
    header: tuple[str, ...]
    dots: tuple[Dot, ...]


@dataclass(frozen=True)
class Sheet:
    """One page of an item map: `heads` (standard, columns), `labels` of the questions, and rows of cells.

    `first` are the places where a standard begins; `shares` the rows of figures over the students: (words, whole test,
    by question). A row is (label, points, cells of (kind, text)); a student who
    was not tested has no cells.
    """

    heads: tuple[tuple[str, int], ...]
    labels: tuple[str, ...]
    first: tuple[int, ...]
    shares: tuple[tuple[str, str, tuple[str, ...]], ...]
    rows: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]


@dataclass(frozen=True)
class Map:
    """Students by question, a page a sheet, with what the marks mean."""

    sheets: tuple[Sheet, ...]
    key: tuple[tuple[str, str, str], ...]

    @property
    def students(self) -> bool:
        return any(sheet.rows for sheet in self.sheets)


@dataclass(frozen=True)
class Abreast:
    """Columns of blocks, side by side."""

    columns: tuple[tuple["Block", ...], ...]


Block = Heading | Text | Facts | Rows | Names | Bars | Levels | Dots | Map | Abreast


@dataclass(frozen=True)
class Document:
    """A page to be set: `students` says that it holds students' rows, `without` what was left out of it, if anything.

    The foot of every page (the notices, who made it and when, the number of the page) comes by itself.
    """

    title: str
    sentence: str
    basis: tuple[str, ...]
    blocks: tuple[Block, ...]
    without: str = ""
    landscape: bool = False

    @property
    def students(self) -> bool:
        return any(getattr(block, "students", False) for block in self.blocks)


@dataclass(frozen=True)
class Maker:
    """Who made a document, and when: a moment in the zone of its reader."""

    name: str
    at: datetime = field(compare=False)

    @property
    def words(self) -> str:
        """ "Made by Rosa Lopez on Dec 4, 2025, 3:05 PM"."""
        at = self.at
        return f"Made by {self.name} on {at:%b} {at.day}, {at.year}, {at:%I}:{at:%M} {at:%p}".replace(", 0", ", ")


def verdict_of(row: dict) -> tuple[str, str]:
    """Mark and words of a chart's row: its remark, else its verdict, else nothing."""
    if row.get("remark"):
        return "", row["remark"]
    verdict = row.get("verdict")
    return (MARKS[verdict], in_short(verdict, row.get("by"))) if verdict else ("", "")


def as_data(value):
    """A block as the setter reads it: dicts with their kind, lists and text."""
    if hasattr(value, "__dataclass_fields__"):
        found = {one.name: as_data(getattr(value, one.name)) for one in fields(value)}
        return found | {"kind": type(value).__name__.lower()}
    if isinstance(value, dict):
        return {key: as_data(one) for key, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [as_data(one) for one in value]
    return value
