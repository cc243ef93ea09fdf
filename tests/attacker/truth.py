"""What is true, by plain SQL: the children behind every figure, class by class. Nothing of `assessments` is used."""

from collections import defaultdict
from dataclasses import dataclass

from tests.independent.facts import table

BENCHMARK = 3  # "Proficient", where the test names no level of its own
TESTED = """
    SELECT t.series, y.code || '/' || w.code AS window, s.name AS school, r.grade,
           coalesce(r.section_id, 0) AS section,
           count(*) AS n, count(*) FILTER (WHERE r.level >= coalesce(t.benchmark_level, %s)) AS k,
           sum(r.scale_score)::float AS score
    FROM assessments_result r
    JOIN assessments_administration a ON a.id = r.administration_id
    JOIN assessments_assessment t ON t.id = a.assessment_id
    JOIN assessments_window w ON w.id = a.window_id
    JOIN schools_schoolyear y ON y.id = w.year_id
    JOIN schools_school s ON s.id = r.school_id
    WHERE r.status = 1
    GROUP BY 1, 2, 3, 4, 5
"""
LETTERS = """
    SELECT l.series, y.code || '/' || w.code AS window, x.letter, s.name AS school
    FROM assessments_releasedschool x
    JOIN assessments_release l ON l.id = x.release_id
    JOIN assessments_window w ON w.id = l.window_id
    JOIN schools_schoolyear y ON y.id = w.year_id
    JOIN schools_school s ON s.id = x.school_id
    WHERE l.state = 'released' ORDER BY l.number
"""
GROWN = """
    SELECT s.name AS school, b.grade, coalesce(b.section_id, 0) AS section, count(*) AS n,
           sum(b.scale_score - a.scale_score)::float AS change
    FROM assessments_result a
    JOIN assessments_administration x ON x.id = a.administration_id
    JOIN assessments_window v ON v.id = x.window_id
    JOIN schools_schoolyear u ON u.id = v.year_id
    JOIN assessments_result b ON b.student_id = a.student_id AND b.school_id = a.school_id
    JOIN assessments_administration y ON y.id = b.administration_id
    JOIN assessments_window w ON w.id = y.window_id
    JOIN schools_schoolyear z ON z.id = w.year_id
    JOIN schools_school s ON s.id = b.school_id
    WHERE a.status = 1 AND b.status = 1 AND u.code || '/' || v.code = %s AND z.code || '/' || w.code = %s
    GROUP BY 1, 2, 3
"""
PROGRAMS = """
    SELECT s.name AS school, r.grade, coalesce(r.section_id, 0) AS section, p.name AS program,
           CASE p.told WHEN true THEN 'yes' WHEN false THEN 'no' ELSE '?' END AS part, count(*) AS n
    FROM assessments_result r
    JOIN assessments_administration a ON a.id = r.administration_id
    JOIN assessments_window w ON w.id = a.window_id
    JOIN schools_schoolyear y ON y.id = w.year_id
    JOIN schools_school s ON s.id = r.school_id
    JOIN schools_enrollment e ON e.student_id = r.student_id AND e.school_id = r.school_id
    CROSS JOIN LATERAL (
        VALUES ('el', e.english_learner), ('iep', e.iep), ('economic', e.economically_disadvantaged)
    ) p (name, told)
    WHERE r.status = 1 AND y.code || '/' || w.code = %s
    GROUP BY 1, 2, 3, 4, 5
"""
CELLS = """
    SELECT c.place, c.grade, c.subgroup, s.name AS school, c.standard_id AS standard, c.tested, c.rate, c.mean,
           c.growth, c.growth_low, c.growth_high, c.matched_band AS band
    FROM assessments_releasedcell c LEFT JOIN schools_school s ON s.id = c.school_id
    WHERE c.release_id = %s AND c.strand = '' AND c.item_id IS NULL
"""
GRADES = """
    SELECT DISTINCT t.series, i.standard_id AS standard, r.grade
    FROM assessments_item_standards i
    JOIN assessments_item q ON q.id = i.item_id
    JOIN assessments_assessment t ON t.id = q.assessment_id
    JOIN assessments_administration a ON a.assessment_id = t.id
    JOIN assessments_result r ON r.administration_id = a.id
"""
SCALES = """
    SELECT t.series, min(r.scale_score)::float AS lowest, max(r.scale_score)::float AS highest
    FROM assessments_result r
    JOIN assessments_administration a ON a.id = r.administration_id
    JOIN assessments_assessment t ON t.id = a.assessment_id
    WHERE t.scale <> '' AND r.status = 1 GROUP BY 1
"""


@dataclass(frozen=True)
class Class:
    """The students of a school's grade who sit in one class; `moment` parts what is true of it before and after."""

    school: str
    grade: str
    section: int
    moment: str = ""


@dataclass(frozen=True)
class True_:
    """Of one class: students tested, of them at benchmark, their scores added up."""

    n: int
    k: int
    score: float


def classes_of_releases() -> dict[tuple[str, str], dict[Class, True_]]:
    """{(series, window): {class: what is true of it}}."""
    found: dict[tuple[str, str], dict[Class, True_]] = defaultdict(dict)
    for row in table(TESTED, BENCHMARK).itertuples():
        of = Class(row.school, row.grade, int(row.section))
        found[row.series, row.window][of] = True_(int(row.n), int(row.k), float(row.score or 0))
    return found


def letters() -> dict[tuple[str, str], dict[str, str]]:
    """The school of each letter, by release: what a reader might know from elsewhere, so the program is given it."""
    found: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for row in table(LETTERS).itertuples():
        found[row.series, row.window][row.letter] = row.school
    return found


def grades_of_standards() -> dict[tuple[str, str], set[str]]:
    """The grades whose tests ask a standard: {(series, standard): grades}."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in table(GRADES).itertuples():
        found[row.series, str(row.standard)].add(row.grade)
    return found


def scales() -> dict[str, tuple[float, float]]:
    """The least and the greatest score anyone had, of each series with a scale: more than a reader could know."""
    ends = table(SCALES)
    return {row.series: (row.lowest, row.highest) for row in ends.itertuples() if row.lowest == row.lowest}
