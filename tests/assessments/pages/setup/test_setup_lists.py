"""The set-up file and the item list on their pages: looked at first, applied whole or not at all."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.configuration import item_list
from assessments.configuration.exporting import export_configuration
from assessments.configuration.shape import shape_problems
from assessments.models import Assessment, Item, Standard, Upload, Window
from tests import make
from tests.assessments.pages.setup.typed import SECRET, points

IMPORT = "/tests/import/"


def file_of(body, name="setup.json"):
    data = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
    return SimpleUploadedFile(name, data)


def held(district):
    return json.dumps(export_configuration(district))


# --- the set-up file -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_is_exported_is_imported_without_a_change(fall):
    before = held(fall.district)
    exported = fall.get(fall.admin, f"/tests/export/{fall.district.pk}/")
    text = fall.post(fall.admin, IMPORT, status=200, file=file_of(exported), act="look")
    assert "Nothing would change" in text and 'value="apply"' not in text
    fall.post(fall.admin, IMPORT, act="apply", read=exported)
    assert held(fall.district) == before
    assert not Upload.objects.filter(kind=Upload.Kind.RESCORE).exists()


BODY = {
    "school_years": [{"code": "2026-27", "starts": "2026-08-24", "ends": "2027-06-14"}],
    "windows": [
        {"code": "2026-27/Q1", "name": "Fall", "opens": "2026-09-14", "closes": "2026-10-14"},
        {"code": "2025-26/Q2", "name": "Winter One", "opens": "2025-11-17", "closes": "2025-12-05"},
    ],
    "standards": [{"framework": "PA Core", "code": "CC.2.2.5.A.1", "short_name": "Patterns"}],
    "assessments": [{"code": "QM5", "items": [{"position": n, "key": key} for n, key in enumerate("AACD", 1)]}],
}


@pytest.mark.django_db
def test_a_look_tells_what_would_be_and_saves_nothing(fall):
    before, scored = held(fall.district), points()
    text = fall.post(fall.admin, IMPORT, status=200, file=file_of(BODY), act="look").replace("\xa0", " ")
    assert "3 rows would be added, 2 changed, 0 removed" in text
    assert "Year 2026-27: added" in text and "Window 2025-26/Q2: changed (name)" in text
    assert "question 2: changed (key)" in text and "PA Core CC.2.2.5.A.1: added" in text
    assert "Quarterly Math 5, Fall 2025-26: 2 results" in text
    assert held(fall.district) == before and points() == scored
    assert not Standard.objects.filter(code="CC.2.2.5.A.1").exists()
    assert not Upload.objects.filter(kind=Upload.Kind.RESCORE).exists()


@pytest.mark.django_db
def test_what_was_looked_at_is_applied_once(fall, client):
    first, second = fall.students[:2]
    looked = fall.post(fall.admin, IMPORT, status=200, file=file_of(BODY), act="look")
    assert "{&quot;school_years&quot;:" in looked  # the file, to be sent again
    for _ in range(2):
        fall.post(fall.admin, IMPORT, act="apply", read=json.dumps(BODY))
    assert points() == {first.pk: 2.0, second.pk: 2.0}
    assert Upload.objects.filter(kind=Upload.Kind.RESCORE).count() == 1
    told = client.get("/tests/").content.decode()
    assert "The set-up file was applied: 3 added, 2 changed." in told and "Nothing changed" in told
    assert "Results that came out different: 2 in Quarterly Math 5, Fall 2025-26." in told


@pytest.mark.django_db
def test_problems_are_shown_with_their_places_and_nothing_is_saved(fall):
    before = held(fall.district)
    bad = {
        "windows": [{"code": "Q9", "name": "x", "opens": "2026-09-14", "closes": "2026-10-14"}],
        "assessments": [
            {"code": "NEW", "name": "New", "kind": "quiz"},
            {"code": "QM5", "items": [{"position": n, "points": 0.3, "key": "A"} for n in range(1, 5)]},
        ],
    }
    for act in ("look", "apply"):
        text = fall.post(fall.admin, IMPORT, status=200, file=file_of(bad), act=act)
        assert "Test QM5, question 4: assessments[1].items[3]" in text
        assert "windows[0].code" in text and "assessments[0].kind" in text and "assessments[1].items[3].points" in text
        assert 'value="apply"' not in text
    assert held(fall.district) == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"windows": [\n  {"code" "x"}]}', "not JSON: line 2, column 11"),
        (b"", "empty"),
        (b"\xff\xd8\xff\xe0picture", "not a text file"),
        (b'{"standards": [{"code": NaN}]}', "NaN is no number"),
        (b"[" * 100_000, "cannot be read"),
        (b"[]", "must be one JSON object"),
        (b'{"tests": []}', "is no part of a set-up file"),
        (
            b'{"assessments": [{"code": "QM5", "items": [{"position": 1, "choices": {"A": "3/8"}}]}]}',
            "items[0].choices.A",
        ),
        (b'{"district": {"code": "D2"}}', "but you chose"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(setup, data, said):
    text = setup.post(setup.admin, IMPORT, status=200, file=file_of(data), act="look")
    assert said in text
    assert "Choose the set-up file" in setup.post(setup.admin, IMPORT, status=200, act="look")


@pytest.mark.django_db
def test_who_runs_the_network_imports_but_leaves_the_district_as_it_is(setup):
    renamed = {"district": {"code": "D1", "name": "Another name"}}
    text = setup.post(setup.operator, IMPORT, status=200, file=file_of(renamed), act="apply")
    assert "own office to change" in text
    setup.district.refresh_from_db()
    assert setup.district.name == "First District"
    setup.post(setup.operator, IMPORT, act="apply", read=json.dumps(BODY))
    assert Window.objects.filter(year__code="2026-27").exists()


@pytest.mark.django_db
def test_a_district_is_chosen_where_there_are_several(setup):
    make.member(setup.admin, "district_admin", district=setup.far)
    assert "This field is required" in setup.post(setup.admin, IMPORT, status=200, file=file_of(BODY), act="look")
    setup.post(
        setup.admin, IMPORT, act="apply", read=json.dumps({"standards": BODY["standards"]}), district=setup.far.pk
    )
    body = {"school_years": BODY["school_years"]}
    setup.post(setup.admin, IMPORT, act="apply", read=json.dumps(body), district=setup.far.pk)
    assert setup.far.school_years.filter(code="2026-27").exists()
    assert not setup.district.school_years.filter(code="2026-27").exists()


# --- the item list ---------------------------------------------------------------------------------------

LIST = """position\tpoints\tkey\tstandards\tA\tB\tB suggests
1\t1\tA\tCC.2.1.5.C.1\tone half\ttwo eighths\tadded the denominators
2\t2\tb\tCC.2.1.5.C.1; CC.2.4.5.A.5\t1\t"2, or 3"\t
"""


@pytest.mark.django_db
def test_a_list_is_pasted_looked_at_and_saved(setup):
    test = make.assessment(setup.district, code="NEW", name="New", keys="")
    path = f"/tests/{test.pk}/items/"
    text = setup.post(setup.admin, path, status=200, rows=LIST, act="look").replace("\xa0", " ")
    assert "2 rows would be added" in text and not test.items.exists()
    for _ in range(2):
        setup.post(setup.admin, path, rows=LIST, act="apply")
    first, second = test.items.order_by("position")
    assert (first.key, first.choices["B"]) == ("A", {"text": "two eighths", "suggests": "added the denominators"})
    assert (second.points, second.key, second.choices["B"]["text"]) == (2, "B", "2, or 3")
    assert second.standards.count() == 2
    assert "Nothing would change" in setup.post(setup.admin, path, status=200, rows=LIST, act="look")


@pytest.mark.django_db
def test_the_list_as_it_stands_changes_nothing(fall):
    before = held(fall.district)
    stands = item_list.written(export_configuration(fall.district)["assessments"][0]["items"])
    assert SECRET in stands
    for who in (fall.admin, fall.operator):  # who may not read keys gets a list without them
        page = fall.get(who, f"{fall.page}items/")
        assert "position,points" in page
    assert "Nothing would change" in fall.post(fall.admin, f"{fall.page}items/", status=200, rows=stands, act="look")
    fall.post(fall.operator, f"{fall.page}items/", rows="position,points\n1,1\n2,1\n3,1\n4,1\n", act="apply")
    assert held(fall.district) == before


@pytest.mark.django_db
def test_a_pasted_key_scores_anew(fall):
    first, second = fall.students[:2]
    rows = "position,key\n1,A\n2,A\n3,C\n4,D\n"
    text = fall.post(fall.admin, f"{fall.page}items/", status=200, rows=rows, act="look").replace("\xa0", " ")
    assert "question 2: changed (key)" in text and "Quarterly Math 5, Fall 2025-26: 2 results" in text
    assert points() == {first.pk: 3.0, second.pk: 1.0}
    fall.post(fall.admin, f"{fall.page}items/", file=file_of(rows, "items.csv"), act="apply")
    assert points() == {first.pk: 2.0, second.pk: 2.0}
    assert SECRET in fall.math.items.get(position=1).text  # a column left out stays as it is


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("", "Paste the list"),
        ("position,key\n1,A\n2,B\n3,C\n", "no question can be added or taken out"),
        ("position,key\n1,A\n1,B\n3,C\n4,D\n", "Two questions have the same position"),
        ("position,pionts\n1,1\n", "Line 1: &quot;pionts&quot; is no heading"),
        ("position,key,answer\n1,A,A\n", "stands twice"),
        ("position,points\n1,one\n2,x\n", "Line 3: &quot;x&quot; points are no number"),
        ("position,points\nfirst,1\n", "Line 2: &quot;first&quot; is no position"),
        ("position,points\n1,1,3,4\n", "Line 2: 4 cells under 2 headings"),
        ('position,text\n1,"open\n', "a quotation mark"),
        ("position,points\n", "no question under the headings"),
        ("position,standards\n1,X.9\n2,\n3,\n4,\n", "Question 1, standards: no standard has the code"),
        ("position,points\n1,0.3\n2,1\n3,1\n4,1\n", "Question 1, points: points are kept in quarters"),
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_says_where(fall, rows, said):
    before = held(fall.district)
    text = fall.post(fall.admin, f"{fall.page}items/", status=200, rows=rows, act="apply")
    assert said in text
    assert held(fall.district) == before


@pytest.mark.django_db
def test_questions_are_taken_out_where_there_are_no_results(setup):
    text = setup.post(setup.admin, f"{setup.page}items/", status=200, rows="position\n1\n2\n", act="look")
    assert "question 3: <strong>removed</strong>" in text and Item.objects.filter(assessment=setup.math).count() == 4
    setup.post(setup.admin, f"{setup.page}items/", rows="position\n1\n2\n", act="apply")
    assert Item.objects.filter(assessment=setup.math).count() == 2


@pytest.mark.django_db
def test_a_test_without_questions_has_no_item_list(setup):
    scores = make.assessment(setup.district, code="S", kind="scores", name="Scores")
    setup.get(setup.admin, f"/tests/{scores.pk}/items/", status=403)
    assert Assessment.objects.get(pk=scores.pk).items.count() == 0


# --- the pure parts --------------------------------------------------------------------------------------


def test_a_written_list_reads_back():
    items = [
        {"position": 1, "points": 1.0, "key": "B", "label": "1", "text": 'Say "no",\nplease', "standards": ["X 1", "Y"],
         "choices": {"A": {"text": "a;b", "suggests": ""}, "B": {"text": "c", "suggests": "guessed"}}},
        {"position": 2, "points": 0.5, "key": "", "label": "", "text": "", "standards": [], "choices": {}},
    ]  # fmt: skip
    assert item_list.read(item_list.written(items), {}) == items
    assert item_list.read(item_list.written(items).replace("\n", "\r\n"), {})[1] == items[1]


def test_columns_left_out_leave_what_stands():
    stands = {1: {"points": 2.0, "choices": {"A": {"text": "old", "suggests": "guessed"}}}}
    assert item_list.read("question;a\n1;new\n", stands) == [
        {"position": 1, "points": 2.0, "choices": {"A": {"text": "new", "suggests": "guessed"}}}
    ]
    assert item_list.read("key\nA\nB\n", {}) == [
        {"position": 1, "points": 1.0, "key": "A"}, {"position": 2, "points": 1.0, "key": "B"}
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ([], "one JSON object"),
        ({"district": []}, "district:"),
        ({"district": {"code": ["D1"]}}, "district.code:"),
        ({"windows": {}}, "windows:"),
        ({"windows": ["Q1"]}, "windows[0]:"),
        ({"windows": [{"code": "2025-26/Q1", "aliases": "Fall"}]}, "windows[0].aliases:"),
        ({"assessments": [{"code": "A", "grades": "03"}]}, "assessments[0].grades:"),
        ({"assessments": [{"code": "A", "benchmark_level": "three"}]}, "assessments[0].benchmark_level:"),
        ({"assessments": [{"code": "A\x00"}]}, "assessments[0].code:"),
        ({"assessments": [{"code": "A", "items": {"1": {}}}]}, "assessments[0].items:"),
        ({"assessments": [{"items": [1]}]}, "assessments[0].items[0]:"),
        ({"assessments": [{"items": [{"position": 40_000}]}]}, "assessments[0].items[0].position:"),
        ({"assessments": [{"items": [{"standards": "X"}]}]}, "assessments[0].items[0].standards:"),
        ({"assessments": [{"items": [{"choices": ["a"]}]}]}, "assessments[0].items[0].choices:"),
        ({"assessments": [{"items": [{"choices": {"AB": {}}}]}]}, "assessments[0].items[0].choices.AB:"),
        ({"assessments": [{"items": [{"choices": {"A": {"text": 3}}}]}]}, "assessments[0].items[0].choices.A.text:"),
        ({"assessments": [{"cut_scores": [{"level": "x"}]}]}, "assessments[0].cut_scores[0].level:"),
    ],
)
def test_a_file_of_another_shape_is_told_where(body, place):
    found = shape_problems(body)
    assert len(found) == 1 and place in found[0], found


def test_a_file_as_it_should_be_has_no_problem():
    from tests.assessments.test_configuration import BODY as WHOLE

    assert shape_problems(WHOLE) == [] and shape_problems(BODY) == [] and shape_problems({}) == []
