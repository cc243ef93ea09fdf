"""A reader of the demo in each role that has no right to all of it takes every page, chart and file, and a solver.

No group below the floor is worked out. The short form opens the newest window and the public one, without most pages of
single standards and single grades; `POP_FAULTS=long` opens all of them, as every kind of person.
"""

import os
import re
from itertools import combinations
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from schools.models import User
from tests.attacker.attack import Insider, Window, attack, masked
from tests.attacker.facts import read_all
from tests.attacker.reader import Reader, asked_of
from tests.attacker.truth import Class, classes_of_releases, grades_of_standards, letters, scales
from tests.demo.database import demo_database
from tests.disclosure.attacker import text_of
from tests.independent.facts import table

pytestmark = [pytest.mark.django_db, pytest.mark.short_form]

LONG = os.environ.get("POP_FAULTS") == "long"
RATED = "QM"  # the one series with levels
UNION, AUDITOR, OFFICE = "union@example.org", "auditor@example.org", "network@example.org"
ALL = ()  # every window that was read
NEWEST, PUBLIC = "2026-27/Q1", "2025-26/Q4"
NOT_SHORT = ("/tests/", "/results/tests/", "/results/sections/", "/people/")
LETTER = re.compile(r"^School [A-Z]+$")


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demo as of `TODAY`; what a test changes is rolled back after it."""
    with demo_database(django_db_blocker, tmp_path_factory):
        yield SimpleNamespace(
            classes=classes_of_releases(), letters=letters(), grades_of=grades_of_standards(), scales=scales(),
            readers={},
        )  # fmt: skip


@pytest.fixture
def windows(demo):
    """Every released window that is read, with its truth."""
    return {
        release: Window(
            release, classes, demo.letters.get(release, {}), demo.grades_of, demo.scales.get(release[0]),
            settings.PUBLIC_MIN_N,
        )
        for release, classes in demo.classes.items()
        if LONG or release[1] in (NEWEST, PUBLIC)
    }  # fmt: skip


@pytest.fixture
def read(demo):
    """`read(email)`: all that somebody opened, once; "" has not signed in."""

    def opened(email: str) -> Reader:
        if email not in demo.readers:
            demo.readers[email] = crawl(email)
        return demo.readers[email]

    return opened


def crawl(email: str) -> Reader:
    client = Client(raise_request_exception=True)
    if email:
        client.force_login(User.objects.get(email=email))
    start = ("/", "/results/network/", "/releases/") if email else ("/public/",)
    if email == AUDITOR and not LONG:
        return Reader(client, only=lambda address: address.startswith("/releases/"), takes=is_taken).read("/releases/")
    return Reader(client, only=is_opened, takes=is_taken).read(*start)


def is_opened(address: str) -> bool:
    """The short form reads each released figure on one page at least."""
    asked, path = asked_of(address), urlsplit(address).path
    if not LONG and asked.get("window", NEWEST) not in (NEWEST, PUBLIC):
        return False
    if LONG or not ("/networks/" in path or path.startswith("/public/")):
        return LONG or not path.startswith(NOT_SHORT)
    if asked.keys() & {"grade", "standard"}:
        only = asked.keys() == {"series", "window", *({"grade"} if "grade" in asked else {"standard"})}
        some = asked.get("window") == NEWEST and int(asked.get("standard", 0)) % 6 == 0
        return only and some and "explore" not in path
    if "explore" in path and asked.get("window") != NEWEST:
        return asked.keys() <= {"series"}
    return asked.keys() <= {"series"} or asked.keys() >= {"series", "window"}


def is_taken(address: str, kind: str) -> bool:
    asked = asked_of(address)
    new = asked.get("window") == NEWEST and asked.keys() <= {"series", "window", "measure"}
    return LONG or (kind == "csv" and not asked.keys() & {"standard", "grade"}) or new


def test_the_reader_finds_every_release_and_every_figure_of_it(read, windows):
    """The program is no better than its eyes: what it read is what stands in the released cells."""
    told = read_all(read(UNION))
    cells = table("""
        SELECT l.series, y.code || '/' || w.code AS window, c.place, c.grade, x.letter, s.name, c.tested, c.rate, c.mean
        FROM assessments_releasedcell c
        JOIN assessments_release l ON l.id = c.release_id
        JOIN assessments_window w ON w.id = l.window_id
        JOIN schools_schoolyear y ON y.id = w.year_id
        LEFT JOIN schools_school s ON s.id = c.school_id
        LEFT JOIN assessments_releasedschool x ON x.release_id = l.id AND x.school_id = c.school_id
        WHERE l.state = 'released' AND c.standard_id IS NULL AND c.strand = '' AND c.item_id IS NULL
              AND c.place <> 'subgroup'
    """)
    cells = [cell for cell in cells.itertuples() if (cell.series, cell.window) in windows]
    assert len(windows) > 3 and len(cells) > 15 * len(windows)
    for cell in cells:
        named = (cell.series, cell.window) == (RATED, PUBLIC)
        name = (cell.name if named else cell.letter) if cell.place == "school" else cell.grade
        shown = told.of((cell.series, cell.window), (cell.place, name))
        assert shown.tested == ("*" if cell.tested != cell.tested else cell.tested), cell
        mean = None if cell.tested == 0 else "*" if cell.mean != cell.mean else cell.mean  # nobody: "not tested"
        assert shown.mean == mean, cell
        assert shown.rate in (None, cell.rate or "*"), cell


def test_nothing_is_worked_out_from_the_released_pages(read, windows):
    for email in ("", UNION):
        told = read_all(read(email))
        assert told.releases
        for release in told.releases:
            wins = attack(windows[release], told, rates=release[0] == RATED) + masked(windows[release], told)
            assert not wins, wins


# --- people who know some of it ----------------------------------------------------------------------------


def own_classes(demo, role: str) -> dict[str, set[Class]]:
    """By e-mail, the classes that people of a role may see whole; an agreement names the schools of every coach."""
    if role == "teacher":
        taught = table("""
            SELECT DISTINCT u.email, f.section_id AS section FROM schools_sectionstaff f
            JOIN schools_user u ON u.id = f.user_id
        """)
        by_section = taught.groupby("email").section.apply(set)
        return {email: {one for one in all_classes(demo) if one.section in mine} for email, mine in by_section.items()}
    held = table("""
        SELECT u.email, s.name FROM schools_membership m
        JOIN schools_user u ON u.id = m.user_id JOIN schools_school s ON s.id = m.school_id
        WHERE m.role = %s AND m.ends IS NULL
    """, role)  # fmt: skip
    return {
        email: {one for one in all_classes(demo) if one.school in set(mine)}
        for email, mine in held.groupby("email").name
    }


def all_classes(demo) -> set[Class]:
    return {one for classes in demo.classes.values() for one in classes}


def wins_of(told, windows, insider: Insider, only=ALL) -> list[str]:
    wins = []
    for release in told.releases:
        if release[1] in only or only is ALL:
            wins += attack(windows[release], told, insider, rates=release[0] == RATED)
    return wins


@pytest.mark.parametrize("role, people", [("principal", 12), ("teacher", 24), ("psi_coach", 4)])
def test_nobody_works_out_another_school_with_the_own_ones(demo, read, windows, role, people):
    """A principal, a teacher, a coach takes away what stands on their own pages, in every window."""
    of_people = own_classes(demo, role)
    assert len(of_people) >= people
    told = read_all(read(UNION))
    for email, classes in sorted(of_people.items())[:: 1 if LONG else 3]:
        wins = wins_of(told, windows, Insider(classes))
        assert not wins, f"{email}: {wins}"


def test_two_people_together_are_not_held_off(demo, read, windows):
    """The releases hold against one person, as docs/disclosure.md says; the program finds where that ends.

    Two principals of hidden schools put their own figures together, and find the third.
    """
    told, own = read_all(read(UNION)), own_classes(demo, "principal")
    schools = windows[RATED, PUBLIC].schools
    hidden = {
        schools.get(name, name)
        for ((place, name), subject), shown in told.releases[RATED, PUBLIC].items()
        if place == "school" and not subject and shown.tested == "*"
    }
    of_hidden = [classes for classes in own.values() if {one.school for one in classes} <= hidden]
    pairs = [Insider(one | other) for one, other in combinations(of_hidden, 2)]
    assert len(pairs) > 2
    assert any(wins_of(told, windows, pair, (PUBLIC,)) for pair in pairs)


@pytest.mark.long
@pytest.mark.parametrize("email", ["coach@example.org", OFFICE])
def test_everyone_in_the_network_is_told_the_same(demo, read, email):
    """By name or by letter, the figures are those that the union's representative reads."""
    release = (RATED, NEWEST)
    told = read_all(read(UNION)).releases[release]
    client = Client()
    client.force_login(User.objects.get(email=email))
    pages = [address for address in read(UNION).pages if is_whole(address, release)]
    assert len(pages) > 3
    theirs = read_all(Reader(client, only=lambda address: False).read(*pages)).releases[release]
    named = demo.letters[release]

    def by_name(figures):
        return {((place, named.get(name, name)), subject): shown for ((place, name), subject), shown in figures.items()}

    seen, expected = by_name(theirs), by_name(told)
    assert len(seen) > 60
    assert all(expected[key].tested == shown.tested for key, shown in seen.items())
    assert all(shown.rate in (None, expected[key].rate) for key, shown in seen.items())
    assert all(shown.mean in (None, expected[key].mean) for key, shown in seen.items())


