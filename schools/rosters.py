"""A roster package from its bytes to the district's people and sections: check it, apply it, keep what became of it.

One transaction under the district's lock. Checking writes nothing but its own record; applying works the changes
out anew, so that what is written fits what the portal holds at that moment.
"""

import hashlib
import time
from zoneinfo import ZoneInfo

import structlog
from django.db import connection, transaction
from django.utils import timezone

from schools.locks import Lock
from schools.models import District, Network, RosterImport, User
from schools.oneroster.answering import answer_of, refused_answer
from schools.oneroster.apply import apply_plan
from schools.oneroster.layout import ORGS
from schools.oneroster.package import Package, PackageRefused, read_package
from schools.oneroster.places import CODE_LENGTH, NAME_LENGTH, named_districts
from schools.oneroster.plan import make_plan
from schools.oneroster.portal import read_present
from schools.oneroster.records import DistrictOrg, day_of
from schools.oneroster.roster import read_roster

State = RosterImport.State
logger = structlog.get_logger("schools")


class DistrictUnclear(Exception):
    """Nothing says which district a roster is for; the text says what to do."""


class NotWaiting(Exception):
    """The roster was applied or refused already; the text says so."""


def check_roster(
    district: District, data: bytes, filename: str, network: Network | None = None, by: User | None = None
) -> RosterImport:
    """Read the package and say what it would change; only the record of it is written."""
    return load_roster(data=data, filename=filename, district=district, network=network, by=by, dry_run=True)


def apply_roster(roster_import: RosterImport, by: User | None, approve: bool = False) -> RosterImport:
    """Apply a roster that was checked. It waits on (`needs_review`) where a halt stands and nobody approves.

    Raises NotWaiting where it was applied or refused before.
    """
    with transaction.atomic():
        row = RosterImport.objects.select_for_update().get(pk=roster_import.pk)  # unscoped: the caller's own row
        if row.state not in (State.READY, State.NEEDS_REVIEW):
            raise NotWaiting(f"This roster is {row.get_state_display()} already.")
        row.by = by or row.by
        return _work(row, bytes(row.content), row.district, write=True, approve=approve)


def load_roster(
    *,
    data: bytes,
    filename: str,
    district: District | None = None,
    network: Network | None = None,
    by: User | None = None,
    dry_run: bool = False,
    approve: bool = False,
) -> RosterImport:
    """Check a package and, unless `dry_run`, apply it where nothing stands against it (or `approve` is given).

    Without `district` it is the one the package names, else the only one. Where the portal has none yet, it is made
    from the package. Raises DistrictUnclear.
    """
    row = RosterImport(
        district=district, network=network, filename=filename[:255], by=by, sha256=hashlib.sha256(data).hexdigest()
    )
    with transaction.atomic():
        return _work(row, data, district, write=not dry_run, approve=approve)


def _work(row: RosterImport, data: bytes, district: District | None, *, write: bool, approve: bool) -> RosterImport:
    started = time.monotonic()
    package = None
    try:
        package = read_package(data)
        district, org = (district, org_of(package, district)) if district else find_district(package)
        today = today_in(district)
        roster = read_roster(package, org, today)
        lock_rosters(district)
        known = district if district.pk else None
        plan = make_plan(package, roster, read_present(known, roster), today)
    except PackageRefused as refusal:
        row.state, row.answer = State.REJECTED, refused_answer(package, refusal)
    else:
        say_of_district(package, org, district)
        halted = plan.halts and not approve
        row.state = State.NEEDS_REVIEW if halted else State.APPLIED if write else State.READY
        row.answer = answer_of(package, plan, approved=bool(plan.halts) and approve)
        if row.state == State.APPLIED:
            if not district.pk:
                district.save()
            apply_plan(plan, district, row.network, today)
    row.district = district if district is not None and district.pk else None
    row.content = row.content or (package.kept if package else b"")
    row.answer |= {"district": district.code if district else None, "seconds": round(time.monotonic() - started, 2)}
    row.save()
    logger.info("roster", roster_import=row.pk, state=row.state, by=row.by_id, seconds=row.answer["seconds"])
    return row


# --- whose roster it is --------------------------------------------------------------------------------


def find_district(package: Package) -> tuple[District, DistrictOrg | None]:
    """The district the package names, else the only one; a new one (not saved) where the portal has none yet.

    Raises DistrictUnclear.
    """
    orgs, districts = named_districts(package), list(District.objects.all())  # unscoped: finding one by its code
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
    orgs = named_districts(package)
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
