"""Test set-up as pages: what stands there, who sees keys when, and changes that reach published results."""

import json
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from assessments.configuration.exporting import export_configuration
from assessments.models import Assessment, CutScore, Item, Result, Standard, Upload, Window
from schools.models import SchoolYear
from tests import make
from tests.assessments.pipeline.conftest import send, tested, wide  # noqa: F401  fixtures
from tests.look.markup import faults

pytestmark = pytest.mark.django_db

SECRET = "zebra crossing"


@pytest.fixture
def setup(tested, client, monkeypatch):  # noqa: F811
    """`tested` on a day of its own: the key of question 1 is A, its choices have a telling text."""
    w = tested
    item = w.math.items.get(position=1)
    item.text, item.choices = (
        f"What is a {SECRET}?",
        {"A": {"text": f"{SECRET} a", "suggests": "guessed"}, "B": {"text": "no", "suggests": ""}},
    )
    item.save()

    def on(year, month, day):
        monkeypatch.setattr(timezone, "now", lambda: datetime(year, month, day, 17, 0, tzinfo=UTC))

    def get(who, path, status=200):
        client.force_login(who)
        response = client.get(path)
        assert response.status_code == status, response.content[:300]
        return response.content.decode()

    def post(who, path, status=302, **data):
        client.force_login(who)
        response = client.post(path, data)
        assert response.status_code == status, response.content.decode()
        return response.content.decode()

    w.on, w.get, w.post = on, get, post
    w.page = f"/tests/{w.math.pk}/"
    on(2025, 10, 1)  # Fall is open
    return w


@pytest.fixture
def fall(setup, send):  # noqa: F811
    """Results of two students of section 501 in Fall: three and one of four right."""
    first, second = setup.students[:2]
    send(wide((first, "A", "B", "C", "A"), (second, "A", "A", "A", "A")), publish=True)
    assert points() == {first.pk: 3.0, second.pk: 1.0}
    return setup


def points():
    return dict(Result.objects.values_list("student", "points"))


# --- what stands there -----------------------------------------------------------------------------------


def test_the_list_tells_what_is_set_up(fall):
    text = fall.get(fall.admin, "/tests/")
    assert "Quarterly Math 5" in text and "Fall" in text and "Winter 1" in text and "2025-26/Q1" in text
    assert "open now" in text and "2 standards" in text.replace("\xa0", " ")
    assert not faults(text)
    assert "/tests/add/" in text and "/tests/import/" in text
    read = fall.get(fall.teacher, "/tests/")
    assert "Quarterly Math 5" in read and "/tests/add/" not in read


def test_one_test_in_words(fall):
    text = fall.get(fall.admin, fall.page)
    assert "4 questions on 2 standards. Results of Fall 2025-26 are published." in text
    assert "the last result counts" in text and "level 3 Proficient and above" in text
    assert "Below Basic 0" in text
    assert not faults(text)


def test_pages_say_what_to_do_where_nothing_is_set_up(setup):
    alone = make.user("alone@example.org")
    make.member(alone, "district_admin", district=make.district("D9", "Ninth District"))
    text = setup.get(alone, "/tests/")
    assert "No test yet" in text and "No school year yet" in text and "/tests/import/" in text
    assert "the year comes first" in setup.get(alone, "/tests/windows/add/")
    assert "No tests in sight" in setup.get(setup.outsider, "/tests/")


def test_queries_do_not_grow_with_rows(fall, flat, client):
    client.force_login(fall.admin)

    def more():
        for n in range(6):
            test = make.assessment(fall.district, code=f"T{n}", standards=[fall.fractions])
            make.cuts(test)
            make.administration(test, fall.winter)
        year = make.year(
            fall.district, "2026-27", *[day.replace(year=day.year + 1) for day in (make.STARTS, make.ENDS)]
        )
        make.window(year)

    flat("/tests/", more, most=12)

    def more_of_one():
        for n in range(5, 12):
            Item.objects.create(assessment=fall.math, position=n).standards.add(fall.volume)
        make.cuts(fall.math, grade="06")
        make.administration(fall.math, fall.winter)

    flat(fall.page, more_of_one, most=12)


# --- keys ------------------------------------------------------------------------------------------------


def sees_keys(text):
    return SECRET in text


@pytest.mark.parametrize("who", ["teacher", "leader", "principal", "coach", "operator"])
def test_keys_are_closed_while_the_window_is_open_and_open_after(fall, who):
    reader = getattr(fall, who)
    during = fall.get(reader, fall.page)
    assert not sees_keys(during) and "guessed" not in during and ">Key<" not in during
    assert "open after Oct 15, 2025" in during
    assert "Volume" in during and "Proficient" in during  # standards and cut scores are never closed
    fall.on(2025, 10, 16)
    after = fall.get(reader, fall.page)
    assert sees_keys(after) and "guessed" in after and "✓ key" in after


