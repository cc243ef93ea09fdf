"""Lists: found as they are typed, filtered, in order, in flat queries, and taken away by whom the policy lets."""

from datetime import date

import pytest
from django.db import connection

from schools import search
from schools.composed import compose
from schools.lists import students_found, students_listed
from schools.models import AccessLog, Student
from schools.people_listed import _everybody, people_found, people_listed
from schools.search import Folded, find, folded, keys_of
from tests import make
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_winter")]
STUDENTS = {"ended": "left", "everyone": "everyone"}
AGAIN = {"purpose": "data meeting", "format": "csv"}


@pytest.fixture
def office(client, world):
    return sign_in(client, world.admin)


@pytest.fixture
def named(world):
    """Students of the first district whose names are hard to type."""
    found = {}
    for number, family, given_name in [
        ("A100", "Núñez", "Zoë"), ("A101", "O'Hara-Cruz", "Ana María"), ("A102", "de la Cruz", "Łukasz"),
        ("A103", "Cruz", "Bo"), ("B104", "Ananda", "Cruzita"), ("B105", "Żółć", "Ana"),
    ]:  # fmt: skip
        student = make.student(world.district, number=number, family_name=family, given_name=given_name)
        make.enroll(student, world.ash, world.year)
        found[number] = student
    return found


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("nun", ["A100"]),
        ("NÚÑ", ["A100"]),
        ("ohara", ["A101"]),
        ("o'hara cr", ["A101"]),
        ("cruz", ["A103", "B104", "A101", "A102"]),
        ("de la", ["A102"]),
        ("ana cruz", ["B104", "A101"]),
        ("cruz bo", ["A103"]),
        ("bo cr", ["A103"]),
        ("luk", ["A102"]),
        ("zol", ["B105"]),
        ("ana", ["B104", "B105", "A101"]),
        ("b10", ["B104", "B105"]),
        ("ruz", []),
        ("%", []),
        ("'", ["B104", "A103", "A102", "A100", "A101", "B105"]),  # no letter of a name yet: everybody
        (".", []),
    ],
)
def test_a_student_is_found_by_how_a_name_or_number_begins(world, named, typed, numbers):
    rows = compose(Student.objects.visible_to(world.admin))
    found = [student.number for student in find(rows, typed, "number")]
    assert [number for number in found if number in named] == numbers


def test_nobody_finds_who_is_out_of_sight(world, named):
    for reader in (world.operator, world.far_principal):
        assert not find(compose(Student.objects.visible_to(reader)), "cruz", "number").rows


@pytest.mark.parametrize(
    "text", ["Żółć", "O'Neill-Smith", "Đorđe ÆRØ", "ŞİŞLİ", "Ǻé", "a  b", "Große", "D’Arcy", "张伟"]
)
def test_the_database_folds_as_the_portal_does(db, text):
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + Folded.template % {"expressions": "%s::text"}, [text])
        [inside] = cursor.fetchone()
    assert " ".join(inside.split()) == folded(text)


def test_pages_of_a_search_hold_each_row_once(world):
    for number in range(7):
        make.student(world.district, family_name=f"Same{number}", given_name="Same")
    for number in range(3):
        make.student(world.district, family_name=f"Other{number}", given_name="Same")
    rows, seen = compose(Student.objects.visible_to(world.admin)), []
    for number in range(1, 6):
        page = find(rows, "same", "number", number=number, size=2)
        seen += [student.pk for student in page]
    assert len(seen) == len(set(seen)) == 10
    assert not page.has_next and page.total == 10


def test_who_begins_alike_in_two_ways_takes_nobodys_place(world):
    for number in range(6):
        make.student(world.district, family_name=f"Same{number}", given_name="Same")
    for number in range(6):
        make.student(world.district, family_name=f"Other{number}", given_name="Same")
    assert find(compose(Student.objects.visible_to(world.admin)), "same", "number", size=9).has_next


