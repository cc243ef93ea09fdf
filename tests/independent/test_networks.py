"""The network as readers and the public read it, and beside classes and schools: the released cells, by plain SQL."""

import pandas as pd
import pytest
from django.urls import reverse

from assessments.queries.beside import beside_class, beside_school
from assessments.queries.classes import read_class
from assessments.queries.network import BENCHMARK, GROWTH, NOT_SHOWN, Asked, NetworkResults
from assessments.queries.school import SchoolResults
from assessments.queries.section import SectionResults
from pop_network.public import results_url
from schools.models import Network, School, User
from tests.independent.facts import table
from tests.independent.released import Truth
from tests.independent.test_classes import words

pytestmark = [pytest.mark.django_db, pytest.mark.long]
READERS = ("union@example.org", "teacher@example.org", "district@example.org", "")  # "" is the public
NAMES = """
    SELECT r.release_id AS release, r.school_id AS school, r.letter, s.name
    FROM assessments_releasedschool r JOIN schools_school s ON s.id = r.school_id
"""
OWN = """
    SELECT m.school_id AS school FROM schools_membership m JOIN schools_user u ON u.id = m.user_id
    WHERE u.email = %s AND m.school_id IS NOT NULL AND m.starts <= %s AND (m.ends IS NULL OR m.ends >= %s)
"""
MEMBERS = "SELECT school_id AS school FROM schools_networkschool"


@pytest.fixture(scope="module")
def pages(demo, open_cells):
    """(reader, measure, by, standard) of every release that the reader may open, as its page makes it."""
    network, found = Network.objects.get(), []
    for email in READERS:
        user = User.objects.get(email=email) if email else None
        for asked in every_address(NetworkResults(network, user, Asked()), network, user):
            found.append((email, NetworkResults(network, user, asked)))
    return found


def every_address(first: NetworkResults, network, user):
    """What the links of the pages lead to; of the standards the first three."""
    for programme in first.programmes:
        for release in programme.releases:
            asked = {"series": programme.key, "window": release.window.full_code}
            page = NetworkResults(network, user, Asked(**asked))
            for measure in page.measures:
                yield Asked(**asked, measure=measure)
                yield Asked(**asked, measure=measure, by="grades")
            yield from (Asked(**asked, grade=grade) for grade in page.grades)
            yield from (Asked(**asked, standard=str(one.pk)) for one in page.standards[:3])


def test_there_are_pages_enough(pages, open_cells):
    assert len(pages) > 200
    public = {page.chosen.pk for email, page in pages if not email}
    assert public == set(open_cells.releases[open_cells.releases.audience == "public"].release)
    others = {page.chosen.pk for email, page in pages if email == READERS[0]}
    assert others == set(open_cells.releases.release)


def of_page(open_cells, page, release) -> pd.DataFrame:
    """The cells of one release about what the page is asked for."""
    cells = open_cells.cells
    mine = cells[(cells.release == release) & cells.item.isna() & (cells.strand == "")]
    standard = page.asked.standard
    return mine[mine.standard == int(standard)] if standard else mine[mine.standard.isna()]


def said(cell, measure: str, release) -> str:
    """A figure as it is read; `cell` None is not shown."""
    if cell is None:
        return NOT_SHOWN
    if cell.tested == 0:
        return "not tested"
    if measure == GROWTH:
        growth = (cell.growth, cell.growth_low, cell.growth_high)
        return NOT_SHOWN if pd.isna(cell.growth) else "{:.0f} ({:.0f} to {:.0f})".format(*growth)
    if measure == BENCHMARK:
        kind = {"<": " or fewer", ">": " or more"}.get(cell.rate[:1], "")
        return f"{cell.rate.strip('<>=%')} %{kind}" if cell.rate else NOT_SHOWN
    if pd.isna(cell.mean):
        return NOT_SHOWN
    unit = "" if release.mean_unit == "scale" and pd.isna(cell.standard) else " %"
    return f"{cell.mean:.0f}{unit}"


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u2212", "-")


