"""The list of uploads: what waits first, search and filter, what stands there on the first day."""

import pytest

from assessments.models import Upload
from tests.assessments.pages.uploads.by_page import text_of
from tests.assessments.sending import wide
from tests.look.markup import faults
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db


def names_in(response) -> list[str]:
    return [upload.shown_name for upload in response.context["page"]]


def test_the_first_day_says_what_to_do(admin):
    page = admin.get("/uploads/")
    assert "No file was sent yet" in text_of(page)
    assert faults(page.content.decode()) == []


def test_those_who_send_nothing_are_told_who_does(client, w, send):
    send(wide((w.students[0], "A", "B", "C", "D")))
    page = text_of(sign_in(client, w.teacher).get("/uploads/"))
    assert "No uploads to show you" in page
    assert "Upload a file" not in page


def test_what_waits_for_the_reader_comes_first(admin, w, send):
    first, second = w.students[:2]
    send(wide((first, "A", "B", "C", "D")), filename="waits.csv")
    send(wide((second, "A", "B", "C", "D")), filename="done.csv", publish=True)
    assert names_in(admin.get("/uploads/")) == ["waits.csv", "done.csv"]


def test_search_and_filter(admin, w, send):
    first, second = w.students[:2]
    send(wide((first, "A", "B", "C", "D")), filename="fall.csv", publish=True)
    send(wide((second, "A", "B", "C", "D")), filename="winter.csv", window="2025-26/Q2")
    assert names_in(admin.get("/uploads/?q=fall")) == ["fall.csv"]
    assert names_in(admin.get("/uploads/?q=Winter 1")) == ["winter.csv"]
    assert names_in(admin.get("/uploads/?show=published")) == ["fall.csv"]
    assert names_in(admin.get("/uploads/?show=waiting")) == ["winter.csv"]
    assert set(names_in(admin.get("/uploads/?show=nonsense"))) == {"fall.csv", "winter.csv"}
    assert "No upload was found" in text_of(admin.get("/uploads/?q=nowhere"))


def test_a_search_by_htmx_brings_the_list_alone(admin):
    page = admin.get("/uploads/?q=x", headers={"hx-request": "true"}).content.decode()
    assert 'id="uploads"' in page
    assert "<html" not in page


def test_a_name_that_may_hold_a_students_is_not_told_to_those_who_see_states_only(client, w, send):
    upload = send(wide((w.students[0], "A", "B", "C", "D")), filename="Diallo-make-up.csv")
    for person in (w.operator, w.auditor):
        sign_in(client, person)
        assert names_in(client.get("/uploads/")) == [f"Upload {upload.pk}"]
        assert names_in(client.get("/uploads/?q=Diallo")) == []


def test_queries_do_not_grow_with_rows(admin, w, send, flat):
    send(wide((w.students[0], "A", "B", "C", "D")))

    def more():
        row = Upload.objects.get()
        for _ in range(12):
            row.pk = None
            row.save(force_insert=True)

    flat("/uploads/", more, most=12)
