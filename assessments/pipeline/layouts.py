"""Which layout a file has: one the portal knows, one that a person of the district has mapped, or neither."""

from collections.abc import Sequence

from django.urls import reverse

from assessments.formats.columns import has_student_column
from assessments.formats.mapped import NAME as MAPPED
from assessments.formats.mapped import Mapped, fingerprint
from assessments.formats.registry import by_name, recognise
from assessments.formats.seam import AssessmentSpec, Format
from assessments.models import ColumnMapping, Upload
from assessments.pipeline.uploads import Options
from schools.files.issues import FileRefused, Issue, issue
from schools.files.table import Table
from schools.models import District


class LayoutUnknown(FileRefused):
    """Nobody has seen this layout yet: a person has to say what its columns are."""


def layout_of(
    upload: Upload, table: Table, options: Options, specs: Sequence[AssessmentSpec]
) -> tuple[Format, ColumnMapping | None]:
    """The format to read a file by, and the kept mapping behind it where there is one.

    The layout a person chose comes first, then those the portal knows, then the mapping kept for these columns.
    Raises LayoutUnknown where none fits.
    """
    if options.format and options.format != MAPPED:
        return by_name(options.format), None
    asked = [spec for spec in specs if not options.assessment or spec.code == options.assessment]
    known = recognise(table, asked) if not options.format else None
    if known:
        return known, None
    mapping = mapping_for(upload.district, table.header)
    if mapping is None:
        raise LayoutUnknown(_missing(table))
    return mapped_by(mapping), mapping


def mapping_for(district: District, header: Sequence[str]) -> ColumnMapping | None:
    """The mapping the district keeps for files with these columns."""
    kept = ColumnMapping.objects.filter(district=district, fingerprint=fingerprint(header))
    return kept.select_related("by").first()


def mapped_by(mapping: ColumnMapping) -> Mapped:
    """The format that a kept mapping is."""
    return Mapped(f'the mapping "{mapping.name}"', tuple(mapping.headers), tuple(mapping.meanings))


def where_to_map(upload: Upload) -> Issue:
    """What is said beside the refusal of an unknown layout: the page on which a person can name its columns."""
    return issue("UNKNOWN_LAYOUT", page=reverse("assessments:upload_mapping", args=[upload.pk]))


def _missing(table: Table) -> Issue:
    """What the portal looked for and did not find."""
    lacking = "score, and none headed like a question" if has_student_column(table.header) else "student_id"
    return issue("MISSING_COLUMN", row=table.header_line, column=lacking)
