"""The layouts the portal knows, in the order in which a header is held against them."""

from collections.abc import Sequence

from assessments.formats.long import Long
from assessments.formats.map_growth import MapGrowth, is_roster_half
from assessments.formats.scores import Scores
from assessments.formats.seam import AssessmentSpec, Format
from assessments.formats.template import Template
from schools.files.issues import FileRefused, issue
from schools.files.table import Table

FORMATS: tuple[Format, ...] = (MapGrowth(), Long(), Scores(), Template())


def recognise(table: Table, specs: Sequence[AssessmentSpec] = ()) -> Format | None:
    """The first layout that recognises the header; None where a person has to say what the columns are.

    `specs` are the tests the file may hold.

    Raises FileRefused (ROSTER_HALF_ALONE) for the half of a MAP pair that holds no results.
    """
    if is_roster_half(table.header):
        raise FileRefused(issue("ROSTER_HALF_ALONE"))
    return next((layout for layout in FORMATS if layout.recognises(table.header, specs)), None)


def by_name(name: str) -> Format:
    """The layout of that name. Raises KeyError, listing the names there are."""
    for layout in FORMATS:
        if layout.name == name:
            return layout
    known = ", ".join(layout.name for layout in FORMATS)
    raise KeyError(f"There is no format {name!r}; the formats are {known}.")
