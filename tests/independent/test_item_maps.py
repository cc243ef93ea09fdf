"""The item map of a class, and each question of it: who chose what, cell by cell."""

from collections import Counter

import pytest
from django.urls import reverse

from assessments.queries.classes import read_class
from assessments.queries.items import ItemDetail, ItemMap
from tests.independent.facts import BLANK, NOT_GIVEN, NOT_REACHED, SEVERAL, half_up
from tests.independent.test_classes import words

pytestmark = pytest.mark.django_db
EXACT = 1e-9
SIGNS = {NOT_GIVEN: "not given", NOT_REACHED: "not reached", BLANK: "left blank"}


@pytest.fixture(scope="module")
def reads(demo):
    """Every third class with every test with questions it sat."""
    asked = set(demo.facts.answers.administration)
    pairs = [pair for pair in demo.facts.class_sittings() if pair[1] in asked][::3]
    return {pair: read_class(demo.office, *pair, hide_names=False) for pair in pairs}


def sign(row) -> str:
    """A cell of the map, from the answer's code and choice."""
    if row.code in (NOT_GIVEN, NOT_REACHED):
        return "/"
    if row.code == BLANK:
        return "–"
    if row.earned >= row.worth:
        return "✓"
    if row.earned:
        return f"{row.earned:g}"
    return "M" if row.choice == SEVERAL else row.letter or "0"


def test_every_cell_of_the_map(facts, reads):
    cells = 0
    for pair, read in reads.items():
        page = ItemMap(read)
        rows = facts.in_class("answers", *pair)
        expected = Counter(
            (
                facts.names[student],
                f"{found.earned.sum():g}",
                tuple(sorted((row.position, sign(row)) for row in found.itertuples())),
            )
            for student, found in rows.groupby("student")
        )
        places = [column.question.position for column in page.columns]
        told = Counter(
            (row.label, row.points, tuple(sorted(zip(places, (text for _, text in row.cells), strict=True))))
            for row in page.rows
        )
        assert told == expected
        cells += len(rows)
    assert cells > 20_000


def test_the_figures_over_the_columns(facts, reads):
    for pair, read in reads.items():
        page = ItemMap(read)
        by_item = facts.in_class("answers", *pair).groupby("position")
        sums = by_item.agg(
            given=("given", "sum"), missed=("missed", "sum"), earned=("earned", "sum"), possible=("possible", "sum")
        )
        for column in page.columns:
            one = sums.loc[column.question.position]
            assert (column.sums.given, column.sums.missed) == (one.given, one.missed)
            assert column.sums.points.earned == pytest.approx(one.earned, abs=EXACT)
            assert column.percent == half_up(100 * one.earned / one.possible)
        whole = sums.sum()
        if not page.few:
            assert page.whole_test == half_up(100 * whole.earned / whole.possible)
        else:
            rows = facts.in_class("answers", *pair)
            assert page.whole_test == int((rows.earned >= rows.worth).groupby(rows.student).all().sum())


def test_the_most_missed_question_and_its_sentence(facts, reads):
    for pair, read in reads.items():
        rows = facts.in_class("answers", *pair)
        sums = rows.groupby("position")[["missed", "given"]].sum()
        worst = (sums.missed / sums.given).max()
        first = min(position for position, one in sums.iterrows() if one.missed / one.given == worst)
        chosen = Counter(rows[rows.missed & (rows.position == first)].letter)
        del chosen[""]
        letter = min(chosen, key=lambda one: (-chosen[one], one), default="")
        said = ItemMap(read).sentence
        assert said.startswith(f"Question {first} was missed by {sums.missed[first]} of {sums.given[first]} students")
        assert (f"; {chosen[letter]} of them chose {letter}." in said) == (chosen[letter] >= 5)


def test_each_question_who_chose_what(facts, reads):
    compared = 0
    for pair, read in list(reads.items())[::3]:
        by_item = dict(iter(facts.in_class("answers", *pair).groupby("position")))
        for position, rows in by_item.items():
            page = ItemDetail(read, position)
            expected = {name: Counter() for name in page.question.choices}
            for row in rows.itertuples():
                expected.setdefault(named(row), Counter())[facts.names[row.student]] += 1
            told = {one.letter or one.text: Counter(one.labels) for one in page.answers}
            assert {name: labels for name, labels in told.items() if labels} == {
                name: labels for name, labels in expected.items() if labels
            }
            given = int(rows.given.sum())
            assert {one.of for one in page.answers if one.letter} <= {given}
            assert page.sums.right == int((rows.earned >= rows.worth).sum())
            assert page.sums.partly == int(((rows.earned > 0) & (rows.earned < rows.worth)).sum())
            assert page.sums.several == int((rows.choice == SEVERAL).sum())
            compared += 1
    assert compared > 300


def named(row) -> str:
    if row.code in SIGNS:
        return SIGNS[row.code]
    if row.choice == SEVERAL:
        return "more than one marked"
    if row.letter:
        return row.letter
    return "right" if row.earned >= row.worth else "part of the points" if row.earned else "wrong, choice not known"


def test_the_pages_print_them(demo, facts, reads, client):
    client.force_login(demo.office)
    for (section, administration), read in list(reads.items())[::6]:
        asked = {"administration": administration}
        sums = (
            facts.in_class("answers", section, administration)
            .groupby("position")[["earned", "possible", "missed", "given"]]
            .sum()
        )
        text = words(client.get(reverse("assessments:item_map", args=[section]), asked).content.decode())
        assert ItemMap(read).sentence in text
        if read.tested >= 10:
            for one in sums.itertuples():
                assert f" {half_up(100 * one.earned / one.possible)} " in text
        position = int(sums.index[0])
        url = reverse("assessments:item_detail", args=[section, position])
        text = words(client.get(url, asked).content.decode())
        one = sums.loc[position]
        assert f"{int(one.missed)} of {int(one.given)}" in text or "No student missed" in text
