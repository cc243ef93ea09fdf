"""`manage.py why_can_see`: the same reason that guards the pages, in words or JSON, and exit status 2 for nonsense."""

import json

import pytest
from django.core.management import CommandError, call_command

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_winter")]


def answer(capsys, *arguments) -> dict:
    call_command("why_can_see", *map(str, arguments), json=True)
    return json.loads(capsys.readouterr().out)


def test_the_reason_by_the_portals_id(capsys, world):
    student = world.students[0]
    body = answer(capsys, "teacher@example.org", student.pk)
    assert body == {
        "email": "teacher@example.org",
        "student_id": student.pk,
        "reason": "Teaches the student in Math 5, section 501.",
    }


def test_the_reason_by_the_districts_number(capsys, world):
    student = world.students[0]
    call_command("why_can_see", "PRINCIPAL@example.org", student.number, district="D1")
    assert capsys.readouterr().out == "Leads Ash School, where the student is enrolled.\n"


@pytest.mark.parametrize("who", ["operator", "rep", "auditor", "outsider", "far_principal", "colleague"])
def test_no_reason_is_null(capsys, world, who):
    assert answer(capsys, getattr(world, who).email, world.students[0].pk)["reason"] is None
    call_command("why_can_see", getattr(world, who).email, str(world.students[0].pk))
    assert capsys.readouterr().out == "null\n"


@pytest.mark.parametrize(
    ("email", "student", "district", "words"),
    [
        ("nobody@example.org", "1", None, "Nobody signs in with nobody@example.org."),
        ("teacher@example.org", "999999", None, "There is no student 999999 in the portal."),
        ("teacher@example.org", "9" * 30, None, "There is no student"),
        ("teacher@example.org", "S-1", None, "For the district's own number add --district CODE."),
        ("teacher@example.org", "S-1", "D1", "There is no student S-1 in district D1."),
        ("teacher@example.org", "S-1", "D9", 'There is no district with the code "D9".'),
    ],
)
def test_what_cannot_be_understood_is_said_with_status_2(capsys, world, email, student, district, words):
    with pytest.raises(CommandError) as refusal:
        call_command("why_can_see", email, student, district=district)
    assert refusal.value.returncode == 2
    assert words in str(refusal.value)
    with pytest.raises(SystemExit) as left:
        call_command("why_can_see", email, student, district=district, json=True)
    assert left.value.code == 2
    assert words in json.loads(capsys.readouterr().out)["message"]


def test_a_number_of_another_district_is_another_student(capsys, world):
    world.far_student.number = world.students[0].number
    world.far_student.save()
    call_command("why_can_see", "far@example.org", world.students[0].number, district="D1")
    assert capsys.readouterr().out == "null\n"
    call_command("why_can_see", "far@example.org", world.students[0].number, district="D2")
    assert capsys.readouterr().out.startswith("Leads Far School")
