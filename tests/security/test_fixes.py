"""Fixes made to a file pile up with every press; they must neither double nor take longer and longer."""

import time

import pytest

from assessments.models import Upload
from assessments.pipeline.acts import decide
from tests.assessments.pipeline.conftest import send, tested  # noqa: F401  (fixtures)
from tests.assessments.sending import wide

MANY = 60_000


@pytest.fixture
def waiting(tested, send, in_winter):  # noqa: F811
    upload = send(wide((tested.students[0], "A", "B", "C", "Z")))
    assert upload.state in (*Upload.WAITING, Upload.State.REJECTED)
    return upload


def test_the_same_fix_twice_stands_once(waiting, tested):  # noqa: F811
    for _ in range(2):
        decided = decide(waiting, tested.admin, {"blank": [("4", "Z")], "skip_lines": [2]})
        Upload.objects.filter(pk=waiting.pk).update(state=Upload.State.READY)
    decided.refresh_from_db()
    assert decided.options["decisions"] == {"blank": [["4", "Z"]], "skip_lines": [2]}


def test_tens_of_thousands_of_rows_left_out_in_two_presses_take_no_minute(waiting, tested):  # noqa: F811
    decide(waiting, tested.admin, {"skip_lines": list(range(MANY))})
    Upload.objects.filter(pk=waiting.pk).update(state=Upload.State.READY)
    before = time.monotonic()
    decided = decide(waiting, tested.admin, {"skip_lines": list(range(MANY, 2 * MANY))})
    assert time.monotonic() - before < 5
    assert len(decided.options["decisions"]["skip_lines"]) == 2 * MANY
