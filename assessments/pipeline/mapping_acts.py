"""What people do with mappings: name the columns of a file, rename a mapping, put it away."""

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from assessments.formats.mapped import NAME as MAPPED
from assessments.formats.mapped import fingerprint
from assessments.formats.meanings import needs
from assessments.models import ColumnMapping, Upload
from assessments.pipeline.acts import ActRefused, choose_again
from schools.models import User


@transaction.atomic
def name_columns(
    upload: Upload, by: User, *, name: str, headers: Sequence[str], meanings: Sequence[str], assessment: str = ""
) -> ColumnMapping:
    """Keep what the columns mean, and have the file checked again by it; `assessment` is the code of the test chosen.

    A mapping that is kept for these columns is changed, by those who may. Raises ActRefused where the mapping lacks
    something, its name is another's, or the file is past checking; PermissionDenied where it is not theirs to change.
    """
    lacking = needs(headers, meanings).faults
    if lacking:
        raise ActRefused(" ".join(lacking))
    mark = fingerprint(headers)
    of_district = ColumnMapping.objects.select_for_update().filter(district=upload.district_id)
    kept = of_district.filter(fingerprint=mark).first()
    if of_district.filter(name__iexact=name).exclude(pk=kept and kept.pk).exists():
        raise ActRefused(f'Another mapping is called "{name}" already. Give this one a name of its own.')
    said = {"name": name, "headers": list(headers), "meanings": list(meanings)}
    if kept is None:
        kept = ColumnMapping.objects.create(district=upload.district, fingerprint=mark, by=by, **said)
    elif not ColumnMapping.objects.editable_by(by).filter(pk=kept.pk).exists():
        raise PermissionDenied("This mapping is the district's. Ask its office to change it.")
    elif (kept.headers, kept.meanings, kept.name) != (said["headers"], said["meanings"], name):
        for field, value in said.items():
            setattr(kept, field, value)
        kept.by, kept.at = by, timezone.now()
        kept.save()
    changes = {"assessment": assessment} if assessment else {}
    choose_again(upload, by, format=MAPPED, **changes)
    return kept
