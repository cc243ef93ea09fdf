"""A matched block as the rows that would be stored: points, levels by dated cut scores, strands in the test's order."""

from datetime import date

import numpy as np

from assessments.formats.seam import AssessmentSpec, Block
from assessments.levels import Cut, levels_of
from assessments.matching import Matched
from assessments.models import Assessment, Window
from assessments.responses import NO_CHOICE, NOT_GIVEN, UNITS_PER_POINT, earned
from assessments.rows import ResultRows


def result_rows(
    block: Block, matched: Matched, spec: AssessmentSpec, test: Assessment | None, window: Window
) -> ResultRows:
    """The rows that count, as they would be stored. A row without answers has vectors of NOT_GIVEN."""
    keep, items = matched.keep, len(spec.items)
    tested = block.tested[keep]
    none = np.full(len(keep), np.nan, np.float32)
    vectors = np.full((len(keep), items), NOT_GIVEN, np.uint8)
    choices = np.full((len(keep), items), NO_CHOICE, np.uint8)
    points = none.copy() if block.scores is None else block.scores[keep].astype(np.float32)
    if block.points is not None and items:
        vectors[tested] = block.points[keep[tested]]
        answered = tested & (vectors != NOT_GIVEN).any(axis=1)
        points[answered] = earned(vectors[answered]).sum(axis=1, dtype=np.float32) / UNITS_PER_POINT
    if block.choices is not None and items:
        choices[tested] = block.choices[keep[tested]]
    scale = none.copy() if block.scale_scores is None else block.scale_scores[keep].astype(np.float32)
    points[~tested], scale[~tested] = np.nan, np.nan
    grades = matched.grades
    return ResultRows(
        students=matched.student_ids.copy(),
        schools=matched.school_ids.copy(),
        sections=matched.section_ids.copy(),
        grades=grades.astype(object),
        tested=tested,
        dates=_dates_of(block, keep),
        points=points,
        scale_scores=scale,
        levels=levels_in_window(test, scale, points, grades, window.opens),
        points_vectors=vectors,
        choices_vectors=choices,
        strands=_strands(block, keep, test),
    )


def _dates_of(block: Block, keep: np.ndarray) -> np.ndarray:
    if block.dates is None:
        return np.full(len(keep), np.datetime64("NaT", "D"))
    return block.dates[keep].astype("datetime64[D]")


def _strands(block: Block, keep: np.ndarray, test: Assessment | None) -> np.ndarray | None:
    """Strand scores in the test's own order: its known strands first, then those this file brings."""
    names = strand_names(test, block.strands)
    if not names:
        return None
    matrix = np.full((len(keep), len(names)), np.nan, np.float32)
    for place, name in enumerate(block.strands):
        matrix[:, names.index(name)] = block.strand_scores[keep, place]
    matrix[~block.tested[keep]] = np.nan
    return matrix


def strand_names(test: Assessment | None, found: tuple[str, ...]) -> list[str]:
    """The strands of a test after a file that reports `found`: known ones keep their places."""
    known = list(test.strands) if test else []
    return known + [name for name in found if name not in known]


def levels_in_window(
    test: Assessment | None, scale: np.ndarray, points: np.ndarray, grades: np.ndarray, opened: date
) -> np.ndarray:
    """Levels by the cut scores in force on the day the window `opened`.

    Cut scores of a test on a scale are scores of that scale: points alone give no level there.
    """
    if test is None:
        return np.zeros(len(points), np.int8)
    cuts = [Cut(cut.grade, cut.level, cut.name, float(cut.minimum), cut.valid_from) for cut in test.cut_scores.all()]
    scores = (scale if test.scale else np.where(np.isnan(scale), points, scale)).astype(np.float64)
    return levels_of(scores, grades, cuts, opened)
