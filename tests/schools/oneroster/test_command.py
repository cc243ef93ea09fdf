"""The command: one JSON object at every exit status, and whose roster it is."""

import json

import pytest
from django.core.management import call_command

from schools.models import District, NetworkSchool, RosterImport, School, Student
from tests import make
from tests.schools.oneroster.packages import Package

ANSWER = {
    "status", "id", "format", "sha256", "rows_read", "rows_loaded", "rows_not_tested", "rows_ignored", "rows_rejected",
    "rows_unchanged", "issues", "administrations", "seconds",
}  # fmt: skip


@pytest.fixture
def run(db, in_winter, capsys, tmp_path):
    """Run the command on a package (or a path): its exit status and its answer."""

    def run(package, *arguments):
        path = package
        if isinstance(package, Package):
            path = tmp_path / "a name of its own.zip"
            path.write_bytes(package.zip())
        status = 0
        try:
            call_command("import_roster", str(path), "--json", *arguments)
        except SystemExit as left:
            status = left.code
        return status, json.loads(capsys.readouterr().out)

    return run


def test_applied_ready_refused_and_waiting(run):
    make.district()
    status, answer = run(Package(), "--dry-run")
    assert (status, answer["status"]) == (0, "ready")
    assert set(answer) >= ANSWER
    assert not Student.objects.exists()

    status, answer = run(Package())
    assert (status, answer["status"]) == (0, "published")
    assert answer["administrations"] == []

    few = Package().without_student("s-01").without_student("s-02")
    status, answer = run(few)
    assert (status, answer["status"]) == (1, "needs_review")
    status, answer = run(few, "--approve")
    assert (status, answer["status"]) == (0, "published")

    status, answer = run(Package().change("manifest.csv", {"propertyName": "file.users"}, value="delta"))
    assert (status, answer["status"]) == (1, "rejected")
    assert set(answer) >= ANSWER
    assert list(answer["issues"][0])[:1] == ["level"]


def test_a_dry_run_leaves_with_what_it_found(run):
    make.district()
    assert run(Package())[0] == 0
    few = Package().without_student("s-01").without_student("s-02")
    broken = Package().change("manifest.csv", {"propertyName": "file.users"}, value="delta")
    for package, status, found in [(Package(), 0, "ready"), (few, 1, "needs_review"), (broken, 1, "rejected")]:
        left, answer = run(package, "--dry-run")
        assert (left, answer["status"]) == (status, found) and set(answer) >= ANSWER
    assert RosterImport.objects.filter(state=RosterImport.State.APPLIED).count() == 1


def test_a_folder_is_a_package_too(run, tmp_path):
    make.district()
    folder = tmp_path / "export" / "inside"
    folder.mkdir(parents=True)
    for name, data in Package().files.items():
        (folder / name).write_bytes(data)
    first = run(folder.parent)
    assert (first[0], first[1]["status"]) == (0, "published")
    assert run(folder)[1]["sha256"] == first[1]["sha256"]


def test_a_folder_without_a_manifest(run, tmp_path):
    make.district()
    status, answer = run(tmp_path)
    assert (status, answer["issues"][0]["code"]) == (1, "MISSING_MANIFEST")


def test_the_district_is_the_one_the_roster_names(run):
    make.district("D2", "Second District")
    named = make.district("D1")
    assert run(Package())[0] == 0
    assert set(School.objects.values_list("district", flat=True)) == {named.pk}


def test_the_flag_goes_before_what_the_roster_names(run):
    make.district("D1")
    second = make.district("D2", "Second District")
    status, answer = run(Package(), "--district", "D2")
    assert status == 0
    assert set(School.objects.values_list("district", flat=True)) == {second.pk}
    assert [one["code"] for one in answer["issues"]] == ["DISTRICT_DIFFERS"]


def test_a_first_roster_makes_its_district_but_a_dry_run_does_not(run):
    assert run(Package(), "--dry-run")[0] == 0
    assert not District.objects.exists()
    status, answer = run(Package())
    assert status == 0
    district = District.objects.get()
    assert (district.code, district.name, answer["district"]) == ("D1", "First District", "D1")
    assert answer["rows_unchanged"] == 0


def test_a_roster_that_names_no_district_is_of_the_only_one(run):
    only = make.district("X", "Only District")
    package = Package().drop("orgs.csv", sourcedId="d")
    assert run(package)[0] == 0
    assert set(School.objects.values_list("district", flat=True)) == {only.pk}


BAD = {
    "no such file": ("/nowhere.zip", ()),
    "unknown district": (Package(), ("--district", "D7")),
    "unknown network": (Package(), ("--network", "nowhere")),
    "unknown person": (Package(), ("--by", "nobody@example.org")),
    "a district nobody knows": (Package().change("orgs.csv", {"sourcedId": "d"}, identifier="Z", name="Z"), ()),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_usage_leaves_with_two_and_nothing_behind(run, case):
    make.district()
    package, arguments = BAD[case]
    status, answer = run(package, *arguments)
    assert status == 2
    assert answer["message"].endswith(".")
    assert not RosterImport.objects.exists()


def test_two_districts_and_a_roster_that_names_none(run):
    make.district("X", "Tenth District")
    make.district("Y", "Eleventh District")
    status, answer = run(Package().drop("orgs.csv", sourcedId="d"))
    assert status == 2
    assert "--district" in answer["message"]


def test_network_and_person(run):
    make.district()
    network, person = make.network(), make.user("clerk@example.org")
    status, _ = run(Package(), "--network", network.slug, "--by", "Clerk@example.org")
    assert status == 0
    assert RosterImport.objects.get().by == person
    assert NetworkSchool.objects.filter(network=network).count() == 2


def test_in_words(db, in_winter, tmp_path, capsys):
    make.district()
    path = tmp_path / "roster.zip"
    path.write_bytes(Package().change("users.csv", {"sourcedId": "t-1"}, email="").zip())
    call_command("import_roster", str(path))
    said = capsys.readouterr().out
    assert said.startswith("published: read ")
    assert "students: 30 added" in said
    assert "has no email address" in said
