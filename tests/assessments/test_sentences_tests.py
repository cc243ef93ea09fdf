"""The words of *About this test*, and that they are those of the figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.itemstats import (
    BY_STRONGER_STUDENTS,
    HARDLY_CHOSEN,
    MORE_THAN_KEY,
    NO_VARIATION,
    discrimination_word,
    reliability_word,
)
from assessments.sentences import tests as said
from assessments.sentences.tests import ReliabilityPicture


@pytest.mark.parametrize(
    ("alpha", "begins"),
    [
        (0.93, "Reliability is high: "),
        (0.80, "Reliability is good: "),
        (0.7036, "Reliability is low to moderate: "),
        (0.5, "Reliability is doubtful: "),
        (-0.2, "Reliability is very low: "),
    ],
)
def test_reliability_has_its_word_and_what_it_means(alpha, begins):
    sentence = said.reliability_sentence(ReliabilityPicture(reliability_word(alpha)))
    assert sentence.startswith(begins) and sentence.endswith(".") and len(sentence) > len(begins) + 20


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("fewer than 50 students", "Reliability: no figure, fewer than 50 students took every question."),
        ("fewer than 2 questions", "Reliability: no figure, fewer than 2 questions."),
        (NO_VARIATION, "Reliability: no figure, no variation: all students earned the same."),
    ],
)
def test_without_a_figure_it_says_why(reason, sentence):
    picture = ReliabilityPicture("", reason)
    assert said.reliability_sentence(picture) == sentence and said.sem_sentence(picture) == ""


@pytest.mark.parametrize(("sem", "points"), [(1.94, "1.9 points"), (0.98, "1.0 point"), (0.8795, "0.9 points")])
def test_the_error_is_told_in_points(sem, points):
    sentence = said.sem_sentence(ReliabilityPicture("good", sem=sem))
    assert sentence.startswith(f"Standard error of measurement: {points}.") and f"within {points} of" in sentence


@given(st.floats(-1, 1))
def test_every_correlation_has_words(value):
    assert said.discrimination_words(discrimination_word(value))
    text = said.correlation_words(value)
    assert len(text.lstrip("\u2212")) == 4 and text != "\u22120.00" and "-" not in text


def test_why_a_question_has_no_discrimination():
    told = {reason: said.why_no_discrimination(reason) for reason in ("fewer than 30 students", NO_VARIATION, "")}
    assert list(told.values()) == ["fewer than 30 students", "no variation", "no figure"]


def test_bands_count_the_questions():
    assert said.bands_sentence(6, 28, 6) == (
        "Of 40 questions 6 were hard (up to 30 % of the points), 28 in the middle, 6 easy (71 % and more)."
    )
    assert said.bands_sentence(1, 0, 0).startswith("Of 1 question 1 was hard")
    assert said.bands_sentence(0, 0, 0) == "No question has a figure of its own yet."


def test_flags_are_sentences_one_a_kind():
    flags = [f"B: {MORE_THAN_KEY}", f"B: {BY_STRONGER_STUDENTS}", f"C: {HARDLY_CHOSEN}", f"D: {HARDLY_CHOSEN}"]
    assert said.flag_sentences(flags, "A") == [
        "B was chosen more than the key A: wrong key?",
        "B was chosen by students who did well on the whole test: right as well?",
        "C and D were hardly chosen (under 5 %): they distract nobody.",
    ]
    assert said.flag_sentences([f"D: {HARDLY_CHOSEN}"], "A") == [
        "D was hardly chosen (under 5 %): it distracts nobody."
    ]
    assert said.flag_sentences([], "A") == []


@pytest.mark.parametrize(
    ("labels", "looked_at", "begins"),
    [
        ([], 0, "Whether a key is wrong cannot be told"),
        ([], 8, "No question looks as if its key or its scoring were wrong."),
        (["9"], 8, "Question 9: read with care, its key or its scoring may be wrong."),
        (["9", "14"], 20, "Questions 9 and 14: read with care, their keys or their scoring may be wrong."),
    ],
)
def test_questions_to_read_with_care_are_named_by_number(labels, looked_at, begins):
    assert said.careful_sentence(labels, looked_at=looked_at).startswith(begins)


@pytest.mark.parametrize(
    ("effect", "words"),
    [
        (0.11, "a very small gain: 0.11"),
        (0.2, "a small gain: 0.20"),
        (0.52, "a medium gain: 0.52"),
        (-0.9, "a large loss: 0.90"),
        (0.0, "a very small gain: 0.00"),
    ],
)
def test_an_effect_is_a_share_of_the_spread(effect, words):
    of = "of the spread (standard deviation) of their scores in Fall"
    assert said.effect_sentence(effect, "Fall") == f"{words} {of}"
