"""Which tables are kept, and what each change of them is about: one list, to which higher rooms add their own."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import Model

PLACES = ("district", "network", "school", "section", "student", "person")


@dataclass(frozen=True)
class Kept:
    """A table whose changes are kept. SQL in it speaks of the row as `r`.

    noun       what one row is called in a sentence
    about      the column of the history (district, network, school, section, student, person) -> what fills it
    joins      where that takes other tables
    label      what the row is called; never a student's name
    page       on whose page it is told, where that is none of `about`, and the key of it
    left_out   columns that are never kept: secrets, bytes, and what moves without anybody deciding it
    inside     only the district's own office reads it, no network that its schools are in
    everywhere it belongs to no place: whoever reads history reads it
    guarded    columns that only some readers see, and `opens` says of which things (user, keys of `page`) -> keys
    """

    model: type[Model]
    noun: str
    about: dict[str, str] = field(default_factory=dict)
    joins: str = ""
    label: str = "''"
    page: tuple[str, str] = ("", "NULL")
    left_out: tuple[str, ...] = ()
    inside: bool = False
    everywhere: bool = False
    guarded: tuple[str, ...] = ()
    opens: Callable[[object, set[int]], set[int]] | None = None

    def __post_init__(self):
        unknown = self.about.keys() - set(PLACES)
        if unknown:
            raise ValueError(f"A change is not about {', '.join(sorted(unknown))}.")

    @property
    def kind(self) -> str:
        return self.model._meta.model_name

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def arguments(self) -> list[str]:
        """What the trigger is told (`functions.KEEP`)."""
        columns = [f"{name}_id" for name in self.about] + ["thing"]
        values = [*self.about.values(), self.page[1]]
        return [
            self.kind, ",".join(self.left_out), self.joins, self.label, self.page[0], ", ".join(columns),
            ", ".join(values),
        ]  # fmt: skip


_KEPT: dict[str, Kept] = {}


def keep(*tables: Kept) -> None:
    """Keep these tables from the next `migrate` on; called once by each room, when it is ready."""
    for one in tables:
        _KEPT[one.kind] = one


def kept() -> dict[str, Kept]:
    """All that is kept, by kind."""
    return _KEPT


def inside() -> list[str]:
    """The kinds that only a district's own office reads."""
    return sorted(one.kind for one in _KEPT.values() if one.inside)


def everywhere() -> list[str]:
    """The kinds that belong to no place, and that everyone reads who reads history at all."""
    return sorted(one.kind for one in _KEPT.values() if one.everywhere)
