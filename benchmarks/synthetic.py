"""Seeded synthetic districts and result files, the same every time."""

import io
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db import connection

from assessments.models import Assessment, Item, Standard, Window
from schools.models import District, Network, NetworkSchool, SchoolYear

ITEMS = 40
STANDARDS = 8
LETTERS = np.array(list("ABCD"))


@dataclass(frozen=True, slots=True)
class Size:
    """How large a district is; sections of about 25 students, schools of about 540."""

    name: str
    students: int
    schools: int
    rounds: int


NETWORK = Size("network", 567, 12, 7)
DISTRICT = Size("district", 118_000, 218, 5)


def make_district(size: Size) -> District:
    """A district with its schools, sections, students and enrollments, in one network; not timed."""
    district = District.objects.create(code=f"B-{size.name}", name=f"Benchmark {size.name}")
    year = SchoolYear.objects.create(
        district=district, code="2025-26", starts=date(2025, 8, 25), ends=date(2026, 6, 15)
    )
    network = Network.objects.create(slug=f"b-{size.name}", name=size.name, starts=year.starts)
    with connection.cursor() as cursor:
        for statement in ROSTER:
            cursor.execute(
                statement,
                {"district": district.pk, "year": year.pk, "students": size.students, "schools": size.schools},
            )
    few = district.schools.order_by("pk")[:12]
    NetworkSchool.objects.bulk_create(
        NetworkSchool(network=network, school=school, starts=year.starts) for school in few
    )
    return district


ROSTER = (
    "INSERT INTO schools_school (district_id, code, state_code, nces_code, sourced_id, name) "
    "SELECT %(district)s, n::text, '', '', '', 'School ' || n FROM generate_series(1, %(schools)s) n",
    "INSERT INTO schools_student (district_id, number, sourced_id, family_name, given_name) "
    "SELECT %(district)s, (1000000 + n)::text, '', 'Family' || n, 'Given' "
    "FROM generate_series(1, %(students)s) n",
    "INSERT INTO schools_section (school_id, year_id, code, title, subject, grade, sourced_id, starts, ends) "
    "SELECT s.id, %(year)s, s.id || '-' || n, 'Math', 'Mathematics', '0' || 3 + n %% 6, '', '2025-08-25', "
    "'2026-06-15' FROM schools_school s, generate_series(0, 23) n WHERE s.district_id = %(district)s",
    "CREATE TEMP TABLE seat AS SELECT t.id AS student_id, x.id AS section_id, x.school_id, x.grade "
    "FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM schools_student "
    "WHERE district_id = %(district)s) t JOIN (SELECT x.*, row_number() OVER (ORDER BY x.id) - 1 AS place, "
    "count(*) OVER () AS sections FROM schools_section x JOIN schools_school s ON s.id = x.school_id "
    "WHERE s.district_id = %(district)s) x ON x.place = t.place * x.sections / %(students)s",
    "INSERT INTO schools_enrollment (student_id, school_id, year_id, grade, starts, ends) "
    "SELECT student_id, school_id, %(year)s, grade, '2025-08-25', '2026-06-15' FROM seat",
    "INSERT INTO schools_sectionenrollment (student_id, section_id, starts) "
    "SELECT student_id, section_id, '2025-08-25' FROM seat",
    "DROP TABLE seat",
    "ANALYZE schools_student, schools_enrollment, schools_sectionenrollment",
)


def make_test(district: District, number: int) -> tuple[Assessment, Window]:
    """A test of 40 questions without keys, with a window of its own: each round is a first load."""
    year = district.school_years.get()
    window, _ = Window.objects.get_or_create(
        year=year, code="Q1", defaults={"name": "Fall", "opens": date(2025, 9, 15), "closes": date(2025, 10, 15)}
    )
    test = Assessment.objects.create(
        district=district, code=f"T{number}", series=f"T{number}", name=f"Test {number}", kind="form",
        subject="Mathematics", grades=[f"0{grade}" for grade in range(3, 9)], retake_rule="last",
    )  # fmt: skip
    for level, minimum in enumerate((0, 12, 22, 32), 1):
        test.cut_scores.create(
            grade="", level=level, name=f"Level {level}", minimum=minimum, valid_from=date(2025, 7, 1)
        )
    items = Item.objects.bulk_create(
        Item(assessment=test, position=n, label=str(n), points=1) for n in range(1, ITEMS + 1)
    )
    standards = [Standard.objects.get_or_create(framework="Benchmark", code=f"S{n}")[0] for n in range(STANDARDS)]
    for place, item in enumerate(items):
        item.standards.add(standards[place % STANDARDS])
    return test, window


def result_file(district: District, seed: int) -> bytes:
    """A wide portal template of the whole district: student, section, 40 columns of 0, 1 or blank (4 %)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.number, p.section_id FROM schools_student t JOIN schools_sectionenrollment p "
            "ON p.student_id = t.id WHERE t.district_id = %s ORDER BY t.id",
            [district.pk],
        )
        seats = cursor.fetchall()
    random = np.random.default_rng(seed)
    ability = random.normal(0, 1, len(seats))[:, None]
    chance = 1 / (1 + np.exp(random.normal(0, 1, ITEMS)[None, :] - ability))
    cells = (random.random(chance.shape) < chance).astype(np.uint8) + ord("0")
    rows = np.full((len(seats), ITEMS * 2), ord(","), np.uint8)
    rows[:, 1::2] = cells
    blank = random.random(cells.shape) < 0.04
    text = io.BytesIO()
    text.write(("student_id,section," + ",".join(map(str, range(1, ITEMS + 1))) + "\n").encode())
    keep = np.ones_like(rows, bool)
    keep[:, 1::2] = ~blank
    for (number, section), row, kept in zip(seats, rows, keep, strict=True):
        text.write(f"{number},{section}".encode() + row[kept].tobytes() + b"\n")
    return text.getvalue()
