"""The colors keep what the specification of the look promises, computed from the style sheet itself."""

import re

import pytest

from tests.look.colors import CSS, contrast, lightness, tokens

THEMES = tokens()
TEXT, MARK = 4.5, 3.0

ON_PAGE_AND_WASH = [
    ("ink", TEXT), ("ink-2", TEXT), ("accent", TEXT), ("edge", MARK), ("focus", MARK), ("bad", TEXT),
]  # fmt: skip
ON_PAGE = [(name, MARK) for name in ("level-1", "level-2", "level-3", "level-4")] + [
    ("below", TEXT), ("same", TEXT), ("above", TEXT), ("map-right", TEXT),
]  # fmt: skip
PAIRS = [
    ("ok", "ok-bg"), ("warn", "warn-bg"), ("bad", "bad-bg"), ("on-accent", "accent"), ("page", "level-3"),
    ("page", "level-4"), ("on-map-wrong", "map-wrong"), ("on-map-part", "map-part"), ("page", "ink"),
]  # fmt: skip


@pytest.fixture(params=["light", "dark"])
def theme(request):
    return THEMES[request.param]


def test_the_stylesheet_was_read():
    assert len(THEMES["light"]) >= 27
    assert THEMES["light"]["ink"] == "#14181D"
    assert THEMES["dark"]["page"] == "#14181D"


@pytest.mark.parametrize(("name", "floor"), ON_PAGE_AND_WASH)
def test_furniture_stands_out_from_page_and_wash(theme, name, floor):
    assert contrast(theme[name], theme["page"]) >= floor
    assert contrast(theme[name], theme["wash"]) >= floor


@pytest.mark.parametrize(("name", "floor"), ON_PAGE)
def test_data_stands_out_from_the_page(theme, name, floor):
    assert contrast(theme[name], theme["page"]) >= floor


@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_is_readable_on_its_ground(theme, text, ground):
    assert contrast(theme[text], theme[ground]) >= TEXT


@pytest.mark.parametrize(("name", "expected"), [("light", [60, 46, 31, 10]), ("dark", [46, 63, 75, 96])])
def test_levels_keep_their_order_in_a_grey_print(name, expected):
    seen = [lightness(THEMES[name][f"level-{n}"]) for n in (1, 2, 3, 4)]
    assert seen == pytest.approx(expected, abs=1)
    assert seen in (sorted(seen), sorted(seen, reverse=True))


def test_higher_levels_stand_stronger_against_the_page(theme):
    strength = [contrast(theme[f"level-{n}"], theme["page"]) for n in (1, 2, 3, 4)]
    assert strength == sorted(strength)


def test_both_ways_to_dark_are_the_same():
    assert THEMES["dark"] == THEMES["chosen"]


def test_dark_is_for_screens_only():
    sheet = (CSS / "tokens.css").read_text()
    for start in re.finditer(r"(?<!-)\bcolor-scheme: dark;", sheet):
        medium = re.findall(r"@media ([^{]+)\{", sheet[: start.start()])[-1]
        assert medium.startswith("screen")


def test_colors_are_named_in_one_sheet_only():
    for sheet in CSS.glob("*.css"):
        if sheet.name == "tokens.css":
            continue
        rules = re.sub(r"/\*.*?\*/|--[\w-]+:[^;]*;", "", sheet.read_text(), flags=re.S)
        assert not re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)|\brgba?\(|\bhsla?\(", rules), sheet.name


def test_every_token_used_exists():
    sheets = {sheet.name: sheet.read_text() for sheet in CSS.glob("*.css")}
    defined = set(re.findall(r"--([\w-]+):", "".join(sheets.values())))
    for name, text in sheets.items():
        assert set(re.findall(r"var\(--([\w-]+)\)", text)) <= defined, name
