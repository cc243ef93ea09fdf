"""The set-up file: applied whole or not at all, twice without a change, and a new key scores anew."""

import json
from datetime import date

import pytest
from django.core.management import call_command

from assessments.configuration.applying import apply_configuration
from assessments.configuration.editing import rescored_in
from assessments.configuration.exporting import export_configuration
from assessments.configuration.saving import ConfigurationRefused
from assessments.models import Administration, Assessment, Item, Result, Upload, Window
from assessments.pipeline.acts import ActRefused, undo_upload
from schools.models import District
from tests import make
from tests.assessments.pipeline.conftest import send, tested  # noqa: F401  fixtures
from tests.assessments.sending import wide

pytestmark = pytest.mark.django_db

BODY = {
    "district": {"code": "PHL", "name": "Example District", "timezone": "America/New_York"},
    "school_years": [{"code": "2025-26", "starts": "2025-08-25", "ends": "2026-06-15"}],
    "windows": [
        {"code": "2025-26/Q1", "name": "Fall", "aliases": ["Fall 2025-2026"], "opens": "2025-09-15",
         "closes": "2025-10-15"}
    ],
    "standards": [{"framework": "PA Core", "code": "CC.2.1.3.B.1", "grade": "03", "short_name": "Place value"}],
    "assessments": [
        {
            "code": "M3", "name": "Math 3", "subject": "Mathematics", "grades": ["03"], "kind": "form",
            "max_score": 2, "retake_rule": "ask",
            "items": [
                {"position": 1, "points": 1, "key": "B", "standards": ["CC.2.1.3.B.1"], "label": "1",
                 "choices": {"A": {"text": "12"}, "B": {"text": "21", "suggests": ""}}},
                {"position": 2, "points": 1, "key": "", "standards": [], "label": "2"},
            ],
            "cut_scores": [
                {"grade": "03", "level": 1, "name": "Low", "minimum": 0, "valid_from": "2025-07-01"},
                {"grade": "03", "level": 2, "name": "High", "minimum": 2, "valid_from": "2025-07-01"},
            ],
        }
    ],
}  # fmt: skip


def changed(**assessment):
    """BODY with fields of its one test changed."""
    body = json.loads(json.dumps(BODY))
    body["assessments"][0] |= assessment
    return body


def test_a_file_makes_everything_and_the_second_time_nothing():
    first = apply_configuration(BODY, None)
    assert (first.created, first.changed) == (9, 0)
    second = apply_configuration(BODY, first.district)
    assert (second.created, second.changed, second.unchanged) == (0, 0, 9)
    assert Window.objects.get().full_code == "2025-26/Q1"
    assert Item.objects.get(position=1).standards.get().short_name == "Place value"


def test_what_is_exported_applies_and_changes_nothing():
    district = apply_configuration(BODY, None).district
    exported = json.loads(json.dumps(export_configuration(district)))
    again = apply_configuration(exported, district)
    assert (again.created, again.changed) == (0, 0)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (changed(kind="quiz"), "assessments[0].kind"),
        (changed(items=[{"position": 1}, {"position": 1}]), "same position"),
        (changed(items=[{"position": 1, "points": 0.3}]), "quarters"),
        (changed(items=[{"position": 1, "standards": ["X.9"]}]), 'no standard has the code "X.9"'),
        (changed(items=[{"position": 1, "key": "E", "choices": {"A": {}}}]), "not one of the choices"),
        (changed(cut_scores=[{"grade": "03", "level": 2, "name": "High", "minimum": 2, "valid_from": "2025-07-01"}]),
         "level from 1 up"),
        ({"windows": [{"code": "Q1"}]}, "2025-26/Q1"),
        ({"tests": []}, '"tests" is no part'),
        (BODY | {"district": {"code": "PHL", "name": "x", "timezone": "Mars/Base"}}, "not a time zone"),
        (BODY | {"school_years": [{"code": "2025-26", "starts": "soon", "ends": "2026-06-15"}]}, "not a date"),
    ],
)  # fmt: skip
def test_a_file_with_a_problem_changes_nothing_and_says_where(body, said):
    with pytest.raises(ConfigurationRefused) as refusal:
        apply_configuration(body, District.objects.create(code="PHL", name="Example District"))
    assert any(said in problem for problem in refusal.value.problems), refusal.value.problems
    assert not Assessment.objects.exists() and not Window.objects.exists()


