"""A OneRoster package, from the command line. Works in the foreground, without a worker."""

from pathlib import Path

from schools.commands import BadUsage, JsonCommand, bytes_at, district_named, person_named
from schools.models import Network, RosterImport
from schools.oneroster.package import pack_folder
from schools.rosters import DistrictUnclear, load_roster

DONE, NOT_DONE = 0, 1
HEAD = ("rows_read", "rows_loaded", "rows_unchanged", "rows_ignored", "rows_rejected")


class Command(JsonCommand):
    help = "Load a OneRoster 1.1 or 1.2 package, bulk or delta (zip or folder): applied unless a dry run or a halt."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("path")
        parser.add_argument("--district", metavar="CODE")
        parser.add_argument("--network", metavar="SLUG", help="the package's schools join this network")
        parser.add_argument("--dry-run", action="store_true", help="say what would change; write only that")
        parser.add_argument("--approve", action="store_true", help="a person's yes to a halt")
        parser.add_argument("--by", metavar="EMAIL")

    def handle(self, *, path, **given):
        try:
            row = load_roster(
                data=package_at(Path(path)),
                filename=Path(path).resolve().name,
                district=district_named(given["district"]) if given["district"] else None,
                network=network_named(given["network"]),
                by=person_named(given["by"]),
                dry_run=given["dry_run"],
                approve=given["approve"],
            )
        except DistrictUnclear as unclear:
            raise BadUsage(str(unclear)) from None
        body = {"status": row.state, "id": row.pk, "sha256": row.sha256, **row.answer}
        done = row.state in (RosterImport.State.APPLIED, RosterImport.State.READY)
        self.answer(body, DONE if done else NOT_DONE, words=in_words(body))


def package_at(path: Path) -> bytes:
    """The bytes of a zip, or of the zip that a folder makes. Raises BadUsage where they cannot be read."""
    if not path.is_dir():
        return bytes_at(str(path))
    try:
        return pack_folder(path)
    except OSError as error:
        raise BadUsage(f"{path} cannot be read: {error.strerror}.") from None


def network_named(slug: str | None) -> Network | None:
    """The network of --network. Raises BadUsage where there is none of that name."""
    if not slug:
        return None
    network = Network.objects.filter(slug=slug).first()  # unscoped: the command line is the operator
    if network is None:
        raise BadUsage(f'There is no network with the name "{slug}".')
    return network


def in_words(body: dict) -> str:
    """The answer for a person: state, counts, what changed, what is wrong."""
    lines = [f"{body['status']}: " + ", ".join(f"{name[5:]} {body[name]}" for name in HEAD)]
    lines += [
        f"  {what.replace('_', ' ')}: " + ", ".join(f"{count} {how}" for how, count in counts.items())
        for what, counts in body["changes"].items()
        if any(counts.values())
    ]
    lines += body["halts"]
    lines += [
        f"{one['level']}: {one['message']}" + (f" (line {one['row']})" if one["row"] else "") for one in body["issues"]
    ]
    return "\n".join(lines)
