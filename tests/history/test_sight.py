"""Who reads which changes."""

import pytest

from schools.models import Act, Change, RosterFlags
from tests import make

pytestmark = pytest.mark.django_db


def seen(user):
    return Change.objects.visible_to(user)


def kinds(user):
    return set(seen(user).values_list("kind", flat=True))


def test_the_district_s_office_reads_all_of_its_district_and_nothing_of_another(world):
    rows = seen(world.admin)
    assert {"student", "enrollment", "sectionenrollment", "section", "membership", "dataagreement"} <= kinds(
        world.admin
    )
    assert set(rows.exclude(district=None).values_list("district", flat=True)) == {world.district.pk}
    assert not rows.filter(school=world.far_school).exists()
    assert not rows.filter(kind="user", person=world.far_principal).exists()
    assert rows.filter(kind="user", person=world.teacher).exists()


@pytest.mark.parametrize("who", ["operator", "auditor"])
def test_who_runs_or_audits_a_network_reads_no_change_about_a_student(world, who):
    user = getattr(world, who)
    assert {"section", "sectionstaff", "membership", "network", "networkschool", "schoolyear"} <= kinds(user)
    assert not seen(user).exclude(student=None).exists()
    assert not kinds(user) & {"student", "enrollment", "sectionenrollment", "rosterimport", "rosterflags"}
    assert not seen(user).filter(school=world.far_school).exists()


def test_a_school_outside_the_network_is_not_the_network_s(world):
    lone = make.school(world.district, "300", "Lone School")
    make.member(world.colleague, "teacher_leader", school=lone)
    assert not seen(world.operator).filter(school=lone).exists()
    assert seen(world.admin).filter(school=lone, kind="membership").exists()


def test_a_principal_reads_the_own_school(world):
    rows = seen(world.principal)
    assert rows.filter(kind="sectionstaff", school=world.ash).exists()
    assert not rows.exclude(kind__in=["user", "organization"]).exclude(school=world.ash).exists()


def test_a_principal_who_leads_elsewhere_too_reads_the_history_of_the_own_school_alone(world):
    make.member(world.principal, "teacher_leader", school=world.birch)
    assert not seen(world.principal).filter(school=world.birch).exclude(kind="user").exists()


@pytest.mark.parametrize("who", ["operator", "auditor"])
def test_how_a_district_reads_its_rosters_is_the_office_s_alone(world, who):
    RosterFlags.objects.create(district=world.district)
    assert "rosterflags" in kinds(world.admin)
    assert "rosterflags" not in kinds(getattr(world, who))


@pytest.mark.parametrize("who", ["teacher", "leader", "coach", "rep", "outsider"])
def test_others_read_none(world, who):
    user = getattr(world, who)
    assert not seen(user).exists()
    assert not Act.objects.visible_to(user).exists()


def test_an_act_is_seen_by_who_sees_something_of_it(world):
    assert Act.objects.visible_to(world.admin).exists()
