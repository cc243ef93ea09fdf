"""Which tables are kept, and what each change of them is about: one list, to which higher rooms add their own."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import Field, Model

PLACES = ("district", "network", "school", "section", "student", "person")
# What a page calls a column whose name is a programmer's; a table says more in `called`.
CALLED = {
    "approve": "agreed to what it asks about", "benchmark_level": "level at benchmark", "created_at": "account made",
    "data_class": "kind of data", "dataagreement": "agreement", "days": "kept for days",
    "economically_disadvantaged": "economically disadvantaged", "end_reason": "why it ended",
    "ended_early_reason": "why it ended early", "english_learner": "English learner", "failure": "why it stopped",
    "function": "purpose", "granted_by": "given by", "iep": "IEP", "invited_at": "invited",
    "is_active": "may sign in", "max_score": "highest score", "nces_code": "NCES code", "position": "place in the test",
    "retake_rule": "which attempt counts", "section": "class", "sha256": "fingerprint of the file",
    "size": "size in bytes", "slug": "address", "sourced_id": "key in the district's roster", "timezone": "time zone",
    "user": "person", "valid_from": "in force since",
}  # fmt: skip


@dataclass(frozen=True)
class Kept:
    """A table whose changes are kept. SQL in it speaks of the row as `r`.

    noun       what one row is called in a sentence
    about      the column of the history (district, network, school, section, student, person) -> what fills it
    joins      where that takes other tables
    label      what the row is called; never a student's name
    page       on whose page it is told, where that is none of `about`, and the key of it
    called     fields whose name is a programmer's -> what a page calls them
    means      fields of codes -> what each code is called
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
    called: dict[str, str] = field(default_factory=dict)
    means: dict[str, dict[str, str]] = field(default_factory=dict)
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

    def name_of(self, column: Field) -> str:
        """What a page calls a field."""
        return self.called.get(column.name) or CALLED.get(column.name) or str(column.verbose_name)

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
