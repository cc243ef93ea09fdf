"""What the code answers for each role is what the permission matrix says, row by row of the matrix.

The matrix lies beside the project (`../shared/permission_matrix.csv`); where it is absent its rows are skipped and
the rest still holds: every model says which resource of the matrix it belongs to.
"""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser

from assessments import models as results
from assessments.releases.pages import districts_to_release
from schools import models as places
from schools.rights import districts_for_schools, may_staff, why_section
from tests.policy.rows import PEOPLE, furnish, own_rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_winter")]

MATRIX = Path(__file__).parents[2] / "shared" / "permission_matrix.csv"
VERBS = ("create", "read", "update", "delete")

RINGS_OF = {
    "none": set(),
    "public": set(),  # nobody sees a row without signing in; what is public has pages of its own
    "own": {"own"},
    "own_class": {"own", "class"},
    "own_school": {"own", "class", "school"},
    "assigned_schools": {"own", "class", "school"},
    "own_district": {"own", "class", "school", "district"},
    "network": {"own", "class", "school", "district", "network"},
}
# A network may span districts. Those who work in one school see what belongs to a district in their own district.
IN_ONE_SCHOOL = {"teacher", "teacher_leader", "principal", "psi_coach"}

# --- which model belongs to which resource of the matrix -------------------------------------------------

EXACT = {
    places.Student: "student_results",
    places.Enrollment: "student_results",
    places.SectionEnrollment: "student_results",
    results.Result: "student_results",
    places.Section: "roster_admin",
    places.SectionStaff: "section_staff",
    places.DataAgreement: "data_agreements",
    places.AccessLog: "audit_log",
    results.Upload: "uploads",
    results.Assessment: "assessment_setup",
    results.CutScore: "assessment_setup",
    results.Window: "assessment_setup",
    results.Administration: "assessment_setup",
    results.Release: "snapshot_release",
    results.ReleasedCell: "network_aggregates",
    results.ReleasedSchool: "network_aggregates",
}
# Rows that fewer people see than the matrix allows, each for its reason.
NARROWER = {
    places.Membership: "roster_admin",  # a teacher sees the class, not colleagues' roles
    places.RosterImport: "roster_admin",  # the file of a district is its own affair
    places.DisclosureRecord: "audit_log",
    places.RetentionRule: "audit_log",
    places.DestructionCertificate: "audit_log",
    places.YearAct: "roster_admin",  # what a district's office did when the year turned
    places.ClassListReport: "roster_admin",  # who said it, and who can mend it
    places.RosterDiff: "roster_admin",
    places.RosterFlags: "roster_admin",
    places.BulkEdit: "roster_admin",  # what one's own office did
    places.Merge: "roster_admin",
    places.Viewing: "roster_admin",  # and those of oneself
    places.Act: "audit_log",  # what was changed is for those who keep rosters, roles and tests, and for auditors
    places.Change: "audit_log",
    results.Item: "assessment_setup",  # keys and texts have a rule of their own, by the window's end
    results.ResultHistory: "student_results",  # earlier versions are for the district's office
    results.UploadIssue: "uploads",
    results.UploadEvent: "uploads",
    results.ColumnMapping: "assessment_setup",  # how other layouts are read matters to those who send files
    results.GroupSummary: "school_aggregates",  # beyond the own school only a released snapshot is read
    results.GrowthSummary: "school_aggregates",
    results.ItemSummary: "assessment_setup",
    results.FormSummary: "assessment_setup",
    results.ReleaseEvent: "snapshot_release",  # who did what is for those who release and audit
    results.WithheldFigure: "snapshot_release",  # what is not shown, and why, is the auditor's
}
# Names of places and people one works with, and what one is told: no resource of the matrix, and never those of a far
# district.
PLACES = {
    places.User, places.District, places.Network, places.School, places.SchoolAlias, places.NetworkSchool,
    places.SchoolYear, places.Notice,
}  # fmt: skip
OPEN = {results.Standard, places.Organization}  # public texts, and who the partners are
NO_SIGHT = {
    places.RosterTrace,
    places.DrawnPage,
    places.ChangedTable,
    results.UploadChunk,
    results.ReleaseBasis,
}  # read by the portal alone, shown to nobody

NOT_BUILT = {
    "coaching_visit_logs", "private_coach_notes", "pd_materials", "session_attendance",
    "discussion_posts", "leader_gathering_notes", "budget_proposals", "mediation_cases", "exports",
    "lesson_plans", "strategies_and_trials", "exit_checks", "cycles", "support_plans",
    "plc_ilt", "session_feedback", "act48_hours", "student_flags", "peer_coaching_pairs", "operations",
}  # fmt: skip
# Acts of resources that exist, for which there is no page or command yet that one person does alone.
ACTS_NOT_BUILT = {
    ("student_results", "update"),  # a correction request; values come through uploads alone
    ("student_results", "delete"),  # the purge at the end of an agreement, by two people
    ("uploads", "create"),
    ("uploads", "delete"),
    ("assessment_setup", "create"),
    ("school_aggregates", "update"),  # release
    ("network_aggregates", "update"),
}


# --- what the code answers -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Check:
    """What the code answers: the rings in which a person may do it. `model` where the answer is about its rows."""

    answer: Callable
    model: type | None = None

    def possible(self, rings) -> set[str]:
        """The rings in which there is anything to find: not every kind of row lies in every ring."""
        return {name for name, ring in rings.items() if self.model is None or self.model in ring.rows}


def rings_of(queryset, rings, model) -> set[str]:
    """The rings whose row of `model` is in `queryset`."""
    found = set(queryset.values_list("pk", flat=True))
    return {name for name, ring in rings.items() if model in ring.rows and ring.rows[model].pk in found}


