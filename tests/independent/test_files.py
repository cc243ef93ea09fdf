"""The files: the bytes of each CSV read again and held against the second program, and each workbook against it."""

import time

import pandas as pd
import pytest
from allauth.account.internal.flows import login
from django.urls import reverse
from django.utils import timezone
from scipy import stats

from assessments.views.asked import HIDDEN
from schools.models import Network, User
from schools.search import place_of
from tests.assessments.pages.reading import csv_tables, plain, workbook_tables
from tests.independent.facts import half_up, table
from tests.independent.released import CELLS, RELEASES
from tests.independent.test_item_maps import sign
from tests.independent.test_schools import changes, forms, rows_of

pytestmark = [pytest.mark.django_db, pytest.mark.long]
EXACT = 1e-9
STANDARDS = "SELECT id AS standard, code FROM assessments_standard"
SERIES = "SELECT DISTINCT series FROM assessments_assessment"
SCHOOLS = "SELECT id AS school, name FROM schools_school"


@pytest.fixture(scope="module")
def codes(demo):
    return dict(table(STANDARDS).itertuples(index=False, name=None))


@pytest.fixture
def taken(demo, client):
    """`taken(name, *ids, **asked)`: the tables of a page's CSV, which its workbook holds alike."""

    def take(name, *ids, by=None, **asked):
        signed_in(client, by or demo.office)
        asked |= {"purpose": "held against a second program"}
        url = reverse(f"assessments:{name}", args=ids)
        read = csv_tables(client.post(url, asked | {"format": "csv"}))
        sheets = workbook_tables(client.post(url, asked | {"format": "xlsx"}))
        notice, tables = read.pop("notice"), {name: plain(rows) for name, rows in read.items()}
        assert sheets.pop("Notice")[1] == [notice.removeprefix("# ")]
        assert list(map(same_floats, sheets.values())) == list(map(same_floats, tables.values()))
        return {name: [dict(zip(rows[0], row, strict=True)) for row in rows[1:]] for name, rows in tables.items()}

    return take


def signed_in(client, person):
    """Signed in with a password a moment ago, and reading names."""
    client.force_login(person)
    session = client.session
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time()}]
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(person.pk)
    session[HIDDEN] = False
    session.save()


def same_floats(rows: list[list[str]]) -> list[list]:
    """Figures as numbers: a workbook keeps the last digit of a float that a CSV writes shorter."""
    width = max((len(row) for row in rows), default=0)
    return [[number(cell) for cell in row + [""] * (width - len(row))] for row in rows]


def number(cell: str):
    try:
        return round(float(cell), 9)
    except ValueError:
        return cell


def test_classes(facts, taken, codes):
    compared = 0
    for section, administration in facts.class_sittings()[::9]:
        tables = taken("section_export", section, administration=administration)
        rows = facts.in_class("by_standard", section, administration)
        sums = rows.groupby(rows.standard.map(codes))[["earned", "possible"]].sum()
        told = tables.get("By standard", [])
        assert {line["Code"] for line in told} == set(sums.index)
        for line in told:
            one = sums.loc[line["Code"]]
            if "% of the points" in line:
                assert float(line["Points earned"]) == pytest.approx(one.earned, abs=EXACT)
                assert float(line["Points possible"]) == pytest.approx(one.possible, abs=EXACT)
                assert int(line["% of the points"]) == half_up(100 * one.earned / one.possible)
                compared += 1
        in_class(facts, section, administration, tables)
    assert compared > 60


def in_class(facts, section: int, administration: int, tables: dict) -> None:
    """Popular wrong answers, and the change of each student since the first window."""
    missed = facts.in_class("answers", section, administration).query("missed")
    for line in tables.get("Popular wrong answers", []):
        mine = missed[missed.position == int(line["Question"])]
        chose = int((mine.letter == line["Answer"]).sum())
        assert (int(line["Students who missed it"]), int(line["Students who chose it"])) == (len(mine), chose)
    rows = facts.in_class("results", section, administration)
    now = {facts.names[row.student]: row.scale_score for row in rows[rows.tested].itertuples()}
    for name, lines in tables.items():
        for line in lines if name.startswith("Since ") else []:
            *_, after, change = line.values()
            assert int(after) == half_up(now[line["Student"]])
            assert int(change) == int(after) - int(list(line.values())[1])


