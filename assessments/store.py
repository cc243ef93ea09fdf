"""Where results lie: one partition per administration, earlier rows in the history. Nothing else writes them.

A first load fills a bare table (COPY), which then gets its keys and is attached: ten times faster than filling a
table that has its keys. Later files are merged. Callers hold the lock of the administration (`lock`) and are inside
a transaction.
"""

import numpy as np
from django.db import connection
from django.utils import timezone

from assessments import binary_copy
from assessments.models import Administration, Result, ResultHistory
from assessments.responses import NO_CHOICE, NOT_GIVEN, unpack
from assessments.rows import NO_ID, NO_LEVEL, ResultRows
from schools.locks import Lock

COLUMNS = (
    "administration_id", "student_id", "school_id", "section_id", "upload_id", "tested_on", "points",
    "scale_score", "status", "level", "grade", "points_vector", "choices_vector", "strands",
)  # fmt: skip
LIST = ", ".join(COLUMNS)


def lock(administration_ids) -> dict[int, Administration]:
    """Lock these administrations until the transaction ends, always in the same order; by id."""
    rows = Administration.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=administration_ids)
    return {row.pk: row for row in rows.select_related("assessment", "window__year").order_by("pk")}


def write(administration: Administration, rows: ResultRows, upload_id: int) -> None:
    """Make `rows` current, as written by `upload_id`; rows of the same students move to the history."""
    if not len(rows):
        return
    if administration.has_partition:
        _merge(administration, rows, upload_id)
        return
    with connection.cursor() as cursor:
        # Two first loads at once would each wait for the other's lock on students and schools while attaching.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [Lock.FIRST_LOAD])
        cursor.execute("SELECT result_partition_prepare(%s)", [administration.pk])
        _copy(cursor, f"assessments_result_{administration.pk:d}", administration.pk, rows, upload_id)
        cursor.execute("SELECT result_partition_attach(%s)", [administration.pk])
    administration.has_partition = True
    administration.save(update_fields=["has_partition"])


def set_aside(administration: Administration, student_ids: list[int], upload_id: int) -> int:
    """Move these students' results to the history because a complete file does not name them; how many there were."""
    return _to_history(administration.pk, upload_id, "student_id = ANY(%s)", [student_ids])


def read(administration: Administration, items: int, strands: int, student_ids=None) -> tuple[ResultRows, np.ndarray]:
    """The current rows, of all students or of these, ordered by student, and the upload that wrote each."""
    results = Result.objects.filter(administration=administration)
    if student_ids is not None:
        results = results.filter(student__in=[int(pk) for pk in student_ids])
    names = [name for name in COLUMNS if name != "administration_id"]
    return columns_of(list(results.order_by("student_id").values_list(*names)), items, strands)


def columns_of(records: list[tuple], items: int, strands: int) -> tuple[ResultRows, np.ndarray]:
    """Records in the order of COLUMNS (without the administration) as columns, and the upload of each."""
    if not records:
        empty = ResultRows.none(items)
        return empty, np.empty(0, np.int64)
    (student, school, section, upload, on, points, scale, status, level, grade, answers, chosen, strand) = zip(
        *records, strict=True
    )
    return ResultRows(
        students=np.array(student, np.int64),
        schools=np.array(school, np.int64),
        sections=np.array([NO_ID if pk is None else pk for pk in section], np.int64),
        grades=np.array(grade, object),
        tested=np.array(status) == Result.TESTED,
        dates=np.array(on, "datetime64[D]"),
        points=np.array(points, np.float32),
        scale_scores=np.array(scale, np.float32),
        levels=np.array([NO_LEVEL if one is None else one for one in level], np.int8),
        points_vectors=unpack([bytes(one or bytes([NOT_GIVEN]) * items) for one in answers], items),
        choices_vectors=unpack([bytes(one or bytes([NO_CHOICE]) * items) for one in chosen], items),
        strands=_strand_matrix(strand, strands),
    ), np.array(upload, np.int64)


