"""A small world with one test of four questions, and files sent through the real pipeline in the foreground."""

import pytest

from assessments.models import Upload
from assessments.pipeline import work
from assessments.pipeline.uploads import Options, accept_upload
from tests import make


@pytest.fixture
def tested(world):
    """`world` with standards, a keyed test with cut scores, and the windows Fall and Winter 1."""
    w = world
    w.fractions = make.standard()
    w.volume = make.standard("CC.2.4.5.A.5", "Volume")
    w.math = make.assessment(w.district, keys="ABCD", standards=[w.fractions, w.volume])
    make.cuts(w.math)
    from datetime import date

    w.fall = make.window(w.year)
    w.winter = make.window(w.year, "Q2", "Winter 1", opens=date(2025, 11, 17), closes=date(2025, 12, 5))
    return w


@pytest.fixture
def send(tested):
    """Send a file and work on it in the foreground; `send(text, window=..., publish=True)`."""

    def send(text, *, filename="results.csv", by=None, school=None, students=None, district=None, **options):
        data = text if isinstance(text, bytes) else text.encode()
        options = {"assessment": "QM5", "window": "2025-26/Q1"} | options
        upload = accept_upload(
            district=district or tested.district, data=data, filename=filename, by=by or tested.admin,
            options=Options(**options), school=school, students=students, wake_worker=False,
        )  # fmt: skip
        return advanced(upload)

    return send


def advanced(upload) -> Upload:
    """The upload after the portal did what waits for it."""
    work.advance(upload.pk)
    upload.refresh_from_db()
    return upload


def wide(*rows, columns="student_id,1,2,3,4"):
    """A portal template of four questions; each row is (student, "A", "B", ...)."""
    lines = [columns] + [",".join([getattr(row[0], "number", row[0]), *row[1:]]) for row in rows]
    return "\n".join(lines) + "\n"
