"""The page of an upload in each of its states, and the acts: publish, approve, cancel, undo, read anew."""

import pytest

from assessments.models import Result, Upload, UploadEvent
from assessments.pipeline import work
from schools.models import AccessLog
from tests.assessments.pages.uploads.by_page import send_by_page, text_of, worked_on
from tests.assessments.sending import advanced, wide
from tests.look.markup import faults
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
State = Upload.State


def page_of(client, upload) -> str:
    response = client.get(f"/uploads/{upload.pk}/")
    assert response.status_code == 200
    assert faults(response.content.decode()) == []
    return text_of(response)


def in_state(upload, state, **fields):
    Upload.objects.filter(pk=upload.pk).update(state=state, **fields)
    upload.refresh_from_db()
    return upload


@pytest.fixture
def ready(w, send):
    return send(wide((w.students[0], "A", "B", "C", "A"), (w.students[1], "A", "A", "A", "A")), filename="fall.csv")


def press(client, upload, act, **data):
    return client.post(f"/uploads/{upload.pk}/{act}/", data)


# --- each state ------------------------------------------------------------------------------------------


def test_ready(admin, ready):
    page = page_of(admin, ready)
    assert "Ready to publish: 2 of 2 rows. Nothing is published yet." in page
    assert "Tells 1 teacher, 1 principal and 1 teacher leader now at" in page
    assert "New 2" in page
    assert "Quarterly Math 5, Fall" in page
    log = AccessLog.objects.get()
    assert (log.action, log.students) == ("view", 2)
    assert "Administers" in log.why


@pytest.mark.parametrize("state", [State.QUEUED, State.CHECKING, State.PUBLISHING])
def test_while_the_portal_works_the_page_asks_for_news(admin, ready, state):
    in_state(ready, state, rows_known=200, rows_done=120)
    whole = admin.get(f"/uploads/{ready.pk}/")
    assert faults(whole.content.decode()) == []
    assert "You can leave; it goes on." in text_of(whole)
    assert "120 of 200 rows" in text_of(whole)
    part = admin.get(f"/uploads/{ready.pk}/", headers={"hx-request": "true"})
    assert "<h1" not in part.content.decode()
    assert 'data-announce="50 % of the rows are read."' in part.content.decode()
    assert 'hx-trigger="every 2s"' in part.content.decode()
    assert not AccessLog.objects.exists()  # news shows no student


def test_when_it_is_done_the_next_news_is_the_whole_page(admin, ready):
    part = admin.get(f"/uploads/{ready.pk}/", headers={"hx-request": "true"})
    assert part.headers["HX-Retarget"] == "#upload"
    assert part.headers["HX-Reswap"] == "outerHTML"
    html = part.content.decode()
    assert "Publish" in html
    assert "<html" not in html
    assert "hx-trigger" not in html
    assert 'data-announce="Ready to publish: 2 of 2 rows. Nothing is published yet."' in html


def test_refused(admin, w, send):
    page = page_of(admin, send(b"%PDF-1.7 nothing", filename="scan.pdf"))
    assert "scan.pdf can't be used" in page
    assert "Choose test, window or layout" in page
    assert "Upload a corrected file" in page


def test_failed_says_who_is_told_and_what_readers_still_see(admin, w, ready, send):
    send(wide((w.students[0], "A", "B", "C", "D")), publish=True)
    in_state(ready, State.FAILED, failure="The portal stopped 3 times while it worked on this file.")
    page = page_of(admin, ready)
    assert "Something went wrong with fall.csv: The portal stopped 3 times" in page
    assert "Readers still see Quarterly Math 5, Fall as published Dec 10." in page
    assert "Given Admin" in page
    assert worked_on(press(admin, ready, "again")).state == State.READY


def test_published_offers_results_and_undo(admin, w, ready):
    press(admin, ready, "publish", seen=ready.digest)
    advanced(ready)
    page = page_of(admin, ready)
    assert "Published: 2 of 2 rows." in page
    assert "Open the results" in page
    assert "2 new results go." in page


def test_cancelled_and_undone(admin, w, ready, send):
    press(admin, ready, "cancel")
    assert "fall.csv was cancelled. Nothing of it is published." in page_of(admin, ready)
    done = send(wide((w.students[0], "A", "B", "C", "A")), publish=True)
    press(admin, done, "undo")
    assert "Undone: the results are as they were before" in page_of(admin, done)
    assert not Result.objects.exists()


