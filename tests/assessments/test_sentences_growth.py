"""Growth of a class, standing with its range, and schools side by side, in words."""

import pytest

from assessments.sentences.growth import change_words, class_growth_sentence, standing_words
from assessments.sentences.side_by_side import SideBySidePicture, side_by_side_sentence
from assessments.verdicts import Change, Standing


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ((22, 27, 6.2, 3.1, 9.3, Change.GREW), "22 of 27 students compared; the class grew 6 (3 to 9) scale points"),
        ((22, 27, -2.0, -3.6, -0.5, Change.SLIPPED), "; the class slipped 2 (1 to 4) scale points"),
        ((22, 27, 1.0, -2.0, 4.0, Change.CLOSE), "compared; too close to call, 1 (\u22122 to 4) scale points"),
        ((9, 27, 6.0, 3.0, 9.0, Change.GREW), "9 of 27 students compared: too few for a figure of the class"),
        ((12, 12, None, None, None, None), "12 of 12 students compared: too few for a figure of the class"),
    ],
)
def test_growth_of_a_class_has_its_range(figures, said):
    assert class_growth_sentence(*figures).endswith(said)


def test_ten_who_all_changed_alike_are_not_too_few():
    said = class_growth_sentence(12, 14, 5.0, None, None, None)
    assert said == "12 of 14 students compared; each score changed by 5 scale points, so there is no range to give"


def test_a_change_and_a_standing_say_a_loss_as_a_size():
    assert change_words(Change.SLIPPED, -3.0, -5.0, -1.0) == "slipped 3 (1 to 5)"
    assert standing_words(Standing.BELOW, -3.0, -5.0, -1.0) == "below the network by 3 (1 to 5)"
    assert standing_words(Standing.CLOSE, 1.0, -2.0, 4.0) == "too close to call, 1 (\u22122 to 4)"


BELOW = (("Adams School", 2), ("Baker School", 0))


@pytest.mark.parametrize(
    ("picture", "said"),
    [
        (None, "No results yet. This page fills itself when a file of them is published."),
        (
            SideBySidePicture("Winter 1", released=False),
            "The comparison with the network opens when results are released; these are the schools' own figures.",
        ),
        (SideBySidePicture("Winter 1", True, BELOW), "Standards below the network in Winter 1: Adams School 2."),
        (
            SideBySidePicture("Winter 1", True, (("Adams School", 0), ("Baker School", 0))),
            "No standard of your 2 schools is far below the network in Winter 1.",
        ),
    ],
)
def test_schools_side_by_side_say_where_standards_are_below(picture, said):
    assert side_by_side_sentence(picture) == said
