"""Rows that need a person: seen by kind, and each kind's fix through the page."""

import pytest

from assessments.models import Result, Upload
from schools.models import AccessLog, Student
from tests import make
from tests.assessments.pages.uploads.by_page import text_of, worked_on
from tests.assessments.sending import advanced, wide
from tests.look.markup import faults
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
NAMED = "student_id,last_name,first_name,1,2,3,4"


def issues(client, upload, code, find=None):
    address = f"/uploads/{upload.pk}/issues/{code}/"
    response = client.get(address) if find is None else client.post(address, {"find": find})
    assert response.status_code == 200
    assert faults(response.content.decode()) == []
    return response


def fix(client, upload, code, **data) -> Upload:
    return worked_on(client.post(f"/uploads/{upload.pk}/issues/{code}/fix/", data))


def line(student, name, answers="ABCD") -> tuple:
    return (student, name, "Ana", *answers)


def test_a_number_is_matched_to_a_student_of_that_name(admin, w, send):
    lost = make.student(w.district, family_name="Diallo")
    make.enroll(lost, w.ash, w.year)
    upload = send(wide(line("99", "Diallo"), line(w.students[0], w.students[0].family_name), columns=NAMED))
    page = issues(admin, upload, "UNKNOWN_STUDENT")
    assert "99 Diallo, Ana" in text_of(page)
    assert f"Diallo, Ana ({lost.number}, grade 5, Ash School)" in text_of(page)
    upload = fix(admin, upload, "UNKNOWN_STUDENT", fix="match", **{"student-2": lost.pk})
    assert upload.state == Upload.State.READY
    assert "1 student number matched" in text_of(admin.get(f"/uploads/{upload.pk}/"))
    admin.post(f"/uploads/{upload.pk}/publish/", {"seen": upload.digest})
    advanced(upload)
    assert Result.objects.filter(student=lost).exists()


def test_a_student_of_another_name_is_found_by_searching(admin, w, send):
    upload = send(wide(("99", *"ABCD"), (w.students[0], *"ABCD")))
    wanted = w.students[1]
    page = issues(admin, upload, "UNKNOWN_STUDENT")
    assert "nobody found" in text_of(page)
    page = issues(admin, upload, "UNKNOWN_STUDENT", wanted.family_name.lower())
    assert wanted.number in text_of(page)
    assert "No student was found" in text_of(issues(admin, upload, "UNKNOWN_STUDENT", "zzz"))


def test_a_student_out_of_sight_cannot_be_matched(client, w, send):
    upload = send(wide(("99", *"ABCD"), (w.students[0], *"ABCD")), by=w.principal, school=w.ash)
    sign_in(client, w.principal)
    for hidden in (w.students[3], w.far_student):
        response = client.post(
            f"/uploads/{upload.pk}/issues/UNKNOWN_STUDENT/fix/", {"fix": "match", "student-2": hidden.pk}, follow=True
        )
        assert "Nothing was chosen yet" in text_of(response)
        assert f"({hidden.number}" not in text_of(issues(client, upload, "UNKNOWN_STUDENT", hidden.family_name))


def test_unknown_students_are_added_by_the_district_alone(client, w, send):
    upload = send(wide(("99", *"ABCD"), (w.students[0], *"ABCD")), by=w.principal, school=w.ash)
    sign_in(client, w.principal)
    assert "Add all as new" not in text_of(issues(client, upload, "UNKNOWN_STUDENT"))
    assert client.post(f"/uploads/{upload.pk}/issues/UNKNOWN_STUDENT/fix/", {"fix": "add"}).status_code == 403
    sign_in(client, w.admin)
    upload = send(wide(line("99", "New", [*"ABCD", w.ash.code]), columns=f"{NAMED},school_id"))
    assert "Add all as new students" in text_of(issues(client, upload, "UNKNOWN_STUDENT"))
    upload = fix(client, upload, "UNKNOWN_STUDENT", fix="add")
    assert upload.state == Upload.State.READY, upload.answer
    assert not Student.objects.filter(number="99").exists()
    client.post(f"/uploads/{upload.pk}/publish/", {"seen": upload.digest})
    advanced(upload)
    assert Student.objects.get(number="99").family_name == "New"


def test_a_wrong_answer_is_set_as_blank_for_the_whole_group(admin, w, send):
    a, b, c = w.students[:3]
    upload = send(wide((a, *"AECD"), (b, *"AECD"), (c, *"ABCD")))
    page = text_of(issues(admin, upload, "UNKNOWN_CHOICE"))
    assert "E in 2 2, 3" in page
    upload = fix(admin, upload, "UNKNOWN_CHOICE", fix="blank", pick="2")
    assert (upload.state, upload.answer["rows_loaded"]) == (Upload.State.READY, 3)
    assert "1 answer read as blank" in text_of(admin.get(f"/uploads/{upload.pk}/"))


def test_all_groups_on_every_page_at_once(admin, w, send):
    a, b, c = w.students[:3]
    upload = send(wide((a, *"AECD"), (b, *"AZCD"), (c, *"ABCZ")))
    upload = fix(admin, upload, "UNKNOWN_CHOICE", fix="blank", all="1")
    assert upload.answer["rows_loaded"] == 3