def seen(model) -> Check:
    return Check(lambda user, rings: rings_of(model.objects.visible_to(user), rings, model), model)


def changed(model) -> Check:
    return Check(lambda user, rings: rings_of(model.objects.editable_by(user), rings, model), model)


def by_ring(rule) -> Check:
    """Rings for which `rule(user, ring)` holds; nobody is asked who has not signed in."""
    return Check(lambda user, rings: {n for n, ring in rings.items() if user.is_authenticated and rule(user, ring)})


CHECKS = {
    ("class_aggregates", "read"): [by_ring(lambda user, ring: why_section(user, ring.section) is not None)],
    ("roster_admin", "create"): [by_ring(lambda user, ring: ring.district.pk in districts_for_schools(user))],
    ("roster_admin", "update"): [changed(places.Membership)],
    ("section_staff", "create"): [by_ring(lambda user, ring: may_staff(user, ring.section))],
    ("section_staff", "update"): [changed(places.SectionStaff)],
    ("section_staff", "delete"): [changed(places.SectionStaff)],
    ("data_agreements", "create"): [by_ring(lambda user, ring: ring.district.pk in user.standing.admin_district_ids)],
    ("data_agreements", "update"): [changed(places.DataAgreement)],
    ("assessment_setup", "update"): [changed(results.Assessment)],
    ("snapshot_release", "create"): [by_ring(lambda user, ring: ring.district.pk in districts_to_release(user))],
    ("snapshot_release", "update"): [changed(results.Release)],
}
for model, resource in EXACT.items():
    CHECKS.setdefault((resource, "read"), []).append(seen(model))
BUILT = {resource for resource, _ in CHECKS} | set(NARROWER.values())


def matrix_rows() -> list[dict]:
    if not MATRIX.exists():
        return []
    with MATRIX.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ROWS = matrix_rows()


@dataclass(frozen=True)
class Said:
    """What the code says of one act: the rings in which a person may do it, of those in which it could be done."""

    rings: set[str]
    possible: set[str]


KEPT = {}  # what the code says, asked once: the world behind it takes half a second to make


@pytest.fixture
def said(request):
    """What the code says: acts by (role, resource, verb), and narrower models by (role, model)."""
    if not KEPT:
        world = request.getfixturevalue("world")
        rings = furnish(world)
        for role in [*PEOPLE, "public"]:
            KEPT.update(_said_of(role, world, rings))
    return KEPT


def _said_of(role, world, rings) -> dict:
    """All that the code says of one role."""
    user = AnonymousUser() if role == "public" else getattr(world, PEOPLE[role])
    own = own_rows(user, world) if role != "public" else {}
    with_own = rings | {"own": SimpleNamespace(rows=own)}
    answers = {}
    for (resource, verb), checks in CHECKS.items():
        asked = [(check, with_own if check.model in own else rings) for check in checks]
        answers[role, resource, verb] = [Said(check.answer(user, of), check.possible(of)) for check, of in asked]
    for model in [*EXACT, *NARROWER, *PLACES, *OPEN]:
        answers[role, model] = rings_of(model.objects.visible_to(user), rings, model)
    return answers


@pytest.mark.parametrize("row", [row for row in ROWS if row["resource"] in BUILT], ids=lambda row: row["test_id"])
def test_the_code_answers_as_the_matrix_says(said, row):
    role, resource = row["role"], row["resource"]
    for verb in VERBS:
        allowed = RINGS_OF[row[verb]]
        acts = said.get((role, resource, verb), [])
        if (resource, verb) in ACTS_NOT_BUILT:
            assert not acts, f"{resource}, {verb} is built: take it off the list"
            continue
        held = acts or (verb == "read" and resource in NARROWER.values())
        assert held or not allowed, f"nothing holds {verb} of {resource} against the matrix"
        for act in acts:
            most = allowed & act.possible
            least = most - {"network"} if role in IN_ONE_SCHOOL else most
            words = f"the matrix {sorted(most)}, the code {sorted(act.rings)}"
            assert least <= act.rings <= most, f"{role}, {verb} {resource}: {words}"
    for model in [model for model, of in NARROWER.items() if of == resource]:
        rings = said[role, model]
        assert rings <= RINGS_OF[row["read"]], f"{role} sees {model.__name__} in {sorted(rings)}"


@pytest.mark.skipif(not ROWS, reason="The permission matrix is not beside the project.")
def test_every_resource_of_the_matrix_is_held_or_named_as_not_built():
    assert {row["resource"] for row in ROWS} == BUILT | NOT_BUILT
    assert not BUILT & NOT_BUILT


def test_every_model_says_which_resource_it_is():
    own = {model for label in ("schools", "assessments") for model in apps.get_app_config(label).get_models()}
    own |= {m for m in apps.get_models() if m.__module__.split(".")[0] in {"sessions_pd", "coaching", "pop_network"}}
    decided = EXACT.keys() | NARROWER.keys() | PLACES | OPEN | NO_SIGHT
    assert own == decided
    assert not NOT_BUILT & (set(EXACT.values()) | set(NARROWER.values()))


@pytest.mark.parametrize("role", sorted(PEOPLE))
def test_nobody_sees_a_row_of_a_far_district(said, role):
    for model in EXACT.keys() | NARROWER.keys() | PLACES:
        assert "far" not in said[role, model], model.__name__


def test_nobody_sees_a_row_without_signing_in(said):
    for model in EXACT.keys() | NARROWER.keys() | PLACES | OPEN:
        assert not said["public", model], model.__name__
