"""Questions composed once for a reader are those that would be composed for that reader now."""

from datetime import date
from unittest.mock import patch

import pytest

from schools import lists, people_listed
from schools.access import Standing
from schools.composed import compose
from schools.models import DataAgreement, Membership, NetworkSchool, User
from tests import make

pytestmark = pytest.mark.django_db

# The function, and what it is given beside the reader.
COMPOSED = [
    (lists._in_sight, ()), (lists._ever, (None, "05")), (lists._today, (None, "")),
    (people_listed._with_role, ("", None, "here")), (people_listed._with_role, ("principal", None, "ended")),
    (people_listed._with_class, ("", None, "everyone")),
]  # fmt: skip
ANYBODY = {"find": "fam", "school": None, "grade": "", "show": "", "sort": ""}


def asks_as_composed_now(person) -> None:
    """What was composed for somebody of the same fingerprint is what would be composed for this person now."""
    for once, given_too in COMPOSED:
        assert once(person, *given_too) == compose(once.__wrapped__(person, *given_too)), once.__name__


def test_what_is_composed_once_goes_by_what_the_fingerprint_holds(world):
    people = [value for value in vars(world).values() if isinstance(value, User)]
    with patch.object(Standing, "joined_networks", property(lambda held: pytest.fail("not in the fingerprint"))):
        for person in people:
            asks_as_composed_now(person)
    assert len({person.standing.fingerprint for person in people}) == len(people) == 11


@pytest.mark.usefixtures("in_winter")
def test_a_role_given_or_ended_is_another_question(world):
    def found():
        return set(lists.students_found(User.objects.get(pk=world.colleague.pk), ANYBODY, 1))

    teaches = make.member(world.colleague, "teacher", school=world.birch)
    before = found()
    Membership.objects.filter(pk=teaches.pk).update(role="principal")  # in the same school: nothing else is another
    during = found()
    teaches.delete()
    assert before == found() == {world.students[2]}
    assert during == {world.students[2], world.students[3]}


def test_another_day_is_another_question(world):
    def asked(day):
        person = User.objects.get(pk=world.admin.pk)
        person.standing.today = day
        return lists._today(person, None, "")

    before, after = asked(date(2025, 12, 10)), asked(date(2025, 12, 11))
    assert before.text == after.text
    assert date(2025, 12, 10) in before.params and date(2025, 12, 10) not in after.params


CHANGES = {
    "agreement": ("coach", lambda world: DataAgreement.objects.update(ends="2025-11-30")),
    "network": ("operator", lambda world: NetworkSchool.objects.filter(school=world.ash).update(ends="2025-11-30")),
    "class over": ("teacher", lambda world: world.teacher.sections.update(ends="2025-11-30")),
    "class had before": ("teacher", lambda world: make.staff(world.teacher, world.section, ends="2025-09-30")),
}


@pytest.mark.usefixtures("in_winter")
@pytest.mark.parametrize("what", CHANGES)
def test_what_changes_sight_without_a_role_is_another_question(world, what):
    who, change = CHANGES[what]
    pk = getattr(world, who).pk
    if what == "class had before":
        world.teacher.sections.filter(section=world.section).update(starts="2025-10-01")
    before = User.objects.get(pk=pk)
    kept = [once(before, *given_too) for once, given_too in COMPOSED]
    change(world)
    after = User.objects.get(pk=pk)
    asks_as_composed_now(after)
    assert kept != [once(after, *given_too) for once, given_too in COMPOSED]
