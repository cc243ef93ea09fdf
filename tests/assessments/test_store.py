"""Results are written whole, replaced with their history, and put back exactly."""

import numpy as np
import pytest
from django.db import transaction

from assessments import store
from assessments.models import Result, ResultHistory, Upload
from assessments.rows import ResultRows, same_content
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def given(world):
    """An administration of a four-question test, and three uploads."""
    given = make.administration(make.assessment(world.district), make.window(world.year))
    given.uploads = [
        Upload.objects.create(district=world.district, filename=f"{n}.csv", size=1, sha256="0" * 64) for n in range(3)
    ]
    return given


def rows(world, students, first_points=(4, 4, 0, 255)):
    """One row a student; a strand score for the first only."""
    n = len(students)
    vectors = np.tile(np.array(first_points, np.uint8), (n, 1))
    strands = np.full((n, 2), np.nan, np.float32)
    strands[0, 1] = 7
    return ResultRows(
        students=np.array([s.pk for s in students]), schools=np.full(n, world.ash.pk),
        sections=np.array([world.section.pk, *[-1] * (n - 1)]), grades=np.array(["05", *[""] * (n - 1)], object),
        tested=np.ones(n, bool), dates=np.array(["2025-10-01", *["NaT"] * (n - 1)], "datetime64[D]"),
        points=np.arange(n, dtype=np.float32), scale_scores=np.full(n, np.nan, np.float32),
        levels=np.arange(n).astype(np.int8), points_vectors=vectors,
        choices_vectors=np.tile(np.array([1, 2, 3, 0], np.uint8), (n, 1)), strands=strands,
    )  # fmt: skip


def write(given, rows, upload):
    with transaction.atomic():
        held = store.lock([given.pk])[given.pk]
        store.write(held, rows, upload.pk)


def test_what_is_written_is_read_back(world, given):
    ours = rows(world, world.students[:3])
    write(given, ours, given.uploads[0])
    theirs, uploads = store.read(given, 4, 2)
    assert same_content(ours, theirs).all()
    assert set(uploads) == {given.uploads[0].pk}
    result = Result.objects.get(administration=given, student=world.students[1])
    assert result.section is None and result.tested_on is None and result.level == 1 and result.grade == ""


def test_a_second_file_moves_the_first_to_the_history_and_undo_puts_it_back(world, given):
    first = rows(world, world.students[:3])
    write(given, first, given.uploads[0])
    write(given, rows(world, world.students[1:2], (0, 0, 0, 0)), given.uploads[1])
    assert ResultHistory.objects.count() == 1
    assert store.later_upload(given.uploads[0].pk) == given.uploads[1].pk
    with transaction.atomic():
        store.take_back(store.lock([given.pk])[given.pk], given.uploads[1].pk)
    theirs, uploads = store.read(given, 4, 2)
    assert same_content(first, theirs).all() and set(uploads) == {given.uploads[0].pk}
    assert not ResultHistory.objects.exists()
    assert store.later_upload(given.uploads[0].pk) is None


def test_a_result_after_a_setting_aside_stands_in_the_way_of_its_undo(world, given):
    write(given, rows(world, world.students[:2]), given.uploads[0])
    with transaction.atomic():
        held = store.lock([given.pk])[given.pk]
        assert store.set_aside(held, [world.students[0].pk], given.uploads[1].pk) == 1
    assert store.later_upload(given.uploads[1].pk) is None
    write(given, rows(world, world.students[:1]), given.uploads[2])
    assert store.later_upload(given.uploads[1].pk) == given.uploads[2].pk


def test_a_test_without_questions_keeps_scores_alone(world, given):
    ours = rows(world, world.students[:2])
    ours.points_vectors = ours.choices_vectors = ours.strands = None
    write(given, ours, given.uploads[0])
    result = Result.objects.filter(administration=given).first()
    assert result.points_vector is None and result.choices_vector is None and result.strands is None