def test_which_of_two_rows_counts_is_chosen(admin, w, send):
    a, b = w.students[:2]
    upload = send(wide((a, *"AAAA"), (a, *"ABCD"), (b, *"ABCD")), assessment="QM5")
    page = text_of(issues(admin, upload, "DUPLICATE_CONFLICT"))
    assert "line 2, with 2: A, 3: A, 4: A line 3, with 2: B, 3: C, 4: D" in page
    upload = fix(admin, upload, "DUPLICATE_CONFLICT", fix="choose", **{"keep-2": "3"})
    assert upload.state == Upload.State.READY
    admin.post(f"/uploads/{upload.pk}/publish/", {"seen": upload.digest})
    advanced(upload)
    assert Result.objects.get(student=a).points == 4


def test_in_the_long_layout_the_other_row_is_left_out(admin, w, send):
    a = w.students[0].number
    text = "student_id,item,response\n" + "".join(f"{a},{n},{key}\n" for n, key in enumerate("ABCD", 1)) + f"{a},1,B\n"
    upload = send(text + f"{w.students[1].number},1,A\n")
    assert upload.answer["format"] == "long"
    upload = fix(admin, upload, "DUPLICATE_CONFLICT", fix="choose", **{"keep-2": "6"})
    assert upload.state == Upload.State.READY, upload.answer
    admin.post(f"/uploads/{upload.pk}/publish/", {"seen": upload.digest})
    advanced(upload)
    assert Result.objects.get(student=w.students[0]).points == 3


def test_rows_are_left_out(admin, w, send):
    upload = send(wide(("98", *"ABCD"), ("99", *"ABCD"), (w.students[0], *"ABCD")))
    upload = fix(admin, upload, "UNKNOWN_STUDENT", fix="leave_out", pick="3")
    assert (upload.answer["rows_rejected"], upload.answer["rows_ignored"]) == (1, 1)


def test_the_fixes_are_taken_back(admin, w, send):
    upload = send(wide(("98", *"ABCD"), (w.students[0], *"ABCD")))
    upload = fix(admin, upload, "UNKNOWN_STUDENT", fix="leave_out", all="1")
    assert upload.state == Upload.State.READY
    upload = worked_on(admin.post(f"/uploads/{upload.pk}/unfix/"))
    assert upload.state == Upload.State.NEEDS_REVIEW


def test_a_fix_without_a_choice_says_so(admin, w, send):
    upload = send(wide(("98", *"ABCD"), (w.students[0], *"ABCD")))
    for act in ("match", "leave_out"):
        response = admin.post(f"/uploads/{upload.pk}/issues/UNKNOWN_STUDENT/fix/", {"fix": act}, follow=True)
        assert "Nothing was chosen yet" in text_of(response)
    assert admin.post(f"/uploads/{upload.pk}/issues/UNKNOWN_STUDENT/fix/", {"fix": "magic"}).status_code == 404
    assert (
        admin.post(f"/uploads/{upload.pk}/issues/UNKNOWN_STUDENT/fix/", {"fix": "blank", "all": 1}).status_code == 404
    )


def test_a_fix_pressed_twice_is_one(admin, w, send):
    upload = send(wide(("98", *"ABCD"), (w.students[0], *"ABCD")))
    for _ in range(2):
        admin.post(f"/uploads/{upload.pk}/issues/UNKNOWN_STUDENT/fix/", {"fix": "leave_out", "pick": "2"})
    upload = advanced(upload)
    assert upload.options["decisions"]["skip_lines"] == [2]
    assert "1 row left out" in text_of(admin.get(f"/uploads/{upload.pk}/"))


def test_a_kind_that_is_settled_leads_back_and_one_that_does_not_exist_is_not_found(admin, w, send):
    upload = send(wide((w.students[0], *"ABCD")))
    assert admin.get(f"/uploads/{upload.pk}/issues/UNKNOWN_STUDENT/").status_code == 302
    assert admin.get(f"/uploads/{upload.pk}/issues/NO_SUCH_CODE/").status_code == 404


def test_warnings_and_repairs_are_shown_and_need_no_fix(admin, w, send):
    upload = send(wide(line(w.students[0], "Somebody Else"), columns=NAMED))
    page = issues(admin, upload, "NAME_DIFFERS")
    assert "Leave the picked rows out" not in text_of(page)


def test_opening_the_rows_is_written_down(admin, w, send):
    upload = send(wide(("98", *"ABCD"), (w.students[0], *"ABCD")))
    issues(admin, upload, "UNKNOWN_STUDENT")
    log = AccessLog.objects.get()
    assert (log.user, log.action, log.students) == (w.admin, "view", 1)


def test_queries_do_not_grow_with_rows(admin, w, send, flat):
    def one_more():
        make.enroll(make.student(w.district, family_name="Cruz"), w.ash, w.year)

    one_more()
    upload = send(wide(line("N0", "Cruz"), line(w.students[0], "Cruz"), columns=NAMED))

    def more():
        one_more()
        rows = [line(f"N{n}", "Cruz") for n in range(12)]
        bigger = send(wide(*rows, line(w.students[0], "Cruz"), columns=NAMED))
        upload.issues.all().delete()
        bigger.issues.update(upload=upload)
        Upload.objects.filter(pk=upload.pk).update(answer=bigger.answer, state=bigger.state)

    flat(f"/uploads/{upload.pk}/issues/UNKNOWN_STUDENT/", more, most=12)
