"""`make bench-release`: a district's release, worked out, suppressed and audited, by the job's own code.

Uses servers and a data folder of its own. 218 schools and 118,000 students in one network; a tenth of the schools has
been tested by a few students only, and single grades of others, so that there is much to hide. The release is worked
out in a process of its own, as a worker would, whose time and greatest memory are printed.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time

import numpy as np

from benchmarks.run import REPO

MOST_SECONDS, MOST_MEGABYTES = 60, 1000
FEW_SCHOOLS, FEW_GRADES = 0.1, 0.05  # of all
SHARE_OF_FEW = 0.02  # of the students, where few were tested
SEED = 5


def main() -> None:
    """Load a district, work its release out in a child, print what it took; exit 1 where that is too much."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=int, help="work this release out and print what it took (the child)")
    parser.add_argument("--size", choices=["network", "district"], default="district")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    os.environ.setdefault("POP_DATA_DIR", os.environ.get("BENCH_DATA_DIR", str(REPO / ".data" / "bench-release")))
    os.environ["DJANGO_SETTINGS_MODULE"] = "pop_network.settings"
    if given.work:
        print(json.dumps(worked_out(given.work)))
        return
    from pop_network.embedded.session import servers_for_command

    with servers_for_command(["manage.py", "bench"]):
        import django

        django.setup()
        release = loaded(given.size)
        child = subprocess.run(
            [sys.executable, "-m", "benchmarks.release", "--work", str(release)],
            cwd=REPO, stdout=subprocess.PIPE, text=True, check=True,
        )  # fmt: skip
    found = json.loads(child.stdout.splitlines()[-1])
    print(json.dumps(found) if given.json else in_words(found))
    raise SystemExit(found["seconds"] > MOST_SECONDS or found["megabytes"] > MOST_MEGABYTES or not found["clean"])


def loaded(name: str) -> int:
    """A fresh district with published results, and a release that waits to be worked out; its key."""
    from django.core.management import call_command
    from django.db import connections

    from assessments.pipeline import work
    from assessments.pipeline.uploads import Options, accept_upload
    from assessments.releases.acts import prepare
    from benchmarks.synthetic import DISTRICT, NETWORK, make_district, make_test, result_file
    from schools.models import Network, NetworkSchool, User

    with connections["owner" if "owner" in connections.databases else "default"].cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")  # the folder is the benchmark's own: it starts from nothing
        cursor.execute("CREATE SCHEMA public")
    call_command("prepare", verbosity=0)
    district = make_district(DISTRICT if name == "district" else NETWORK)
    network = Network.objects.get()
    NetworkSchool.objects.bulk_create(
        [NetworkSchool(network=network, school=one, starts=network.starts) for one in district.schools.all()[:]],
        ignore_conflicts=True,
    )
    staffed_and_grouped(district)
    test, window = make_test(district, 1)
    data = few_tested(result_file(district, seed=1))
    upload = accept_upload(
        district=district, data=data, filename="results.csv", by=None, wake_worker=False,
        options=Options(assessment=test.code, window=window.full_code, publish=True, approve=True),
    )  # fmt: skip
    work.advance(upload.pk)
    upload.refresh_from_db()
    assert upload.state == "published", upload.answer
    by = User.objects.first()
    return prepare(network, district, test.series, window, by, wake_worker=False).pk


def staffed_and_grouped(district) -> None:
    """A teacher for every two sections, and programs in the roster."""
    from django.db import connection

    from schools.models import Section, SectionStaff, User

    sections = list(Section.objects.filter(school__district=district).order_by("pk"))
    people = User.objects.bulk_create(
        [
            User(email=f"teacher{n}@example.org", given_name="T", family_name=str(n))
            for n in range(len(sections) // 2 + 1)
        ]
    )
    SectionStaff.objects.bulk_create(
        [
            SectionStaff(section=one, user=people[place // 2], role="teacher", starts=one.starts)
            for place, one in enumerate(sections)
        ]
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE schools_enrollment SET english_learner = student_id % 9 = 0, iep = student_id % 6 = 0, "
            "economically_disadvantaged = student_id % 5 < 3"
        )


def few_tested(data: bytes) -> bytes:
    """The file without most rows of some schools and of some grades of others."""
    from schools.models import Section

    chance = np.random.default_rng(SEED)
    of_section = {
        str(pk): (school, grade) for pk, school, grade in Section.objects.values_list("pk", "school", "grade")
    }
    schools = sorted({school for school, _ in of_section.values()})
    few = set(chance.choice(schools, int(len(schools) * FEW_SCHOOLS), replace=False).tolist())
    cells = sorted(set(of_section.values()))
    thin = {cells[n] for n in chance.choice(len(cells), int(len(cells) * FEW_GRADES), replace=False)}
    lines = data.decode().splitlines(keepends=True)
    kept = [lines[0]]
    for line in lines[1:]:
        where = of_section[line.split(",", 2)[1]]
        if not (where[0] in few or where in thin) or chance.random() < SHARE_OF_FEW:
            kept.append(line)
    return "".join(kept).encode()


def worked_out(pk: int) -> dict:
    """Work one release out here; what it took, and what came of it."""
    import django

    django.setup()
    from assessments.models import Release
    from assessments.releases import work

    started = time.perf_counter()
    work.compute(pk)
    seconds = time.perf_counter() - started
    release = Release.objects.get(pk=pk)
    assert release.state == Release.State.PREPARED, release.events.last()
    return {
        "seconds": round(seconds, 1),
        "megabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "clean": release.audit["clean"],
        "schools": release.schools.count(),
        "cells": release.cells.count(),
        "not_shown": release.audit["hidden"],
        "ledger": release.withheld.count(),
        "findings": release.audit["findings"][:3],
    }


def in_words(found: dict) -> str:
    return (
        f"{found['schools']} schools, {found['cells']:,} cells, {found['not_shown']:,} of them not shown, "
        f"audit {'clean' if found['clean'] else 'not clean'}: {found['seconds']} s (at most {MOST_SECONDS}), "
        f"{found['megabytes']} MB (at most {MOST_MEGABYTES})"
    )


if __name__ == "__main__":
    main()