def expected_rows(demo, open_cells, email, page) -> dict[str, object]:
    """Each row by its name: the network, then schools as the reader may name them, or grades."""
    release = open_cells.releases.loc[page.chosen.pk]
    cells = of_page(open_cells, page, page.chosen.pk)
    rows = {} if page.measure == GROWTH and release.kind == "standing" else {"Network": ("network", None, "")}
    if page.asked.by:
        grades = sorted(cells[cells.place == "grade"].grade)
        return rows | {f"Grade {int(grade)}": ("grade", None, grade) for grade in grades}
    own = set(table(OWN, email, demo.facts.today, demo.facts.today).school)
    every = release.naming == "named" or email == "district@example.org"
    for one in table(NAMES).itertuples():
        if one.release == page.chosen.pk:
            rows[one.name if every or one.school in own else one.letter] = ("school", one.school, "")
    return rows


def cell_at(cells: pd.DataFrame, place: str, school, grade: str):
    rows = cells[(cells.place == place) & (cells.grade == grade)]
    rows = rows[rows.school == school] if school is not None else rows
    return next(rows.itertuples(), None)


def test_every_row_of_every_page(demo, pages, open_cells):
    compared = 0
    for email, page in pages:
        expected = expected_rows(demo, open_cells, email, page)
        assert [row.name for row in page.rows if not row.network] == sorted(set(expected) - {"Network"})
        cells = of_page(open_cells, page, page.chosen.pk)
        for row in page.rows:
            cell, told = cell_at(cells, *expected[row.name]), page.cell(row)
            assert plain(page.words(told)) == said(cell, page.measure, open_cells.releases.loc[page.chosen.pk])
            assert (told and told.tested) == (None if cell is None or pd.isna(cell.tested) else cell.tested)
            assert (told.verdict if told else "") == (cell.verdict if cell else "")
            compared += 1
    assert compared > 2000


def test_the_windows_of_the_year(pages, open_cells):
    compared = 0
    for _, page in pages:
        for row in page.rows:
            for release in page.columns:
                if row.network and release.pk != page.chosen.pk:
                    cell = cell_at(of_page(open_cells, page, release.pk), "network", None, "")
                    words_here = plain(page.words(row.cells.get(release.pk)))
                    assert words_here == said(cell, page.measure, open_cells.releases.loc[release.pk])
                    compared += 1
    assert compared > 50


def test_standards_and_strands_of_the_network_and_of_each_grade(pages, open_cells):
    compared = 0
    for _, page in pages:
        place = "grade" if page.asked.grade else "network"
        cells = open_cells.cells
        mine = cells[(cells.release == page.chosen.pk) & (cells.place == place) & (cells.grade == page.asked.grade)]
        mine = mine[(mine.standard.notna() | (mine.strand != "")) & mine.item.isna()]
        expected = {(one.standard, one.strand): (one.mean, one.tested) for one in mine.fillna(-1).itertuples()}
        told = {(one.pk or -1, one.cell.strand): (none(one.cell.mean), none(one.cell.tested)) for one in page.subjects}
        assert told == expected
        compared += len(told)
    assert compared > 1000


def none(value) -> int:
    return -1 if value is None else value


def test_the_sentence_counts_the_schools_and_carries_the_range(demo, pages, open_cells):
    counted = 0
    for _, page in pages:
        if page.measure != GROWTH or page.asked.by or page.asked.standard:
            continue
        cells = of_page(open_cells, page, page.chosen.pk)
        schools = cells[cells.place == "school"]
        for verdict in ("above the network", "below the network", "too close to call"):
            count = int((schools.verdict == verdict).sum())
            assert f"{count} {'is' if count == 1 else 'are'} {verdict}" in page.sentence
        network = cell_at(cells, "network", None, "")
        if page.has_network_row and not pd.isna(network.growth):
            size = abs(network.growth)
            assert f" {size:.0f} (" in page.sentence
            assert page.students == [f"{network.tested:,.0f} students tested", f"{network.matched_band} compared"]
        counted += 1
    assert counted > 20


def test_the_pages_print_them(demo, pages, client):
    """Every ninth page, the public one's among them, as it comes over the wire."""
    for email, page in pages[::9]:
        asked = {name: getattr(page.asked, name) for name in ("series", "window", "measure", "by", "grade", "standard")}
        if email:
            client.force_login(User.objects.get(email=email))
            got = client.get(reverse("assessments:network_results", args=[page.network.pk]), asked)
        else:
            client.logout()
            got = client.get(results_url(page.network, page.asked))
        text = plain(words(got.content.decode()))
        assert plain(page.sentence) in text
        assert plain(page.none_shown) in text
        for row in page.rows:
            if page.none_shown and not row.network:  # one sentence in place of them all
                assert has_no_figure(page.cell(row))
            else:
                assert row.name in text and plain(page.words(page.cell(row))) in text


