"""Rosters by page: checked, looked at, applied by a person's yes."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from schools.models import AccessLog, NetworkSchool, RosterImport, School, Student
from tests import make
from tests.schools.oneroster.packages import Package

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_winter")]


@pytest.fixture
def district(db):
    return make.district()


@pytest.fixture
def as_admin(client, district):
    admin = make.user()
    make.member(admin, "district_admin", district=district)
    client.force_login(admin)
    return client


def send(client, district, data, name="roster.zip", **more):
    file = SimpleUploadedFile(name, data, "application/zip")
    return client.post("/rosters/add/", {"district": district.pk, "file": file} | more, follow=True)


def test_check_look_apply(as_admin, district):
    network = make.network()
    make.school(district, "999", join=network)
    response = send(as_admin, district, Package().zip(), network=network.pk)
    page = response.content.decode()
    row = RosterImport.objects.get()
    assert response.redirect_chain[-1][0] == f"/rosters/{row.pk}/"
    assert "Nothing is changed yet." in page
    assert {change["label"]: change["added"] for change in response.context["changes"]}["Students"] == 30
    assert not Student.objects.exists()
    page = as_admin.post(f"/rosters/{row.pk}/apply/", follow=True).content.decode()
    assert "The roster was applied." in page
    assert Student.objects.count() == 30
    assert NetworkSchool.objects.filter(network=network, school__code="100").exists()
    again = as_admin.post(f"/rosters/{row.pk}/apply/", follow=True).content.decode()
    assert "This roster is applied already." in again
    assert "roster.zip" in as_admin.get("/rosters/").content.decode()


def test_what_halts_needs_a_button_that_says_so(as_admin, district):
    send(as_admin, district, Package().zip())
    as_admin.post(f"/rosters/{RosterImport.objects.get().pk}/apply/")
    fewer = Package()
    for number in range(1, 11):
        fewer.without_student(f"s-{number:02d}")
    response = send(as_admin, district, fewer.zip(), name="fewer.zip")
    row = RosterImport.objects.get(filename="fewer.zip")
    page = response.content.decode()
    assert "10 of the 30 students enrolled now are not in the roster" in page
    assert "Apply it all the same" in page
    as_admin.post(f"/rosters/{row.pk}/apply/")  # without the yes it waits on
    row.refresh_from_db()
    assert row.state == "needs_review"
    page = as_admin.post(f"/rosters/{row.pk}/apply/", {"approve": "yes"}, follow=True).content.decode()
    assert "The roster was applied." in page


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
    assert AccessLog.objects.filter(what="issues of a roster").count() == 1


def test_a_package_too_large_is_said_before_it_is_read(as_admin, district, settings):
    settings.UPLOAD_MAX_BYTES = 100
    assert "The package is larger than" in send(as_admin, district, b"x" * 101).content.decode()


def test_a_district_of_others_is_no_choice(as_admin, district):
    far = make.district("D2", "Second District")
    response = send(as_admin, far, Package().zip())
    assert response.status_code == 200
    assert not RosterImport.objects.exists()


def test_an_empty_list_says_what_to_do(as_admin, district):
    assert "Schools, classes and students come with the first one." in as_admin.get("/rosters/").content.decode()