def test_item_maps(facts, taken):
    cells = 0
    pairs = [pair for pair in facts.class_sittings() if pair[1] in set(facts.answers.administration)]
    for section, administration in pairs[::11]:
        tables = taken("item_map_export", section, administration=administration)
        rows = facts.in_class("answers", section, administration)
        expected = {
            (facts.names[student], found.earned.sum(), tuple(map(sign, found.itertuples())))
            for student, found in rows.sort_values("position").groupby("student")
        }
        told = set()
        for line in tables["Item map"]:
            if line["Points"] != "not tested" and "joined since" not in line["Student"]:
                marks = sorted((int(name.split()[-1]), mark) for name, mark in line.items() if name[:9] == "Question ")
                told.add((line["Student"], float(line["Points"]), tuple(mark.lstrip("'") for _, mark in marks)))
        assert told == expected
        kept = [line["Student"] for line in tables["Item map"] if line["Points"] != "not tested"]
        names = [name for name in kept if "joined" not in name]
        assert names == sorted(names, key=place_of)  # accents do not part names
        sums = rows.groupby("position")[["earned", "possible", "missed"]].sum()
        for line in tables["Questions, most missed first"]:
            one = sums.loc[int(line["Question"])]
            assert int(line["Missed"]) == one.missed
            if line["% of the points"]:
                assert int(line["% of the points"]) == half_up(100 * one.earned / one.possible)
        cells += len(rows)
    assert cells > 5000


def test_schools(facts, taken, codes):
    tested = facts.results[facts.results.tested].merge(facts.sittings.reset_index(drop=True), on="administration")
    keys = tested[["school", "series", "window_id", "year_code", "window_code"]].drop_duplicates()
    grown = compared = 0
    for one in keys.iloc[::6].itertuples():
        asked = {"series": one.series, "window": f"{one.year_code}/{one.window_code}"}
        tables = taken("school_export", one.school, **asked)
        tests = forms(facts, one.series, one.window_id)
        rows = facts.of(facts.by_standard, school=one.school, administration=list(tests.administration))
        sums = rows.groupby([rows.standard.map(codes), "grade"])[["earned", "possible"]].sum()
        for line in tables.get("Standards", []):
            mine = sums.xs(line["Code"], level="standard").sum() if not line["Grade"] else None
            mine = sums.loc[(line["Code"], line["Grade"])] if mine is None else mine
            assert float(line["Points earned"]) == pytest.approx(mine.earned, abs=EXACT)
            assert int(line["% of the points"]) == half_up(100 * mine.earned / mine.possible)
            compared += 1
        sat = rows_of(facts, one.school, one.series, one.window_id)
        classes = sat[sat.tested].groupby("section").size()
        assert sorted(int(line["Tested"]) for line in tables["Classes"]) == sorted(classes)
        grown += growth_of(facts, one, tests, tables.get("Growth", []))
    assert compared > 60 and grown > 8


def growth_of(facts, one, tests, lines) -> int:
    year = facts.of(facts.sittings, series=one.series, year=tests.iloc[0].year).sort_values("opens")
    told = 0
    for line in lines:
        if line["Group"] == "Network" or line[next(name for name in line if "since" in name)].startswith("too few"):
            continue
        both = changes(facts, one.series, year.window_id.iloc[0], one.window_id)
        both = both[(both.school_before == one.school) & (both.school_after == one.school)]
        if line["Group"] != "School":
            both = both[(both.grade_before == line["Group"]) & (both.grade_after == line["Group"])]
        low, high = stats.t.interval(0.95, len(both) - 1, loc=both.change.mean(), scale=stats.sem(both.change))
        said = line[next(name for name in line if "since" in name)].replace("\u2212", "-")
        assert said == f"{half_up(both.change.mean())} ({half_up(low)} to {half_up(high)})"
        assert int(line["Students"]) == len(both)
        told += 1
    return told


