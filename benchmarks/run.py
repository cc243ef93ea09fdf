"""`make bench`: the real path from an accepted upload to committed summaries, beside its floor in the same run.

Uses servers and a data folder of its own. A real worker takes each upload from the broker; the floor runs between
two uploads on the same file, and ratios are taken round by round: machines are noisy, ratios less so.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
WAIT_SECONDS = 300


def main() -> None:
    """Start servers and a worker, run the rounds of each size, print a table and, with --json, one object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=["network", "district", "both"], default="both")
    parser.add_argument("--rounds", type=int, help="instead of the size's own")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    os.environ["POP_DATA_DIR"] = os.environ.get("BENCH_DATA_DIR", str(REPO / ".data" / "bench"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "pop_network.settings"
    from pop_network.embedded.session import servers_for_command

    with servers_for_command(["manage.py", "bench"]):
        import django

        django.setup()
        found = measure(given)
    if given.json:
        print(json.dumps(found))


def measure(given) -> dict:
    """The rounds of each size on a fresh database. Returns what was measured, by size."""
    from django.core.management import call_command
    from django.db import connections

    from benchmarks.synthetic import DISTRICT, NETWORK

    owner = "owner" if "owner" in connections.databases else "default"
    with connections[owner].cursor() as cursor:  # the folder is the benchmark's own: it starts from nothing
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    call_command("prepare", verbosity=0)
    sizes = [size for size in (NETWORK, DISTRICT) if given.size in (size.name, "both")]
    worker = start_worker()
    try:
        return {size.name: measure_size(size, given.rounds or size.rounds, worker) for size in sizes}
    finally:
        worker.terminate()
        worker.wait(30)


def start_worker() -> subprocess.Popen:
    """A worker as the portal runs it: one process, one task at a time."""
    log = Path(os.environ["POP_DATA_DIR"]) / "bench-worker.log"
    command = [sys.executable, "-m", "celery", "-A", "pop_network", "worker", "--pool", "prefork", "-c", "1"]
    with log.open("wb") as out:
        return subprocess.Popen([*command, "--loglevel", "WARNING"], cwd=REPO, stdout=out, stderr=out)


def measure_size(size, rounds: int, worker) -> dict:
    """Interleaved rounds of one size: ours, floor, ours, floor ..."""
    from assessments.pipeline.uploads import Options, accept_upload
    from benchmarks.floor import floor
    from benchmarks.synthetic import ITEMS, make_district, make_test, result_file

    district = make_district(size)
    accepted, ours, floors, tests = [], [], [], []
    for number in range(rounds + 1):  # the first round warms both sides and is not counted
        test, window = make_test(district, number)
        data = result_file(district, seed=number)
        sent = time.perf_counter()
        upload = accept_upload(
            district=district, data=data, filename="bench.csv", by=None,
            options=Options(assessment=test.code, window=window.full_code, publish=True),
        )  # fmt: skip
        started = time.perf_counter()  # row and bytes are committed, the bell is rung
        accepted.append(started - sent)
        wait_for(upload)
        ours.append(time.perf_counter() - started)
        floors.append(floor(data))
        tests.append(test)
    accepted, ours, floors = accepted[1:], ours[1:], floors[1:]
    ratios = [one / other for one, other in zip(ours, floors, strict=True)]
    found = {
        "students": size.students,
        "rounds": rounds,
        "accept_seconds": summary(accepted),
        "seconds": summary(ours),
        "floor_seconds": summary(floors),
        "ratio": summary(ratios),
        "worker_peak_mb": peak_mb(worker),
        "bytes_per_response": bytes_a_response(tests[-1], size.students * ITEMS),
    }
    for name, figures in found.items():
        print(f"{size.name:>9}  {name:<19} {figures}", file=sys.stderr)
    return found


def wait_for(upload) -> None:
    """Until the upload is published. Raises RuntimeError where it ends otherwise or takes too long."""
    limit = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < limit:
        upload.refresh_from_db(fields=["state", "failure"])
        if upload.state == upload.State.PUBLISHED:
            return
        if upload.state not in upload.MOVING:
            raise RuntimeError(f"the upload ended {upload.state}: {upload.failure}")
        time.sleep(0.005)
    raise RuntimeError("the upload is not done; is the worker running?")


def summary(values: list[float]) -> dict:
    return {
        "min": round(min(values), 3), "median": round(statistics.median(values), 3), "max": round(max(values), 3)
    }  # fmt: skip


def peak_mb(worker) -> float:
    """The highest resident set of the worker's busiest process so far, in MB (Linux counts it)."""
    import psutil

    family = [psutil.Process(worker.pid), *psutil.Process(worker.pid).children(recursive=True)]
    peaks = []
    for process in family:
        status = Path(f"/proc/{process.pid}/status").read_text()
        peaks.append(next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")))
    return round(max(peaks) / 1024, 1)


def bytes_a_response(test, responses: int) -> float:
    """What the last administration takes on disk with its keys and its summaries, per answer cell."""
    from django.db import connection

    given = test.administrations.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size(%s)", [f"assessments_result_{given.pk}"])
        size = cursor.fetchone()[0]
        for table in ("groupsummary", "itemsummary", "formsummary"):
            cursor.execute(
                f"SELECT coalesce(sum(pg_column_size(s)), 0) FROM assessments_{table} s WHERE administration_id = %s",
                [given.pk],
            )
            size += cursor.fetchone()[0]
    return round(size / responses, 2)


if __name__ == "__main__":
    main()
