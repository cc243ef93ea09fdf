"""The network's released figures that stand beside a class's or a school's own, in one read."""

import re
from dataclasses import dataclass, field

from assessments.models import ReleasedCell
from assessments.models.releases import is_open
from schools import dates

P = ReleasedCell.Place
EXACT_RATE = re.compile(r"^(\d+)%$")


@dataclass(frozen=True)
class Beside:
    """What is released of the network, in whole per cents and whole scale points; what is not shown is not in it.

    standards  per cent of the points by (grade, standard id)
    items      per cent of the points by the question's position in the test asked for
    rate       share of the network's students at benchmark, as released ("41%", "<=20%"); "" not shown
    growth     (mean, low, high) of the network since `since`, None where there is none
    """

    standards: dict[tuple[str, int], int] = field(default_factory=dict)
    items: dict[int, int] = field(default_factory=dict)
    rate: str = ""
    growth: tuple[int, int, int] | None = None
    since: str = ""

    @property
    def percent(self) -> int | None:
        """The share at benchmark where it is shown exactly."""
        exact = EXACT_RATE.match(self.rate)
        return int(exact[1]) if exact else None


FIELDS = (
    "pk", "release_id", "release__number", "release__since__name", "release__growth_kind", "place", "grade",
    "standard_id", "item__position", "item__assessment", "mean", "rate", "growth", "growth_low", "growth_high",
)  # fmt: skip


def beside_class(user, school, sitting, grade: str) -> Beside | None:
    """The network beside a class that sat this test; None where nothing is released."""
    rows = _open_cells(user, school, sitting.series, sitting.window_id)
    of_grade = rows.filter(place=P.GRADE, grade=grade) | rows.filter(place=P.NETWORK, standard=None, strand="")
    return _beside(of_grade, test=sitting.assessment_id)


def beside_school(user, school, series: str, window_id: int) -> Beside | None:
    """The network beside a school; None where nothing is released."""
    rows = _open_cells(user, school, series, window_id).filter(item=None, strand="")
    return _beside(rows.filter(place=P.GRADE) | rows.filter(place=P.NETWORK, standard=None))


def released_school(user, school, series: str, window_id: int) -> ReleasedCell | None:
    """The school itself as it stands in the newest open release of the window; None where nothing is released."""
    rows = _open_cells(user, school, series, window_id).filter(place=P.SCHOOL, standard=None, strand="")
    own = rows.filter(school=school).select_related("release__since")
    return own.order_by("-release__number", "-release_id").first()


def _open_cells(user, school, series: str, window_id: int):
    """Cells of the open releases of a window in the networks the school belongs to today.

    What is open to a network is open to everyone who reads a school of it, so the school in sight is the door.
    """
    joined = "release__network__memberships_of_schools__"
    return ReleasedCell.objects.filter(  # unscoped: of the networks of a school in sight
        is_open("release__"),
        dates.on(user.standing.today, joined),
        release__district=school.district_id,
        release__series=series,
        release__window=window_id,
        **{f"{joined}school": school},
    )


def _beside(rows, test: int | None = None) -> Beside | None:
    """The cells of the newest release among `rows`; questions of the test asked for alone."""
    found = [dict(zip(FIELDS, row, strict=True)) for row in rows.order_by().distinct().values_list(*FIELDS)]
    if not found:
        return None
    newest = max((row["release__number"], row["release_id"]) for row in found)[1]
    cells = [row for row in found if row["release_id"] == newest]
    shown = [row for row in cells if row["mean"] is not None]
    standards = {(row["grade"], row["standard_id"]): row["mean"] for row in shown if row["standard_id"]}
    items = {
        row["item__position"]: row["mean"] for row in shown if row["item__position"] and row["item__assessment"] == test
    }
    whole = next((row for row in cells if row["place"] == P.NETWORK), None)
    on_scale = whole is not None and whole["growth"] is not None and whole["release__growth_kind"] == "scale"
    return Beside(
        standards=standards,
        items=items,
        rate=whole["rate"] if whole else "",
        growth=(whole["growth"], whole["growth_low"], whole["growth_high"]) if on_scale else None,
        since=cells[0]["release__since__name"] or "",
    )