def test_a_changed_key_scores_anew_as_a_version_of_its_own(tested, send):  # noqa: F811
    first, second = tested.students[:2]
    upload = send(wide((first, "A", "B", "C", "A"), (second, "A", "A", "A", "A")), publish=True)
    items = [{"position": n, "key": key} for n, key in enumerate("AACD", 1)]
    applied = apply_configuration({"assessments": [{"code": "QM5", "items": items}]}, tested.district, tested.admin)
    assert len(applied.rescored) == 1
    version = Upload.objects.get(pk=applied.rescored[0])
    points = dict(Result.objects.values_list("student", "points"))
    assert points == {first.pk: 2.0, second.pk: 2.0}
    assert dict(Result.objects.values_list("student", "level")) == {first.pk: 2, second.pk: 2}
    assert version.replaced.count() == 2 and version.events.get().by == tested.admin
    with pytest.raises(ActRefused, match="key"):
        undo_upload(version, tested.admin)
    again = apply_configuration({"assessments": [{"code": "QM5", "items": items}]}, tested.district)
    assert again.rescored == []
    undo_upload(upload, tested.admin)
    assert not Result.objects.exists()


def test_undo_of_a_correction_keeps_the_new_key(tested, send):  # noqa: F811
    first, second = tested.students[:2]
    send(wide((first, "A", "B", "C", "A"), (second, "A", "A", "A", "A")), publish=True)
    fix = send(wide((second, "A", "B", "C", "D")), publish=True)
    items = [{"position": n, "key": key} for n, key in enumerate("AACD", 1)]
    apply_configuration({"assessments": [{"code": "QM5", "items": items}]}, tested.district)
    undo_upload(fix, tested.admin)
    assert dict(Result.objects.values_list("student", "points")) == {first.pk: 2.0, second.pk: 2.0}
    assert fix.replaced.count() == 0


def test_a_test_with_results_keeps_its_questions(tested, send):  # noqa: F811
    send(wide((tested.students[0], "A", "B", "C", "A")), publish=True)
    with pytest.raises(ConfigurationRefused, match="no question can be added"):
        apply_configuration({"assessments": [{"code": "QM5", "items": [{"position": 1}]}]}, tested.district)


@pytest.mark.parametrize("on_the_page", [False, True], ids=["by file", "on the page"])
def test_another_first_day_of_a_window_scores_its_own_results_alone(tested, send, on_the_page):  # noqa: F811
    """A higher bar from September 10 on counts for Fall, until Fall begins before that day."""
    make.cuts(tested.math, minimums=(0, 2, 4, 5), valid_from=date(2025, 9, 10))
    sheet = wide((tested.students[0], "A", "B", "C", "A"))
    send(sheet, publish=True)
    send(sheet, publish=True, window="2025-26/Q2")
    fall, winter = Administration.objects.order_by("window__opens")
    if on_the_page:
        tested.fall.opens = date(2025, 9, 8)
        tested.fall.save()
        rescored = rescored_in(tested.fall, tested.admin)
    else:
        days = {"name": "Fall", "opens": "2025-09-08", "closes": "2025-10-15"}
        body = {"windows": [{"code": "2025-26/Q1"} | days]}
        rescored = apply_configuration(body, tested.district, tested.admin).rescored
    assert len(rescored) == 1
    assert Upload.objects.get(kind="rescore").filename == "New scoring: days of window 2025-26/Q1"
    assert dict(Result.objects.values_list("administration", "level")) == {fall.pk: 3, winter.pk: 2}
    assert list(Administration.objects.order_by("window__opens").values_list("version", flat=True)) == [
        fall.version + 1, winter.version
    ]  # fmt: skip


def test_the_command_answers_in_json(tmp_path, capsys):
    path = tmp_path / "setup.json"
    path.write_text(json.dumps(BODY))
    call_command("configure", str(path), json=True)
    assert json.loads(capsys.readouterr().out)["status"] == "published"
    path.write_text(json.dumps(changed(kind="quiz")))
    with pytest.raises(SystemExit) as left:
        call_command("configure", str(path), json=True)
    answer = json.loads(capsys.readouterr().out)
    assert (
        left.value.code == 1
        and answer["status"] == "rejected"
        and "assessments[0].kind" in answer["issues"][0]["message"]
    )