def _strand_matrix(values: tuple, strands: int) -> np.ndarray | None:
    """Rows written before the test had its newest strands are shorter: the missing ones are NaN."""
    if not strands:
        return None
    matrix = np.full((len(values), strands), np.nan, np.float32)
    for row, value in enumerate(values):
        if value is not None:
            matrix[row, : len(value)] = value
    return matrix


def later_upload(upload_id: int, besides: list[int] | None = None) -> int | None:
    """An upload that stands on this one (other than `besides`), or None.

    It stands on it where it replaced rows this one wrote, or wrote results of students this one had set aside or
    replaced.
    """
    out = [upload_id, *(besides or [])]
    replaced = ResultHistory.objects.filter(upload=upload_id).exclude(replaced_by__in=out)
    newest = replaced.order_by("-replaced_by").values_list("replaced_by", flat=True).first()
    if newest:
        return newest
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(r.upload_id) FROM assessments_resulthistory h JOIN assessments_result r "
            "USING (administration_id, student_id) WHERE h.replaced_by_id = %s AND NOT r.upload_id = ANY(%s)",
            [upload_id, out],
        )
        return cursor.fetchone()[0]


def take_back(administration: Administration, upload_id: int) -> int:
    """Restore what stood before `upload_id`; how many rows changed. The caller has asked `later_upload`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM assessments_result WHERE administration_id = %s AND upload_id = %s",
            [administration.pk, upload_id],
        )
        removed = cursor.rowcount
        cursor.execute(
            f"WITH back AS (DELETE FROM assessments_resulthistory WHERE administration_id = %s "
            f"AND replaced_by_id = %s RETURNING {LIST}) INSERT INTO assessments_result ({LIST}) "
            f"SELECT {LIST} FROM back",
            [administration.pk, upload_id],
        )
        return removed + cursor.rowcount


def _merge(administration: Administration, rows: ResultRows, upload_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE incoming (LIKE assessments_result) ON COMMIT DROP")
        _copy(cursor, "incoming", administration.pk, rows, upload_id)
        _to_history(administration.pk, upload_id, "student_id IN (SELECT student_id FROM incoming)", [])
        cursor.execute(f"INSERT INTO assessments_result ({LIST}) SELECT {LIST} FROM incoming")
        cursor.execute("DROP TABLE incoming")


def _to_history(administration_id: int, upload_id: int, which: str, values: list) -> int:
    """Move the current rows that `which` names to the history, as replaced by this upload."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH gone AS (DELETE FROM assessments_result WHERE administration_id = %s AND {which} "
            f"RETURNING {LIST}) INSERT INTO assessments_resulthistory ({LIST}, replaced_by_id, replaced_at) "
            f"SELECT {LIST}, %s, %s FROM gone",
            [administration_id, *values, upload_id, timezone.now()],
        )
        return cursor.rowcount


def _copy(cursor, table: str, administration_id: int, rows: ResultRows, upload_id: int) -> None:
    count = len(rows)
    vectors = rows.points_vectors
    unanswered = None if vectors is None else (vectors == NOT_GIVEN).all(axis=1)
    unmarked = None if rows.choices_vectors is None else (rows.choices_vectors == NO_CHOICE).all(axis=1)
    columns = [
        binary_copy.integers(np.full(count, administration_id)),
        binary_copy.integers(rows.students),
        binary_copy.integers(rows.schools),
        binary_copy.integers(rows.sections, none=NO_ID),
        binary_copy.integers(np.full(count, upload_id)),
        binary_copy.days(rows.dates),
        binary_copy.reals(rows.points),
        binary_copy.reals(rows.scale_scores),
        binary_copy.integers(rows.tested.astype(np.int16), size=2),
        binary_copy.integers(rows.levels.astype(np.int16), size=2, none=NO_LEVEL),
        binary_copy.short_texts(rows.grades),
        binary_copy.raw_bytes(vectors, count, null=unanswered),
        binary_copy.raw_bytes(rows.choices_vectors, count, null=unmarked),
        binary_copy.real_arrays(rows.strands, count),
    ]
    with cursor.copy(f"COPY {table} ({LIST}) FROM STDIN (FORMAT binary)") as copy:
        for piece in binary_copy.binary_rows(columns, count):
            copy.write(piece)
