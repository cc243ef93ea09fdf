"""Before an agreement ends those concerned are told once; after it its people see no student and are told why."""

from datetime import UTC, date, datetime

import pytest
from django.core import mail
from django.utils import timezone

from schools import notices
from schools.models import AccessLog, DataAgreement, Membership, Notice, Student, User
from schools.privacy.agreements import state_of, warn_of_ends
from schools.tasks import warn_of_agreements
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_winter")]
TODAY = date(2025, 12, 10)


def ends(world, day, **fields):
    DataAgreement.objects.filter(pk=world.agreement.pk).update(ends=day, **fields)


def sees(user) -> int:
    return Student.objects.visible_to(User.objects.get(pk=user.pk)).count()


@pytest.mark.parametrize(
    ("starts", "last", "state"),
    [
        (date(2025, 8, 1), date(2026, 6, 30), "in force"), (date(2025, 8, 1), date(2026, 1, 9), "ends soon"),
        (date(2025, 8, 1), date(2026, 1, 10), "in force"), (date(2025, 8, 1), TODAY, "ends soon"),
        (date(2025, 8, 1), date(2025, 12, 9), "ended"), (date(2025, 12, 11), date(2026, 6, 30), "not begun"),
    ],
)  # fmt: skip
def test_how_far_along_an_agreement_is(starts, last, state):
    assert state_of(DataAgreement(starts=starts, ends=last), TODAY) == state


def test_those_concerned_are_told_once_thirty_days_before(world, monkeypatch):
    ends(world, date(2026, 1, 9))
    make.agreement(world.psi, world.far, [world.far_school], ends=date(2026, 6, 30))
    assert warn_of_agreements() == 2
    assert warn_of_ends() == 2
    told = Notice.objects.order_by("user__family_name")
    assert [row.user for row in told] == [world.admin, world.coach]
    assert told[0].words.startswith("The data agreement with Partners in School Improvement ends on Jan 9, 2026.")
    assert told[0].url == f"/agreements/{world.agreement.pk}/"
    assert notices.mail_notices() == 2
    assert {letter.to[0] for letter in mail.outbox} == {"admin@example.org", "coach@example.org"}
    monkeypatch.setattr(timezone, "now", lambda: datetime(2025, 12, 20, 17, tzinfo=UTC))
    warn_of_ends()
    assert Notice.objects.count() == 2


def test_nobody_is_told_of_what_ends_later(world):
    ends(world, date(2026, 1, 10))
    assert warn_of_ends() == 0


def test_it_stands_on_today_of_both(client, world):
    ends(world, date(2026, 1, 5))
    for who, words in ((world.coach, "from then on you see no student"), (world.admin, "ends on Jan 5, 2026")):
        client.force_login(who)
        assert words in client.get("/").content.decode()


@pytest.mark.parametrize("covered", [True, False])
def test_sight_follows_the_days_and_the_schools_of_the_agreement(world, covered):
    world.agreement.schools.set([world.ash if covered else world.birch])
    assert bool(sees(world.coach)) == covered
    for last in (date(2025, 12, 9), TODAY):
        ends(world, last)
        assert bool(sees(world.coach)) == (covered and last == TODAY)
    ends(world, date(2026, 6, 30), starts=date(2025, 12, 11))
    assert not sees(world.coach)


def test_an_agreement_that_names_no_officials_opens_no_student(world):
    DataAgreement.objects.update(names_school_officials=False)
    assert not sees(world.coach)


@pytest.mark.parametrize("page", ["students/", ""])
def test_the_404_tells_the_coach_since_when_and_why(client, world, page):
    url = f"/sections/{world.section.pk}/students/" if page else f"/results/sections/{world.section.pk}/"
    ends(world, date(2025, 12, 5), ended_early_reason="contract not renewed")
    client.force_login(world.coach)
    response = client.get(url)
    words = response.content.decode()
    assert response.status_code == 404
    assert "Your access to the students of Ash School ended on Dec 5, 2025 (contract not renewed)." in words
    assert "the data agreement with Partners in School Improvement, which is over" in words
    assert AccessLog.objects.get(user=world.coach).action == "refused"


def test_the_404_of_a_student_tells_it_too(client, world):
    ends(world, date(2025, 12, 5))
    client.force_login(world.coach)
    words = client.get(f"/students/{world.students[0].pk}/who-can-see/").content.decode()
    assert "ended on Dec 5, 2025" in words
    assert "ended" not in client.get(f"/students/{world.students[3].pk}/who-can-see/").content.decode()


def test_who_left_the_partner_is_told_so(client, world):
    roles = Membership.objects.filter(user=world.coach, organization=world.psi)
    roles.update(ends=date(2025, 11, 30), end_reason="left PSI")
    client.force_login(world.coach)
    words = client.get(f"/sections/{world.section.pk}/students/").content.decode()
    assert "ended on Nov 30, 2025 (left PSI)" in words
    assert "It came with your work for Partners in School Improvement." in words


def test_who_never_had_the_right_reads_nothing(client, world):
    ends(world, date(2025, 12, 5))
    for who in (world.rep, world.operator, world.outsider):
        client.force_login(who)
        assert "ended on" not in client.get(f"/sections/{world.section.pk}/students/").content.decode()


def test_the_page_says_who_works_under_it_and_how_far_along_it_is(client, world, flat):
    DataAgreement.objects.update(reference="Folder 12")
    client.force_login(world.admin)
    url = f"/agreements/{world.agreement.pk}/"
    page = client.get(url).content.decode()
    assert "Given Coach, Ash School" in page
    assert "signed paper: Folder 12" in page
    assert "in force" in page
    client.force_login(world.teacher)
    page = client.get(url).content.decode()
    assert "is assigned to these schools" in page
    assert "Given Coach" not in page
    client.force_login(world.admin)
    flat(url, lambda: [make.member(world.coach, "psi_coach", school=world.birch, starts=TODAY)], most=12)
