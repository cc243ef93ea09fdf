"""The results of an administration scored anew after its key, points or cut scores changed: a version like any other.

What a student marked does not change; what it earned does. The earlier scoring lies in the history.
"""

import hashlib

import numpy as np
from django.utils import timezone

from assessments import store
from assessments.models import Administration, Assessment, Upload, UploadEvent, Window
from assessments.notices import tell_rescored
from assessments.pipeline.growing import measure_growth
from assessments.pipeline.publishing import settle_version
from assessments.pipeline.readers import places_of
from assessments.pipeline.result_rows import levels_in_window
from assessments.pipeline.summarizing import summarize
from assessments.responses import (
    CHOICE_LETTERS,
    MAX_UNITS,
    NO_CHOICE,
    NOT_GIVEN,
    UNITS_PER_POINT,
    earned,
    score_choices,
)
from assessments.rows import ResultRows, same_content
from schools.models import User


def rescore(test: Assessment, by: User | None, reason: str) -> list[Upload]:
    """Score every administration of `test` by its present key and cut scores; the versions this made.

    The caller is inside a transaction. An administration where nothing changes gets no new version, but its
    summaries are made anew: standards may have moved.
    """
    return _rescored(test.administrations, by, reason)


def rescore_window(window: Window, by: User | None) -> list[Upload]:
    """As `rescore` for the tests given in `window`, and in no other: its first day says which cut scores count."""
    return _rescored(window.administrations, by, f"days of window {window.full_code}")


def _rescored(administrations, by: User | None, reason: str) -> list[Upload]:
    held = store.lock(administrations.filter(has_partition=True).values_list("pk", flat=True))
    made = [rescore_administration(administration, by, reason) for administration in held.values()]
    return [upload for upload in made if upload is not None]


def rescore_administration(administration: Administration, by: User | None, reason: str) -> Upload | None:
    """As `rescore`, for one administration that the caller has locked; None where nothing changed."""
    test = administration.assessment
    items = list(test.items.order_by("position"))
    rows, _ = store.read(administration, len(items), len(test.strands))
    fresh = _scored(test, items, rows, administration)
    changed = ~same_content(fresh, rows)
    version = None
    if changed.any():
        version = _version(administration, by, reason, int(changed.sum()))
        store.write(administration, fresh.take(changed), version.pk)
        tell_rescored(version, administration, places_of(fresh, changed))
    summarize(administration)
    measure_growth(administration)
    settle_version(administration)
    return version


def _scored(test: Assessment, items: list, rows: ResultRows, administration: Administration) -> ResultRows:
    fresh = rows.take(np.arange(len(rows)))
    if items and rows.points_vectors is not None:
        keys = np.array([CHOICE_LETTERS.find(item.key) + 1 if item.key else NO_CHOICE for item in items])
        worth = np.array([int(item.points * UNITS_PER_POINT) for item in items])
        by_key = score_choices(rows.choices_vectors, keys, worth)
        marked = (rows.choices_vectors != NO_CHOICE) & (rows.points_vectors <= MAX_UNITS) & (keys != NO_CHOICE)
        fresh.points_vectors = np.where(marked, by_key, rows.points_vectors)
        answered = (fresh.points_vectors != NOT_GIVEN).any(axis=1)
        totals = earned(fresh.points_vectors).sum(axis=1, dtype=np.float32) / UNITS_PER_POINT
        fresh.points = np.where(answered, totals, rows.points).astype(np.float32)
    opened = administration.window.opens
    fresh.levels = levels_in_window(test, fresh.scale_scores, fresh.points, fresh.grades, opened)
    return fresh


def _version(administration: Administration, by: User | None, reason: str, changed: int) -> Upload:
    seal = hashlib.sha256(f"{administration.pk} {administration.version} {reason}".encode()).hexdigest()
    version = Upload.objects.create(
        district_id=administration.assessment.district_id,
        by=by,
        kind=Upload.Kind.RESCORE,
        filename=f"New scoring: {reason}"[:255],
        size=0,
        sha256=seal,
        options={"assessment": administration.assessment.code, "window": administration.window.full_code},
        state=Upload.State.PUBLISHED,
        published_at=timezone.now(),
        answer={"status": "published", "administrations": [{"name": str(administration)}], "rows_loaded": changed},
    )
    UploadEvent.objects.create(upload=version, by=by, act="rescored", detail=f"{reason}: {changed} results changed")
    return version
