"""Questions composed once for a reader are those that would be composed for that reader now."""

from unittest.mock import patch

import pytest

from schools import lists, people_listed
from schools.access import Standing
from schools.composed import compose
from schools.models import User
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

    before = found()
    led = make.member(world.colleague, "principal", school=world.birch)
    during = found()
    led.delete()
    assert before == found() == {world.students[2]}
    assert during == {world.students[2], world.students[3]}
