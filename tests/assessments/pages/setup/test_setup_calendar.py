"""Tests, years, windows and standards added and changed on their pages."""

import pytest

from assessments.configuration.applying import apply_configuration
from assessments.configuration.saving import ConfigurationRefused
from assessments.models import Assessment, Standard, Window
from schools.models import SchoolYear
from tests import make
from tests.assessments.pages.setup.typed import QUESTION, levels, set_of
from tests.assessments.sending import wide
from tests.look.markup import faults

pytestmark = pytest.mark.django_db


TEST = {"code": "QM6", "name": "Quarterly Math 6", "kind": "form", "retake_rule": "best", "grades": ["06"]}


def test_a_test_is_added_once_however_often_the_button_is_pressed(setup):
    for _ in range(2):
        setup.post(setup.admin, "/tests/add/", **TEST)
    made = Assessment.objects.get(code="QM6")
    assert (made.district, made.series, made.grades) == (setup.district, "QM6", ["06"])
    refused = setup.post(setup.admin, "/tests/add/", status=200, **TEST | {"name": "Another"})
    assert "QM6 stands already" in refused
    assert "Paste the item list" in setup.get(setup.admin, f"/tests/{made.pk}/")


def test_rules_of_a_test_change_but_not_its_code(fall):
    typed = {
        "name": "Math Five",
        "retake_rule": "first",
        "grades": ["05"],
        "series": "QM",
        "code": "X",
        "kind": "scores",
    }
    fall.post(fall.admin, f"{fall.page}edit/", **typed, benchmark_level="2", scale="Q scale")
    fall.math.refresh_from_db()
    assert (fall.math.name, fall.math.code, fall.math.kind, fall.math.scale) == ("Math Five", "QM5", "form", "Q scale")
    assert "level 2 Basic and above" in fall.get(fall.teacher, fall.page)
    assert "numbered 1 to 9" in fall.post(fall.admin, f"{fall.page}edit/", status=200, **typed, benchmark_level="12")


def test_a_changed_series_measures_growth_anew(fall, send):
    from assessments.models import GrowthSummary

    first, second = fall.students[:2]
    send(wide((first, "A", "B", "C", "D"), (second, "A", "B", "A", "A")), window="2025-26/Q2", publish=True)
    assert set(GrowthSummary.objects.values_list("kind", flat=True)) == {"standing"}
    typed = {"name": "Math Five", "retake_rule": "first", "grades": ["05"], "series": "NEW"}
    fall.post(fall.admin, f"{fall.page}edit/", **typed)
    assert GrowthSummary.objects.filter(series="NEW").exists()


def test_years_and_windows(setup):
    year = {"code": "2026-27", "starts": "2026-08-24", "ends": "2027-06-14"}
    for _ in range(2):
        setup.post(setup.admin, "/tests/years/add/", **year)
    made = SchoolYear.objects.get(code="2026-27")
    window = {"year": made.pk, "code": "Q1", "name": "Fall", "opens": "2026-09-14", "closes": "2026-10-14",
              "aliases": "Fall 2026-2027\n\n Fall  26 \nFall 26"}  # fmt: skip
    for _ in range(2):
        setup.post(setup.admin, "/tests/windows/add/", **window)
    held = Window.objects.get(year=made)
    assert held.aliases == ["Fall 2026-2027", "Fall 26"]
    assert "Fall 2026-2027\nFall 26" in setup.get(setup.admin, f"/tests/windows/{held.pk}/edit/")
    setup.post(setup.admin, f"/tests/windows/{held.pk}/edit/", **window | {"closes": "2026-10-20", "code": "Z"})
    held.refresh_from_db()
    assert (held.code, held.closes.day) == ("Q1", 20)
    backward = window | {"opens": "2026-11-01"}
    assert "cannot be before" in setup.post(setup.admin, f"/tests/windows/{held.pk}/edit/", status=200, **backward)
    setup.post(setup.admin, f"/tests/years/{made.pk}/edit/", starts="2026-08-20", ends="2027-06-14")
    made.refresh_from_db()
    assert made.starts.day == 20
    slash = window | {"code": "2026-27/Q2"}
    assert "without the year and the slash" in setup.post(setup.admin, "/tests/windows/add/", status=200, **slash)