@pytest.mark.parametrize("who", ["rep", "auditor"])
def test_keys_stay_closed_to_roles_without_students(fall, who):
    fall.on(2026, 3, 1)
    assert not sees_keys(fall.get(getattr(fall, who), fall.page))


def test_every_window_of_the_test_must_have_ended(fall):
    make.administration(fall.math, fall.winter)
    fall.on(2025, 11, 1)  # Fall is over, Winter 1 is to come
    assert not sees_keys(fall.get(fall.teacher, fall.page))
    assert not sees_keys(fall.get(fall.operator, fall.page))
    assert sees_keys(fall.get(fall.admin, fall.page))
    fall.on(2025, 12, 6)
    assert sees_keys(fall.get(fall.teacher, fall.page))


def test_keys_are_for_tests_that_own_students_took(fall):
    fall.on(2025, 10, 16)
    text = fall.get(fall.colleague, fall.page)  # teaches 502; only 501 was tested
    assert not sees_keys(text) and "your own students took" in text
    fall.agreement.delete()
    assert not sees_keys(fall.get(fall.coach, fall.page))


def test_a_test_not_given_yet_shows_its_keys_to_the_office_alone(setup):
    assert sees_keys(setup.get(setup.admin, setup.page))
    for reader in (setup.teacher, setup.operator, setup.rep):
        assert not sees_keys(setup.get(reader, setup.page))


@pytest.mark.parametrize("path", ["questions/1/", "items/"])
def test_who_runs_the_network_changes_a_question_without_reading_its_key(fall, path):
    text = fall.get(fall.operator, f"{fall.page}{path}")
    assert not sees_keys(text) and 'name="key"' not in text and "guessed" not in text
    assert sees_keys(fall.get(fall.admin, f"{fall.page}{path}"))
    fall.post(fall.operator, f"{fall.page}questions/1/", points="1", label="1a", standards="CC.2.1.5.C.1", key="D")
    item = fall.math.items.get(position=1)
    assert (item.label, item.key, item.text) == ("1a", "A", f"What is a {SECRET}?")


def test_the_export_leaves_closed_keys_out(fall):
    path = f"/tests/export/{fall.district.pk}/"
    assert not sees_keys(fall.get(fall.operator, path)) and '"key"' not in fall.get(fall.operator, path)
    assert json.loads(fall.get(fall.admin, path)) == json.loads(json.dumps(export_configuration(fall.district)))
    fall.on(2025, 10, 16)
    assert sees_keys(fall.get(fall.operator, path))


# --- a question ------------------------------------------------------------------------------------------

QUESTION = {"points": "1", "label": "2", "standards": "CC.2.4.5.A.5", "text_A": "choice A", "text_B": "choice B"}


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


def test_questions_are_added_to_a_test_without_results_alone(setup, send):  # noqa: F811
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


# --- cut scores ------------------------------------------------------------------------------------------

SET = {"grade": "05", "valid_from": "2025-07-01"}


def levels():
    return dict(Result.objects.values_list("student", "level"))


def set_of(*minimums, **typed):
    named = {f"name_{n}": name for n, name in enumerate(["Low", "Middle", "High"][: len(minimums)], 1)}
    return SET | named | {f"minimum_{n}": minimum for n, minimum in enumerate(minimums, 1)} | typed


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


# --- tests, years, windows, standards --------------------------------------------------------------------

TEST = {"code": "QM6", "name": "Quarterly Math 6", "kind": "form", "retake_rule": "best", "grades": ["06"]}


def test_a_test_is_added_once_however_often_the_button_is_pressed(setup):
    for _ in range(2):
        setup.post(setup.admin, "/tests/add/", **TEST)
    made = Assessment.objects.get(code="QM6")
    assert (made.district, made.series, made.grades) == (setup.district, "QM6", ["06"])
    refused = setup.post(setup.admin, "/tests/add/", status=200, **TEST | {"name": "Another"})
    assert "QM6 stands already" in refused
    assert "Paste the item list" in setup.get(setup.admin, f"/tests/{made.pk}/")


def test_rules_of_a_test_change_but_not_its_code(fall):
    typed = {
        "name": "Math Five",
        "retake_rule": "first",
        "grades": ["05"],
        "series": "QM",
        "code": "X",
        "kind": "scores",
    }
    fall.post(fall.admin, f"{fall.page}edit/", **typed, benchmark_level="2", scale="Q scale")
    fall.math.refresh_from_db()
    assert (fall.math.name, fall.math.code, fall.math.kind, fall.math.scale) == ("Math Five", "QM5", "form", "Q scale")
    assert "level 2 Basic and above" in fall.get(fall.teacher, fall.page)
    assert "numbered 1 to 9" in fall.post(fall.admin, f"{fall.page}edit/", status=200, **typed, benchmark_level="12")


