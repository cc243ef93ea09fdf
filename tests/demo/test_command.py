"""`manage.py demo`: loaded through the portal's own pipeline, resumable, and done only once."""

import json
import stat
from pathlib import Path

import pytest
from django.conf import settings as live
from django.core.management import CommandError
from django.db import connection

from assessments.models import (
    Administration,
    GroupSummary,
    GrowthSummary,
    ItemSummary,
    Result,
    Upload,
    UploadEvent,
)
from pop_network.demo import planted
from pop_network.demo.places import BY_CODE
from schools.access import why_can_see
from schools.locks import Lock
from schools.models import (
    DataAgreement,
    Enrollment,
    Membership,
    RosterImport,
    School,
    Section,
    SectionStaff,
    Student,
    User,
)
from tests import make
from tests.demo.database import STOPPED_AFTER, TODAY, run

pytestmark = pytest.mark.django_db  # each test's own changes are rolled back; the demo stays

COUNTED = [
    Administration, DataAgreement, Enrollment, GroupSummary, GrowthSummary, ItemSummary, Membership, Result,
    RosterImport, School, Section, SectionStaff, Student, Upload, UploadEvent, User,
]  # fmt: skip


def state():
    """What a second run must leave alone."""
    rows = {model.__name__: model.objects.count() for model in COUNTED}
    passwords = list(User.objects.order_by("pk").values_list("email", "password"))
    uploads = list(Upload.objects.order_by("pk").values_list("pk", "state", "at", "published_at", "sha256"))
    versions = list(Administration.objects.order_by("pk").values_list("pk", "version", "published_at"))
    return rows, passwords, uploads, versions


def test_an_interrupted_load_goes_on_where_it_stopped(demo):
    assert demo.half == STOPPED_AFTER
    assert demo.answer["today"] == TODAY.isoformat()
    assert demo.answer["status"] == "loaded"
    assert demo.answer["published"] == demo.answer["files"] - 2
    assert demo.answer["waiting"] == 2
    assert Upload.objects.count() == demo.answer["files"]


def test_running_it_again_changes_nothing(demo):
    before = state()
    answer = json.loads(run("--json"))
    assert answer["status"] == "unchanged"
    assert "nothing was changed" in run()
    assert state() == before


def test_two_loads_at_once_do_not_meet(demo):
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [Lock.DEMO])
            assert cursor.fetchone()[0]
        with pytest.raises(CommandError, match="being loaded by another command"):
            run()
    finally:
        other.close()


def test_another_day_or_seed_leaves_the_demo_that_is_there(demo):
    before = state()
    said = run("--today", "2027-03-01", "--seed", "3")
    assert f"counts from {TODAY}" in said
    assert state() == before


def test_sign_ins_are_for_the_owner_of_the_folder_only(demo):
    path = Path(demo.answer["sign_ins"])
    assert path.name == "demo-sign-ins.txt"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text() == (demo.folder / path.name).read_text()


@pytest.mark.parametrize(
    "email",
    [
        "teacher@example.org", "leader@example.org", "principal@example.org", "coach@example.org",
        "former.coach@example.org", "district@example.org", "network@example.org", "union@example.org",
        "auditor@example.org",
    ],
)  # fmt: skip
def test_each_of_them_has_the_password_of_the_file(demo, email):
    written = (demo.folder / "demo-sign-ins.txt").read_text()
    assert email in written
    password = written.split("password of each: ")[1].strip()
    assert len(password) >= 12
    assert User.objects.get(email=email).check_password(password)


def test_nobody_else_has_a_password(demo):
    others = [
        user for user in User.objects.all() if user.email not in demo.folder.joinpath("demo-sign-ins.txt").read_text()
    ]
    assert len(others) > 40
    assert not any(user.has_usable_password() for user in others)


def test_a_file_that_got_lost_is_written_anew_with_a_chosen_password(demo, monkeypatch):
    path = demo.folder / "demo-sign-ins.txt"
    kept = path.read_text()
    path.unlink()
    monkeypatch.setenv("POP_DEMO_PASSWORD", "a-password-of-my-own")
    run()
    assert "a-password-of-my-own" in path.read_text()
    assert User.objects.get(email="teacher@example.org").check_password("a-password-of-my-own")
    path.write_text(kept)


def test_the_database_holds_what_was_promised(demo):
    assert School.objects.count() == 12
    assert Section.objects.filter(year__code="2026-27").count() == 24
    first = Enrollment.objects.filter(year__code="2026-27").order_by("starts").first().starts
    assert Enrollment.objects.on(first).count() == 567
    assert SectionStaff.objects.filter(role="substitute").count() == 2
    assert DataAgreement.objects.get().names_school_officials


