"""Every code an import can report. New ones are added here, each with its sentence and its remedy."""

from schools.files.catalogue.kind import Kind
from schools.files.catalogue.repairs import REPAIRS, WARNINGS
from schools.files.catalogue.roster import ROSTER
from schools.files.catalogue.rows import ROW
from schools.files.catalogue.whole_file import WHOLE_FILE

__all__ = ["CATALOGUE", "Kind"]

CATALOGUE: dict[str, Kind] = {**WHOLE_FILE, **ROW, **ROSTER, **REPAIRS, **WARNINGS}
