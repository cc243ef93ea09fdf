"""Every claim comes from a function with a test, says how many students it rests on, and carries its range."""

import ast
import inspect
import re
from itertools import product
from pathlib import Path

import pytest

from assessments import sentences
from assessments.sentences import GrowthPicture, NetworkPicture, SchoolPicture, network_sentence, school_sentence
from assessments.verdicts import Change, Standing, change
from schools.names_in_text import COMMON_WORDS

ROOT = Path(__file__).resolve().parents[2]
SAYING = {name for name in sentences.__all__ if inspect.isfunction(getattr(sentences, name))} - {"day"}  # no claim
TESTS = "\n".join(
    path.read_text() for path in sorted((ROOT / "tests").rglob("test_*.py")) if "honesty" not in str(path)
)
# "far below the network" is LOOK 8's own sentence, "furthest below" names an order.
VERDICTS = re.compile(r"grew|slipped|(?<!far )(?<!furthest )(?:above|below) the network|too close to call")
OTHERS = re.compile(
    r"\b(?:improved?|declined|dropped|rose|outperform\w*|underperform\w*|better than|worse than|failing|"
    r"significant(?:ly)?|effective(?:ly)?)\b",
    re.IGNORECASE,
)
RANGE = re.compile(r"[-\u2212]?\d+ \([-\u2212]?\d+ to [-\u2212]?\d+\)")
PACKAGES = ("assessments", "schools", "pop_network", "coaching", "sessions_pd", "community", "partnership")
NOT_PRINTED = ("migrations", "demo", "management")


def sources() -> dict[str, ast.Module]:
    """Every module whose words may reach a page."""
    paths = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    kept = [path for path in paths if not set(NOT_PRINTED) & set(path.parts)]
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text()) for path in kept}


def texts(tree: ast.Module):
    """The texts of a module, but for its docstrings."""
    told = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node, clean=False):
            told.add(id(node.body[0].value))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value


@pytest.mark.parametrize("name", sorted(SAYING))
def test_every_function_that_says_something_has_a_test(name):
    assert re.search(rf"\b{name}\(", TESTS), f"no test calls {name}"


def test_verdicts_are_worded_in_one_place():
    """So that page, print, mail and file can't say it in other words."""
    found = {name for name, tree in sources().items() for text in texts(tree) if VERDICTS.search(text)}
    assert found == {"assessments/verdicts.py"}


def test_no_text_of_the_program_judges_a_result_in_other_words():
    found = {(name, text) for name, tree in sources().items() for text in texts(tree) if OTHERS.search(text)}
    assert found - {("schools/names_in_text.py", COMMON_WORDS)} == set()  # words that are names as well: Best, Young


# --- with its students and its range ---------------------------------------------------------------------------

INTERVALS = [
    (4.2, 1.1, 7.3),
    (-4.2, -7.3, -1.1),
    (0.4, 0.1, 0.7),
    (-0.4, -0.7, -0.1),
    (8.0, 0.3, 15.7),
    (-8.0, -15.7, -0.3),
    (1.0, -2.0, 4.0),
    (3, None, None),
]
GROWTHS = [
    GrowthPicture("Fall", matched, mean, low, high, change(low, high), against, on_scale, apart=(2.0, -1.0, 5.0))
    for matched, (mean, low, high), against, on_scale in product(
        (0, 9, 10, 400), INTERVALS, (None, *Standing), (True, False)
    )
]


@pytest.mark.parametrize("growth", GROWTHS)
def test_growth_of_a_school_carries_its_students_and_its_range(growth):
    said = school_sentence(SchoolPicture("Quarterly Math", "Winter 1", 40, 44, growth=growth))
    assert said.startswith("40 of 44 students tested.")
    claims = said.replace("against the network that is ", "")
    assert len(RANGE.findall(claims)) == len(VERDICTS.findall(claims)), said
    if growth.matched < 10 or growth.low is None:
        assert not any(word in said for word in (*Change, "grew")) or not growth.on_scale, said


@pytest.mark.parametrize("growth", [one for one in GROWTHS if one.on_scale and one.matched > 9])
def test_growth_of_the_network_carries_its_range(growth):
    said = network_sentence(NetworkPicture("Winter 1", released=True, growth=growth))
    assert bool(VERDICTS.search(said)) == bool(RANGE.search(said)), said


@pytest.mark.parametrize("growth", [one for one in GROWTHS if one.low is not None and one.on_scale])
def test_the_range_never_contradicts_the_verdict(growth):
    """A range that holds zero as it is printed is "too close to call", one on a side of zero "grew" or "slipped"."""
    said = school_sentence(SchoolPicture("Quarterly Math", "Winter 1", 40, 44, growth=growth))
    if growth.matched >= 10:
        low, high = (round(edge) for edge in (growth.low, growth.high))
        assert (Change.CLOSE in said.split(";")[0]) == (low <= 0 <= high), said
        assert (Change.GREW in said) == (low > 0), said
        assert (Change.SLIPPED in said) == (high < 0), said
        assert not re.search(r"(?:grew|slipped|network by) \d+ \(0 to|\(\d+ to 0\)", said), said
