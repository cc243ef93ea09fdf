"""A layout nobody had seen, read as a person said: a mapping gives each column its meaning.

A mapping is known again by the names of the columns, whatever their case, spacing and order; the columns that the
portal adds to a file of rows to correct don't count. What it describes is read as the portal's own layouts are.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from assessments.formats.columns import REPORT_COLUMNS
from assessments.formats.instruments import named_by_code, refuse_unnamed
from assessments.formats.long import read_long
from assessments.formats.meanings import LONG, WIDE, kind_of, needs, question_of
from assessments.formats.scores import read_scores
from assessments.formats.seam import AssessmentSpec, Hints, Parsed
from assessments.formats.template import form_of, read_wide
from schools.files.header import fold_heading
from schools.files.issues import FileRefused, issue
from schools.files.table import Table

NAME = "mapped"


def fingerprint(header: Sequence[str]) -> str:
    """What a layout is known by: SHA-256 of its column names, folded and in alphabetical order, as hex digits."""
    names = sorted(fold_heading(heading) for heading in header if fold_heading(heading) not in REPORT_COLUMNS)
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Mapped:
    """A format behind the seam: `headers` as they were when the mapping was made, and what each means."""

    label: str
    headers: tuple[str, ...]
    meanings: tuple[str, ...]
    name: str = NAME

    def recognises(self, header: Sequence[str], specs: Sequence[AssessmentSpec] = ()) -> bool:
        """Whether the file has the columns the mapping was made for."""
        return fingerprint(header) == fingerprint(self.headers)

    def parse(self, table: Table, specs: Sequence[AssessmentSpec], hints: Hints) -> Parsed:
        """The table as its own kind of layout gives it.

        Raises FileRefused: MAPPING_UNFIT where the columns are others or the mapping lacks something, and what the
        kind of layout refuses.
        """
        if not self.recognises(table.header):
            raise FileRefused(issue("MAPPING_UNFIT", row=table.header_line, found="the file has other columns"))
        headings = self.headings(table.header)
        faults = needs(self.headers, self.meanings).faults
        if faults:
            raise FileRefused(issue("MAPPING_UNFIT", row=table.header_line, found=faults[0].rstrip(".")))
        columns = {meaning: heading for meaning, heading in headings.items() if question_of(meaning) is None}
        kind = kind_of(self.meanings)
        if kind == WIDE:
            return self._read_wide(table, headings, columns, specs, hints)
        if kind == LONG:
            return read_long(self.name, table, columns, specs, hints)
        return read_scores(self.name, table, columns, specs, hints)

    def headings(self, header: Sequence[str]) -> dict[str, str]:
        """The file's own heading of each meaning. Columns of one folded name are told apart by their order."""
        waiting: dict[str, list[str]] = {}
        for heading, meaning in zip(self.headers, self.meanings, strict=True):
            waiting.setdefault(fold_heading(heading), []).append(meaning)
        found = {}
        for heading in header:
            folded = fold_heading(heading)
            if folded not in REPORT_COLUMNS:
                found[waiting[folded].pop(0)] = heading
        return {meaning: heading for meaning, heading in found.items() if meaning}

    def _read_wide(
        self,
        table: Table,
        headings: dict[str, str],
        columns: dict[str, str],
        specs: Sequence[AssessmentSpec],
        hints: Hints,
    ) -> Parsed:
        by_position = {position: heading for meaning, heading in headings.items() if (position := question_of(meaning))}
        spec = _form(table, columns.get("subject"), set(by_position), specs, hints)
        items = {
            place: by_position.pop(item.position)
            for place, item in enumerate(spec.items)
            if item.position in by_position
        }
        extra = [issue("ITEM_COLUMN_EXTRA", column=heading) for heading in by_position.values()]
        if "subject" in columns:
            columns["assessment"] = columns.pop("subject")
        return read_wide(self.name, table, spec, items, columns, specs, hints, notes=extra)


def _form(
    table: Table, column: str | None, positions: set[int], specs: Sequence[AssessmentSpec], hints: Hints
) -> AssessmentSpec:
    """The test the sender chose, else the one the file names, else the only one with just these questions."""
    forms = [spec for spec in specs if spec.items]
    if hints.assessment:
        spec = named_by_code(specs, hints.assessment)
        if spec.items:
            return spec
        raise refuse_unnamed(forms)
    return form_of(table, column, forms, lambda spec: {item.position for item in spec.items} == positions)
