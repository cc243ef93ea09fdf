"""What formats and matching need to know of a district, read from the database in few, wide reads."""

from datetime import timedelta

import numpy as np
from django.db import connection
from django.db.models import Q

from assessments.binary_copy import POSTGRES_EPOCH
from assessments.formats.seam import AssessmentSpec, ItemSpec
from assessments.matching import Enrollments, Roster, Schools, SectionPlaces, Students
from assessments.models import Assessment, Window
from assessments.pipeline.grades import GRADE_CODES, GRADE_OF_CODE
from schools.models import District, School, SchoolAlias

GRADE_NAMES = np.array(GRADE_OF_CODE, object)
FOREVER = 100_000  # days: stands for "no end" on the wire
MARGIN = timedelta(days=31)
SEPARATOR = "\x1f"
EMPTY = np.empty(0, object)


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


def roster_of(district: District, window: Window, subject: str, *, with_names: bool = True) -> Roster:
    """Students, and who was where while the window was open (its days, a month before and after for make-ups).

    Sections are those of `subject`, or of no named subject. Names are read where a file has names to compare.
    """
    first, last = window.opens - MARGIN, window.closes + MARGIN
    return Roster(
        students=_students(district, with_names),
        enrollments=_enrollments(district, first, last),
        sections=_sections(district, first, last, subject),
        schools=_schools(district),
    )


def _students(district: District, with_names: bool) -> Students:
    names = ", ".join(
        f"string_agg(translate({column}, E'\\x1f', ''), E'\\x1f' ORDER BY merged_into_id IS NOT NULL, id)"
        for column in (("number", "family_name", "given_name") if with_names else ("number",))
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(int4send(coalesce(merged_into_id, id)), '' ORDER BY merged_into_id IS NOT NULL, id), "
            f"{names} FROM schools_student WHERE district_id = %s",
            [district.pk],
        )
        ids, *texts = cursor.fetchone()
    found = np.frombuffer(ids or b"", ">i4").astype(np.int64)
    columns = [np.array(text.split(SEPARATOR), object) if text is not None else EMPTY for text in texts]
    if not with_names:
        columns += [np.full(len(found), "", object)] * 2
    return Students(found, *columns)


def _enrollments(district: District, first, last) -> Enrollments:
    grades = " ".join(f"WHEN '{grade}' THEN {code}" for grade, code in GRADE_CODES.items() if code)
    rows = _numbers(
        ["e.student_id", "e.school_id", f"CASE e.grade {grades} ELSE 0 END", since("e.starts"), since("e.ends")],
        "schools_enrollment e JOIN schools_school s ON s.id = e.school_id "
        "WHERE s.district_id = %s AND e.starts <= %s AND e.ends >= %s",
        [district.pk, last, first],
    )
    return Enrollments(rows[0], rows[1], GRADE_NAMES[rows[2]], _dates(rows[3]), _dates(rows[4]))


def _sections(district: District, first, last, subject: str) -> SectionPlaces:
    rows = _numbers(
        [
            "p.student_id",
            "p.section_id",
            "s.school_id",
            since("p.starts"),
            f"coalesce({since('p.ends')}, {FOREVER})",
        ],
        "schools_sectionenrollment p JOIN schools_section s ON s.id = p.section_id "
        "JOIN schools_school c ON c.id = s.school_id "
        "WHERE c.district_id = %s AND p.starts <= %s AND (p.ends IS NULL OR p.ends >= %s) "
        "AND (s.subject = '' OR %s = '' OR lower(s.subject) = lower(%s))",
        [district.pk, last, first, subject, subject],
    )
    ends = _dates(rows[4])
    ends[rows[4] == FOREVER] = np.datetime64("NaT")
    return SectionPlaces(rows[0], rows[1], rows[2], _dates(rows[3]), ends)


def since(column: str) -> str:
    """A date column as the number of days the wire carries."""
    return f"{column} - DATE '2000-01-01'"


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


def _numbers(columns: list[str], source: str, values: list) -> np.ndarray:
    """Whole-number columns of many rows as int64 (columns x rows), in one value on the wire.

    118,000 rows arrive as one byte string: a row at a time would cost more than all the rest of a check.
    """
    packed = " || ".join(f"int4send(({column})::int4)" for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT string_agg({packed}, '') FROM {source}", values)
        data = cursor.fetchone()[0] or b""
    return np.frombuffer(data, ">i4").reshape(-1, len(columns)).T.astype(np.int64)


def _dates(since: np.ndarray) -> np.ndarray:
    return POSTGRES_EPOCH + since.astype("timedelta64[D]")