def test_networks(demo, taken, codes, client):
    """Released files of the union's representative, and the public's, which anyone takes with a link."""
    union, network = User.objects.get(email="union@example.org"), Network.objects.get()
    releases, cells = table(RELEASES, timezone.now()), table(CELLS)
    names = dict(table(SCHOOLS).itertuples(index=False, name=None))
    compared = 0
    for one in releases[releases.open].itertuples():
        asked = {"series": one.series, "window": f"{one.year_code}/{one.window_code}"}
        tables = taken("network_export", network.pk, by=union, measure="points", **asked)
        mine = cells[(cells.release == one.release) & cells.item.isna() & (cells.strand == "")]
        whole = mine[mine.standard.isna()]
        figures = sorted(said(cell, one) for cell in whole[whole.place.isin(["network", "school"])].itertuples())
        column = f"{one.window_name}"
        assert sorted((row[column].replace("\u00a0", " "), row["Tested"]) for row in tables["Mean"]) == figures
        standards = mine[(mine.place == "network") & mine.standard.notna()]
        expected = {codes[cell.standard]: percent(cell.mean) for cell in standards.itertuples()}
        assert {row["Code"]: row["Of the points"] for row in tables["Standards"] if row["Code"]} == expected
        if one.naming == "named":
            assert {row["School"] for row in tables["Mean"]} == {"Network", *names.values()}
        compared += len(figures) + len(expected)
        if one.audience == "public":
            client.logout()
            got = client.get(
                reverse("public_file", args=[network.slug]), asked | {"measure": "points", "format": "csv"}
            )
            rows = csv_tables(got)["Mean"]
            assert sorted((row[-3].replace("\u00a0", " "), row[-2]) for row in rows[1:]) == figures
    assert compared > 200


def said(cell, release) -> tuple[str, str]:
    if cell.tested == 0:
        return "not tested", "0"
    unit = "" if release.mean_unit == "scale" else " %"
    mean = "not shown" if pd.isna(cell.mean) else f"{cell.mean:.0f}{unit}"
    return mean, "not shown" if pd.isna(cell.tested) else f"{cell.tested:.0f}"


def percent(mean) -> str:
    return "not shown" if pd.isna(mean) else f"{mean:.0f} %"


def test_about_tests(facts, taken):
    compared = 0
    for administration, rows in list(facts.answers.groupby("administration"))[::5]:
        tables = taken("about_test_export", administration)
        earned = rows.pivot(index="student", columns="position", values="earned")
        worth = rows.groupby("position").worth.first()
        for line in tables["Questions"]:
            position = int(line["Question"])
            share = earned[position].mean() / worth[position]
            assert int(line["Students"]) == len(earned)
            assert int(line["% of the points"]) == half_up(100 * share)
            if line["Discrimination"] and len(earned) >= 30:
                rest = earned.drop(columns=position).sum(axis=1)
                r = stats.pearsonr(earned[position], rest)[0]
                assert float(line["Discrimination"]) == pytest.approx(r, abs=0.005 + EXACT)
            compared += 1
        chosen = rows[rows.letter != ""].groupby(["position", "letter"]).size()
        for line in tables.get("Choices", []):
            students = int(chosen.get((int(line["Question"]), line["Choice"]), 0))
            assert (int(line["Students"]), int(line["% of students"])) == (
                students,
                half_up(100 * students / len(earned)),
            )
    assert compared > 100


def test_subgroups_and_schools_side_by_side_hold_what_their_pages_print(demo, taken, client):
    """Their figures are held against the second program as pages; here file and page say the same, cell by cell."""
    coach = User.objects.get(email="coach@example.org")
    for series in sorted(table(SERIES).series):
        for name, ids, by in (("subgroups", schools_of(demo, series)[:2], demo.office), ("side_by_side", [()], coach)):
            for one in ids:
                args = [one] if one else []
                signed_in(client, by)
                page = client.get(reverse(f"assessments:{name}", args=args), {"series": series})
                if page.status_code == 404:
                    continue
                text = spaces(page.content.decode())
                for lines in taken(f"{name}_export", *args, by=by, series=series).values():
                    assert lines
                    for line in lines:
                        assert all(spaces(part) in text for cell in line.values() for part in cell.split(", "))


def schools_of(demo, series: str) -> list[int]:
    tests = demo.facts.of(demo.facts.sittings, series=series)
    rows = demo.facts.of(demo.facts.results, administration=list(tests.administration))
    return sorted(set(rows[rows.tested].school))


def spaces(text: str) -> str:
    return " ".join(text.replace("&nbsp;", " ").replace("\u00a0", " ").split())
