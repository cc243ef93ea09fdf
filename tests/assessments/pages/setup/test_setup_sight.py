"""Test set-up as pages: what stands there, and who sees keys when."""

import json

import pytest

from assessments.configuration.exporting import export_configuration
from assessments.models import Item
from tests import make
from tests.assessments.pages.setup.typed import SECRET
from tests.look.markup import faults

pytestmark = pytest.mark.django_db


# --- what stands there ----------------------------------------------------------------------------------


def test_the_list_tells_what_is_set_up(fall):
    text = fall.get(fall.admin, "/tests/")
    assert "Quarterly Math 5" in text and "Fall" in text and "Winter 1" in text and "2025-26/Q1" in text
    assert "open now" in text and "2 standards" in text.replace("\xa0", " ")
    assert not faults(text)
    assert "/tests/add/" in text and "/tests/import/" in text
    read = fall.get(fall.teacher, "/tests/")
    assert "Quarterly Math 5" in read and "/tests/add/" not in read


def test_one_test_in_words(fall):
    text = fall.get(fall.admin, fall.page)
    assert "4 questions on 2 standards. Results of Fall 2025-26 are published." in text
    assert "the last result counts" in text and "level 3 Proficient and above" in text
    assert "Below Basic 0" in text
    assert not faults(text)


def test_pages_say_what_to_do_where_nothing_is_set_up(setup):
    alone = make.user("alone@example.org")
    make.member(alone, "district_admin", district=make.district("D9", "Ninth District"))
    text = setup.get(alone, "/tests/")
    assert "No test yet" in text and "No school year yet" in text and "/tests/import/" in text
    assert "the year comes first" in setup.get(alone, "/tests/windows/add/")
    assert "No tests in sight" in setup.get(setup.outsider, "/tests/")


def test_queries_do_not_grow_with_rows(fall, flat, client):
    client.force_login(fall.admin)

    def more():
        for n in range(6):
            test = make.assessment(fall.district, code=f"T{n}", standards=[fall.fractions])
            make.cuts(test)
            make.administration(test, fall.winter)
        year = make.year(
            fall.district, "2026-27", *[day.replace(year=day.year + 1) for day in (make.STARTS, make.ENDS)]
        )
        make.window(year)

    flat("/tests/", more, most=12)

    def more_of_one():
        for n in range(5, 12):
            Item.objects.create(assessment=fall.math, position=n).standards.add(fall.volume)
        make.cuts(fall.math, grade="06")
        make.administration(fall.math, fall.winter)

    flat(fall.page, more_of_one, most=12)


# --- keys -----------------------------------------------------------------------------------------------


def sees_keys(text):
    return SECRET in text


@pytest.mark.parametrize("who", ["teacher", "leader", "principal", "coach", "operator"])
def test_keys_are_closed_while_the_window_is_open_and_open_after(fall, who):
    reader = getattr(fall, who)
    during = fall.get(reader, fall.page)
    assert not sees_keys(during) and "guessed" not in during and ">Key<" not in during
    assert "open after Oct 15, 2025" in during
    assert "Volume" in during and "Proficient" in during  # standards and cut scores are never closed
    fall.on(2025, 10, 16)
    after = fall.get(reader, fall.page)
    assert sees_keys(after) and "guessed" in after and "✓ key" in after


@pytest.mark.parametrize("who", ["rep", "auditor"])
def test_keys_stay_closed_to_roles_without_students(fall, who):
    fall.on(2026, 3, 1)
    assert not sees_keys(fall.get(getattr(fall, who), fall.page))


def test_every_window_of_the_test_must_have_ended(fall):
    make.administration(fall.math, fall.winter)
    fall.on(2025, 11, 1)  # Fall is over, Winter 1 is to come
    assert not sees_keys(fall.get(fall.teacher, fall.page))
    assert not sees_keys(fall.get(fall.operator, fall.page))
    assert sees_keys(fall.get(fall.admin, fall.page))
    fall.on(2025, 12, 6)
    assert sees_keys(fall.get(fall.teacher, fall.page))


def test_keys_are_for_tests_that_own_students_took(fall):
    fall.on(2025, 10, 16)
    text = fall.get(fall.colleague, fall.page)  # teaches 502; only 501 was tested
    assert not sees_keys(text) and "your own students took" in text
    fall.agreement.delete()
    assert not sees_keys(fall.get(fall.coach, fall.page))


def test_a_test_not_given_yet_shows_its_keys_to_the_office_alone(setup):
    assert sees_keys(setup.get(setup.admin, setup.page))
    for reader in (setup.teacher, setup.operator, setup.rep):
        assert not sees_keys(setup.get(reader, setup.page))


@pytest.mark.parametrize("path", ["questions/1/", "items/"])
def test_who_runs_the_network_changes_a_question_without_reading_its_key(fall, path):
    text = fall.get(fall.operator, f"{fall.page}{path}")
    assert not sees_keys(text) and 'name="key"' not in text and "guessed" not in text
    assert sees_keys(fall.get(fall.admin, f"{fall.page}{path}"))
    fall.post(fall.operator, f"{fall.page}questions/1/", points="1", label="1a", standards="CC.2.1.5.C.1", key="D")
    item = fall.math.items.get(position=1)
    assert (item.label, item.key, item.text) == ("1a", "A", f"What is a {SECRET}?")


def test_the_export_leaves_closed_keys_out(fall):
    path = f"/tests/export/{fall.district.pk}/"
    assert not sees_keys(fall.get(fall.operator, path)) and '"key"' not in fall.get(fall.operator, path)
    assert json.loads(fall.get(fall.admin, path)) == json.loads(json.dumps(export_configuration(fall.district)))
    fall.on(2025, 10, 16)
    assert sees_keys(fall.get(fall.operator, path))
