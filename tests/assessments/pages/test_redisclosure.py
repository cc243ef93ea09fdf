"""Every file with students' rows says that they are not to be passed on; a route that sends files is in one list."""

import io
import zipfile

import pytest
from django.urls import reverse

from assessments.pipeline.uploads import Options, accept_upload
from schools.exports import NOTICE_FILE, REDISCLOSURE
from tests.assessments.pages.reading import pdf_of, workbook_tables
from tests.assessments.sending import advanced
from tests.test_access import named_routes

pytestmark = pytest.mark.django_db

SENDS = ("export", "download", "file", "errors", "print")  # what the names of such routes hold
WITHOUT = {
    "schools:download": "a page that asks for a file once more",
    "schools:people_export": "staff",
    "schools:schools_export": "schools",
    "schools:sections_export": "classes and who teaches them",
    "schools:about_me_export": "what is kept about the reader alone",
    "assessments:school_export": "figures of a school",
    "assessments:network_export": "released figures",
    "assessments:subgroups_export": "figures of groups",
    "assessments:about_test_export": "figures of questions",
    "assessments:side_by_side_export": "figures of schools",
    "assessments:release_ledger_export": "figures that are not shown, without their values",
    "assessments:setup_export": "tests, standards and windows",
    "public_file": "released figures",
    "mfa_download_recovery_codes": "codes of the reader alone",
}
TABLES = ("csv", "xlsx")
STUDENTS = {
    "assessments:section_export": ("section", (*TABLES, "pdf", "print")),
    "assessments:item_map_export": ("section", (*TABLES, "pdf", "print")),
    "schools:students_export": (None, TABLES),
    "schools:student_looks_export": ("student", TABLES),
    "schools:student_disclosures_print": ("student", ("print",)),
    "schools:access_log_export": (None, ("csv",)),
    "schools:history_export": (None, ("csv",)),
    "schools:roster_export": (None, ("zip",)),
    "assessments:template_download": (None, TABLES),
    "assessments:upload_errors": ("upload", ("csv",)),
    "assessments:upload_file": ("upload", ("zip",)),
}
BY_ADDRESS = {
    "assessments:template_download", "assessments:upload_errors", "schools:access_log_export", "schools:history_export",
}  # fmt: skip


def test_every_route_that_sends_a_file_stands_in_one_list():
    sending = {name for name in named_routes() if any(word in name.rpartition(":")[2] for word in SENDS)}
    assert sending - WITHOUT.keys() - STUDENTS.keys() == set()
    assert (WITHOUT.keys() | STUDENTS.keys()) <= named_routes().keys()
    assert not WITHOUT.keys() & STUDENTS.keys()


def first_words(kind: str, response) -> str:
    """Where the notice stands in a file of this kind."""
    if kind == "csv":
        return b"".join(response).decode("utf-8-sig").splitlines()[0]
    if kind == "xlsx":
        return str(workbook_tables(response))
    if kind == "pdf":
        return " ".join("".join(page.extract_text() for page in pdf_of(response).pages).split())
    if kind == "zip":
        with zipfile.ZipFile(io.BytesIO(b"".join(response))) as package:
            return package.read(NOTICE_FILE).decode()
    return " ".join(b"".join(response).decode().replace("&#x27;", "'").split())


@pytest.mark.parametrize(("name", "kind"), [(name, kind) for name, (_, kinds) in STUDENTS.items() for kind in kinds])
def test_the_file_says_that_it_is_not_to_be_passed_on(sat, sign_in, name, kind):
    client = sign_in(sat.admin)
    about = STUDENTS[name][0]
    keys = {"section": sat.section, "student": sat.students[0], "upload": upload_of(sat)}
    url = reverse(name, args=[keys[about].pk] if about else [])
    fields = {"format": kind, "purpose": "a parent asked", "district": sat.district.pk}
    if name == "assessments:template_download":
        fields |= {"test": sat.math.pk, "window": sat.math.administrations.first().window_id, "as_file": kind}
    response = client.get(url, fields) if name in BY_ADDRESS else client.post(url, fields)
    assert response.status_code == 200, (response, response.headers)
    assert REDISCLOSURE in first_words(kind, response)


def upload_of(sat):
    """A file with a row that needs a person."""
    text = "student_id,1,2\nnobody,A,B\n"
    upload = accept_upload(
        district=sat.district, data=text.encode(), filename="rows.csv", by=sat.admin,
        options=Options(assessment=sat.math.code, window="2025-26/Q1"), wake_worker=False,
    )  # fmt: skip
    return advanced(upload)
