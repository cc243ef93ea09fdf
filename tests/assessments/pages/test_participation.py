"""Who is still to be tested, class by class, and how many of those enrolled were tested over the windows."""

from datetime import date

import pytest
from django.urls import reverse

from assessments.models import Window
from assessments.queries.participation import NO_CLASS, Took, Untested, by_class
from assessments.queries.school import SchoolResults
from assessments.sentences.participation import (
    ParticipationPicture,
    make_up_sentence,
    missing_words,
)
from assessments.sentences.participation import (
    tested_so_far as so_far,
)
from schools.models import User
from tests import make
from tests.assessments.classes import answers_of, new_student
from tests.assessments.pages.reading import csv_tables, tables_of

CLOSES = date(2025, 12, 12)


def page_of(world, who, window=""):
    return SchoolResults(User.objects.get(pk=who.pk), world.ash, "", window)


def address(world):
    return reverse("assessments:school_results", args=[world.ash.pk])


def table_of(response):
    return next(rows for rows in tables_of(response).values() if rows[0][0] == "Tested of enrolled")


# --- words ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tested", "today", "figure", "missing", "make_up"),
    [
        (27, CLOSES, "27 of 31 so far", "4 not tested", "The window is open until Dec 12: make-up tests by then."),
        (27, date(2025, 12, 13), "27 of 31", "4 not tested",
         "The window ended on Dec 12; a make-up test still counts when its file is published."),
        (31, date(2025, 12, 13), "31 of 31", "all enrolled students", ""),
        (31, CLOSES, "31 of 31 so far", "all enrolled students", ""),
    ],
)  # fmt: skip
def test_an_open_window_says_so_far_and_until_when(tested, today, figure, missing, make_up):
    picture = ParticipationPicture(tested, 31, CLOSES, today)
    assert (so_far(picture), missing_words(picture), make_up_sentence(picture)) == (figure, missing, make_up)


def test_those_in_no_class_come_last_and_names_keep_their_order():
    rows = [
        Untested("Ames, A", "05", None, NO_CLASS),
        Untested("Bell, B", "05", 2, "Math 5, section 502"),
        Untested("Cole, C", "05", 1, "Math 5, section 501"),
        Untested("Dunn, D", "05", 2, "Math 5, section 502"),
    ]
    assert [(one.section, one.names) for one in by_class(rows)] == [
        (1, ("Cole, C",)), (2, ("Bell, B", "Dunn, D")), (None, ("Ames, A",)),
    ]  # fmt: skip


# --- pages ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_untested_stand_by_class(sat, client):
    lopez, few = sat.class_501[-1], sat.students[2]
    page = page_of(sat, sat.principal)
    assert [(one.title, one.names) for one in page.untested_by_class] == [
        ("Math 5, section 501", (lopez.name,)), ("Math 5, section 502", (few.name,)),
    ]  # fmt: skip
    client.force_login(sat.principal)
    text = client.get(address(sat)).content.decode()
    assert f"<li>{lopez.name}</li>" in text and reverse("assessments:section_results", args=[sat.section.pk]) in text
    assert "The window ended on Dec 5;" in text and "17 of 19</span>" in text
    client.post(reverse("assessments:hide_names"), {"hide": "1", "next": address(sat)})
    text = client.get(address(sat)).content.decode()
    assert "Lopez" not in text and text.count("<p>1\u00a0student</p>") == 2


@pytest.mark.django_db
def test_while_the_window_is_open_it_is_so_far(sat, client):
    Window.objects.filter(pk=sat.winter.pk).update(closes=CLOSES)
    client.force_login(sat.principal)
    text = client.get(address(sat)).content.decode()
    assert "17 of 19 so far" in text and "The window is open until Dec 12" in text


@pytest.mark.django_db
def test_who_is_in_a_class_of_another_subject_alone_is_not_missed(sat):
    reader, loose = make.student(sat.district, family_name="Reader"), make.student(sat.district, family_name="Loose")
    for student in (reader, loose):
        make.enroll(student, sat.ash, sat.year)
    make.seat(reader, make.section(sat.ash, sat.year, "R1", "Reading 5", subject="Reading"))
    gone = make.student(sat.district, family_name="Gone")
    make.enroll(gone, sat.ash, sat.year, ends=date(2025, 11, 20))
    groups = {one.title: one.names for one in page_of(sat, sat.principal).untested_by_class}
    assert groups.pop(NO_CLASS) == (loose.name,)
    assert "Reader, Ana" not in str(groups) and "Gone, Ana" not in str(groups)


@pytest.mark.django_db
def test_participation_by_grade_and_window_is_what_can_be_counted(sat, publish, sign_in):
    make.assessment(sat.district, "QM6", "Quarterly Math 6", keys="AB", grades=["06"], series="QM", scale="QMS",
                    standards=[sat.volume])  # fmt: skip
    section = make.section(sat.ash, sat.year, "610", "Math 6", grade="06")
    sixth = []
    for n in range(3):
        student = make.student(sat.district, family_name=f"Sixth{n}")
        make.enroll(student, sat.ash, sat.year, "06")
        make.seat(student, section)
        sixth.append(student)
    publish([(one, "AB", 500) for one in sixth[:2]], window="2025-26/Q2", assessment="QM6")
    rows = {row.grade: row.windows for row in page_of(sat, sat.principal).participation}
    # Fall: all of 501 and four of 502; the student of 502 from the small world was never tested.
    assert rows == {
        "": (Took(18, 19), Took(19, 22)),
        "05": (Took(18, 19), Took(17, 19)),
        "06": (None, Took(2, 3)),
    }
    client = sign_in(sat.leader)
    assert table_of(client.get(address(sat))) == [
        ["Tested of enrolled", "Fall", "Winter 1"],
        ["The school", "18 of 19", "19 of 22"],
        ["Grade 5", "18 of 19", "17 of 19"],
        ["Grade 6", "not tested", "2 of 3"],
    ]
    found = csv_tables(client.post(reverse("assessments:school_export", args=[sat.ash.pk]), {"format": "csv"}))
    assert found["Participation"][1:] == [
        ["Fall", "School", "18", "19"], ["Winter 1", "School", "19", "22"], ["Fall", "05", "18", "19"],
        ["Winter 1", "05", "17", "19"], ["Winter 1", "06", "2", "3"],
    ]  # fmt: skip


@pytest.mark.django_db
def test_one_window_of_one_grade_needs_no_table(sat, client):
    assert page_of(sat, sat.principal, "2025-26/Q1").participation == []


@pytest.mark.django_db
def test_a_teacher_of_the_school_is_told_no_name_and_no_participation(sat, publish, client):
    section = make.section(sat.ash, sat.year, "503")
    make.staff(make.user(), section)
    for window in ("Q1", "Q2"):
        new = [new_student(sat, section, f"Third{window}{n}") for n in range(6)]
        publish([(one, answers_of(n), 500) for n, one in enumerate(new)], window=f"2025-26/{window}")
    client.force_login(sat.teacher)
    text = client.get(address(sat)).content.decode()
    assert "At benchmark" in text and "Participation" not in text and "Lopez" not in text