def has_no_figure(cell) -> bool:
    return cell is None or (cell.tested is cell.mean is cell.growth is None and not cell.rate)


# --- beside a class and a school --------------------------------------------------------------------------------


def released(open_cells, sitting) -> tuple[object, pd.DataFrame]:
    """The open release of a sitting's series and window, with its cells; (None, no rows) where there is none."""
    rows = open_cells.releases
    found = rows[(rows.series == sitting.series) & (rows.window == sitting.window_id)]
    if found.empty:
        return None, open_cells.cells.iloc[:0]
    release = found.iloc[0]
    return release, open_cells.cells[open_cells.cells.release == release.release]


def network_of(release, cells) -> tuple[str, tuple | None]:
    """The network's share, and its growth where that is on a scale."""
    whole = next(cells[(cells.place == "network") & cells.standard.isna() & (cells.strand == "")].itertuples())
    grew = release.kind == "scale" and not pd.isna(whole.growth)
    return whole.rate, (whole.growth, whole.growth_low, whole.growth_high) if grew else None


def means(cells: pd.DataFrame) -> dict[tuple[str, int], int]:
    kept = cells[(cells.place == "grade") & cells.standard.notna() & cells["mean"].notna()]
    return {(one.grade, one.standard): one.mean for one in kept.itertuples()}


def test_beside_a_class(demo, open_cells):
    compared = 0
    for section, administration in demo.facts.class_sittings()[::4]:
        read = read_class(demo.office, section, administration, hide_names=False)
        sitting = demo.facts.sittings.loc[administration]
        grade = read.section.grade
        told = beside_class(demo.office, read.section.school, read.sitting, grade)
        release, cells = released(open_cells, sitting)
        if release is None:
            assert told is None and read.beside is None
            continue
        assert told == read.beside
        assert told.standards == {key: mean for key, mean in means(cells).items() if key[0] == grade}
        asked = cells[(cells.grade == grade) & cells["mean"].notna()].merge(open_cells.items, on="item")
        asked = asked[asked.assessment == sitting.assessment]
        assert told.items == dict(zip(asked.position, asked["mean"], strict=True))
        assert (told.rate, told.growth) == network_of(release, cells)
        page = SectionResults(read)
        for row in page.rows if page.compared else []:
            network = told.standards.get((grade, row.standard.pk))
            assert row.network == network
            if row.questions >= 3 and network is not None:
                apart = row.percent - network
                expected = "above the network" if apart >= 5 else "below the network" if apart <= -5 else ""
                assert str(row.verdict) == (expected or "too close to call")
                compared += 1
    assert compared > 80


def test_beside_a_school(demo, open_cells):
    compared = 0
    for release in open_cells.releases.itertuples():
        cells = open_cells.cells[open_cells.cells.release == release.release]
        for pk in sorted(set(table(MEMBERS).school))[::3]:
            school = School.objects.get(pk=pk)
            told = beside_school(demo.office, school, release.series, release.window)
            assert told.standards == means(cells) and told.items == {}
            assert (told.rate, told.growth) == network_of(release, cells)
            compared += len(told.standards)
    assert compared > 500


def test_how_a_school_stands_has_the_difference_and_its_range(demo, open_cells):
    """Welch's interval of the school against the rest, taken to the network; it agrees with the released verdict."""
    compared = 0
    for release in open_cells.releases.itertuples():
        truth, code = Truth(demo.facts, release), f"{release.year_code}/{release.window_code}"
        cells = open_cells.cells[(open_cells.cells.release == release.release) & (open_cells.cells.place == "school")]
        for cell in cells[cells.growth.notna()].iloc[::3].itertuples():
            page = SchoolResults(demo.office, School.objects.get(pk=cell.school), release.series, code)
            row = page.standing_row if release.kind == "standing" else page.growth[0]
            if row is None or row.apart is None:
                continue
            assert row.apart == pytest.approx(truth.apart(cell), abs=1e-9)
            verdict = row.verdict if release.kind == "standing" else row.against
            assert str(verdict) == cell.verdict
            compared += 1
    assert compared > 20
