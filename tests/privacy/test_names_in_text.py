"""Names and numbers of students are found in what is typed, and words that are only words are not."""

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from schools.models import DataAgreement, Membership, Student
from schools.names_in_text import find, tokens_of
from schools.privacy.typed import named_in_districts, named_in_sight, students_named
from tests import make

STUDENTS = [
    ("N00012", "Lopez", "Ana"), ("N00013", "O'Brien-D'Angelo", "Zoë"), ("N00014", "de la Cruz y Soto", "José María"),
    ("N00015", "Young", "Mark"), ("N00016", "May", "Will"), ("1004821", "Żółć-Ñandú", "Łukasz"),
    ("N00017", "张", "伟"), ("N00018", "عبد الله", "محمد"), ("N00019", "Nguyen", "Quang Minh"),
    ("77", "Short", "Number"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ana Lopez did well.", ["Ana Lopez"]), ("Lopez, Ana", ["Lopez, Ana"]), ("ana lopez", ["ana lopez"]),
        ("ANA LOPEZ", ["ANA LOPEZ"]), ("Ask Ana B. Lopez about it", ["Ana B. Lopez"]),
        ("Ana Maria Lopez", ["Ana Maria Lopez"]), ("Ana Lopez's notebook", ["Ana Lopez"]),
        ("Zoe OBrien D'Angelo", ["Zoe OBrien D'Angelo", "Zoe OBrien"]), ("zoë o’brien", ["zoë o’brien"]),
        ("Jose Cruz and others", ["Jose Cruz"]), ("José María de la Cruz y Soto", None),
        ("Lukasz Zolc", ["Lukasz Zolc"]), ("Mark Young", ["Mark Young"]), ("Will May", ["Will May"]),
        ("今天张伟来了", ["张伟"]), ("محمد عبد الله", None), ("Quang Nguyen", ["Quang Nguyen"]),
        ("N00012 moved away", ["N00012"]), ("n00012", ["n00012"]), ("number 1004821.", ["1004821"]),
        ("SSN 123-45-6789", ["123-45-6789"]),
    ],
)  # fmt: skip
def test_what_names_a_student_is_found(text, words):
    found = [mention.words for mention in find(text, STUDENTS)]
    assert found
    assert words is None or set(found) <= set(words)
    assert all(text[mention.start : mention.end] == mention.words for mention in find(text, STUDENTS))


@pytest.mark.parametrize(
    "text",
    [
        "Mark the answer.", "We may meet in May.", "young learners mark their work", "it may well be, will may help",
        "Ana came late.", "The Lopez Library is open", "Lopez spoke. Ana answered.", "Ana and Mr. Baker; Lopez",
        "Ana worked with the sister of Lopez", "In 2025 we had 77 visits on page 12", "Call 215-555-0100",
        "N000123 and XN00012 and N00012-7 are other numbers", "", "   ", "\n\n", "1/4 + 1/4 = 2/8",
    ],
)  # fmt: skip
def test_what_names_nobody_is_not_found(text):
    assert find(text, STUDENTS) == []


@given(st.text(max_size=80))
def test_any_text_is_read(text):
    for mention in find(text, STUDENTS):
        assert mention.words
    for token in tokens_of(text):
        assert token.start < token.end


# --- in the database -------------------------------------------------------------------------------------


@pytest.fixture
def named(world):
    for number, family, given_name in STUDENTS:
        student = make.student(world.district, number, family, given_name)
        make.enroll(student, world.birch, world.year)
    return world


@pytest.mark.django_db
@pytest.mark.usefixtures("in_winter")
class TestInTheDatabase:
    def test_the_database_finds_the_same_as_the_list(self, named):
        texts = [
            "Ana Lopez", "zoë o’brien", "Jose Cruz", "Lukasz Zolc", "今天张伟来了", "N00012", "Mark the answer",
            "محمد عبد الله", "José María de la Cruz y Soto", "Quang Nguyen came with Will May",
        ]  # fmt: skip
        for text in texts:
            rows = Student.objects.filter(district=named.district)
            assert students_named(text, rows) == find(text, STUDENTS), text

    def test_a_warning_goes_by_ones_own_sight_and_a_public_place_by_the_district(self, named):
        assert named_in_sight("Ana Lopez", named.admin)
        assert not named_in_sight("Ana Lopez", named.principal)
        assert not named_in_sight("Ana Lopez", named.operator)
        assert named_in_districts("Ana Lopez", [named.district.pk])
        assert not named_in_districts("Ana Lopez", [named.far.pk])

    def test_a_reason_that_names_a_student_is_asked_about(self, client, named):
        client.force_login(named.admin)
        role = Membership.objects.get(user=named.colleague)
        data = {"ends": "2025-12-09", "reason": "Lopez, Ana complained"}
        page = client.post(f"/roles/{role.pk}/end/", data).content.decode()
        assert "reads like a student: &quot;Lopez, Ana&quot;" in page
        role.refresh_from_db()
        assert role.ends is None
        assert client.post(f"/roles/{role.pk}/end/", data | {"names_stand": "on"}).status_code == 302
        role.refresh_from_db()
        assert role.end_reason == "Lopez, Ana complained"

    def test_an_agreement_that_everyone_reads_names_no_student(self, client, named):
        client.force_login(named.admin)
        data = {
            "organization": named.psi.pk, "new_organization": "", "district": named.district.pk,
            "function": "Tutoring of Ana Lopez", "schools": [named.birch.pk], "starts": "2025-12-01",
            "ends": "2026-06-30", "names_stand": "on",
        }  # fmt: skip
        page = client.post("/agreements/add/", data).content.decode()
        assert "People who see no student read this" in page
        assert not DataAgreement.objects.filter(function__contains="Ana").exists()

    def test_a_long_text_asks_few_questions(self, named):
        text = " ".join(f"word{number % 400} Ana something {number}" for number in range(700))
        started = time.perf_counter()
        with CaptureQueriesContext(connection) as asked:
            named_in_districts(text, [named.district.pk])
        assert len(asked) <= 12
        assert time.perf_counter() - started < 5
