"""Rows of every kind at five distances from one class, so that sight can be held against the policy.

The rings: `class` (section 501 of Ash), `school` (section 502 of Ash), `district` (Birch, same district and network),
`network` (Cedar: another district, same network), `far` (another district, no network). `own` holds, person by
person, what belongs to that person alone.
"""

from datetime import UTC, date, datetime
from types import SimpleNamespace

from django.db import connection

from assessments.models import (
    ColumnMapping,
    CutScore,
    FormSummary,
    GroupSummary,
    GrowthSummary,
    Item,
    ItemSummary,
    Result,
    ResultHistory,
    Upload,
    UploadEvent,
    UploadIssue,
)
from schools.models import (
    AccessLog,
    BulkEdit,
    ClassListReport,
    DataAgreement,
    DestructionCertificate,
    DisclosureRecord,
    Merge,
    RetentionRule,
    RosterDiff,
    RosterFlags,
    RosterImport,
    SchoolAlias,
    Viewing,
    YearAct,
)
from tests import make
from tests.policy.releases import released

RINGS = ("class", "school", "district", "network", "far")
PEOPLE = {
    "teacher": "teacher",
    "teacher_leader": "leader",
    "principal": "principal",
    "psi_coach": "coach",
    "district_admin": "admin",
    "network_admin": "operator",
    "union_rep": "rep",
    "auditor": "auditor",
}


def furnish(world) -> dict[str, SimpleNamespace]:
    """Fill `world` with rows of every kind; the rings by name, each with the rows that lie there by model."""
    world.cedar_district = make.district("D3", "Third District")
    world.cedar_year = make.year(world.cedar_district)
    world.cedar = make.school(world.cedar_district, "300", "Cedar School", join=world.network)
    world.cedar_section = make.section(world.cedar, world.cedar_year, "701")
    world.cedar_student = make.student(world.cedar_district)
    make.enroll(world.cedar_student, world.cedar, world.cedar_year)
    make.seat(world.cedar_student, world.cedar_section)
    world.partner = make.partner("Second Partner")
    make.standard()
    places = {
        "class": (world.section, world.students[0]),
        "school": (world.other_section, world.students[2]),
        "district": (world.birch_section, world.students[3]),
        "network": (world.cedar_section, world.cedar_student),
        "far": (world.far_section, world.far_student),
    }
    tests_of = {}
    rings = {ring: _ring(world, ring, *place, tests_of) for ring, place in places.items()}
    released(world, rings)
    a_report(world.teacher, world.section, "Said by the teacher alone.")
    for person in (world.teacher, world.far_principal):
        make.notice(person, words=f"Told to {person.email} alone.")
    world.acts = acts_done(world.admin, world.district, world.teacher, world.students[:2])
    _keep(rings["far"], *acts_done(world.far_principal, world.far, world.far_principal, [world.far_student] * 2))
    return rings


NAMES = {"given_name": "Ana", "family_name": "Once", "sourced_id": ""}
NOTHING_MOVED = {"before": [NAMES, NAMES], "rows": [], "away": [], "made": [], "rooms": {}}


def acts_done(by, of, person, students) -> list:
    """What an office did to many rows, or to two that are one, and as whom it looked at the portal."""
    until = datetime(2025, 12, 10, 18, tzinfo=UTC)
    return [
        Merge.objects.create(
            by=by, district=of, kept_student=students[0], gone_student=students[1], moved=NOTHING_MOVED
        ),
        BulkEdit.objects.create(by=by, district=of, act="end_role"),
        Viewing.objects.create(by=by, district=of, person=person, reason="asked", until=until),
    ]


def _ring(world, ring, section, student, tests_of) -> SimpleNamespace:
    school = section.school
    district = school.district
    made = SimpleNamespace(section=section, school=school, district=district, student=student, rows={})
    someone = make.user(family_name=f"Someone{ring}")
    membership = make.member(someone, "teacher", school=school)
    staffing = make.staff(someone, section, "support")
    _keep(made, section, student, student.enrollments.get(), student.sections.get(), membership, staffing)
    _keep(made, school, district, someone)
    _keep(made, SchoolAlias.objects.create(district=district, school=school, name=f"ALIAS {ring}"))
    agreement = make.agreement(world.partner, district, [school])
    DataAgreement.objects.filter(pk=agreement.pk).update(function=f"Work in ring {ring}")
    _keep(made, agreement)
    act = {"kind": "review", "words": f"Done in ring {ring}.", "by": someone}
    _keep(made, YearAct.objects.create(year=section.year, **act))
    _keep(made, a_report(someone, section, f"Wrong in ring {ring}."))
    log = {"user": someone, "district": district, "school": school}
    _keep(made, AccessLog.objects.create(action="view", what=f"page in ring {ring}", **log))
    roster = RosterImport.objects.create(
        district=district, filename=f"roster-{ring}.zip", sha256="0", content=b"", state="published", by=someone
    )
    diff = RosterDiff.objects.create(roster_import=roster, kind="schools", act="untouched", count=1)
    flags, _ = RosterFlags.objects.get_or_create(district=district)
    _keep(made, roster, diff, flags)
    _privacy(made, someone, ring)
    _results(made, someone, ring, tests_of)
    return made


