"""What the page of a network is asked for, and what its rows are."""

from dataclasses import dataclass, field

from assessments.models import ReleasedCell


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for; "" is the default. `by` is "grades" or "" for schools, `standard` an id."""

    series: str = ""
    window: str = ""
    measure: str = ""
    by: str = ""
    grade: str = ""
    standard: str = ""


@dataclass(frozen=True)
class Row:
    """The network, a school or a grade, with its cell in each window it may be read in.

    `school` is its id where its own page opens to the reader.
    """

    name: str
    cells: dict[int, ReleasedCell] = field(default_factory=dict)
    network: bool = False
    own: bool = False
    school: int | None = None
    over_the_year: bool = True


@dataclass(frozen=True, slots=True)
class Subject:
    """A standard or strand with its figures: a bar for each place."""

    name: str
    code: str
    pk: int | None
    cell: ReleasedCell | None
