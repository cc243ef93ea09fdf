"""A test changed on its pages: its questions and cut scores, and the published results they reach."""

import pytest

from assessments.models import CutScore, Upload
from tests import make
from tests.assessments.pages.setup.typed import QUESTION, SET, levels, points, set_of
from tests.assessments.sending import wide

pytestmark = pytest.mark.django_db


# --- a question -----------------------------------------------------------------------------------------


def test_a_changed_key_scores_anew_and_says_so_before_and_after(fall, client):
    first, second = fall.students[:2]
    before = fall.get(fall.admin, f"{fall.page}questions/2/")
    assert "This test has results in Fall: 2 results will be scored anew as a new version." in before
    assert "Class pages, item maps, school pages and growth of that window" in before
    fall.post(fall.admin, f"{fall.page}questions/2/", key="a", **QUESTION)
    assert fall.math.items.get(position=2).key == "A"
    assert points() == {first.pk: 2.0, second.pk: 2.0}
    told = client.get(fall.page).content.decode()
    assert "Results that came out different: 2 in Quarterly Math 5, Fall 2025-26." in told
    version = Upload.objects.get(kind=Upload.Kind.RESCORE)
    assert version.by == fall.admin and version.replaced.count() == 2


def test_pressed_twice_there_is_one_version(fall):
    for _ in range(2):
        fall.post(fall.admin, f"{fall.page}questions/2/", key="A", **QUESTION)
    assert Upload.objects.filter(kind=Upload.Kind.RESCORE).count() == 1


def test_a_label_scores_nothing_anew(fall):
    fall.post(fall.admin, f"{fall.page}questions/2/", key="B", **QUESTION | {"label": "2b"})
    assert fall.math.items.get(position=2).label == "2b"
    assert not Upload.objects.filter(kind=Upload.Kind.RESCORE).exists()
    assert list(fall.math.items.values_list("points", flat=True)) == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"key": "E"}, "E is not one of the choices A, B, C, D."),
        ({"key": "?"}, "one letter from A to Z"),
        ({"points": "0.3"}, "kept in quarters"),
        ({"points": "100"}, "less than or equal to 62.5"),
        ({"standards": "X.9"}, "no standard has the code &quot;X.9&quot;"),
    ],
)
def test_a_question_that_cannot_be_says_why(fall, typed, said):
    text = fall.post(fall.admin, f"{fall.page}questions/2/", status=200, **{"key": "B"} | QUESTION | typed)
    assert said in text
    assert fall.math.items.get(position=2).key == "B" and points() == {
        fall.students[0].pk: 3.0,
        fall.students[1].pk: 1.0,
    }


def test_questions_are_added_to_a_test_without_results_alone(setup, send):
    setup.post(setup.admin, f"{setup.page}questions/add/", **QUESTION | {"label": "", "points": "2"}, key="B")
    made = setup.math.items.get(position=5)
    assert (made.points, made.key, made.choices["A"]["text"]) == (2, "B", "choice A")
    made.delete()
    send(wide((setup.students[0], "A", "B", "C", "A")), publish=True)
    assert "This test has results" in setup.get(setup.admin, f"{setup.page}questions/add/")
    refused = setup.post(setup.admin, f"{setup.page}questions/add/", status=200, **QUESTION, key="B")
    assert setup.math.items.count() == 4 and "This test has results" in refused


def test_a_code_of_two_frameworks_is_written_with_its_own(setup):
    make.standard(framework="Other")
    text = setup.get(setup.admin, f"{setup.page}questions/1/")
    assert 'value="PA Core CC.2.1.5.C.1"' in text
    setup.post(setup.admin, f"{setup.page}questions/1/", key="A", **QUESTION | {"standards": "Other CC.2.1.5.C.1"})
    assert setup.math.items.get(position=1).standards.get().framework == "Other"
    pasted = setup.post(
        setup.admin,
        f"{setup.page}items/",
        status=200,
        act="look",
        rows="position,standards\n1,CC.2.1.5.C.1\n2,\n3,\n4,",
    )
    assert "no standard has the code" in pasted


# --- cut scores -----------------------------------------------------------------------------------------


def test_a_set_of_cut_scores_is_put_in_place_as_a_whole(fall):
    first, second = fall.students[:2]
    assert levels() == {first.pk: 3, second.pk: 1}
    opened = fall.get(fall.admin, f"{fall.page}cut-scores/?grade=05&from=2025-07-01")
    assert 'value="Below Basic"' in opened and "Take this set away" in opened and "2 results will be scored" in opened
    fall.post(fall.admin, f"{fall.page}cut-scores/", **set_of("0", "1"))
    assert list(CutScore.objects.values_list("name", flat=True)) == ["Low", "Middle"]
    assert levels() == {first.pk: 2, second.pk: 2}


def test_a_later_set_stands_beside_the_earlier(fall):
    before = levels()
    fall.post(fall.admin, f"{fall.page}cut-scores/", **set_of("0", "1", valid_from="2025-11-01"))
    assert CutScore.objects.count() == 6 and levels() == before
    text = fall.get(fall.admin, fall.page)
    assert "Nov 1" in text and "Jul 1" in text


def test_a_set_is_taken_away_and_results_are_read_without_it(fall):
    path = f"{fall.page}cut-scores/remove/?grade=05&from=2025-07-01"
    for _ in range(2):
        fall.post(fall.admin, path)
    assert not CutScore.objects.exists() and set(levels().values()) <= {None, 0}
    assert Upload.objects.filter(kind=Upload.Kind.RESCORE).count() == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (set_of("0", "5", "5"), "begins higher than the one before it (5)"),
        (set_of("0"), "at least two levels"),
        (SET, "at least two levels"),
        (set_of("0", "2", minimum_2=""), "from which score the level begins"),
        (set_of("0", "2", name_1=""), "Name the level"),
        (set_of("0", "2", name_4="Top", minimum_4="9"), "Level 3 is empty, but level 4 is not"),
        (set_of("0", "2", valid_from="soon"), "month/day/year"),
        (set_of("0", "2", grade="09"), "Select a valid choice"),
    ],
)  # fmt: skip
def test_a_set_that_cannot_be_says_why(fall, typed, said):
    text = fall.post(fall.admin, f"{fall.page}cut-scores/", status=200, **typed)
    assert said in text
    assert CutScore.objects.count() == 4
