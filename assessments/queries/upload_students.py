"""The students whose results a file changes, and those whom a file that says it is complete does not name."""

from assessments.models import Result, Upload
from assessments.pipeline.uploads import Options
from schools.models import Student
from schools.search import by_name

CHANGED, ABSENT = "changed", "absent"


def changed_students(user, upload: Upload) -> list[dict]:
    """For each student a file changes: `student`, `now` (the present result in words) and `then` (the file's).

    The present result is told before publishing, and where the file holds one administration alone; else it is "".
    """
    preview, scores = upload.answer.get("preview", {}), upload.answer.get("changed_to", [])
    ids = preview.get("changed_students", [])
    students = Student.objects.visible_to(user).in_bulk(ids)
    now = _present(user, upload, ids) if upload.state != Upload.State.PUBLISHED else {}
    return [
        {
            "student": students[pk],
            "now": now.get(pk, ""),
            "then": result_words(*scores[place]),
        }
        for place, pk in enumerate(ids)
        if pk in students
    ]


def result_words(points: float | None, scale: float | None) -> str:
    """ "23 points, scale score 538"; "not tested" where there is neither."""
    told = [f"{points:g} {'point' if points == 1 else 'points'}"] if points is not None else []
    told += [f"scale score {scale:g}"] if scale is not None else []
    return ", ".join(told) or "not tested"


def _present(user, upload: Upload, ids: list[int]) -> dict[int, str]:
    parts = upload.answer.get("administrations", [])
    if len(parts) != 1:
        return {}
    year, _, code = parts[0]["window"].partition("/")
    rows = Result.objects.visible_to(user).filter(
        student__in=ids,
        administration__assessment__district=upload.district_id,
        administration__assessment__code=parts[0]["assessment"],
        administration__window__code=code,
        administration__window__year__code=year,
    )
    found = rows.values_list("student_id", "points", "scale_score")
    return {pk: result_words(points, scale) for pk, points, scale in found}


def students_left_out(user, upload: Upload) -> dict[str, list[Student]]:
    """`with_results`: students a complete file sets aside or would, each with `aside`; `without`: other absent ones."""
    preview, kept = upload.answer.get("preview", {}), Options.of(upload).keep_absent
    aside = set(preview.get("aside_students", []))
    absent = set(preview.get("absent_students", []))
    rows = Student.objects.visible_to(user).filter(pk__in=aside | set(kept) | absent)
    students = list(by_name(rows))
    for student in students:
        student.aside = student.pk in aside
    held = aside | set(kept)
    return {
        "with_results": [one for one in students if one.pk in held],
        "without": [one for one in students if one.pk not in held],
    }
