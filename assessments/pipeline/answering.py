"""What is said of a checked file: the answer that page, command line and log all tell."""

import numpy as np
from django.utils import timezone

from assessments.looks import doubtful_keys, doubtful_schools
from assessments.models import Assessment, GroupSummary, Upload, UploadIssue, Window
from assessments.pipeline.checking import Checked, Part
from assessments.pipeline.samples import columns_seen
from assessments.pipeline.shown_rows import shown_rows
from assessments.sentences import percent
from assessments.sentences.uploads import doubtful_key_sentence, doubtful_school_sentence
from schools.dates import day_words
from schools.models import School


def answer_of(checked: Checked) -> dict:
    """The JSON of IMPORTS without id, file and issues, and what the check page shows beside it."""
    notes = [one.message for one in checked.issues if one.level == "note" and one.row is None]
    return {
        "status": checked.status,
        "format": checked.format,
        **checked.counts,
        "administrations": [_administration(part) for part in checked.parts],
        "recognized": checked.label,
        "sheet": checked.table.sheet if checked.table else None,
        "notes": list(dict.fromkeys(notes)),
        "halts": checked.halts,
        "refusal": checked.refused and {"code": checked.refused.code, "message": checked.refused.message},
        "preview": _preview(checked),
        "looks": [look for part in checked.parts for look in (*_looks_at_keys(part), *_looks_at_schools(part))],
        # What the changed students of the preview would have, in their order.
        "changed_to": [score for part in checked.parts for score in _scores(part)][:200],
        "sees": checked.readers.counts,
        "unmapped": checked.unmapped,
        "mapping": _mapping(checked),
        "layout": columns_seen(checked.table),
        **shown_rows(checked),
    }


def _mapping(checked: Checked) -> dict | None:
    """By which mapping the file was read: its id, its name, who made it and when."""
    kept = checked.mapping
    if kept is None:
        return None
    made = day_words(timezone.localdate(kept.at))
    return {"id": kept.pk, "name": kept.name, "by": kept.by.get_full_name(), "on": made}


def issue_rows(upload_id: int, checked: Checked) -> list[UploadIssue]:
    """The issues as rows, in the order of the file."""
    in_order = sorted(checked.issues, key=lambda one: (one.row is not None, one.row or 0))
    return [
        UploadIssue(
            upload_id=upload_id,
            level=one.level,
            code=one.code,
            row=None if one.row is None else int(one.row),
            column=(one.column or "")[:200],
            message=one.message,
            value=one.value or "",
        )
        for one in in_order
    ]


def _administration(part: Part) -> dict:
    compared = part.compared
    return {
        "assessment": part.spec.code,
        "window": part.window.full_code,
        "name": part.name,
        "new": int(compared.new.sum()),
        "changed": int(compared.changed.sum()),
        "same": int(compared.same.sum()),
        "kept": part.kept - len(part.aside),
        "set_aside": len(part.aside),
    }


def _preview(checked: Checked) -> dict:
    shares = [_administration(part) for part in checked.parts]
    counts = {name: sum(one[name] for one in shares) for name in ("new", "changed", "same", "kept", "set_aside")}
    changed = [part.rows.students[part.compared.changed] for part in checked.parts]
    return counts | {
        "changed_students": np.concatenate(changed).tolist()[:200] if changed else [],
        "aside_students": [pk for part in checked.parts for pk in part.aside][:500],
        "absent_students": checked.absent[:500],
    }


def _scores(part: Part) -> list[list[float | None]]:
    """What the changed rows would say: [points, scale score], None for what a row has not."""
    rows = part.rows.take(part.compared.changed)
    pairs = np.column_stack((rows.points, rows.scale_scores)).astype(np.float64)
    return [[None if np.isnan(score) else round(score, 2) for score in pair] for pair in pairs.tolist()]


def _looks_at_keys(part: Part) -> list[dict]:
    """Questions whose key may be wrong."""
    chosen = part.rows.choices_vectors
    if chosen is None:
        return []
    looks = []
    for found in doubtful_keys(part.spec.items, chosen[part.rows.tested]):
        item = part.spec.items[found.place]
        label = item.label or str(item.position)
        sentence = doubtful_key_sentence(label, found.percent, found.letter, item.key)
        looks.append({"kind": "key", "sentence": sentence, "position": item.position})
    return looks


def _looks_at_schools(part: Part) -> list[dict]:
    """Schools that earned far less of the points than in the newest earlier window."""
    vectors = part.rows.points_vectors
    if part.assessment is None or vectors is None or not vectors.shape[1]:
        return []
    earlier = earlier_points(part.assessment, part.window)
    shares = {school: earned / possible for school, (_, earned, possible) in earlier.items()}
    tested = part.rows.tested
    doubtful = doubtful_schools(part.spec.items, vectors[tested], part.rows.schools[tested], shares)
    names = dict(School.objects.filter(pk__in=[one.school for one in doubtful]).values_list("pk", "name"))
    looks = []
    for one in doubtful:
        window, earned, possible = earlier[one.school]
        sentence = doubtful_school_sentence(names[one.school], one.percent, window, percent(earned, possible))
        looks.append({"kind": "school", "sentence": sentence})
    return looks


def earlier_points(assessment: Assessment, window: Window) -> dict[int, tuple[str, float, float]]:
    """For each school the newest earlier window of the year, with the points earned and possible there.

    Of forms of the series for the same grades alone: one grade's form may be harder than another's.
    """
    before = GroupSummary.objects.filter(
        school__isnull=False,
        grade="",
        administration__assessment__district=assessment.district_id,
        administration__assessment__series=assessment.series,
        administration__window__closes__lt=window.opens,
        administration__window__year=window.year_id,
    ).select_related("administration__window", "administration__assessment")
    found: dict[int, tuple[Window, float, float]] = {}
    for row in before.order_by("administration__window__opens"):
        given, possible = row.administration.window, sum(row.standard_possible)
        if not possible or set(row.administration.assessment.grades) != set(assessment.grades):
            continue
        known, earned_there, possible_there = found.get(row.school_id, (given, 0.0, 0.0))
        if known != given:
            earned_there = possible_there = 0.0
        found[row.school_id] = (given, earned_there + sum(row.standard_earned), possible_there + possible)
    return {school: (given.name, earned, possible) for school, (given, earned, possible) in found.items()}


def answer_to_print(upload: Upload) -> dict:
    """The JSON that IMPORTS promises, with all issues."""
    kept = upload.answer
    names = ("rows_read", "rows_loaded", "rows_not_tested", "rows_ignored", "rows_rejected", "rows_unchanged")
    issues = upload.issues.order_by("pk").values("level", "row", "column", "code", "message", "value")
    status = kept.get("status", "rejected") if upload.state != Upload.State.FAILED else "rejected"
    return {
        "status": status,
        "id": upload.pk,
        "format": kept.get("format", ""),
        "sha256": upload.sha256,
        **{name: kept.get(name, 0) for name in names},
        "issues": list(issues),
        "administrations": kept.get("administrations", []),
        "halts": kept.get("halts", []),
        "seconds": kept.get("seconds", 0),
        **({"message": upload.failure} if upload.failure else {}),
    }
