"""Sending a file: what may be chosen, what is refused before it is read, and the button pressed twice."""

from pathlib import Path

import pytest

from assessments.models import Upload
from assessments.pipeline.uploads import Options
from tests import make
from tests.assessments.pages.uploads.by_page import file_named, send_by_page, text_of
from tests.assessments.sending import wide
from tests.look.markup import faults
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
FILES = Path(__file__).parents[2] / "files"


def test_the_form_begins_with_the_last_window_and_the_only_test(admin, w):
    page = admin.get("/uploads/new/")
    assert faults(page.content.decode()) == []
    assert page.context["form"].initial == {"window": w.winter, "test": w.math}


def test_a_file_is_taken_checked_and_waits(admin, w):
    upload = send_by_page(admin, wide((w.students[0], "A", "B", "C", "D")), test=w.math.pk, window=w.fall.pk)
    assert upload.state == Upload.State.READY
    assert (upload.by, upload.school, upload.filename) == (w.admin, None, "results.csv")
    assert Options.of(upload) == Options(assessment="QM5", window="2025-26/Q1", asks_columns=True)


def test_the_button_pressed_twice_sends_one_file(admin, w):
    text = wide((w.students[0], "A", "B", "C", "D"))
    for _ in range(2):
        admin.post("/uploads/new/", {"file": file_named("a.csv", text), "test": w.math.pk, "window": w.fall.pk})
    assert Upload.objects.count() == 1
    again = admin.post("/uploads/new/", {"file": file_named("a.csv", text), "test": w.math.pk, "window": w.winter.pk})
    assert again.status_code == 302
    assert Upload.objects.count() == 2  # said to be of another window it is another file


def test_a_file_that_is_published_may_be_sent_again(admin, w, send):
    text = wide((w.students[0], "A", "B", "C", "D"))
    send(text, publish=True)
    assert send_by_page(admin, text, test=w.math.pk, window=w.fall.pk).answer["rows_unchanged"] == 1
    assert Upload.objects.count() == 2


def test_a_file_that_is_too_large_is_refused_by_its_size(admin, w, settings):
    settings.UPLOAD_MAX_BYTES = 100
    page = admin.post("/uploads/new/", {"file": file_named("big.csv", "x" * 101)})
    assert "takes at most" in text_of(page)
    assert faults(page.content.decode()) == []
    assert not Upload.objects.exists()


@pytest.mark.parametrize(("content", "words"), [(None, "Choose the file"), ("", "This file is empty")])
def test_no_file_and_an_empty_one_are_said_beside_the_field(admin, content, words):
    data = {} if content is None else {"file": file_named("a.csv", content)}
    assert words in text_of(admin.post("/uploads/new/", data))
    assert not Upload.objects.exists()


def test_a_principal_sends_for_the_own_school_and_makes_no_students(client, w):
    sign_in(client, w.principal)
    form = client.get("/uploads/new/").context["form"]
    assert list(form.fields["school"].queryset) == [w.ash]
    assert "create_students" not in form.fields
    rows = wide((w.students[0], "A", "B", "C", "D"), (w.students[3], "A", "B", "C", "D"), ("NEW", "A", "B", "C", "D"))
    upload = send_by_page(client, rows, test=w.math.pk, window=w.fall.pk, school=w.ash.pk, create_students="on")
    assert upload.school == w.ash
    assert not Options.of(upload).create_students
    assert sorted(upload.issues.filter(level="error").values_list("code", flat=True)) == [
        "STUDENT_NOT_IN_SCHOOL", "UNKNOWN_STUDENT",
    ]  # fmt: skip


def test_a_principal_cannot_name_another_school_or_none(client, w):
    sign_in(client, w.principal)
    for school in (w.birch.pk, ""):
        data = {"file": file_named("a.csv", "x"), "test": w.math.pk, "window": w.fall.pk, "school": school}
        assert client.post("/uploads/new/", data).status_code == 200
    assert not Upload.objects.exists()


def test_an_admin_of_one_district_who_leads_a_school_of_another_sends_for_that_school_alone(client, w):
    make.member(w.admin, "principal", school=w.far_school)
    far_window = make.window(w.far_year)
    sign_in(client, w.admin)
    data = {"file": file_named("a.csv", "student_id,1\nX,A\n"), "window": far_window.pk}
    assert "Choose the school you lead" in text_of(client.post("/uploads/new/", data))
    upload = send_by_page(client, "student_id,1\nX,A\n", window=far_window.pk, school=w.far_school.pk)
    assert (upload.district, upload.school) == (w.far, w.far_school)


def test_a_window_of_another_district_than_the_test_is_refused(client, w):
    make.member(w.admin, "district_admin", district=w.far)
    far_window = make.window(w.far_year)
    sign_in(client, w.admin)
    data = {"file": file_named("a.csv", "x"), "test": w.math.pk, "window": far_window.pk}
    assert "of another district" in text_of(client.post("/uploads/new/", data))
    data = {"file": file_named("a.csv", "x")}
    assert "more than one district" in text_of(client.post("/uploads/new/", data))
    assert not Upload.objects.exists()


def test_others_do_not_send_files(client, w):
    for person in (w.teacher, w.leader, w.coach, w.operator, w.rep, w.auditor, w.outsider):
        sign_in(client, person)
        assert client.get("/uploads/new/").status_code == 403
        assert client.post("/uploads/new/", {"file": file_named("a.csv", "x")}).status_code == 403
        assert client.get("/uploads/template/").status_code == 403


def test_a_map_growth_pair_names_its_tests_and_window_itself(admin, w):
    make.window(w.year, "MAP", "Fall of MAP", aliases=["Fall 2025-2026"])
    half = (FILES / "map_growth_students.csv").read_text()
    data = {"students": file_named("StudentsBySchool.csv", half), "create_students": "on"}
    upload = send_by_page(admin, (FILES / "map_growth_results.csv").read_text(), **data)
    assert upload.answer["format"] == "map_growth"
    assert upload.state in Upload.WAITING, upload.answer
    assert "MAP Growth" in text_of(admin.get(f"/uploads/{upload.pk}/"))
    alone = send_by_page(admin, half, name="StudentsBySchool.csv")
    assert "Only half of a pair" in text_of(sign_in(admin, w.operator).get(f"/uploads/{alone.pk}/"))