def _privacy(made, someone, ring):
    """A disclosure by other means than the portal, a rule of how long, and a certificate."""
    disclosure = DisclosureRecord.objects.create(
        district=made.district, school=made.school, on=date(2025, 10, 1), party=f"Party {ring}", interest="Transfer",
        basis="transfer", what="Results", by=someone,
    )  # fmt: skip
    rule, _ = RetentionRule.objects.get_or_create(district=made.district, data_class="notices", defaults={"days": 90})
    number = DestructionCertificate.objects.filter(district=made.district).count() + 1
    certificate = DestructionCertificate.objects.create(
        district=made.district, number=number, data_class="notices", label="Notices", rule="90 days",
        before=date(2025, 7, 1), counts={"notices": 3}, sha256=f"{number:064}",
    )  # fmt: skip
    _keep(made, disclosure, rule, certificate)


def _keep(made, *rows):
    for row in rows:
        made.rows[type(row)] = row


def _results(made, someone, ring, tests_of):
    if made.district.pk not in tests_of:
        tests_of[made.district.pk] = _test_of(made.district, made.section.year)
    rows = tests_of[made.district.pk]
    made.rows |= {type(row): row for row in rows.values()}
    upload = an_upload(someone, made.school, f"results-{ring}.csv")
    issue = UploadIssue.objects.create(upload=upload, level="error", code="BAD_DATE", message="A date.", value="x")
    mapping = ColumnMapping.objects.create(
        district=made.district, name=f"mapping of {ring}", fingerprint=ring, headers=["Ref", "Mark"],
        meanings=["student", "score"], by=someone,
    )  # fmt: skip
    _keep(made, mapping)
    _keep(made, upload, issue, UploadEvent.objects.create(upload=upload, by=someone, act="publish"))
    of_student = {
        "administration": rows["administration"], "student": made.student, "school": made.school,
        "section": made.section, "upload": upload, "points": 2.0, "grade": "05",
    }  # fmt: skip
    _keep(made, Result.objects.create(status=Result.TESTED, **of_student))
    _keep(made, ResultHistory.objects.create(status=Result.TESTED, replaced_by=upload, **of_student))
    if ring != "school":  # one summary a school; Ash's stands in the ring of the class
        summary = GroupSummary.objects.create(
            administration=rows["administration"], school=made.school, tested=1, not_tested=0
        )
        growth = GrowthSummary.objects.create(
            district=made.district, series="QM", first=rows["window"], last=rows["window"], school=made.school,
            kind="scale", matched=1,
        )  # fmt: skip
        _keep(made, summary, growth)


def a_report(by, section, text) -> ClassListReport:
    """An open report of `by` on a class list."""
    return ClassListReport.objects.create(section=section, by=by, kind="other", text=text)


def an_upload(by, school, filename) -> Upload:
    """An upload of `by` for `school`, published."""
    return Upload.objects.create(
        district=school.district, school=school, by=by, filename=filename, size=1, sha256="0", state="published"
    )


def _test_of(district, year) -> dict:
    test = make.assessment(district, keys="AB")
    make.cuts(test)
    window = make.window(year)
    administration = make.administration(test, window)
    with connection.cursor() as cursor:
        cursor.execute("SELECT result_partition_prepare(%s)", [administration.pk])
        cursor.execute("SELECT result_partition_attach(%s)", [administration.pk])
    administration.has_partition = True
    administration.published_at = datetime(2025, 10, 20, tzinfo=UTC)
    administration.save(update_fields=["has_partition", "published_at"])
    item = Item.objects.filter(assessment=test).first()
    return {
        "test": test,
        "item": item,
        "cut": CutScore.objects.filter(assessment=test).first(),
        "window": window,
        "administration": administration,
        "form": FormSummary.objects.create(administration=administration, students=1),
        "item_summary": ItemSummary.objects.create(administration=administration, item=item, students=1),
    }


def own_rows(person, world) -> dict:
    """What belongs to one person alone, by model; the agreement is that of the coach's own organization."""
    log = AccessLog.objects.create(user=person, action="export", what="an own export")
    return {
        AccessLog: log,
        Upload: an_upload(person, world.ash, "own.csv"),
        DataAgreement: world.agreement,
    }
