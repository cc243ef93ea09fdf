"""Which subgroups may be shown, and what is said of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.sentences.subgroups import SubgroupPicture, may_be_shown, subgroups_sentence

LEARNERS = SubgroupPicture("English learners", True, "5 (2 to 8)", "6 (4 to 8)", "30 %", "45 %")
IEP = SubgroupPicture("Students with an IEP", True, "4 (1 to 7)", "6 (5 to 7)", "25 %", "44 %")
HIDDEN = SubgroupPicture("Students with an IEP", False)


@given(st.integers(0, 40), st.integers(0, 40))
def test_neither_part_may_be_a_small_group(group, others):
    assert may_be_shown(group, others) is not (0 < group < 10 or 0 < others < 10)
    assert may_be_shown(group, others) is may_be_shown(others, group)


@pytest.mark.parametrize(
    ("groups", "sentence"),
    [
        ([], "No group has 10 tested students or more in it and 10 or more outside it, so none is shown."),
        ([HIDDEN], "No group has 10 tested students or more in it and 10 or more outside it, so none is shown."),
        ([LEARNERS, HIDDEN], "Scale points since Fall: English learners 5 (2 to 8), all others 6 (4 to 8)."),
        (
            [LEARNERS, IEP],
            "Scale points since Fall: English learners 5 (2 to 8), all others 6 (4 to 8); "
            "Students with an IEP 4 (1 to 7), all others 6 (5 to 7).",
        ),
        (
            [SubgroupPicture("English learners", True, "", "", "30 %", "45 %")],
            "Students at benchmark: English learners 30 %, all others 45 %.",
        ),
        ([SubgroupPicture("English learners", True)], "1 group of the school can be shown."),
    ],
)
def test_growth_first_with_its_range_then_the_benchmark(groups, sentence):
    assert subgroups_sentence(groups, "Fall") == sentence