def is_whole(address: str, release) -> bool:
    asked = asked_of(address)
    path = urlsplit(address).path
    return (asked.get("series"), asked.get("window")) == release and "/networks/" in path and "explore" not in path


# --- what stands beside the figures ------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize("email", ["", UNION, AUDITOR])
def test_no_page_or_file_names_a_student(read, email):
    students = table("SELECT number, family_name AS family, given_name AS given FROM schools_student")
    names = {f"{row.family}, {row.given}" for row in students.itertuples()}
    names |= {f"{row.given} {row.family}" for row in students.itertuples()}
    reader = read(email)
    texts = [page.html for page in reader.pages.values()]
    texts += ["\n".join(" ".join(line) for line in file.lines) for file in reader.files]
    assert texts
    for text in texts:
        words = set(re.findall(r"\w+", text))
        assert not words & {number for number in students.number if len(number) > 4}
        assert not [name for name in names if name in text]


def test_a_letter_hides_the_school(demo, read):
    """No address, attribute, order or chart of a lettered release tells which school it is."""
    reader, schools = read(UNION), table("SELECT name FROM schools_school").name.tolist()
    lettered = [(address, page) for address, page in reader.pages.items() if any(map(LETTER.match, rows_of(page)))]
    assert len(lettered) > 30
    for address, page in lettered:
        assert not re.search(r"/schools/\d|school=|data-(id|pk|school)", page.html), address
        assert not [name for name in schools if name in page.html], address
        names = [name for name in rows_of(page) if LETTER.match(name)]
        assert names == sorted(names)