def test_those_out_of_sight_hide_nobody_who_comes_after_them(world, monkeypatch):
    monkeypatch.setattr(search, "SPARE", 0)
    for number in range(25):
        make.member(make.user(given_name="Al", family_name=f"Same{number:02d}"), "teacher", school=world.far_school)
    last = make.user(given_name="Al", family_name="Same99")
    make.member(last, "teacher", school=world.birch)
    assert find(_everybody(), "same", "email", lambda keys: {last.pk} & set(keys), size=1).rows == [last]
    assert people_found(world.admin, {"q": "same", "role": "", "school": None, "show": ""}, 1).rows == [last]


@pytest.mark.parametrize("show", ["", "ended", "everyone"])
@pytest.mark.parametrize("role", ["", "teacher"])
@pytest.mark.parametrize("in_school", [False, True])
def test_what_a_search_finds_is_what_the_list_holds(world, show, role, in_school):
    gone, back = make.user(family_name="Person Gone"), make.user(family_name="Person Back")
    for person in (gone, back):
        make.member(person, "teacher", school=world.ash, ends=date(2025, 10, 1))
    make.member(back, "principal", school=world.birch, starts=date(2025, 10, 2))
    make.staff(back, world.birch_section)
    merged = make.user(family_name="Person Merged", merged_into=back)
    make.member(merged, "teacher", school=world.ash)
    left = make.student(world.district, family_name="Person Left")
    make.enroll(left, world.ash, world.year, ends=date(2025, 10, 1))
    for reader in (world.admin, world.principal, world.operator, world.coach, world.teacher):
        school = world.ash if in_school else None
        people = {"q": "per", "role": role, "school": school, "show": show}
        assert set(people_found(reader, people, 1)) == set(people_listed(reader, people))
        students = {"find": "fam", "school": school, "grade": "05" if role else "", "show": show and STUDENTS[show]}
        listed = students_listed(reader, students)
        meant = set(listed.filter(pk__in=keys_of(listed, "fam", "number", 99)))
        assert set(students_found(reader, students | {"sort": ""}, 1)) == meant


def test_names_are_posted_and_never_in_an_address(office, named):
    by_post = office.post("/students/", {"find": "nun"})
    assert [student.number for student in by_post.context["page"]] == ["A100"]
    assert "Núñez, Zoë" in by_post.content.decode()
    by_address = office.get("/students/", {"find": "nun"})
    assert len(by_address.context["page"].rows) > 1
    assert AccessLog.objects.filter(what="student list").count() == 2


def test_filters(office, world, named):
    assert {s.number for s in office.post("/students/", {"school": world.birch.pk}).context["page"]} == {
        world.students[3].number
    }
    assert office.post("/students/", {"grade": "06"}).context["page"].total == 1
    assert office.post("/students/", {"show": "left"}).context["page"].total == 0
    assert office.post("/students/", {"school": world.far_school.pk}).status_code == 404


def test_lists_ask_no_more_for_more_rows(office, world, flat):
    def more():
        for _ in range(8):
            student = make.student(world.district)
            make.enroll(student, world.ash, world.year)
            make.section(world.ash, world.year, code=student.number)

    flat("/students/", more, most=12)
    flat("/sections/", more, most=12)
    flat("/schools/", more, most=12)
    flat("/people/", more, most=12)


def test_the_file_holds_what_is_on_screen(office, named):
    answer = office.post("/students/export/", {"find": "cruz", **AGAIN})
    text = b"".join(answer).decode()
    assert text.startswith('\ufeff"# Student records: not to be passed on')
    assert "de la Cruz" in text and "Núñez" not in text
    row = AccessLog.objects.get(action="export")
    assert (row.students, row.purpose) == (4, "data meeting")


def test_a_file_wants_a_purpose(office, named):
    answer = office.post("/students/export/", {"find": "cruz", "format": "csv"})
    assert answer.status_code == 422
    assert not AccessLog.objects.filter(action="export").exists()


@pytest.mark.parametrize("kind", ["people", "schools", "sections"])
def test_other_lists_as_workbooks(office, kind):
    answer = office.post(f"/{kind}/export/", {"format": "xlsx"})
    assert answer.status_code == 200
    assert answer["Content-Disposition"].endswith('.xlsx"')


def test_a_teacher_takes_the_own_class_alone(client, world, named):
    sign_in(client, world.teacher)
    text = b"".join(client.post("/students/export/", {"format": "csv"})).decode()
    assert world.students[0].number in text and world.students[2].number not in text