def test_a_new_scoring_stands_in_the_list_and_says_how_it_is_taken_back(admin, w, ready):
    in_state(ready, State.PUBLISHED, kind="rescore", published_at=ready.at)
    page = page_of(admin, ready)
    assert "A new scoring after a change of the key: published." in page
    assert "Change the key back" in page


def test_what_moved_meanwhile_is_said(admin, ready):
    in_state(ready, State.READY, failure=work.LOOK_AGAIN)
    assert "The roster or other results changed since you looked." in page_of(admin, ready)


def test_a_column_that_has_no_business_there_is_named_and_not_shown(admin, w):
    rows = "student_id,1,2,3,4,SSN,Home address\n" + "".join(
        f"{student.number},A,B,C,D,123-45-678{n},1 Elm St\n" for n, student in enumerate(w.students[:3])
    )
    upload = send_by_page(admin, rows, test=w.math.pk, window=w.fall.pk)
    page = page_of(admin, upload)
    assert "“SSN” looks like a Social Security number; “Home address” looks like an address" in page
    assert "123-45" not in page
    assert "Elm" not in page
    assert "123-45" not in str(upload.answer)


# --- publishing ------------------------------------------------------------------------------------------


def test_publish_pressed_twice_publishes_once_and_nobody_is_blamed(admin, ready):
    for _ in range(2):
        assert press(admin, ready, "publish", seen=ready.digest).status_code == 302
    assert UploadEvent.objects.filter(upload=ready, act="publish").count() == 1
    advanced(ready)
    assert press(admin, ready, "publish", seen=ready.digest).status_code == 302
    assert Result.objects.count() == 2
    assert "cannot be done" not in page_of(admin, ready)


def test_nobody_publishes_what_they_have_not_seen(admin, w, ready):
    seen = ready.digest
    worked_on(admin.post(f"/uploads/{ready.pk}/change/", {"test": w.math.pk, "window": w.winter.pk}))
    response = admin.post(f"/uploads/{ready.pk}/publish/", {"seen": seen}, follow=True)
    assert "checked again since you looked" in text_of(response)
    ready.refresh_from_db()
    assert ready.state == State.READY


@pytest.fixture
def halted(w, send):
    return send(wide((w.students[0], "A", "B", "C", "A"), ("NOBODY", "A", "A", "A", "A")), school=w.ash, by=w.principal)


def test_over_a_limit_the_district_says_yes(admin, halted):
    page = page_of(admin, halted)
    assert "Over a limit 1 of 2 rows are errors, more than 2 %." in page
    assert "Approve and publish 1 row" in page
    response = admin.post(f"/uploads/{halted.pk}/publish/", {"seen": halted.digest}, follow=True)
    assert "Tick the box first" in text_of(response)
    press(admin, halted, "publish", seen=halted.digest, yes="1")
    assert advanced(halted).state == State.PUBLISHED
    assert halted.events.filter(act="approved").exists()


def test_over_a_limit_a_principal_sends_it_for_approval(client, w, halted):
    sign_in(client, w.principal)
    page = page_of(client, halted)
    assert "Send for approval Given Admin can approve it." in page
    assert press(client, halted, "publish", seen=halted.digest, yes="1").status_code == 403
    for _ in range(2):
        press(client, halted, "approval")
    assert halted.events.filter(act="asked for approval").count() == 1
    assert "Sent for approval. Given Admin can approve it." in page_of(client, halted)
    halted.refresh_from_db()
    assert halted.state == State.NEEDS_REVIEW


# --- undo ------------------------------------------------------------------------------------------------


def test_undo_says_what_comes_back(admin, w, send):
    first, second = w.students[:2]
    send(wide((first, "A", "B", "C", "A")), publish=True)
    later = send(wide((first, "A", "B", "C", "D"), (second, "A", "A", "A", "A")), publish=True)
    assert "1 earlier result of Dec 10 comes back; 1 new result goes." in page_of(admin, later)


def test_undo_says_that_students_whom_the_file_made_stay(admin, w, send):
    made = send(wide((w.students[0], "A", "B", "C", "A")), publish=True, create_students=True)
    stays = "Students, schools and enrollments that this file made stay"
    assert stays in page_of(admin, made)
    Upload.objects.filter(pk=made.pk).update(options=made.options | {"create_students": False})
    assert stays not in page_of(admin, made)


