"""What the page of an upload asks a person to look at: keys and columns."""

import numpy as np
import pytest

from assessments.formats.seam import ItemSpec
from assessments.looks import DoubtfulKey, DoubtfulSchool, doubtful_keys, doubtful_schools
from assessments.responses import NO_CHOICE
from assessments.sentences.uploads import doubtful_key_sentence, doubtful_school_sentence

ITEMS = (ItemSpec(1, "1", 1.0, "A"), ItemSpec(2, "2", 3.0))


def answers(*letters) -> np.ndarray:
    """One question answered so, the second by nobody."""
    first = np.array([ord(letter) - 64 if letter else NO_CHOICE for letter in letters], np.uint8)
    return np.column_stack([first, np.full(len(first), NO_CHOICE, np.uint8)])


def test_a_key_is_doubted_where_another_option_was_chosen_more():
    assert doubtful_keys(ITEMS, answers(*"CCCCCCAAAA")) == [DoubtfulKey(0, "C", 60)]
    assert doubtful_keys(ITEMS, answers(*"CCCCCAAAAA")) == []


@pytest.mark.parametrize("letters", ["CCCCCCCCC", ["C"] * 9 + [""]])
def test_under_ten_answers_are_too_few_to_doubt_a_key(letters):
    assert doubtful_keys(ITEMS, answers(*letters)) == []


def test_a_school_is_doubted_when_its_share_fell_by_more_than_a_quarter():
    points = np.array([[4, 0]] * 5 + [[4, 12]] * 5, np.uint8)  # quarter points: 25 % of the points, and all of them
    schools = np.array([7] * 5 + [8] * 5)
    assert doubtful_schools(ITEMS, points, schools, {7: 0.51, 8: 1.0}) == [DoubtfulSchool(7, 25)]
    assert doubtful_schools(ITEMS, points, schools, {7: 0.5}) == []
    assert doubtful_schools(ITEMS, points, schools, {}) == []
    assert doubtful_schools(ITEMS, points[1:5], schools[1:5], {7: 0.9}) == []


def test_the_words_name_both_figures():
    assert doubtful_key_sentence("9", 71, "C", "B") == "Question 9: 71 % chose C, the key says B. Wrong key?"
    said = doubtful_school_sentence("Baker School", 14, "Fall", 52)
    assert said == "Baker School: 14 % of the points, Fall 52 %. Columns shifted?"
