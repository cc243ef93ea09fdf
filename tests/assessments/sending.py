"""Files sent through the real pipeline, and the portal's work on them done in the foreground."""

from assessments.models import Upload
from assessments.pipeline import work
from assessments.pipeline.uploads import Options, accept_upload


def send_to(
    w, text, *, filename="results.csv", by=None, school=None, students=None, district=None, **options
) -> Upload:
    """A file sent to a world with a test, after the portal did what waits for it."""
    data = text if isinstance(text, bytes) else text.encode()
    options = {"assessment": "QM5", "window": "2025-26/Q1"} | options
    upload = accept_upload(
        district=district or w.district, data=data, filename=filename, by=by or w.admin,
        options=Options(**options), school=school, students=students, wake_worker=False,
    )  # fmt: skip
    return advanced(upload)


def advanced(upload) -> Upload:
    """The upload after the portal did what waits for it."""
    work.advance(upload.pk)
    upload.refresh_from_db()
    return upload


def wide(*rows, columns="student_id,1,2,3,4"):
    """A portal template of four questions; each row is (student, "A", "B", ...)."""
    lines = [columns] + [",".join([getattr(row[0], "number", row[0]), *row[1:]]) for row in rows]
    return "\n".join(lines) + "\n"
