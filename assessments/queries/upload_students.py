"""The students whose results a file changes, and those whom a file that says it is complete does not name."""

from assessments.models import Result, Upload
from assessments.pipeline.uploads import Options
from schools.models import Student

CHANGED, ABSENT = "changed", "absent"


def changed_students(user, upload: Upload) -> list[dict]:
    """For each student a file changes: `student`, `now` (the present score) and `then` (the file's), None untested.

    The present score is told before publishing, and where the file holds one administration alone.
    """
    preview, scores = upload.answer.get("preview", {}), upload.answer.get("changed_to", [])
    ids = preview.get("changed_students", [])
    students = Student.objects.visible_to(user).in_bulk(ids)
    now = _present(user, upload, ids) if upload.state != Upload.State.PUBLISHED else None
    return [
        {
            "student": students[pk],
            "known": now is not None,
            "now": now.get(pk) if now is not None else None,
            "then": scores[place] if place < len(scores) else None,
        }
        for place, pk in enumerate(ids)
        if pk in students
    ]


def _present(user, upload: Upload, ids: list[int]) -> dict[int, float | None] | None:
    parts = upload.answer.get("administrations", [])
    if len(parts) != 1:
        return None
    year, _, code = parts[0]["window"].partition("/")
    rows = Result.objects.visible_to(user).filter(
        student__in=ids,
        administration__assessment__district=upload.district_id,
        administration__assessment__code=parts[0]["assessment"],
        administration__window__code=code,
        administration__window__year__code=year,
    )
    found = rows.values_list("student_id", "scale_score", "points")
    return {pk: points if scale is None else scale for pk, scale, points in found}


def students_left_out(user, upload: Upload) -> dict[str, list[Student]]:
    """`with_results`: students a complete file sets aside or would, each with `aside`; `without`: other absent ones."""
    preview, kept = upload.answer.get("preview", {}), Options.of(upload).keep_absent
    aside = set(preview.get("aside_students", []))
    absent = set(preview.get("absent_students", []))
    rows = Student.objects.visible_to(user).filter(pk__in=aside | set(kept) | absent)
    students = list(rows.order_by("family_name", "given_name", "number"))
    for student in students:
        student.aside = student.pk in aside
    held = aside | set(kept)
    return {
        "with_results": [one for one in students if one.pk in held],
        "without": [one for one in students if one.pk not in held],
    }