def test_after_an_undo_nothing_is_said_to_be_shown_where_nothing_is_left(admin, w, send):
    first = send(wide((w.students[0], "A", "B", "C", "A")), publish=True)
    later = send(wide((w.students[0], "A", "B", "C", "D")), publish=True)
    press(admin, later, "undo")
    assert "Readers still see Quarterly Math 5, Fall" in page_of(admin, later)
    press(admin, first, "undo")
    assert "Readers still see" not in page_of(admin, first)


def test_undo_is_refused_with_the_reason(admin, w, send):
    first = w.students[0]
    one = send(wide((first, "A", "B", "C", "A")), publish=True)
    two = send(wide((first, "A", "B", "C", "D")), publish=True)
    page = page_of(admin, one)
    assert f"This cannot be undone now. Upload {two.pk}" in page
    assert "Undo this upload?" not in page
    response = admin.post(f"/uploads/{one.pk}/undo/", follow=True)
    assert f"Undo upload {two.pk} first" in text_of(response)


def test_undo_pressed_twice(admin, w, send):
    one = send(wide((w.students[0], "A", "B", "C", "A")), publish=True)
    for _ in range(2):
        assert press(admin, one, "undo").status_code == 302
    assert "cannot be done" not in page_of(admin, one)
    assert one.events.filter(act="undone").count() == 1


# --- how it is read --------------------------------------------------------------------------------------


def test_change_reads_it_anew(admin, w, ready):
    form = admin.get(f"/uploads/{ready.pk}/change/")
    assert faults(form.content.decode()) == []
    assert form.context["form"].initial["window"] == w.fall
    upload = worked_on(admin.post(f"/uploads/{ready.pk}/change/", {"test": w.math.pk, "window": w.winter.pk}))
    assert upload.answer["administrations"][0]["window"] == "2025-26/Q2"


def test_a_complete_file_lists_whom_it_leaves_out_and_an_unticked_student_stays(admin, w, send):
    first, second = w.students[:2]
    send(wide((first, "A", "B", "C", "A"), (second, "A", "A", "A", "A")), publish=True)
    upload = send(wide((first, "A", "B", "C", "D")))
    nothing = admin.post(f"/uploads/{upload.pk}/complete/", {"kind": "complete"}, follow=True)
    assert "Choose the schools" in text_of(nothing)
    upload = worked_on(press(admin, upload, "complete", kind="complete", school=w.ash.code))
    page = page_of(admin, upload)
    assert "1 student with results is not in it: see them, and choose" in page.replace("\xa0", " ")
    assert "Set aside 1" in page
    assert "Approve and publish 1 row and set 1 result aside" in page.replace("\xa0", " ")
    listed = admin.get(f"/uploads/{upload.pk}/students/absent/")
    assert faults(listed.content.decode()) == []
    assert second.family_name in text_of(listed)
    upload = worked_on(admin.post(f"/uploads/{upload.pk}/students/absent/", {"aside": []}))
    assert upload.answer["preview"]["set_aside"] == 0
    press(admin, upload, "publish", seen=upload.digest, yes="1")
    advanced(upload)
    assert Result.objects.count() == 2


def test_the_changed_are_shown_as_they_are_and_as_they_would_be(admin, w, send):
    first = w.students[0]
    send(wide((first, "A", "B", "C", "A")), publish=True)
    upload = send(wide((first, "A", "B", "C", "D")))
    listed = admin.get(f"/uploads/{upload.pk}/students/changed/")
    assert faults(listed.content.decode()) == []
    assert f"{first.family_name}, Ana {first.number} 3 points 4 points" in text_of(listed)


def test_queries_do_not_grow_with_rows(admin, w, send, flat):
    upload = send(wide(("N0", "A", "B", "C", "D"), (w.students[0], "A", "E", "C", "D"), (w.students[1], *"ABCD")))

    def more():
        rows = [(f"N{n}", "A", "E", "C", "D") for n in range(12)]
        text = wide((w.students[0], "A", "E", "C", "D"), (w.students[1], *"ABCD"), *rows)
        bigger = send(text)
        Upload.objects.filter(pk=upload.pk).update(answer=bigger.answer, state=bigger.state)
        upload.issues.all().delete()
        bigger.issues.update(upload=upload)

    flat(f"/uploads/{upload.pk}/", more, most=12)
