"""The laws of dated rows: no day twice, nothing lost, the same roster twice is one roster."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from schools.oneroster.timeline import NEW, Span, Wanted, lay

DAYS = st.integers(0, 60)


@st.composite
def disjoint(draw, most):
    """Pairs of first and last days that share no day, in order."""
    edges = sorted(draw(st.sets(DAYS, max_size=2 * most)))
    return list(zip(edges[::2], edges[1::2], strict=False))


@st.composite
def worlds(draw):
    now = [
        Span(number, draw(st.integers(1, 3)), "05", first, last)
        for number, (first, last) in enumerate(draw(disjoint(4)), start=1)
    ]
    wanted = [
        Wanted(draw(st.integers(1, 3)), "05", first, last, draw(st.booleans())) for first, last in draw(disjoint(3))
    ]
    return now, wanted, draw(DAYS), draw(st.booleans())


@given(worlds())
def test_no_day_is_in_two_rows_and_every_row_stays(world):
    now, wanted, day, follow = world
    laid = lay(now, wanted, day, follow_starts=follow)
    assert all(span.starts <= span.ends for span in laid)
    assert all(one.ends < other.starts for one, other in pairwise(laid))
    assert {span.id for span in laid if span.id != NEW} == {span.id for span in now}


@given(worlds())
def test_every_row_keeps_a_day_it_had(world):
    now, wanted, day, follow = world
    before = {span.id: span for span in now}
    for span in lay(now, wanted, day, follow_starts=follow):
        if span.id != NEW:
            assert max(span.starts, before[span.id].starts) <= min(span.ends, before[span.id].ends)


@given(worlds())
def test_the_same_roster_again_changes_nothing(world):
    now, wanted, day, follow = world
    once = lay(now, wanted, day, follow_starts=follow)
    for number, span in enumerate(once):
        span.id = span.id or 100 + number
    assert lay(once, wanted, day, follow_starts=follow) == once


@given(worlds())
def test_what_is_wanted_today_stands_today(world):
    now, wanted, day, follow = world
    laid = lay(now, wanted, day, follow_starts=follow)
    for want in wanted:
        if want.starts <= day <= want.ends:
            assert [span.place for span in laid if span.starts <= day <= span.ends] == [want.place]


def test_a_move_without_a_date_is_a_move_today():
    laid = lay([Span(1, 1, "05", 0, 100)], [Wanted(2, "05", 0, 100)], day=40)
    assert laid == [Span(1, 1, "05", 0, 39), Span(NEW, 2, "05", 40, 100)]


def test_a_row_that_only_begins_on_the_day_is_put_right_in_place():
    assert lay([Span(1, 1, "05", 40, 100)], [Wanted(2, "05", 40, 100)], day=40) == [Span(1, 2, "05", 40, 100)]


def test_what_is_not_wanted_ends_the_day_before():
    assert lay([Span(1, 1, "05", 0, 100), Span(2, 1, "05", 120, 130)], [], day=40) == [
        Span(1, 1, "05", 0, 39),
        Span(2, 1, "05", 120, 120),
    ]
