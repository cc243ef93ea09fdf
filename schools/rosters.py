"""A roster package from its bytes to the district's people and sections: check it, apply it, keep what became of it.

Checking writes nothing but its own record; applying works the changes out anew, in one transaction under the
district's lock, so that what is written fits what the portal holds at that moment. `rosters_work` is the worker's way
here, `rosters_undo` the way back.
"""

import hashlib
import time
from collections.abc import Callable
from zoneinfo import ZoneInfo

import structlog
from django.db import connection, transaction
from django.utils import timezone

from schools.history.signing import asked_by
from schools.locks import Lock
from schools.models import District, Network, RosterFlags, RosterImport, User
from schools.oneroster.answering import answer_of, refused_answer
from schools.oneroster.apply import apply_plan
from schools.oneroster.delta import laid_over
from schools.oneroster.diff import diff_of, keep_diff
from schools.oneroster.export import has_roster, whole_package
from schools.oneroster.layout import ENROLLMENTS, ORGS
from schools.oneroster.merged import lead_on, naming_the_gone
from schools.oneroster.package import Package, read_package
from schools.oneroster.places import CODE_LENGTH, NAME_LENGTH, named_districts
from schools.oneroster.plan import Plan, make_plan
from schools.oneroster.portal import pointers_of, read_present
from schools.oneroster.records import DistrictOrg, Roster, day_of
from schools.oneroster.recycled import bar_recycled
from schools.oneroster.roster import read_roster
from schools.oneroster.strict import PackageRefused
from schools.oneroster.writing import Writer
from schools.waiting_rows import collector_waiting

State, Source = RosterImport.State, RosterImport.Source
Told = Callable[[int, int], None]
logger = structlog.get_logger("schools")


class DistrictUnclear(Exception):
    """Nothing says which district a roster is for; the text says what to do."""


class NotWaiting(Exception):
    """The roster was applied or refused already; the text says so."""


def load_roster(
    *,
    data: bytes,
    filename: str,
    district: District | None = None,
    network: Network | None = None,
    by: User | None = None,
    dry_run: bool = False,
    approve: bool = False,
    source: str = Source.COMMAND,
) -> RosterImport:
    """Check a package here and, unless `dry_run`, apply it where nothing stands against it (or `approve` is given).

    Without `district` it is the one the package names, else the only one. Where the portal has none yet, it is made
    from the package. Raises DistrictUnclear.
    """
    row = RosterImport(
        district=district, network=network, filename=filename[:255], by=by, source=source,
        sha256=hashlib.sha256(data).hexdigest(),
    )  # fmt: skip
    return work_out(row, data, write=not dry_run, approve=approve)


def work_out(
    row: RosterImport, data: bytes, *, write: bool, approve: bool, told: Told | None = None, settle: bool = False
) -> RosterImport:
    """Read the package, work its changes out, write them where they may be (`write`), and save the row's outcome.

    `settle`: one that changes nothing waits for nobody's yes; it is applied, since later packages are laid over it.
    """
    with collector_waiting(), asked_by(row.by):
        return _work_out(row, data, write=write, approve=approve, told=told, settle=settle)


def _work_out(row: RosterImport, data: bytes, *, write: bool, approve: bool, told: Told | None, settle: bool):
    started = time.monotonic()
    package, district = None, row.district
    try:
        package = read_package(data, marks_of(district), told)
        district, org = (district, org_of(package, district)) if district else find_district(package)
        with transaction.atomic():
            lock_rosters(district)
            whole = laid_over(package, standing_of(district, row)) if package.is_delta else package
            org = org_of(whole, district) if package.is_delta else org
            roster, plan = planned(whole, org, district)
            diff = diff_of(plan, roster)
            say_of_district(whole, org, district)
            row.answer = answer_of(whole, plan, approved=bool(plan.halts) and approve)
            whole.forget_cells()
            del roster
            halted = plan.halts and not approve
            write = write or (settle and row.network_id is None and plan.changes_nothing)
            row.state = State.NEEDS_REVIEW if halted else State.APPLIED if write else State.READY
            _settle(row, package, district, plan, whole, started)
            keep_diff(row, diff)
    except PackageRefused as refusal:
        row.state, row.answer = State.REJECTED, refused_answer(package, refusal)
        with transaction.atomic():
            _finish(row, package, district, started)
    logger.info("roster", roster_import=row.pk, state=row.state, by=row.by_id, seconds=row.answer["seconds"])
    return row


def _settle(row, package: Package, district: District, plan: Plan, whole: Package, started: float) -> None:
    """Write what the plan says, where the row was found to be applied; then the row and the traces."""
    writer = Writer()
    if row.state == State.APPLIED:
        row.applied_at = timezone.now()
        if whole is not package:
            row.standing = whole.kept
        apply_plan(plan, district, row.network, today_in(district), writer)
    _finish(row, package, district, started)
    writer.keep(row)


