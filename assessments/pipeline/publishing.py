"""One transaction that makes a checked file current: people it brings, results, summaries, growth, the upload's state.

Readers see the old results or the new ones, never half. What was replaced lies in the history, for undo.
"""

from datetime import date

import numpy as np
from django.db import connection, transaction
from django.utils import timezone

from assessments import store
from assessments.models import Administration, Assessment, Upload, UploadEvent
from assessments.notices import tell_published
from assessments.pipeline.checking import Checked, Part
from assessments.pipeline.district import spec_of
from assessments.pipeline.growing import measure_growth
from assessments.pipeline.newcomers import make_newcomers
from assessments.pipeline.result_rows import levels_in_window, strand_names
from assessments.pipeline.summarizing import summarize
from assessments.rows import ResultRows
from schools.models import User


class Moved(Exception):
    """Results, or the test, changed between the check and the lock: the file has to be checked again."""


class Withdrawn(Exception):
    """The upload no longer waits to be published: a person put it away meanwhile."""


def publish(upload: Upload, checked: Checked, by: User | None) -> None:
    """Make `checked` current.

    Raises Moved where another upload was published or the test was changed meanwhile, Withdrawn where this upload
    was put away.
    """
    with transaction.atomic():
        waiting = Upload.objects.select_for_update(no_key=True).filter(pk=upload.pk, state=Upload.State.PUBLISHING)
        if waiting.first() is None:
            raise Withdrawn
        opened = _first_days(checked.parts)
        # By code: two files that feed the same tests take their locks in the same order.
        parts = sorted(checked.parts, key=lambda part: part.spec.code)
        administrations = [_administration(part, upload, opened[part.window.pk]) for part in parts]
        held = store.lock([one.pk for one in administrations])
        for part, administration in zip(parts, administrations, strict=True):
            if held[administration.pk].version != part.version:
                raise Moved
        for part, administration in zip(parts, administrations, strict=True):
            _publish_part(held[administration.pk], part, upload)
        tell_published(upload, checked)
        Upload.objects.filter(pk=upload.pk).update(
            state=Upload.State.PUBLISHED, published_at=timezone.now(), moved_at=timezone.now(), failure=""
        )
        UploadEvent.objects.create(upload=upload, by=by, act="published", detail=_changes(checked))


def settle_version(administration: Administration) -> None:
    """Say that an administration changed: whatever was made of the earlier version is stale."""
    administration.version += 1
    administration.published_at = timezone.now()
    administration.save(update_fields=["version", "published_at"])


def _first_days(parts: list[Part]) -> dict[int, date]:
    """The first day of each window by its id, held: nobody moves it until this is published."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, opens FROM assessments_window WHERE id = ANY(%s) ORDER BY id FOR SHARE",
            [[part.window.pk for part in parts]],
        )
        return dict(cursor.fetchall())


def _administration(part: Part, upload: Upload, opened: date) -> Administration:
    test = part.assessment or _from_instrument(part, upload)
    # Locked: another file may be bringing strands of its own, and each must find the places of the other's.
    test = Assessment.objects.select_for_update(no_key=True).get(pk=test.pk)
    if part.assessment is not None and (spec_of(test) != part.spec or _other_levels(part, test, opened)):
        raise Moved
    strands = strand_names(test, part.block.strands)
    if strands != test.strands:
        test.strands = strands
        test.save(update_fields=["strands"])
    if part.rows.strands is not None:
        part.rows.strands = _in_places(part.rows.strands, part.strands, strands)
    return Administration.objects.get_or_create(assessment=test, window=part.window)[0]


def _other_levels(part: Part, test: Assessment, opened: date) -> bool:
    """Whether cut scores, or the window's first day, changed so that the checked levels are no longer right."""
    rows = part.rows
    levels = levels_in_window(test, rows.scale_scores, rows.points, rows.grades, opened)
    return not np.array_equal(levels, rows.levels)


def _in_places(scores: np.ndarray, names: list[str], places: list[str]) -> np.ndarray:
    """Strand scores, one column for each of `names`, in the order of `places`; NaN where a name is not told."""
    moved = np.full((len(scores), len(places)), np.nan, np.float32)
    moved[:, [places.index(name) for name in names]] = scores
    return moved


def _from_instrument(part: Part, upload: Upload) -> Assessment:
    instrument = part.instrument
    return Assessment.objects.get_or_create(
        district=upload.district,
        code=instrument.code,
        defaults={
            "name": instrument.name,
            "subject": instrument.subject,
            "kind": instrument.kind,
            "grades": list(instrument.grades),
            "scale": instrument.scale,
            "series": instrument.code,
            "retake_rule": Assessment.RetakeRule.VENDOR,
        },
    )[0]


def _publish_part(administration: Administration, part: Part, upload: Upload) -> None:
    make_newcomers(part, upload)
    first = not administration.has_partition
    written = part.rows.take(part.compared.new | part.compared.changed)
    store.write(administration, _in_class_order(written), upload.pk)
    set_aside = store.set_aside(administration, part.aside, upload.pk) if part.aside else 0
    if not len(written) and not set_aside:
        return
    summarize(administration, written if first else None)
    measure_growth(administration)
    settle_version(administration)


def _in_class_order(rows: ResultRows) -> ResultRows:
    """Rows of one class lie side by side, so that a class page reads few blocks."""
    return rows.take(np.lexsort((rows.sections, rows.schools)))


def _changes(checked: Checked) -> str:
    new = sum(int(part.compared.new.sum()) for part in checked.parts)
    changed = sum(int(part.compared.changed.sum()) for part in checked.parts)
    return f"{new} new, {changed} changed, {sum(len(part.aside) for part in checked.parts)} set aside"
