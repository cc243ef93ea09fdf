"""Real files that nobody here wrote, through the commands as a clerk would type them."""

import csv
import json
from contextlib import suppress
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from django.core.management import call_command

from assessments.models import Assessment, FormSummary, GroupSummary, ItemSummary, Result
from tests import make

pytestmark = pytest.mark.django_db

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
FRACTIONS = DATA / "item_level" / "fraction_subtraction_536x20.csv"
SKILLS = DATA / "item_level" / "fraction_subtraction_qmatrix.csv"
MAP = DATA / "map_growth"


def run(capsys, *arguments) -> dict:
    """The JSON answer of a command."""
    with suppress(SystemExit):
        call_command(*arguments, "--json")
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def district():
    district = make.district("REAL", "District of real files")
    make.year(district)
    return district


@pytest.fixture
def fractions(district, tmp_path, capsys):
    """The 536 x 20 fraction subtraction answers, its skills mapped as standards from the Q-matrix beside it."""
    if not FRACTIONS.exists():
        pytest.skip("The sample data beside the project is not here.")
    with SKILLS.open() as file:
        rows = list(csv.DictReader(file))
    skills = [name for name in rows[0] if name != "rownames"]
    body = {
        "windows": [{"code": "2025-26/Q1", "name": "Fall", "opens": "2025-09-15", "closes": "2025-10-15"}],
        "standards": [{"framework": "Fraction subtraction", "code": skill} for skill in skills],
        "assessments": [
            {
                "code": "FRAC", "name": "Fraction subtraction", "subject": "Mathematics", "kind": "form",
                "items": [
                    {"position": place, "label": row["rownames"], "points": 1,
                     "standards": [skill for skill in skills if row[skill] == "1"]}
                    for place, row in enumerate(rows, 1)
                ],
            }
        ],
    }  # fmt: skip
    path = tmp_path / "setup.json"
    path.write_text(json.dumps(body))
    assert run(capsys, "configure", str(path))["status"] == "published"
    answer = run(
        capsys, "import_results", str(FRACTIONS), "--assessment", "FRAC", "--window", "2025-26/Q1",
        "--school", "FRACTION SCHOOL", "--create-students", "--publish",
    )  # fmt: skip
    assert answer["status"] == "published", answer
    assert (answer["rows_read"], answer["rows_loaded"]) == (536, 536)
    return pd.read_csv(FRACTIONS).drop(columns="student")


def test_item_statistics_equal_an_independent_computation(fractions):
    total = fractions.sum(axis=1)
    found = {row.item.label: row for row in ItemSummary.objects.filter(network=None).select_related("item")}
    assert len(found) == 20
    for label, answers in fractions.items():
        assert found[label].students == 536
        assert abs(found[label].difficulty - answers.mean()) < 1e-9
        assert abs(found[label].item_rest - np.corrcoef(answers, total - answers)[0, 1]) < 1e-9


def test_reliability_equals_kr_20(fractions):
    p = fractions.mean()
    k, variance = len(p), fractions.sum(axis=1).var(ddof=0)
    kr20 = k / (k - 1) * (1 - (p * (1 - p)).sum() / variance)
    form = FormSummary.objects.get(network=None)
    assert form.reliability_kind == "KR-20" and form.students == 536
    assert abs(form.reliability - kr20) < 1e-9
    assert abs(form.sem - np.sqrt(variance * (1 - kr20))) < 1e-9


def test_skills_are_standards_of_the_form(fractions):
    with SKILLS.open() as file:
        rows = list(csv.DictReader(file))
    asked = [[int(row[f"alpha{n}"]) for row in rows] for n in range(1, 9)]
    possible = sorted(sum(one) * 536 for one in asked)
    earned = sorted(int((fractions.to_numpy() * np.array(one)).sum()) for one in asked)
    summary = GroupSummary.objects.get(school=None, network=None, grade="")
    assert sorted(summary.standard_possible) == possible
    assert sorted(summary.standard_earned) == earned


def test_map_growth_loads_with_strands_and_the_vendors_choice_of_attempts(district, capsys):
    if not MAP.exists():
        pytest.skip("The sample data beside the project is not here.")
    year = make.year(district, "2013-14", starts=make.date(2013, 8, 1), ends=make.date(2014, 6, 30))
    make.window(year, "F", "Fall", make.date(2013, 8, 15), make.date(2013, 12, 1), ["Fall 2013-2014"])
    arguments = [
        "import_results", str(MAP / "Fall2013AssessmentResults.csv"),
        "--students", str(MAP / "Fall2013StudentsBySchool.csv"), "--create-students", "--publish",
    ]  # fmt: skip
    answer = run(capsys, *arguments)
    assert answer["status"] == "published" and answer["format"] == "map_growth"
    assert (answer["rows_read"], answer["rows_loaded"], answer["rows_ignored"]) == (2347, 2186, 161)
    assert {one["assessment"] for one in answer["administrations"]} == {
        "MAP-MATH", "MAP-READING", "MAP-LANGUAGE", "MAP-SCIENCE",
    }  # fmt: skip
    file = pd.read_csv(MAP / "Fall2013AssessmentResults.csv", dtype=str)
    counted = file[(file["MeasurementScale"] == "Mathematics") & (file["GrowthMeasureYN"] == "TRUE")]
    math = Assessment.objects.get(code="MAP-MATH")
    assert math.kind == "adaptive" and not math.items.exists() and "Geometry" in math.strands
    ours = Result.objects.filter(administration__assessment=math)
    assert ours.count() == 681
    by_number = dict(ours.values_list("student__number", "scale_score"))
    theirs = dict(zip(counted["StudentID"], counted["TestRITScore"].astype(float), strict=True))
    assert {number: by_number[number] for number in theirs} == theirs
    assert any(one["code"] == "RETAKE_IGNORED" and one["level"] == "note" for one in answer["issues"])
    again = run(capsys, *arguments)
    assert (again["rows_loaded"], again["rows_unchanged"]) == (2186, 2186)
