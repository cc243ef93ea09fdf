"""Rosters by page: read by a worker, looked at, applied by a person's yes, undone."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from schools import rosters_work
from schools.models import AccessLog, NetworkSchool, RosterImport, School, Student
from tests import make
from tests.schools.oneroster.packages import Package
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_winter")]


@pytest.fixture
def district(db):
    return make.district()


@pytest.fixture
def as_admin(client, district):
    admin = make.user()
    make.member(admin, "district_admin", district=district)
    return sign_in(client, admin)


def send(client, district, data, name="roster.zip", **more):
    """Send a package and let the worker read it; the page as it stands then."""
    file = SimpleUploadedFile(name, data, "application/zip")
    response = client.post("/rosters/add/", {"district": district.pk, "file": file} | more, follow=True)
    row = RosterImport.objects.filter(filename=name).first()
    if row is None:
        return response
    work(row)
    page = client.get(f"/rosters/{row.pk}/")
    page.redirect_chain = response.redirect_chain
    return page


def work(row):
    """What a worker does once the bell has rung."""
    rosters_work.advance(row.pk)
    row.refresh_from_db()


def apply(client, row, **posted):
    """Say yes, and let the worker apply it; the page as it stands then."""
    client.post(f"/rosters/{row.pk}/apply/", posted)
    work(row)
    return client.get(f"/rosters/{row.pk}/").content.decode()


def test_check_look_apply(as_admin, district):
    network = make.network()
    make.school(district, "999", join=network)
    response = send(as_admin, district, Package().zip(), network=network.pk)
    page = response.content.decode()
    row = RosterImport.objects.get()
    assert response.redirect_chain[-1][0] == f"/rosters/{row.pk}/"
    assert "Nothing is changed yet." in page
    assert {change["label"]: change["new"] for change in response.context["changes"]}["Students"] == 30
    assert not Student.objects.exists()
    assert "Applied: " in apply(as_admin, row)
    assert Student.objects.count() == 30
    assert NetworkSchool.objects.filter(network=network, school__code="100").exists()
    again = as_admin.post(f"/rosters/{row.pk}/apply/", follow=True).content.decode()
    assert "This roster is applied already." in again
    assert "roster.zip" in as_admin.get("/rosters/").content.decode()


def test_what_halts_needs_a_button_that_says_so(as_admin, district):
    send(as_admin, district, Package().zip())
    apply(as_admin, RosterImport.objects.get())
    fewer = Package()
    for number in range(1, 11):
        fewer.without_student(f"s-{number:02d}")
    response = send(as_admin, district, fewer.zip(), name="fewer.zip")
    row = RosterImport.objects.get(filename="fewer.zip")
    page = response.content.decode()
    assert "10 of the 30 students enrolled now are not in the roster" in page
    assert "Apply it all the same" in page
    apply(as_admin, row)  # without the yes it waits on
    assert row.state == "needs_review"
    assert "Applied: " in apply(as_admin, row, approve="yes")


def test_a_package_that_is_none_is_refused_in_words(as_admin, district):
    response = send(as_admin, district, b"not a zip at all")
    assert "This package was refused as a whole." in response.content.decode()
    assert response.context["groups"][0]["level"] == "error"
    assert not School.objects.exists()


def test_issues_are_grouped_by_kind_and_their_reading_is_written_down(as_admin, district):
    package = Package()
    for student in ("s-01", "s-02"):
        package.change("enrollments.csv", {"userSourcedId": student}, classSourcedId="nowhere")
    response = send(as_admin, district, package.zip())
    groups = [group for group in response.context["groups"] if group["level"] == "error"]
    assert [group["count"] for group in groups] == [2]
    assert AccessLog.objects.filter(what="rows of a roster").count() == 1


def test_a_package_too_large_is_said_before_it_is_read(as_admin, district, settings):
    settings.ROSTER_MAX_BYTES = 100
    assert "The package is larger than" in send(as_admin, district, b"x" * 101).content.decode()


def test_a_district_of_others_is_no_choice(as_admin, district):
    far = make.district("D2", "Second District")
    response = send(as_admin, far, Package().zip())
    assert response.status_code == 200
    assert not RosterImport.objects.exists()


def test_an_empty_list_says_what_to_do(as_admin, district):
    assert "Schools, classes and students come with the first one." in as_admin.get("/rosters/").content.decode()


def test_a_roster_is_queued_without_its_passwords_and_shows_how_far_it_is(as_admin, district):
    package = Package("v1p1").change("users.csv", {"sourcedId": "s-01"}, password="hunter2")
    file = SimpleUploadedFile("roster.zip", package.zip(), "application/zip")
    page = as_admin.post("/rosters/add/", {"district": district.pk, "file": file}, follow=True).content.decode()
    row = RosterImport.objects.get()
    assert (row.state, b"hunter2" in unzipped(row.content)) == ("queued", False)
    assert "progress-bar" in page
    part = as_admin.get(f"/rosters/{row.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert "progress-bar" in part and "<h1>" not in part
    work(row)
    assert (row.state, row.rows_done, b"hunter2" in unzipped(row.content)) == ("ready", row.answer["rows_read"], False)
    done = as_admin.get(f"/rosters/{row.pk}/", headers={"HX-Request": "true"})
    assert done.headers["HX-Refresh"] == "true"


def unzipped(content):
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def test_changes_are_listed_by_kind_and_searched_without_a_name_in_the_address(as_admin, district):
    send(as_admin, district, Package().zip())
    row = RosterImport.objects.get()
    page = as_admin.get(f"/rosters/{row.pk}/changes/?kind=students")
    assert page.context["page"].paginator.count == 30
    found = as_admin.post(f"/rosters/{row.pk}/changes/?kind=students", {"find": "1007"})
    assert [line["act"] for line in found.context["page"]] == ["new"]
    assert AccessLog.objects.filter(what="changes of a roster").count() == 2


def test_an_applied_roster_is_undone_by_its_button(as_admin, district):
    send(as_admin, district, Package().zip())
    row = RosterImport.objects.get()
    assert "Undo this roster" in apply(as_admin, row)
    as_admin.post(f"/rosters/{row.pk}/undo/")
    assert "Being taken back." in as_admin.get(f"/rosters/{row.pk}/").content.decode()
    work(row)
    assert (row.state, Student.objects.count()) == ("undone", 0)
    assert "Undone" in as_admin.get(f"/rosters/{row.pk}/").content.decode()


def test_the_roster_as_a_file_needs_a_purpose_and_is_logged(as_admin, district):
    assert (
        "no classes yet"
        in as_admin.post("/rosters/export/", {"district": district.pk, "purpose": "moving"}).content.decode()
    )
    send(as_admin, district, Package().zip())
    apply(as_admin, RosterImport.objects.get())
    assert as_admin.post("/rosters/export/", {"district": district.pk})["Content-Type"].startswith("text/html")
    file = as_admin.post("/rosters/export/", {"district": district.pk, "purpose": "moving"})
    assert file["Content-Type"] == "application/zip"
    log = AccessLog.objects.get(action="export")
    assert (log.what, log.purpose, log.district) == ("roster as OneRoster", "moving", district)
    session = as_admin.session
    session["account_authentication_methods"][0]["at"] -= 60 * 6
    session.save()
    later = as_admin.post("/rosters/export/", {"district": district.pk, "purpose": "moving"})
    assert later.url == "/accounts/reauthenticate/?next=%2Fdownload%2F"
    assert AccessLog.objects.filter(action="export").count() == 1
    again = send(as_admin, district, file.content, name="own.zip")
    page = again.content.decode()
    assert "there is nothing to apply" in page and "Apply the roster" not in page and "Undo" not in page
    assert RosterImport.objects.get(filename="own.zip").state == "published"