def test_the_first_day_of_a_window_says_which_cut_scores_hold(fall):
    fall.post(fall.admin, f"{fall.page}cut-scores/", **set_of("0", "1", valid_from="2025-09-20"))
    before = levels()
    typed = {"name": "Fall", "opens": "2025-09-22", "closes": "2025-10-15", "aliases": ""}
    assert "There are results in this window" in fall.get(fall.admin, f"/tests/windows/{fall.fall.pk}/edit/")
    fall.post(fall.admin, f"/tests/windows/{fall.fall.pk}/edit/", **typed)
    assert set(before.values()) == {3, 1} and set(levels().values()) == {2}


def test_standards(setup):
    typed = {"framework": " PA  Core", "code": "CC.2.2.5.A.1 ", "short_name": "Patterns", "grade": "05"}
    for _ in range(2):
        setup.post(setup.operator, "/tests/standards/add/", **typed)
    made = Standard.objects.get(code="CC.2.2.5.A.1")
    assert made.framework == "PA Core"
    setup.post(setup.admin, f"/tests/standards/{made.pk}/edit/", short_name="Number patterns", code="X")
    made.refresh_from_db()
    assert (made.code, made.short_name) == ("CC.2.2.5.A.1", "Number patterns")
    found = setup.get(setup.teacher, "/tests/standards/?q=number")
    assert "Number patterns" in found and "Volume" not in found and not faults(found)
    assert "No standard was found" in setup.get(setup.teacher, "/tests/standards/?q=zzz")


def test_nobody_reaches_the_set_up_of_a_far_district(setup):
    far = make.assessment(setup.far, name="Far Test")
    assert "Far Test" not in setup.get(setup.admin, "/tests/")
    for path in ("", "edit/", "items/", "questions/1/", "cut-scores/"):
        setup.get(setup.admin, f"/tests/{far.pk}/{path}", status=404)
    setup.get(setup.admin, f"/tests/export/{setup.far.pk}/", status=404)
    setup.post(setup.admin, "/tests/windows/add/", status=200, year=setup.far_year.pk, code="Q1", name="Fall",
               opens="2025-09-15", closes="2025-10-15")  # fmt: skip
    assert not Window.objects.filter(year=setup.far_year).exists()


def test_new_scorings_are_told_to_the_office_and_the_auditor(fall):
    fall.post(fall.admin, f"{fall.page}questions/2/", key="A", **QUESTION)
    for who in (fall.admin, fall.operator, fall.auditor):
        text = fall.get(who, fall.page)
        assert "New scorings" in text and "2 changed in Quarterly Math 5, Fall" in text and "G. Admin" in text
    assert "New scorings" not in fall.get(fall.teacher, fall.page)


def test_a_standard_that_another_district_asks_is_not_renamed_by_this_one(setup):
    far = make.assessment(setup.far, "FAR", "Far test", standards=[setup.fractions])
    path = f"/tests/standards/{setup.fractions.pk}/edit/"
    assert "network&#x27;s office changes it" in setup.get(setup.admin, path, status=403)
    setup.post(setup.admin, path, status=403, short_name="Renamed")
    body = {"standards": [{"framework": "PA Core", "code": setup.fractions.code, "short_name": "Renamed"}]}
    with pytest.raises(ConfigurationRefused, match="another district"):
        apply_configuration(body, setup.district, setup.admin)
    setup.fractions.refresh_from_db()
    assert setup.fractions.short_name == "Add unlike fractions"
    same = {"standards": [body["standards"][0] | {"short_name": "Add unlike fractions"}]}
    assert apply_configuration(same, setup.district, setup.admin).unchanged == 1
    far.items.all().delete()
    setup.get(setup.admin, path)
