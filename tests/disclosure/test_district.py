"""A district-size cube is suppressed and audited in seconds (`python -m tests.disclosure.district` for all windows)."""

import time

import pytest

from schools.disclosure import audit, suppress
from tests.disclosure.district import district_cube

MOST_SECONDS = 60


@pytest.mark.parametrize(("schools", "typical"), [(220, 90), (12, 8)], ids=["district", "small schools"])
def test_a_release_is_quick_and_clean(schools, typical):
    cube = district_cube(seed=2, schools=schools, windows=1, typical=typical)
    start = time.perf_counter()
    result = suppress(cube)
    assert audit(result.published).clean
    assert time.perf_counter() - start < MOST_SECONDS / 4  # one window of four
    assert result.hidden
    assert len(result.shown) > len(result.hidden)


def test_an_audit_of_a_leaking_district_finds_the_leak():
    cube = district_cube(seed=2, schools=220, windows=1)
    result = suppress(cube)
    cells = dict(result.published.cells)
    leak = next(key for key in result.hidden if "school" in key and cells[key].measure == "W0 overall")
    for key, cell in cells.items():  # show all hidden schools but one: the sum tells that one
        if key != leak and cell.set != cells[leak].set and cell.n is None:
            cells[key] = type(cell)(key, cube.cells[key].n, rated=cell.rated, students=cell.set, measure=cell.measure)
    findings = audit(type(result.published)(cells, result.published.equations, result.published.floors)).findings
    assert any(f.cell == leak and f.lowest == f.highest == cube.cells[leak].n for f in findings)