def test_pictures_and_charts_tell_nothing_of_what_is_not_shown(read):
    checked = 0
    for email in ("", UNION):
        for address, page in read(email).pages.items():
            hidden = [row[0] for table in page.tables for row in table.rows if "not shown" in row and len(row) > 3]
            for name in set(hidden) - {"Network"}:
                checked += 1
                titles = [title.removeprefix(name) for title in page.titles if title.startswith(f"{name}:")]
                assert not [title for title in titles if re.search(r"\d", title)], address
                assert not numbers_about(name, page.data), address
    assert checked > 50


def rows_of(page) -> list[str]:
    """The names of the rows of the page's picture."""
    return [row[0] for table in page.tables if table.kind in ("shares", "growth") for row in table.rows[1:]]


def numbers_about(name: str, data) -> list:
    """Numbers that the data of a chart hold for a name: those of its own trace, and beside it in a list."""
    found = []
    for chart in data:
        for trace in chart["data"]:
            values = trace.get("x", []), trace.get("y", [])
            if trace.get("name") == name:
                found += [one for axis in values for one in axis if isinstance(one, (int, float))]
            for labels, figures in (values, values[::-1]):
                found += [figure for label, figure in zip(labels, figures, strict=False) if label == name and figure]
    return found


@pytest.mark.long
def test_the_ledger_tells_an_auditor_no_figure(read, windows):
    """The auditor knows besides which groups are small and which are hidden for others' sake; nothing in numbers."""
    reader = read(AUDITOR)
    ledgers = [file for file in reader.files if file.page.startswith("/releases/")]
    assert ledgers
    told = read_all(read(UNION))
    for file in ledgers:
        titled = release_titled(file, told.releases)
        if titled is None:
            continue
        rows = [line for line in file.lines[2:] if line and line[1] == "the whole test" and line[2] == "all figures"]
        floor = settings.PUBLIC_MIN_N
        between = [
            (("school", line[0]), *((1, floor - 1) if line[3] == "small group" else (floor, float("inf"))))
            for line in rows
            if line[0].endswith(SCHOOLS)
        ]
        assert any(most < floor for _, _, most in between) or titled[0] == "UC"
        assert not attack(windows[titled], told, Insider(between=between), rates=titled[0] == RATED)


