"""Every figure that a release shows is the true figure of its day, rounded; nothing else is shown."""

import pandas as pd
import pytest
from django.utils import timezone

from tests.independent.facts import table
from tests.independent.released import CELLS, RELEASES, Truth, band, whole

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def releases(demo):
    """Each release of the demo with the true figures of its window."""
    rows = table(RELEASES, timezone.now())
    return {one.release: Truth(demo.facts, one) for one in rows.itertuples()}


@pytest.fixture(scope="module")
def cells(demo):
    return table(CELLS)


def shown(cells: pd.DataFrame, releases: dict, column: str):
    """Every cell that shows this figure, with the truth of its release."""
    kept = cells[cells[column].notna() & (cells[column] != "")]
    for one in kept.itertuples():
        yield one, releases[one.release]


def test_the_demo_has_releases_of_both_kinds_with_cells_shown_and_hidden(releases, cells):
    assert len(releases) > 10 and {one.release.kind for one in releases.values()} >= {"scale", "standing"}
    assert len(cells) > 3000 and 0.05 < cells.tested.isna().mean() < 0.95


def test_students_tested(releases, cells):
    compared = 0
    for cell, truth in shown(cells, releases, "tested"):
        assert cell.tested == truth.figures(cell)[0], cell
        compared += 1
    assert compared > 1500


def test_means_of_the_whole_test_of_standards_strands_and_questions(releases, cells):
    kinds = {"whole": 0, "standard": 0, "strand": 0, "item": 0}
    for cell, truth in shown(cells, releases, "mean"):
        assert cell.mean == whole(truth.figures(cell)[1]), cell
        kinds[subject(cell)] += 1
    assert all(count > 50 for count in kinds.values()), kinds


def subject(cell) -> str:
    if cell.strand:
        return "strand"
    return "standard" if not pd.isna(cell.standard) else "item" if not pd.isna(cell.item) else "whole"


def test_shares_at_benchmark_and_the_bands_that_stand_for_them(releases, cells):
    exact = masked = 0
    for cell, truth in shown(cells, releases, "rate"):
        rate, figure = truth.rate(cell), int(cell.rate.strip("<>=%"))
        assert truth.release.has_levels and subject(cell) == "whole"
        if cell.rate[0] in "<>":
            assert rate <= figure if cell.rate.startswith("<=") else rate >= figure
            masked += 1
        else:
            assert figure == whole(rate), cell
            exact += 1
    assert exact > 40 and exact + masked == (cells.rate != "").sum()


def test_growth_its_range_its_verdict_and_how_many_were_compared(releases, cells):
    compared = 0
    for cell, truth in shown(cells, releases, "growth"):
        unit = 100 if truth.release.kind == "standing" else 1
        matched, mean, low, high, verdict = truth.growth(cell)
        told = (cell.growth, cell.growth_low, cell.growth_high)
        assert told == tuple(whole(one, unit) for one in (mean, low, high)), cell
        assert cell.matched_band == band(matched)
        assert cell.verdict == verdict
        compared += 1
    assert compared > 60


def test_what_is_not_shown_has_no_figure_at_all(cells):
    hidden = cells[cells.tested.isna()]
    assert len(hidden) and hidden[["mean", "growth", "growth_low", "growth_high"]].isna().all().all()
    assert (hidden[["rate", "matched_band", "verdict"]] == "").all().all()
    no_growth = cells[cells.growth.isna()]
    assert no_growth[["growth_low", "growth_high"]].isna().all().all() and (no_growth.verdict == "").all()


def test_no_cell_of_fewer_than_eleven_students_is_shown(releases, cells):
    for cell, truth in shown(cells, releases, "tested"):
        least = 20 if cell.place == "subgroup" else 11
        assert cell.tested == 0 or cell.tested >= least, (cell, truth.release)
