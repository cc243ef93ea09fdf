"""`make bench-roster`: a district's OneRoster package into an empty portal, beside COPY of the same rows.

118,000 students, 8,000 teachers and 600,000 enrollments, in a package that is made here. Uses servers and a data
folder of its own. Each round imports the package in a process of its own, as a worker would, takes the rows it made
out of the tables, and copies the same rows into the same tables, whose indexes, keys, constraints and history stand:
that is the floor. The ratio is taken round by round.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.roster_package import DISTRICT, SIZES, write_package
from benchmarks.run import REPO, summary

MOST_RATIO, MOST_MEGABYTES = 1.5, 500
ROUNDS = 3
# Parents before children; users last of the parents, whose memberships and classes follow.
TABLES = (
    "schools_district", "schools_school", "schools_schoolyear", "schools_section", "schools_student", "schools_user",
    "schools_enrollment", "schools_sectionenrollment", "schools_sectionstaff", "schools_membership",
)  # fmt: skip
HISTORY = ("schools_change", "schools_act")


def main() -> None:
    """Make the package, run the rounds, print what was measured; exit 1 where it is over the limits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", metavar="ZIP", help="import this package and print what it took (the child)")
    parser.add_argument("--size", choices=list(SIZES), default=DISTRICT.name)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    os.environ.setdefault("POP_DATA_DIR", os.environ.get("BENCH_DATA_DIR", str(REPO / ".data" / "bench-roster")))
    os.environ["DJANGO_SETTINGS_MODULE"] = "pop_network.settings"
    if given.work:
        print(json.dumps(imported(Path(given.work))))
        return
    from pop_network.embedded.session import servers_for_command

    with servers_for_command(["manage.py", "bench"]):
        import django

        django.setup()
        package = Path(os.environ["POP_DATA_DIR"]) / f"roster-{given.size}.zip"
        write_package(package, SIZES[given.size])
        found = measured(package, given.rounds)
    print(json.dumps(found) if given.json else in_words(found))
    raise SystemExit(found["ratio"]["median"] > MOST_RATIO or found["megabytes"] > MOST_MEGABYTES)


def measured(package: Path, rounds: int) -> dict:
    """Round by round: the import into empty tables, then COPY of the same rows into the same, emptied, tables."""
    from django.core.management import call_command

    with owner().cursor() as cursor:  # the folder is the benchmark's own: it starts from nothing
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    call_command("prepare", verbosity=0)
    seconds, floors, megabytes, again = [], [], [], []
    for _ in range(rounds):
        emptied()
        first = child(package)
        rows = copied_out()
        again.append(child(package)["seconds"])
        emptied()
        seconds.append(first["seconds"])
        megabytes.append(first["megabytes"])
        floors.append(copied_in(rows))
        del rows
    ratios = [one / floor for one, floor in zip(seconds, floors, strict=True)]
    return {
        "rows": first["rows"],
        "package_megabytes": round(package.stat().st_size / 1e6, 1),
        "seconds": summary(seconds),
        "copy_seconds": summary(floors),
        "ratio": summary(ratios),
        "again_seconds": summary(again),
        "megabytes": max(megabytes),
    }


def child(package: Path) -> dict:
    """What an import took in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.roster", "--work", str(package)],
        cwd=REPO, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


def imported(package: Path) -> dict:
    """Import the package here; seconds from its bytes to the commit, and the most memory it took."""
    import django

    django.setup()
    from schools.rosters import load_roster

    data = package.read_bytes()
    started = time.perf_counter()
    row = load_roster(data=data, filename=package.name)
    seconds = time.perf_counter() - started
    assert row.state == "published", row.answer
    return {
        "seconds": round(seconds, 3),
        "rows": row.answer["rows_read"],
        "changes": row.answer["changes"],
        "megabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


# --- the floor -----------------------------------------------------------------------------------------


def owner():
    from django.db import connections

    return connections["owner" if "owner" in connections.databases else "default"]


def emptied() -> None:
    with owner().cursor() as cursor:
        cursor.execute("SET portal.history_door = 'truncate'")
        cursor.execute(f"TRUNCATE {', '.join(TABLES + HISTORY)} CASCADE")


def copied_out() -> dict[str, bytes]:
    """The rows of the tables as COPY writes them."""
    rows = {}
    with owner().cursor() as cursor:
        for table in TABLES:
            with cursor.copy(f"COPY {table} TO STDOUT") as copy:
                rows[table] = b"".join(bytes(piece) for piece in copy)
    return rows


def copied_in(rows: dict[str, bytes]) -> float:
    """Seconds to copy the rows into the tables, in one transaction, the commit with its checks of keys included.

    Raises AssertionError where the history did not keep every one of them.
    """
    from django.db import connection, transaction

    from schools.models import Change

    started = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for table in TABLES:
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                copy.write(rows[table])
    seconds = time.perf_counter() - started
    assert Change.objects.count() == sum(text.count(b"\n") for text in rows.values())
    return seconds


def in_words(found: dict) -> str:
    width = max(map(len, found))
    return "\n".join(f"{name:<{width}}  {value}" for name, value in found.items())


if __name__ == "__main__":
    main()