def test_results_came_as_files_that_can_be_looked_at(demo):
    published = Upload.objects.filter(state="published")
    assert not Result.objects.exclude(upload__in=published).exists()
    assert {upload.by.email for upload in published} == {"district@example.org"}
    fall = published.get(filename="quarterly-math-5-2025-26-fall.csv")
    assert f"{fall.at:%Y-%m-%d}" == "2025-10-07"
    assert fall.answer["recognized"].startswith("portal template")


def test_every_result_stands_in_a_section_of_its_school(demo):
    assert not Result.objects.filter(section=None).exists()
    assert not Result.objects.exclude(grade__in=["03", "04", "05", "06", "07", "08"]).exists()


def test_one_vendor_file_brings_the_adaptive_test_with_strands(demo):
    rows = Result.objects.filter(administration__assessment__kind="adaptive")
    assert rows.count() > 2_000
    strands = rows.first().administration.assessment.strands
    assert "Geometry" in strands
    assert len(rows.first().strands) == len(strands)


def test_right_holders_see_their_students_and_the_former_coach_does_not(demo):
    section = Section.objects.get(school__code="1030", code="501", year__code="2026-27")
    student = section.enrollments.filter(ends__gte=TODAY).first().student
    person = {user.email.split("@")[0]: user for user in User.objects.filter(email__endswith="@example.org")}
    assert why_can_see(person["teacher"], student)
    assert why_can_see(person["principal"], student)
    assert why_can_see(person["coach"], student)
    assert why_can_see(person["district"], student)
    for name in ("former.coach", "network", "union", "auditor"):
        assert why_can_see(person[name], student) is None, name


# --- the planted truths, through what dashboards read ------------------------------------------------------


def growth(school, year, last="Winter 1", series="QM"):
    return GrowthSummary.objects.get(
        series=series,
        first__year__code=year,
        first__name="Fall",
        last__year__code=year,
        last__name=last,
        school__code=school,
        network=None,
        grade="",
    )


@pytest.mark.parametrize("year", ["2025-26", "2026-27"])
def test_one_school_lost(demo, year):
    found = growth(planted.ONE_SCHOOL_LOST.schools[0], year)
    assert found.kind == "scale"
    assert found.high < 0


def test_one_school_is_too_small_to_say(demo):
    found = growth(planted.TOO_SMALL_TO_SAY.schools[0], "2026-27")
    assert found.matched <= 9
    assert found.low < 0 < found.high


def test_unit_checks_have_no_scale_and_so_a_standing(demo):
    assert set(GrowthSummary.objects.filter(series="UC").values_list("kind", flat=True)) == {"standing"}
    assert set(GrowthSummary.objects.filter(series="QM").values_list("kind", flat=True)) == {"scale"}


def test_the_wrong_key_is_flagged(demo):
    effect = planted.WRONG_KEY
    rows = ItemSummary.objects.filter(
        item__assessment__code=effect.assessment, item__position=effect.position, network=None
    )
    assert len(rows) == 2
    for row in rows:
        assert any("chosen more than the key" in flag for flag in row.flags)


def test_make_ups_are_missing_in_one_school(demo):
    rows = Result.objects.filter(administration__window__name="Winter 1", administration__window__year__code="2026-27")
    rows = rows.filter(administration__assessment__series="QM")
    missing = {
        code: rows.filter(school__code=code, status=Result.NOT_TESTED).count() / rows.filter(school__code=code).count()
        for code in BY_CODE
    }
    (late,) = planted.MAKE_UPS_MISSING.schools
    assert missing[late] > 0.2
    assert max(share for code, share in missing.items() if code != late) < 0.15


def test_two_files_wait_for_a_person(demo):
    shifted = Upload.objects.get(state="ready")
    assert any("Hollis Bend" in look["sentence"] and "shifted" in look["sentence"] for look in shifted.answer["looks"])
    to_fix = Upload.objects.get(state="needs_review")
    assert {"UNKNOWN_STUDENT", "UNKNOWN_CHOICE", "DUPLICATE_CONFLICT"} <= set(
        to_fix.issues.values_list("code", flat=True)
    )


# --- where it must not run -----------------------------------------------------------------------------------


def test_it_keeps_out_of_a_portal_that_serves_another_district(demo):
    make.district("D1", "First District")
    before = state()
    with pytest.raises(CommandError, match="First District"):
        run()
    assert state() == before


def test_a_day_that_is_none_is_refused(capsys):
    with pytest.raises(SystemExit) as left:
        run("--today", "tomorrow")
    assert left.value.code == 2
    assert '"tomorrow" is not a day' in capsys.readouterr().err


def test_every_truth_is_told_in_the_docs():
    told = (live.BASE_DIR / "docs" / "demo.md").read_text()
    for effect in planted.PLANTED:
        assert f"`{effect.name}`" in told, effect.name
        assert " ".join(effect.truth.split()) in " ".join(told.split()), effect.name
