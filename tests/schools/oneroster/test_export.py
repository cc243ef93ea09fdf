"""The portal's roster as a package: valid, without what is not its business, and read in again without a change."""

import csv
import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command

from schools.models import Enrollment, RosterFlags, SectionStaff
from schools.oneroster.export import whole_package
from schools.rosters import load_roster
from tests import make
from tests.schools.oneroster.packages import Package
from tests.schools.oneroster.test_undo import everything, second_package

COLUMNS = Path(__file__).resolve().parents[4] / "shared" / "data" / "oneroster" / "columns_v1p2.csv"


def files_of(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {
            name: list(csv.reader(io.StringIO(archive.read(name).decode(), newline=""))) for name in archive.namelist()
        }


def import_again(district):
    return load_roster(data=whole_package(district), filename="own.zip", district=district)


def changes_nothing(row):
    assert row.state == "published", (row.answer["issues"], row.answer["halts"])
    assert not row.traces.exists(), row.answer["changes"]
    assert not [one for one in row.answer["issues"] if one["level"] == "error"]


def test_our_own_export_of_a_roster_changes_nothing(load, district):
    load(Package())
    load(second_package(), approve=True)
    before = everything()
    changes_nothing(import_again(district))
    assert everything() == before


def test_our_own_export_of_what_was_never_in_a_roster_changes_nothing(world):
    before = everything()
    changes_nothing(import_again(world.district))
    assert everything() == before


def test_the_year_is_told_and_a_school_year_gone_by_is_written_too(world, in_winter, tmp_path):
    path = tmp_path / "roster.zip"
    call_command("export_roster", str(path), district=world.district.code, json=True)
    assert files_of(path.read_bytes())["academicSessions.csv"][1][3] == world.year.code


def test_substitutes_and_support_stay_in_the_portal(load, district):
    load(Package())
    section = SectionStaff.objects.get(user__sourced_id="t-1").section
    helper = make.user()
    make.staff(helper, section, "substitute")
    files = files_of(whole_package(district))
    assert not any(helper.email in row for row in files["users.csv"])
    changes_nothing(import_again(district))


def test_no_password_no_address_of_a_student_and_no_ended_seat(load, district):
    load(Package())
    load(Package().without_student("s-05"))
    header, *rows = files_of(whole_package(district))["users.csv"]
    users = [dict(zip(header, row, strict=True)) for row in rows]
    assert {user["password"] for user in users} == {""}
    assert {user["email"] for user in users if user["sourcedId"].startswith("s-")} == {""}
    assert "s-05" not in {user["sourcedId"] for user in users}


@pytest.mark.skipif(not COLUMNS.is_file(), reason="the lists of columns are not beside this repository")
def test_the_columns_are_those_of_the_standard_in_its_order(load, district):
    load(Package())
    with COLUMNS.open() as lines:
        rows = list(csv.reader(lines))
    standard: dict[str, list[str]] = {}
    for name, column, *_ in rows[1:]:
        standard.setdefault(name, []).append(column.removesuffix("*"))
    for name, (header, *found) in files_of(whole_package(district)).items():
        if name == "manifest.csv":
            assert [row[0] for row in found if row[0].startswith("file.")] == sorted(
                (one for one in standard[name] if one.startswith("file.")), key=str.casefold
            )
            continue
        places = [standard[name].index(column) for column in header]
        assert places == sorted(places)
        needed = {row[1].removesuffix("*") for row in rows if row[0] == name and row[2] == "Yes"}
        for row in found:
            assert not [column for column, cell in zip(header, row, strict=True) if column in needed and not cell], row


def test_a_district_without_classes_has_no_roster(district):
    with pytest.raises(ValueError, match="no classes yet"):
        whole_package(district)


def test_programs_come_from_the_columns_the_district_named_and_move_with_the_student(load, district):
    RosterFlags.objects.create(district=district, iep="metadata.sped", english_learner="metadata.ell")
    package = Package("v1p1").write(
        "demographics.csv",
        ["sourcedId", "status", "dateLastModified", "birthDate", "metadata.ell", "metadata.sped"],
        [{"sourcedId": "s-01", "birthDate": "2015-01-31", "metadata.ell": "Y", "metadata.sped": "false"}],
    )
    row = load(package)
    stay = Enrollment.objects.get(student__number="1001")
    assert (stay.english_learner, stay.iep, stay.economically_disadvantaged) == (True, False, None)
    with zipfile.ZipFile(io.BytesIO(bytes(row.content))) as kept:
        assert b"2015-01-31" not in kept.read("demographics.csv")
    assert not load(package).traces.exists()
    header, rows = package.rows("demographics.csv")
    load(package.write("demographics.csv", header, [rows[0] | {"metadata.ell": "", "metadata.sped": "yes"}]))
    stay.refresh_from_db()
    assert (stay.english_learner, stay.iep) == (True, True)
    RosterFlags.objects.all().delete()
    package = Package("v1p1").change("users.csv", {"sourcedId": "s-01"}, orgSourcedIds="birch")
    cells = {"classSourcedId": "c-601", "schoolSourcedId": "birch"}
    load(package.change("enrollments.csv", {"userSourcedId": "s-01"}, **cells))
    moved = Enrollment.objects.get(student__number="1001", school__code="200")
    assert (moved.starts, moved.english_learner, moved.iep) == (date(2025, 12, 10), True, True)
