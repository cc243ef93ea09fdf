"""Files that go out: the template with the roster in it, the rows to correct, the file as it was sent."""

import csv
import io
import re
import zipfile

import pytest

from assessments.models import Result, Upload
from schools.exports import REDISCLOSURE
from schools.models import AccessLog
from tests.assessments.pages.uploads.by_page import send_by_page, text_of
from tests.assessments.sending import advanced, wide
from tests.look.markup import faults
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db


def table(response) -> list[list[str]]:
    assert response.status_code == 200, response.headers
    notice, *rows = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
    assert notice == [f"# {REDISCLOSURE}"]
    return rows


def template(client, w, **more):
    return client.get("/uploads/template/", {"test": w.math.pk, "window": w.fall.pk, "as_file": "csv"} | more)


def test_the_template_holds_the_roster_and_comes_back_as_a_file_that_is_read(admin, w):
    response = template(admin, w)
    rows = table(response)
    assert rows[0][:6] == ["student_id", "last_name", "first_name", "grade", "section", "school"]
    assert [row[0] for row in rows[1:]] == [student.number for student in w.students[:3]]  # grade 5 alone
    assert [row[4:6] for row in rows[1:]] == [["501", "100"], ["501", "100"], ["502", "100"]]
    assert "QM5_2025-26_Q1_2025-12-10.csv" in response.headers["Content-Disposition"]
    log = AccessLog.objects.get()
    assert (log.action, log.students, log.what) == ("export", 3, "template of Quarterly Math 5, Fall")
    for row in rows[1:3]:
        row[8:] = "ABCD"
    text = "\n".join(",".join(row) for row in rows)
    upload = send_by_page(admin, text, window=w.fall.pk)
    assert (upload.state, upload.answer["rows_loaded"], upload.answer["rows_not_tested"]) == ("ready", 2, 1)


def test_the_template_as_a_workbook(admin, w):
    response = template(admin, w, as_file="xlsx")
    assert response.content.startswith(b"PK")
    assert response.headers["Cache-Control"] == "no-store"


def test_a_principal_gets_the_own_school(client, w):
    sign_in(client, w.principal)
    assert len(table(template(client, w, school=w.ash.pk))) == 4
    for school in (w.birch.pk, ""):
        page = template(client, w, school=school)
        assert page.headers["Content-Type"].startswith("text/html")
        assert faults(page.content.decode()) == []


def test_a_template_needs_a_password_typed_not_long_ago(client, w):
    client.force_login(w.admin)
    response = template(client, w)
    assert response.status_code == 302
    assert "reauthenticate" in response.url
    assert not AccessLog.objects.exists()


def test_the_rows_to_correct_come_back_and_merge(admin, w):
    a, b, c = w.students[:3]
    text = wide((a, *"ABCD"), (b, *"AECD"), ("77", *"ABCD"))
    upload = send_by_page(admin, text, name="fall.csv", test=w.math.pk, window=w.fall.pk)
    admin.post(f"/uploads/{upload.pk}/publish/", {"seen": upload.digest, "yes": "1"})
    advanced(upload)
    assert list(Result.objects.values_list("student", flat=True)) == [a.pk]

    assert "Download the rows with reasons" in text_of(admin.get(f"/uploads/{upload.pk}/"))
    response = admin.get(f"/uploads/{upload.pk}/rows-to-correct/")
    rows = table(response)
    assert "fall-to-correct.csv" in response.headers["Content-Disposition"]
    assert rows[0] == ["student_id", "1", "2", "3", "4", "reason", "remedy"]
    assert [row[0] for row in rows[1:]] == [b.number, "77"]
    assert all(row[5] and row[6] for row in rows[1:])

    rows[1][2], rows[2][0] = "B", c.number
    corrected = io.StringIO()
    csv.writer(corrected).writerows(rows)
    again = send_by_page(admin, corrected.getvalue(), name="fall-to-correct.csv", test=w.math.pk, window=w.fall.pk)
    assert again.state == Upload.State.READY, again.answer
    assert (again.answer["preview"]["new"], again.answer["preview"]["kept"]) == (2, 1)
    admin.post(f"/uploads/{again.pk}/publish/", {"seen": again.digest})
    advanced(again)
    assert dict(Result.objects.values_list("student", "points")) == {a.pk: 4, b.pk: 4, c.pk: 4}
    assert AccessLog.objects.filter(action="export", purpose="To correct these rows.").count() == 1


def test_in_the_long_layout_all_rows_of_a_student_come_together(admin, w, send):
    a, b = (student.number for student in w.students[:2])
    answers = [(a, 1, "A"), (a, 2, "Z"), (a, 3, "C"), (b, 1, "A"), (b, 2, "B")]
    upload = send("student_id,item,response\n" + "".join(f"{who},{item},{said}\n" for who, item, said in answers))
    rows = table(admin.get(f"/uploads/{upload.pk}/rows-to-correct/"))
    assert [row[:2] for row in rows[1:]] == [[a, "1"], [a, "2"], [a, "3"]]


def test_a_file_that_is_no_table_has_no_rows_to_hand_out(admin, send):
    upload = send(b"%PDF-1.7 nothing")
    response = admin.get(f"/uploads/{upload.pk}/rows-to-correct/", follow=True)
    assert "There are no rows to hand out" in text_of(response)


def test_the_file_as_sent_goes_to_the_district_alone_with_a_purpose(client, w, send):
    text = wide((w.students[0], *"ABCD"))
    upload = send(text, filename="Año\r\n2026.csv", by=w.principal, school=w.ash)
    sign_in(client, w.principal)
    assert client.post(f"/uploads/{upload.pk}/file/", {"purpose": "a look"}).status_code == 403
    sign_in(client, w.admin)
    assert client.post(f"/uploads/{upload.pk}/file/", {"purpose": ""}).status_code == 422
    response = client.post(f"/uploads/{upload.pk}/file/", {"purpose": "A parent asked"})
    with zipfile.ZipFile(io.BytesIO(response.content)) as package:
        assert package.read(package.namelist()[0]).decode() == text
    assert re.fullmatch(
        r'attachment; filename="[\w. -]+"; filename\*=UTF-8\'\'\S+', response.headers["Content-Disposition"]
    )
    assert AccessLog.objects.get(action="export").purpose == "A parent asked"
