"""An address that asks for what is not there: nothing is found, and the log says what was the matter."""

import pytest
from django.urls import reverse

from assessments.models import Administration
from schools.models import AccessLog
from tests import make

pytestmark = pytest.mark.django_db

NO_RIGHT = "No right to it on that day."
CLASS_PAGES = ("section_results", "item_map", "item_detail", "section_export", "item_map_export")


@pytest.fixture
def elsewhere(sat):
    """`sat` with two tests the class never sat: one of its own district, one of another."""
    own = make.assessment(sat.district, "QM6", "Quarterly Math 6")
    far = make.assessment(sat.far, "FAR", "Far test")
    sat.never = make.administration(own, sat.winter)
    sat.foreign = Administration.objects.create(assessment=far, window=make.window(sat.far_year))
    return sat


def asked(browser, sat, name, **query):
    args = [sat.section.pk, 1] if name == "item_detail" else [sat.section.pk]
    address = reverse(f"assessments:{name}", args=args)
    return browser.post(address, query) if name.endswith("export") else browser.get(address, query)


@pytest.mark.parametrize("name", CLASS_PAGES)
@pytest.mark.parametrize("number", ["never", "foreign", "0", "999999", "12345678901", "x", "\u0663", "-1"])
def test_a_test_the_class_never_sat(elsewhere, sign_in, name, number):
    wanted = getattr(elsewhere, number).pk if number in ("never", "foreign") else number
    response = asked(sign_in(elsewhere.teacher), elsewhere, name, administration=wanted)
    assert response.status_code == 404 and "Far test" not in response.content.decode()
    row = AccessLog.objects.get()
    assert (row.action, row.section, row.students) == ("refused", elsewhere.section, 0)
    assert row.why == "The class is in sight, but has no results of the test asked for."


@pytest.mark.parametrize("name", CLASS_PAGES)
@pytest.mark.parametrize("number", ["", "x", "999999"])
def test_out_of_sight_is_the_reason_whatever_is_asked(elsewhere, sign_in, name, number):
    assert asked(sign_in(elsewhere.colleague), elsewhere, name, administration=number).status_code == 404
    assert AccessLog.objects.get().why == NO_RIGHT


def test_a_question_the_test_does_not_have(sat, sign_in):
    browser = sign_in(sat.teacher)
    assert browser.get(reverse("assessments:item_detail", args=[sat.section.pk, 99])).status_code == 404
    assert AccessLog.objects.get().why == "The class is in sight, but its test has no such question."


@pytest.mark.parametrize("query", [{"window": "1999-00/Q1"}, {"series": "FAR"}, {"series": "\x00"}])
@pytest.mark.parametrize("name", ["school_results", "school_explore"])
def test_results_the_school_does_not_have(elsewhere, sign_in, name, query):
    address = reverse(f"assessments:{name}", args=[elsewhere.ash.pk])
    assert sign_in(elsewhere.principal).get(address, query).status_code == 404
    row = AccessLog.objects.get()
    assert row.why == "The school is in sight, but has no results of the test or window asked for."
    assert sign_in(elsewhere.far_principal).get(address, query).status_code == 404
    assert AccessLog.objects.first().why == NO_RIGHT
