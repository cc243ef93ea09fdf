"""`make bench-search`: search as it is typed over 118,000 students and 8,000 staff, beside a primary-key read.

The district comes from the package of `make bench-roster`, with names drawn anew so that they begin and repeat as
names do. Somebody's name, number or address is typed letter by letter; each letter asks what the page asks: the rows
of the first page, as the district's admin sees them. Beside each stands the read of one row by its primary key, in
the same run, in turn. The ratio is that of the medians; the slowest letters are told too. Servers and a data folder
of its own.
"""

import argparse
import json
import os
import random
import statistics
import time
from pathlib import Path

from benchmarks.roster_package import DISTRICT, SIZES, write_package
from benchmarks.run import REPO

MOST_RATIO = 5
TYPED = 60  # people whose names are typed
START = ("", "Mc", "O'", "San", "Van ", "De ", "La")
MIDDLE = (
    "ar", "el", "in", "or", "an", "us", "ed", "al", "on", "ir", "em", "ol", "ác", "ñe", "ü", "ow", "ai", "ea",
)  # fmt: skip
FIRST = "BCDFGHJKLMNPRSTVWZ"
END = ("ez", "son", "man", "er", "ski", "a", "o", "is", "ton", "ley", "berg", "")


def main() -> None:
    """Fill the district where the folder has none, type, and print what was measured; exit 1 above the limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=list(SIZES), default=DISTRICT.name)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    os.environ.setdefault("POP_DATA_DIR", str(REPO / ".data" / f"bench-search-{given.size}"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "pop_network.settings"
    from pop_network.embedded.session import servers_for_command

    with servers_for_command(["manage.py", "bench"]):
        import django

        django.setup()
        admin = filled(given.size)
        found = {kind: measured(admin, kind) for kind in ("students", "staff")}
    print(json.dumps(found) if given.json else in_words(found))
    raise SystemExit(max(one["ratio"] for one in found.values()) > MOST_RATIO)


def filled(size: str):
    """The district's admin; the district is made where it is not there."""
    from django.core.management import call_command

    from schools.models import District, Membership, User
    from schools.rosters import load_roster

    call_command("prepare", verbosity=0)
    admin = User.objects.filter(email="bench.admin@example.org").first()
    if admin is None:
        package = Path(os.environ["POP_DATA_DIR"]) / f"roster-{size}.zip"
        write_package(package, SIZES[size])
        row = load_roster(data=package.read_bytes(), filename=package.name)
        assert row.state == "published", row.answer
        renamed()
        admin = User.objects.create_user("bench.admin@example.org", given_name="Bench", family_name="Admin")
        Membership.objects.create(
            user=admin, role="district_admin", district=District.objects.get(), starts="2026-08-25"
        )  # fmt: skip
    return admin


def renamed() -> None:
    """Names as they are: some very common, most rare, some of two parts, some with accents."""
    from django.db import connection

    from schools.models import Student, User

    draw = random.Random(4)
    families, givens = names(draw, 12_000, "-"), names(draw, 3_000, " ")
    for model in (Student, User):
        keys = list(model.objects.values_list("pk", flat=True))
        rows = [
            (key, families[int(len(families) * draw.random() ** 2)], givens[int(len(givens) * draw.random() ** 2)])
            for key in keys
        ]
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {model._meta.db_table} AS old SET family_name = new.f, given_name = new.g "
                "FROM unnest(%s::int[], %s::text[], %s::text[]) AS new (id, f, g) WHERE old.id = new.id",
                [list(column) for column in zip(*rows, strict=True)],
            )
            cursor.execute(f"VACUUM ANALYZE {model._meta.db_table}")


def names(draw, count: int, join: str) -> list[str]:
    found = {name(draw) for _ in range(count * 2)}
    single = sorted(found)[:count]
    draw.shuffle(single)
    return [f"{one}{join}{draw.choice(single)}" if draw.random() < 0.08 else one for one in single]


def name(draw) -> str:
    middle = "".join(draw.choice(MIDDLE) for _ in range(draw.randint(1, 2)))
    return (draw.choice(START[:1] * 9 + START) + draw.choice(FIRST) + middle + draw.choice(END)).title()


def typed_words(draw, rows: list, code: str):
    """What is typed, letter by letter: family name, given name, both in either order, the number or address."""
    for row in rows:
        family, given = row.family_name, row.given_name
        whole = draw.choice((family, given, f"{family} {given}", f"{given} {family}", getattr(row, code)))
        yield from (whole[:end] for end in range(1, min(len(whole), 12) + 1))


def measured(admin, kind: str) -> dict:
    """Milliseconds of the search as it is typed and of reads by key, in turn."""
    from schools.models import Student, User

    draw, model = random.Random(8), {"students": Student, "staff": User}[kind]
    code = {"students": "number", "staff": "email"}[kind]
    keys = list(model.objects.visible_to(admin).order_by("pk").values_list("pk", flat=True))
    sample = list(model.objects.filter(pk__in=draw.sample(keys, TYPED)))
    words = list(typed_words(draw, sample, code))
    for word in words[:20]:
        search(admin, kind, word)
    searches, reads = [], []
    for word in words:
        reads.append(clocked(lambda: model.objects.get(pk=draw.choice(keys))))
        searches.append((clocked(lambda word=word: search(admin, kind, word)), word))
    slowest = sorted(searches, reverse=True)[:3]
    took = [seconds for seconds, _ in searches]
    return {
        "rows": len(keys),
        "letters": len(words),
        "search_ms": round(statistics.median(took) * 1000, 2),
        "search_p95_ms": round(statistics.quantiles(took, n=20)[-1] * 1000, 2),
        "key_read_ms": round(statistics.median(reads) * 1000, 2),
        "ratio": round(statistics.median(took) / statistics.median(reads), 2),
        "slowest": [f"{word!r} {seconds * 1000:.1f} ms" for seconds, word in slowest],
    }


def search(admin, kind: str, word: str):
    """The rows of the list's first page for what was typed."""
    from schools.lists import students_found
    from schools.people_listed import people_found

    if kind == "students":
        return students_found(admin, {"find": word, "school": None, "grade": "", "show": "", "sort": ""}, 1)
    return people_found(admin, {"q": word, "role": "", "school": None, "show": ""}, 1)


def clocked(ask) -> float:
    started = time.perf_counter()
    ask()
    return time.perf_counter() - started


def in_words(found: dict) -> str:
    return "\n".join(f"{kind}\n" + "\n".join(f"  {n:<14} {v}" for n, v in one.items()) for kind, one in found.items())


if __name__ == "__main__":
    main()
