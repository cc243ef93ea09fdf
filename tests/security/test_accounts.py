"""Nobody comes to another person's rights by way of an account: by its address, or by changing it."""

from datetime import date

import pytest

from schools.models import User
from schools.rights import may_change_person
from tests import make


def test_nobody_takes_a_second_address_and_waits_for_its_roles(world, in_winter, sign_in):
    """Roles and rosters are given by address: an unproved one, taken early, would receive them."""
    browser = sign_in(world.teacher)
    assert browser.get("/accounts/email/").url == "/"
    for act in ("action_add", "action_primary"):
        assert browser.post("/accounts/email/", {act: "", "email": "next.principal@example.org"}).url == "/"
    world.teacher.refresh_from_db()
    assert world.teacher.email == "teacher@example.org"
    assert not world.teacher.emailaddress_set.exclude(email="teacher@example.org").exists()


@pytest.mark.parametrize("starts, ends", [(date(2024, 9, 1), date(2025, 11, 20)), (date(2026, 1, 10), None)])
def test_a_principal_cannot_take_over_who_reads_another_school_still_or_soon(world, in_winter, starts, ends):
    """Their role in the own school is the principal's gift; a class elsewhere, just past or to come, is not."""
    w = world
    both = make.user()
    make.member(both, "teacher", school=w.ash)
    elsewhere = w.far_section
    if ends:
        elsewhere = make.section(w.far_school, make.year(w.far, "2024-25", date(2024, 8, 25), date(2025, 11, 20)))
    make.staff(both, elsewhere, starts=starts, ends=ends)
    principal = User.objects.get(pk=w.principal.pk)
    assert not may_change_person(principal, User.objects.get(pk=both.pk))


def test_a_principal_may_still_correct_who_teaches_in_the_own_school_alone(world, in_winter):
    principal = User.objects.get(pk=world.principal.pk)
    assert may_change_person(principal, User.objects.get(pk=world.teacher.pk))
