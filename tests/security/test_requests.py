"""Requests that no page sends: bytes the database refuses, files one may not have, pages looked up in a cache."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from schools.models import AccessLog

NUL_ADDRESSES = [
    "/schools/?q=%00", "/tests/standards/?q=%00", "/people/?q=%00", "/uploads/?q=%00", "/access-log/?q=%00&since=%00",
    "/results/schools/{school}/?series=%00", "/results/sections/{section}/?administration=%00",
    "/uploads/{upload}/issues/UNKNOWN_STUDENT/?q=%00", "/uploads/template/?test=%00", "/go/?to=%00",
]  # fmt: skip


@pytest.fixture
def own_transactions():
    """A request that breaks in the database breaks alone."""
    connection.settings_dict["ATOMIC_REQUESTS"] = True
    yield
    connection.settings_dict["ATOMIC_REQUESTS"] = False


@pytest.mark.parametrize("address", NUL_ADDRESSES)
def test_a_nul_byte_in_an_address_breaks_no_page(sat, sign_in, own_transactions, address):
    browser = sign_in(sat.admin)
    browser.raise_request_exception = False
    url = address.format(school=sat.ash.pk, section=sat.section.pk, upload=sat.upload.pk)
    assert browser.get(url).status_code < 500


def test_a_nul_byte_in_a_form_breaks_no_page(sat, sign_in, own_transactions):
    browser = sign_in(sat.admin)
    browser.raise_request_exception = False
    upload, section = f"/uploads/{sat.upload.pk}/", f"/results/sections/{sat.section.pk}/export/"
    purpose = {"purpose": "for the\x00board"}
    assert browser.post(f"{upload}complete/", {"kind": "complete", "school": "\x00"}).status_code == 302
    assert browser.post(f"{upload}issues/%00/fix/", {"fix": "leave_out", "all": "1"}).status_code == 404
    assert browser.post(f"{upload}file/", purpose).status_code == 200
    assert browser.post(section, {"administration": sat.test.pk} | purpose).status_code == 200
    assert set(AccessLog.objects.exclude(purpose="").values_list("purpose", flat=True)) == {"for the board"}


@pytest.mark.parametrize("who, rows", [("principal", 1), ("auditor", 1), ("operator", 1), ("teacher", 1)])
def test_asking_for_a_file_as_it_was_sent_is_written_down_when_refused(sat, sign_in, who, rows):
    sat.upload.school = sat.ash
    sat.upload.save(update_fields=["school"])
    answer = sign_in(getattr(sat, who)).post(f"/uploads/{sat.upload.pk}/file/", {"purpose": "just looking"})
    assert answer.status_code in (403, 404)
    assert AccessLog.objects.filter(action=AccessLog.Action.REFUSED).count() == rows == AccessLog.objects.count()


def test_no_computer_keeps_a_page_with_students_records(sat, sign_in):
    browser = sign_in(sat.teacher)
    for address in (f"/results/sections/{sat.section.pk}/", f"/sections/{sat.section.pk}/students/"):
        assert browser.get(address)["Cache-Control"] == "no-store"
    assert "Cache-Control" not in browser.get("/results/").headers


def test_half_a_character_in_a_set_up_file_is_refused_in_words(sat, sign_in):
    """JSON may hold one half of a pair, which no text of the database can be."""
    body = SimpleUploadedFile("a.json", rb'{"school_years": [{"code": "\ud800-26"}]}')
    answer = sign_in(sat.admin).post("/tests/import/", {"file": body})
    assert answer.status_code == 200
    assert "Half a character" in answer.content.decode()
