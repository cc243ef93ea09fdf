"""Packages that another system's own test builders wrote, from the sample data beside the repository."""

from pathlib import Path

import pytest

from schools.models import School, Section
from schools.rosters import load_roster
from tests.schools.oneroster.conftest import codes, counts_add_up

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "oneroster"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the sample data is not beside this repository")


def load(name, **options):
    return load_roster(data=(DATA / name).read_bytes(), filename=name, **options)


@needs_data
@pytest.mark.parametrize("kind", ["rostering", "full", "gradebook", "resources"])
def test_bulk_packages_are_loaded_and_again_change_nothing(db, kind):
    first = load(f"{kind}-bulk-package.zip")
    assert (first.state, first.district.code, first.answer["format"]) == ("published", "NCES-1", "oneroster-1.2")
    assert codes(first.answer) == ["STAFF_WITHOUT_EMAIL"]  # its teachers have no address
    school, section = School.objects.get(), Section.objects.get()
    assert (school.code, school.name, school.sourced_id) == ("NCES-1", "North School", "org-1")
    assert (section.title, section.subject, section.grade, section.year.code) == (
        "Algebra One A",
        "Math",
        "09",
        "2024-25",
    )
    second = load(f"{kind}-bulk-package.zip")
    assert second.answer["rows_unchanged"] == second.answer["rows_loaded"] == first.answer["rows_loaded"]
    assert counts_add_up(first.answer)


@needs_data
@pytest.mark.parametrize("kind", ["rostering", "full", "gradebook", "resources"])
@pytest.mark.parametrize("first", ["bulk", "delta"])
def test_delta_packages_change_nothing_where_all_of_it_stands(db, kind, first):
    before = load(f"{kind}-{first}-package.zip")
    assert (before.state, School.objects.get().name) == ("published", "North School")
    second = load(f"{kind}-delta-package.zip")
    assert second.state == "published"
    assert second.answer["rows_unchanged"] == second.answer["rows_loaded"] > 0
    assert counts_add_up(second.answer)
    assert not second.traces.exists()


@needs_data
def test_a_manifest_alone_is_no_roster(db):
    row = load("manifest-only-package.zip")
    assert (row.state, codes(row.answer)) == ("rejected", ["MISSING_FILE"])
