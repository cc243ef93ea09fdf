"""Keys of a test that is still being given, for those who run the network and may not read them yet."""

import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.models import Window


@pytest.fixture
def still_open(sat):
    """Winter 1 is published in part and open until December 20: today is December 10."""
    Window.objects.filter(pk=sat.winter.pk).update(closes=date(2025, 12, 20))
    return sat


def look(browser, items):
    """What a look at a set-up file with these questions says: questions changed and which fields, tests rescored."""
    body = {"assessments": [{"code": "QM5", "items": items}]}
    file = SimpleUploadedFile("guess.json", json.dumps(body).encode())
    outcome = browser.post("/tests/import/", {"file": file}).context["outcome"]
    return [(change.what, change.fields) for change in outcome.changes], outcome.rescored, outcome.unchanged


def test_a_look_at_a_set_up_file_does_not_tell_a_right_guess_from_a_wrong_one(still_open, sign_in):
    browser = sign_in(still_open.operator)
    told = [look(browser, [{"position": n, "key": letter} for n in range(1, 9)]) for letter in "ABCD"]
    assert told[0] == told[1] == told[2] == told[3]
    assert told[0][0] == [(f"question {n}", ("key and texts",)) for n in range(1, 9)]
    assert told[0][1] == ()


def test_a_look_at_an_item_list_does_not_either(still_open, sign_in):
    browser = sign_in(still_open.operator)

    def changes(letter):
        rows = "\n".join(["position,key", *(f"{n},{letter}" for n in range(1, 9))])
        outcome = browser.post(f"/tests/{still_open.math.pk}/items/", {"rows": rows, "act": "look"}).context["outcome"]
        return [(change.what, change.fields) for change in outcome.changes], outcome.rescored

    assert changes("A") == changes("B") == changes("C") == changes("D")


def test_the_districts_office_still_sees_which_keys_a_file_changes(still_open, sign_in):
    keys = [{"position": n, "key": key} for n, key in enumerate("ABCDABCC", 1)]
    changed, rescored, _ = look(sign_in(still_open.admin), keys)
    assert changed == [("question 8", ("key",))]
    assert rescored


def test_who_may_not_read_keys_sees_what_else_a_file_changes(still_open, sign_in):
    keys = [{"position": n, **({"label": "Plots"} if n == 8 else {})} for n in range(1, 9)]
    changed, _, _ = look(sign_in(still_open.operator), keys)
    assert changed == [("question 8", ("label",))]