SCHOOLS = ("School", "Elementary")


def release_titled(file, releases):
    """The release of a page's ledger, by the address of the page."""
    pk = int(file.page.split("?")[0].strip("/").split("/")[-1])
    row = table("""
        SELECT l.series, y.code || '/' || w.code AS window FROM assessments_release l
        JOIN assessments_window w ON w.id = l.window_id JOIN schools_schoolyear y ON y.id = w.year_id WHERE l.id = %s
    """, pk).iloc[0]  # fmt: skip
    return (row.series, row.window) if (row.series, row.window) in releases else None


# --- the program can win -----------------------------------------------------------------------------------


@pytest.mark.parametrize("given", [("tested",), ("tested", "rate")])
def test_with_the_partners_shown_the_small_school_is_found(demo, windows, given):
    """Suppression switched off for the partners alone: the program recovers the school that stays hidden."""
    release = (RATED, NEWEST)
    window = windows[release]
    (small,) = window.small()
    with transaction.atomic(), connection.cursor() as cursor:
        for school in {one.school for one in window.classes} - {small}:
            group = window.classes_of(("school", school), "")
            n, k = window.size(group), sum(window.classes[one].k for one in group)
            cursor.execute(
                """
                UPDATE assessments_releasedcell c SET tested = %s, rate = CASE WHEN %s THEN %s ELSE '' END
                FROM assessments_release l, assessments_window w, schools_schoolyear y, schools_school s
                WHERE c.release_id = l.id AND l.window_id = w.id AND w.year_id = y.id AND c.school_id = s.id
                  AND l.series = %s AND y.code || '/' || w.code = %s AND s.name = %s AND c.tested IS NULL
                  AND c.standard_id IS NULL AND c.strand = '' AND c.item_id IS NULL
                """,
                [n, "rate" in given, text_of(n, k), *release, school],
            )
        client = Client()
        client.force_login(User.objects.get(email=UNION))
        page = f"/results/network/?series={RATED}&window={NEWEST}&measure=benchmark"
        page = page.replace("/network/", f"/networks/{table('SELECT id FROM schools_network').iloc[0, 0]}/")
        told = read_all(Reader(client, only=lambda address: False).read(page, f"{page}&by=grades"))
        transaction.set_rollback(True)
    wins = attack(window, told)
    assert any(win.startswith(f"{release}: {small} has 9 to 9") for win in wins), wins
    assert ("rate" in given) == any("at benchmark" in win for win in wins), wins
