"""Who sees how much of an upload: values for those who own them, kinds and row numbers for those who help."""

import pytest

from assessments.models import Upload
from schools.models import AccessLog
from tests.assessments.pages.uploads.by_page import text_of
from tests.assessments.sending import wide
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
ACTS = ("publish", "approval", "cancel", "undo", "again", "unfix", "complete")


@pytest.fixture
def upload(w, send):
    rows = [("SECRET9", *"ABCD"), (w.students[0], "A", "Z", "C", "D"), (w.students[1], *"ABCD")]
    return send(wide(*rows), filename="Diallo.csv", by=w.principal, school=w.ash)


@pytest.mark.parametrize("who", ["operator", "auditor"])
def test_without_a_right_to_values_only_kinds_codes_and_row_numbers_are_shown(client, w, upload, who):
    sign_in(client, getattr(w, who))
    page = client.get(f"/uploads/{upload.pk}/")
    words = text_of(page)
    assert "Student not known" in words
    assert upload.sha256 in words
    rows = text_of(client.get(f"/uploads/{upload.pk}/issues/UNKNOWN_STUDENT/"))
    assert "UNKNOWN_STUDENT" in rows
    assert "Which rows these are. What stands in them is not open to you. 2" in rows
    choices = text_of(client.get(f"/uploads/{upload.pk}/issues/UNKNOWN_CHOICE/"))
    for hidden in (
        "SECRET9",
        "Diallo",
        w.students[0].number,
        '"Z"',
        "Download",
        "Approve and publish",
        "Cancel this",
        "First rows",
    ):
        assert hidden not in words + rows + choices, hidden
    assert not AccessLog.objects.exists()
    assert client.get(f"/uploads/{upload.pk}/rows-to-correct/").status_code == 403
    assert client.get(f"/uploads/{upload.pk}/students/changed/").status_code == 403
    assert set(AccessLog.objects.values_list("action", flat=True)) == {"refused"}
    for act in (*ACTS, "change"):
        assert client.post(f"/uploads/{upload.pk}/{act}/").status_code == 403


def test_why_a_file_was_refused_is_told_by_its_kind_alone(client, w, send):
    refused = send("student_id,1,2,3,4\nSECRET9,A,B,C,D\n")
    sign_in(client, w.operator)
    words = text_of(client.get(f"/uploads/{refused.pk}/"))
    assert refused.state == Upload.State.REJECTED
    assert "can't be used" in words
    assert "SECRET9" not in words


def test_out_of_sight_is_not_found_and_written_down(client, w, upload):
    people = [w.teacher, w.leader, w.coach, w.rep, w.outsider, w.far_principal]
    for person in people:
        sign_in(client, person)
        for page in ("", "issues/UNKNOWN_STUDENT/", "students/changed/", "rows-to-correct/"):
            assert client.get(f"/uploads/{upload.pk}/{page}").status_code == 404
        assert AccessLog.objects.filter(action="refused", user=person, school=w.ash).count() == 4
        for act in ACTS:
            assert client.post(f"/uploads/{upload.pk}/{act}/").status_code == 404
        assert client.get("/uploads/999999/").status_code == 404
    assert AccessLog.objects.count() == 4 * len(people)  # a guessed number refuses nothing


def test_a_key_is_not_told_to_a_principal(client, w, send):
    extra = [w.students[0], w.students[1]]
    upload = send(wide(*[(one, *"ABCD") for one in extra]), by=w.principal, school=w.ash)
    sentence = "Question 1: 90 % chose C, the key says A. Wrong key?"
    upload.answer["looks"] = [{"kind": "key", "sentence": sentence, "position": 1}]
    upload.save(update_fields=["answer"])
    words = text_of(sign_in(client, w.principal).get(f"/uploads/{upload.pk}/"))
    assert "the key says" not in words
    assert "Question 1: most students chose one wrong answer." in words
    assert sentence in text_of(sign_in(client, w.admin).get(f"/uploads/{upload.pk}/"))


def test_nobody_acts_without_the_token_of_a_form(w, upload):
    from django.test import Client

    client = sign_in(Client(enforce_csrf_checks=True), w.admin)
    for act in ACTS:
        assert client.post(f"/uploads/{upload.pk}/{act}/").status_code == 403
        assert client.get(f"/uploads/{upload.pk}/{act}/").status_code == 405
