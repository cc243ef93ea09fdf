"""What formats and matching need to know of a district, read from the database in few, wide reads."""

import io

import numpy as np
import pandas as pd
from django.db import connection
from django.db.models import Q

from assessments.binary_copy import POSTGRES_EPOCH, read_fixed
from assessments.formats.seam import AssessmentSpec, ItemSpec
from assessments.matching import Enrollments, Roster, Schools, SectionPlaces, Students
from assessments.models import Assessment, Window
from schools.models import GRADES, District, School, SchoolAlias

GRADE_NAMES = np.array(["", *GRADES], object)
FOREVER = 100_000  # days: stands for "no end" on the wire


def specs_of(district: District) -> list[AssessmentSpec]:
    """The district's tests, as a format needs to know them."""
    tests = Assessment.objects.filter(district=district).prefetch_related("items")
    return [spec_of(test) for test in tests]


def spec_of(test: Assessment) -> AssessmentSpec:
    """One test with its questions in their order."""
    items = sorted(test.items.all(), key=lambda item: item.position)
    return AssessmentSpec(
        code=test.code,
        name=test.name,
        subject=test.subject,
        kind=test.kind,
        grades=tuple(test.grades),
        max_score=None if test.max_score is None else float(test.max_score),
        retake_rule=test.retake_rule,
        items=tuple(
            ItemSpec(item.position, item.label, float(item.points), item.key, frozenset(item.choices)) for item in items
        ),
        on_scale=bool(test.scale),
    )


def roster_of(district: District, window: Window, subject: str) -> Roster:
    """Students, and who was where while the window was open (its days, a month before and after for make-ups).

    Sections are those of `subject`, or of no named subject.
    """
    first, last = window.opens - MARGIN, window.closes + MARGIN
    return Roster(
        students=_students(district),
        enrollments=_enrollments(district, first, last),
        sections=_sections(district, first, last, subject),
        schools=_schools(district),
    )


MARGIN = pd.Timedelta(days=31).to_pytimedelta()


def _students(district: District) -> Students:
    text = _copy_out(
        "SELECT id, number, family_name, given_name FROM schools_student WHERE district_id = %s ORDER BY id",
        [district.pk],
        "csv",
    )
    names = ["id", "number", "last", "first"]
    kinds = {"id": np.int64, "number": object, "last": object, "first": object}
    frame = pd.read_csv(io.BytesIO(text), names=names, dtype=kinds, keep_default_na=False, na_filter=False)
    return Students(*(frame[name].to_numpy() for name in names))


def _enrollments(district: District, first, last) -> Enrollments:
    grades = " ".join(f"WHEN '{grade}' THEN {place}" for place, grade in enumerate(GRADES, 1))
    sql = (
        f"SELECT e.student_id, e.school_id, (CASE e.grade {grades} ELSE 0 END)::int4, "  # noqa: S608
        "e.starts - DATE '2000-01-01', e.ends - DATE '2000-01-01' FROM schools_enrollment e "
        "JOIN schools_school s ON s.id = e.school_id "
        "WHERE s.district_id = %s AND e.starts <= %s AND e.ends >= %s"
    )
    rows = _fixed(sql, [district.pk, last, first], ["student", "school", "grade", "starts", "ends"])
    return Enrollments(
        student_ids=rows["student"].astype(np.int64),
        school_ids=rows["school"].astype(np.int64),
        grades=GRADE_NAMES[rows["grade"]],
        starts=_dates(rows["starts"]),
        ends=_dates(rows["ends"]),
    )


def _sections(district: District, first, last, subject: str) -> SectionPlaces:
    sql = (
        "SELECT p.student_id, p.section_id, s.school_id, p.starts - DATE '2000-01-01', "
        "coalesce(p.ends - DATE '2000-01-01', %s) FROM schools_sectionenrollment p "
        "JOIN schools_section s ON s.id = p.section_id JOIN schools_school c ON c.id = s.school_id "
        "WHERE c.district_id = %s AND p.starts <= %s AND (p.ends IS NULL OR p.ends >= %s) "
        "AND (s.subject = '' OR %s = '' OR lower(s.subject) = lower(%s))"
    )
    values = [FOREVER, district.pk, last, first, subject, subject]
    rows = _fixed(sql, values, ["student", "section", "school", "starts", "ends"])
    ends = _dates(rows["ends"])
    ends[rows["ends"] == FOREVER] = np.datetime64("NaT")
    return SectionPlaces(
        student_ids=rows["student"].astype(np.int64),
        section_ids=rows["section"].astype(np.int64),
        school_ids=rows["school"].astype(np.int64),
        starts=_dates(rows["starts"]),
        ends=ends,
    )


def _schools(district: District) -> Schools:
    codes, names = [], []
    for school in School.objects.filter(district=district):
        codes += [(school.pk, code) for code in (school.code, school.state_code, school.nces_code) if code]
        names.append((school.pk, school.name))
    aliases = SchoolAlias.objects.filter(district=district)
    return Schools.of(codes, [*names, *aliases.values_list("school_id", "name")])


def find_window(district: District, words: str, *, year_of=None) -> Window | None:
    """The window that `words` name: "2025-26/Q1", a bare code, a name or an alias; None where none or several do.

    `year_of` (a date) says in which school year a bare code is meant.
    """
    words = words.strip()
    year, slash, code = words.partition("/")
    windows = Window.objects.filter(year__district=district).select_related("year")
    if slash:
        return windows.filter(year__code__iexact=year.strip(), code__iexact=code.strip()).first()
    found = list(windows.filter(Q(code__iexact=words) | Q(name__iexact=words) | Q(aliases__icontains=words)).distinct())
    found = [window for window in found if words.casefold() in _names(window)]
    if len(found) > 1 and year_of is not None:
        found = [window for window in found if window.year.starts <= year_of <= window.year.ends]
    return found[0] if len(found) == 1 else None


def _names(window: Window) -> set[str]:
    return {name.casefold() for name in (window.code, window.name, *window.aliases)}


def _fixed(sql: str, values: list, names: list[str]) -> np.ndarray:
    return read_fixed(_copy_out(sql, values, "binary"), [(name, "i4") for name in names])


def _copy_out(sql: str, values: list, layout: str) -> bytes:
    with connection.cursor() as cursor, cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT {layout})", values) as copy:
        return b"".join(bytes(piece) for piece in copy)


def _dates(since: np.ndarray) -> np.ndarray:
    return POSTGRES_EPOCH + since.astype("timedelta64[D]")