def test_a_changed_series_measures_growth_anew(fall, send):  # noqa: F811
    from assessments.models import GrowthSummary

    first, second = fall.students[:2]
    send(wide((first, "A", "B", "C", "D"), (second, "A", "B", "A", "A")), window="2025-26/Q2", publish=True)
    assert set(GrowthSummary.objects.values_list("kind", flat=True)) == {"standing"}
    typed = {"name": "Math Five", "retake_rule": "first", "grades": ["05"], "series": "NEW"}
    fall.post(fall.admin, f"{fall.page}edit/", **typed)
    assert GrowthSummary.objects.filter(series="NEW").exists()


def test_years_and_windows(setup):
    year = {"code": "2026-27", "starts": "2026-08-24", "ends": "2027-06-14"}
    for _ in range(2):
        setup.post(setup.admin, "/tests/years/add/", **year)
    made = SchoolYear.objects.get(code="2026-27")
    window = {"year": made.pk, "code": "Q1", "name": "Fall", "opens": "2026-09-14", "closes": "2026-10-14",
              "aliases": "Fall 2026-2027\n\n Fall  26 \nFall 26"}  # fmt: skip
    for _ in range(2):
        setup.post(setup.admin, "/tests/windows/add/", **window)
    held = Window.objects.get(year=made)
    assert held.aliases == ["Fall 2026-2027", "Fall 26"]
    assert "Fall 2026-2027\nFall 26" in setup.get(setup.admin, f"/tests/windows/{held.pk}/edit/")
    setup.post(setup.admin, f"/tests/windows/{held.pk}/edit/", **window | {"closes": "2026-10-20", "code": "Z"})
    held.refresh_from_db()
    assert (held.code, held.closes.day) == ("Q1", 20)
    backward = window | {"opens": "2026-11-01"}
    assert "cannot be before" in setup.post(setup.admin, f"/tests/windows/{held.pk}/edit/", status=200, **backward)
    setup.post(setup.admin, f"/tests/years/{made.pk}/edit/", starts="2026-08-20", ends="2027-06-14")
    made.refresh_from_db()
    assert made.starts.day == 20
    slash = window | {"code": "2026-27/Q2"}
    assert "without the year and the slash" in setup.post(setup.admin, "/tests/windows/add/", status=200, **slash)


def test_the_first_day_of_a_window_says_which_cut_scores_hold(fall):
    fall.post(fall.admin, f"{fall.page}cut-scores/", **set_of("0", "1", valid_from="2025-09-20"))
    before = levels()
    typed = {"name": "Fall", "opens": "2025-09-22", "closes": "2025-10-15", "aliases": ""}
    assert "There are results in this window" in fall.get(fall.admin, f"/tests/windows/{fall.fall.pk}/edit/")
    fall.post(fall.admin, f"/tests/windows/{fall.fall.pk}/edit/", **typed)
    assert set(before.values()) == {3, 1} and set(levels().values()) == {2}


def test_standards(setup):
    typed = {"framework": " PA  Core", "code": "CC.2.2.5.A.1 ", "short_name": "Patterns", "grade": "05"}
    for _ in range(2):
        setup.post(setup.operator, "/tests/standards/add/", **typed)
    made = Standard.objects.get(code="CC.2.2.5.A.1")
    assert made.framework == "PA Core"
    setup.post(setup.admin, f"/tests/standards/{made.pk}/edit/", short_name="Number patterns", code="X")
    made.refresh_from_db()
    assert (made.code, made.short_name) == ("CC.2.2.5.A.1", "Number patterns")
    found = setup.get(setup.teacher, "/tests/standards/?q=number")
    assert "Number patterns" in found and "Volume" not in found and not faults(found)
    assert "No standard was found" in setup.get(setup.teacher, "/tests/standards/?q=zzz")


def test_nobody_reaches_the_set_up_of_a_far_district(setup):
    far = make.assessment(setup.far, name="Far Test")
    assert "Far Test" not in setup.get(setup.admin, "/tests/")
    for path in ("", "edit/", "items/", "questions/1/", "cut-scores/"):
        setup.get(setup.admin, f"/tests/{far.pk}/{path}", status=404)
    setup.get(setup.admin, f"/tests/export/{setup.far.pk}/", status=404)
    setup.post(setup.admin, "/tests/windows/add/", status=200, year=setup.far_year.pk, code="Q1", name="Fall",
               opens="2025-09-15", closes="2025-10-15")  # fmt: skip
    assert not Window.objects.filter(year=setup.far_year).exists()


def test_new_scorings_are_told_to_the_office_and_the_auditor(fall):
    fall.post(fall.admin, f"{fall.page}questions/2/", key="A", **QUESTION)
    for who in (fall.admin, fall.operator, fall.auditor):
        text = fall.get(who, fall.page)
        assert "New scorings" in text and "2 changed in Quarterly Math 5, Fall" in text and "G. Admin" in text
    assert "New scorings" not in fall.get(fall.teacher, fall.page)
