"""How figures, dates and verdicts read."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template

from assessments.verdicts import Change, Standing
from pop_network.templatetags import look

NBSP, MINUS = "\u00a0", "\u2212"


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.615, "62 %"), (0.625, "63 %"), (0.005, "1 %"), (0, "0 %"), (1, "100 %"), (0.285, "29 %"),
        (None, "not shown"),
    ],
)  # fmt: skip
def test_percent_is_whole_and_rounds_halves_up(share, text):
    assert look.percent(share).replace(NBSP, " ") == text


def test_a_figure_keeps_its_per_cent_on_its_line():
    assert look.tied("35 % of the points, 5 of 8") == f"35{NBSP}% of the points, 5 of 8"


@pytest.mark.parametrize(
    ("number", "text"), [(6.2, "+6"), (-3, f"{MINUS}3"), (0, "0"), (-0.4, "0"), (0.5, "+1"), (None, "not shown")]
)
def test_signed(number, text):
    assert look.signed(number) == text


def test_whole_numbers_have_thousands_and_a_true_minus():
    assert look.whole(12345.4) == "12,345"
    assert look.whole(-2.5) == f"{MINUS}3"


def test_a_range_reads_in_words():
    assert look.span(6.2, (4.1, 8.3)) == f"6{NBSP}(4 to 8)"
    assert look.span(None, (1, 2)) == "not shown"


def test_counts_name_what_they_count():
    assert look.students_count(1) == f"1{NBSP}student"
    assert look.students_count(28) == f"28{NBSP}students"
    assert look.count_of(2, "class,classes") == f"2{NBSP}classes"
    assert look.out_of(5, 8) == "5 of 8"


def test_zero_is_zero_and_only_none_is_not_shown():
    assert look.shown(0) == 0
    assert look.shown(None) == "not shown"


def test_dates_name_the_year_only_when_it_is_another(monkeypatch):
    monkeypatch.setattr(look.timezone, "localdate", lambda: date(2025, 12, 10))
    assert look.short_date(date(2025, 12, 4)) == "Dec 4"
    assert look.short_date(date(2024, 12, 4)) == "Dec 4, 2024"
    assert look.short_date(None) == ""


def test_a_moment_is_told_in_the_readers_zone(monkeypatch, settings):
    settings.TIME_ZONE = "America/New_York"
    monkeypatch.setattr(look.timezone, "localdate", lambda: date(2026, 3, 4))
    assert look.short_time(datetime(2026, 3, 4, 20, 5, tzinfo=UTC)) == "Mar 4, 3:05 PM"
    assert look.short_date(datetime(2026, 3, 5, 1, 0, tzinfo=UTC)) == "Mar 4"


@pytest.mark.parametrize(
    ("code", "name"), [("05", "Grade 5"), ("12", "Grade 12"), ("KG", "Kindergarten"), ("", "Grade not known")]
)
def test_grades(code, name):
    assert look.grade_name(code) == name


@pytest.mark.parametrize(
    ("verdict", "by", "text"),
    [
        (Standing.BELOW, 17, "below by 17"),
        (Standing.ABOVE, None, "above the network"),
        (Standing.CLOSE, 2, "too close to call"),
        (Change.GREW, 6, "grew by 6"),
        (Change.SLIPPED, -4, "slipped by 4"),
    ],
)
def test_verdicts_in_their_fixed_words(verdict, by, text):
    assert look.verdict_words(verdict, by) == text


def test_every_verdict_has_a_mark_and_a_color():
    for verdict in [*Standing, *Change]:
        assert look.verdict_mark(verdict) in "▼●▲"
        assert look.verdict_class(verdict) in ("below", "same", "above")


@pytest.mark.parametrize(("steps", "fills"), [(3, [1, 3, 4]), (4, [1, 2, 3, 4]), (5, [0, 1, 2, 3, 4])])
def test_levels_take_the_fills_of_their_scale(steps, fills):
    assert [look.level_fill(step, steps) for step in range(1, steps + 1)] == fills


def test_wrappers_escape_what_they_are_given():
    made = Template("{% more title beside=gist %}<p>in</p>{% endmore %}{% panel title %}x{% endpanel %}").render(
        Context({"title": "<b>", "gist": "<i>"})
    )
    assert "<b>" not in made
    assert "<i>" not in made
    assert "<p>in</p>" in made


def test_json_for_an_attribute_is_escaped_and_strict():
    made = Template("<a hx-vals='{{ values|json_attribute }}'>").render(Context({"values": {"q": "it's"}}))
    assert made == "<a hx-vals='{&quot;q&quot;:&quot;it&#x27;s&quot;}'>"
    with pytest.raises(ValueError, match="JSON"):
        look.json_attribute(float("nan"))