def _finish(row: RosterImport, package: Package | None, district: District | None, started: float) -> None:
    row.district = district if district is not None and district.pk else None
    row.content = package.kept if package else b""
    row.answer |= {"district": district.code if district else None, "seconds": round(time.monotonic() - started, 2)}
    row.rows_done = row.rows_known = row.answer["rows_read"]
    row.attempts, row.failure, row.moved_at = 0, "", timezone.now()
    row.save()


def planned(package: Package, org: DistrictOrg | None, district: District) -> tuple[Roster, Plan]:
    """What a whole roster says, and what it changes today. Raises PackageRefused."""
    today = today_in(district)
    merged = pointers_of(district)
    roster = read_roster(package, org, today)
    lead_on(roster, *merged)
    present = read_present(district if district.pk else None, roster)
    if bar_recycled(package, roster, present):
        package.begin_anew()
        roster = read_roster(package, org, today)
        lead_on(roster, *merged)
    package[ENROLLMENTS].forget_cells()
    return roster, make_plan(package, roster, present, today)


def standing_of(district: District, row: RosterImport) -> Package | None:
    """The whole roster that changes are laid over: what stands, and whoever was merged under the old id as well."""
    return naming_the_gone(base_of(district, row), *pointers_of(district))


def base_of(district: District, row: RosterImport) -> Package | None:
    """The whole roster that stands: of the package applied last, else as the portal itself would write it out."""
    if not district.pk:
        return None
    marks = marks_of(district)
    applied = RosterImport.objects.filter(district=district, state=State.APPLIED).exclude(pk=row.pk)  # unscoped: own
    last = applied.filter(answer__format__startswith="oneroster").order_by("-applied_at", "-pk").first()
    if last is not None:
        return read_package(bytes(last.standing or last.content), marks)
    return read_package(whole_package(district), marks) if has_roster(district) else None


def marks_of(district: District | None) -> dict[str, str]:
    """The columns of demographics that the district named, by the program they stand for."""
    named = RosterFlags.objects.filter(district=district).first() if district and district.pk else None  # unscoped: own
    return named.columns if named else {}


# --- whose roster it is --------------------------------------------------------------------------------


def find_district(package: Package) -> tuple[District, DistrictOrg | None]:
    """The district the package names, else the only one; a new one (not saved) where the portal has none yet.

    Raises DistrictUnclear.
    """
    orgs = named_districts(package) if ORGS in package else ()
    districts = list(District.objects.all())  # unscoped: finding one by its code
    found = [(district, org) for org in orgs for district in districts if is_of(org, district)]
    if len(found) == 1:
        return found[0]
    if len(orgs) == 1 and not districts:
        code = orgs[0].code[:CODE_LENGTH]
        return District(code=code, name=orgs[0].name[:NAME_LENGTH] or code), orgs[0]
    if not orgs and len(districts) == 1:
        return districts[0], None
    if not districts:
        raise DistrictUnclear(
            "There is no district yet, and the roster does not name one: make it with manage.py setup."
        )
    named = ", ".join(org.code for org in orgs) or "no district"
    known = ", ".join(district.code for district in districts[:10])
    raise DistrictUnclear(f"The roster names {named}; the portal knows {known}. Say which it is with --district CODE.")


def org_of(package: Package, district: District) -> DistrictOrg | None:
    """Which of the package's districts is meant by `district`: the one that fits, else the only one."""
    orgs = named_districts(package) if ORGS in package else ()
    fitting = [org for org in orgs if is_of(org, district)]
    if len(fitting) == 1:
        return fitting[0]
    if len(orgs) > 1:
        named = ", ".join(org.code for org in orgs)
        raise DistrictUnclear(f"The roster is of several districts ({named}), and none of them is {district.code}.")
    return orgs[0] if orgs else None


def is_of(org: DistrictOrg, district: District) -> bool:
    """Whether the package's district is this one: by identifier, else by id or by name."""
    if org.identifier == district.code:
        return True
    return district.code == org.sourced_id or district.name.casefold() == org.name.casefold()


def say_of_district(package: Package, org: DistrictOrg | None, district: District) -> None:
    """Warn where the roster is of another district than it is read for; mark its row where the district is new."""
    if org is None:
        return
    part = package[ORGS]
    rows = part.column("sourcedId") == org.sourced_id
    part.changed[rows] = not district.pk
    if district.pk and not is_of(org, district):
        part.say("DISTRICT_DIFFERS", rows, column="name", known=f"{district.name} ({district.code})")


def today_in(district: District) -> int:
    """Today in the district, as a day number."""
    return day_of(timezone.now().astimezone(ZoneInfo(district.timezone)).date())


def lock_rosters(district: District) -> None:
    """Wait for any other roster of the district to be done; held to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [Lock.ROSTER, district.code])
