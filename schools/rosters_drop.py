"""The drop folder: packages that a district's system leaves there at night are read in, with the same halts.

A zip in `ROSTER_DROP_DIR` is the package of the only district; one in a folder there, of the district of that code.
A file is taken once it has been still for a while, and moved to `done` or `refused` beside it. The admins of the
district get a mail with counts and reasons: no name of a student, no row of the file.
"""

import os
import shutil
import time
from pathlib import Path

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from schools.dates import on
from schools.models import District, Membership, Role, RosterImport
from schools.oneroster.records import date_of
from schools.rosters import DistrictUnclear, load_roster, today_in

STILL_SECONDS = 60  # a file that was written to a moment ago may not be whole yet
READING, ABANDONED_SECONDS = ".reading", 3600
PUT_AWAY = ("done", "refused")
State = RosterImport.State
log = structlog.get_logger(__name__)


def sweep_folder() -> int:
    """Read in what lies in the drop folder; how many packages there were. Nothing where there is no such folder."""
    folder = settings.ROSTER_DROP_DIR
    if not folder or not Path(folder).is_dir():
        return 0
    give_back_abandoned(Path(folder))
    packages = waiting_in(Path(folder))
    for path, code in packages:
        read_in(path, code)
    return len(packages)


def give_back_abandoned(folder: Path) -> None:
    """A file whose reader was killed gets its name again; reading a roster twice changes nothing."""
    for path in folder.glob("**/.*" + READING):
        if time.time() - path.stat().st_ctime > ABANDONED_SECONDS:
            path.rename(path.with_name(path.name.removeprefix(".").removesuffix(READING)))


def waiting_in(folder: Path) -> list[tuple[Path, str | None]]:
    """The zips that lie still, oldest first, with the code of the district whose folder they lie in."""
    found = []
    places = [(folder, None), *((place, place.name) for place in sorted(folder.iterdir()) if place.is_dir())]
    for place, code in places:
        if code in PUT_AWAY or place.is_symlink():
            continue
        zips = (path for path in place.iterdir() if path.suffix.casefold() == ".zip" and not path.is_symlink())
        found += [(path, code) for path in zips if path.is_file()]
    still = [one for one in found if time.time() - one[0].stat().st_mtime > STILL_SECONDS]
    return sorted(still, key=lambda one: one[0].stat().st_mtime)


def read_in(path: Path, code: str | None) -> None:
    """Read one package in, tell the admins, put the file away. A second sweep at once finds the file gone."""
    taken = path.with_name(f".{path.name}{READING}")
    try:
        path.rename(taken)  # one of two sweeps has it
    except FileNotFoundError:
        return
    district, row, problem = None, None, ""
    try:
        district = district_of(code)
        if taken.stat().st_size > settings.ROSTER_MAX_BYTES:
            raise DistrictUnclear(f"{path.name} is larger than {settings.ROSTER_MAX_BYTES // 1_000_000} MB.")
        row = load_roster(
            data=taken.read_bytes(), filename=path.name, district=district, source=RosterImport.Source.FOLDER
        )
    except DistrictUnclear as unclear:
        problem = str(unclear)
    except BaseException:
        taken.rename(path)  # whatever stopped the work, the next sweep finds the file as it was
        raise
    applied = row is not None and row.state in (State.APPLIED, State.NEEDS_REVIEW)
    put_away(taken, path, PUT_AWAY[0] if applied else PUT_AWAY[1])
    report(path.name, district, row, problem)


def district_of(code: str | None) -> District:
    """The district of that code, else the only one. Raises DistrictUnclear."""
    districts = District.objects.filter(**({"code": code} if code else {}))  # unscoped: the operator's folder
    if districts.count() != 1:
        raise DistrictUnclear(
            f'There is no district with the code "{code}".' if code
            else "There is more than one district, or none: put the file into a folder named by the district's code."
        )  # fmt: skip
    return districts.get()


def put_away(taken: Path, path: Path, where: str) -> None:
    """Move a file that was read beside the others, under the moment it was read and its name."""
    folder = path.parent / where
    folder.mkdir(exist_ok=True)
    shutil.move(taken, folder / f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}-{path.name}")


def report(filename: str, district: District | None, row: RosterImport | None, problem: str) -> None:
    """Mail the outcome to the admins of the district, or of all districts where the file is of none."""
    held = Membership.objects.filter(on_today(district), role=Role.DISTRICT_ADMIN, user__is_active=True)  # unscoped
    if district is not None:
        held = held.filter(district=district)
    addresses = sorted(set(held.values_list("user__email", flat=True)))
    if not addresses:
        log.warning("roster report without a reader", filename=filename)
        return
    link = settings.PORTAL_URL.rstrip("/") + (reverse("schools:roster", args=[row.pk]) if row else "/rosters/")
    context = {"filename": filename, "roster": row, "problem": problem, "link": link, "changes": changes_of(row)}
    words = {State.APPLIED: "applied", State.NEEDS_REVIEW: "needs your yes"}.get(row.state if row else "", "refused")
    text = render_to_string("schools/mail/roster_report.txt", context)
    for address in addresses:
        try:
            send_mail(f"Roster of the night: {words}", text, None, [address])
        except OSError as error:
            log.warning("roster report not mailed", error=type(error).__name__)


def on_today(district: District | None):
    """Roles in force today."""
    return on(date_of(today_in(district)) if district else timezone.now().date())


def changes_of(row: RosterImport | None) -> list[str]:
    """What changed, kind by kind, in words."""
    counts = row.answer.get("changes", {}) if row else {}
    return [
        f"{kind.replace('_', ' ')}: {one['added']} new, {one['changed']} changed, {one['ended']} ended"
        for kind, one in counts.items()
        if one["added"] or one["changed"] or one["ended"]
    ]
