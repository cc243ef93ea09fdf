"""Where this comes from, and the page of results that leads there."""

import pytest
from django.urls import reverse

from assessments.queries.source import Source
from schools.models import User
from tests.assessments.classes import answers_of

pytestmark = pytest.mark.django_db


def source_of(world, who, test=None):
    return Source(User.objects.get(pk=who.pk), (test or world.test).pk)


def test_files_rows_and_counts(sat, publish):
    correction = publish([(sat.class_501[0], answers_of(5), 501)], window="2025-26/Q2")
    page = source_of(sat, sat.teacher)
    assert [(file.name, file.students, file.by) for file in page.files] == [
        (f"File {correction.pk}", 1, "G. Admin"), (f"File {sat.upload.pk}", 12, "G. Admin"),
    ]  # fmt: skip
    assert dict(page.files[1].rows) | {} == {
        "read": 13, "loaded": 13, "not tested": 0, "left out by rule": 0, "left out with errors": 0,
    }  # fmt: skip
    assert page.administration.version == 3
    assert page.sentence == "The results of 13 students that you may see stand on 2 files."
    assert sum(file.students for file in source_of(sat, sat.admin).files) == 17


def test_kinds_of_rows_left_out_are_counted_and_no_value_is_shown(sat, publish, client):
    gone = sat.class_501[1]
    text_of = {"number": "GONE-1"}
    rows = [(gone, answers_of(3), 510), (type("Row", (), text_of), answers_of(1), 500)]
    publish(rows, window="2025-26/Q2")
    page = source_of(sat, sat.teacher)
    remarks = [(remark.title, remark.became, remark.rows) for file in page.files for remark in file.remarks]
    assert ("Student not known", "left out until corrected", 1) in remarks
    client.force_login(sat.teacher)
    text = client.get(reverse("assessments:source", args=[sat.test.pk])).content.decode()
    assert "Student not known" in text and "GONE-1" not in text and "Adams" not in text


def test_rules_cut_scores_and_who_may_undo(sat, client):
    client.force_login(sat.principal)
    url = reverse("assessments:source", args=[sat.test.pk])
    text = client.get(url, {"school": sat.ash.pk}).content.decode()
    for words in ("the last counts", "2 Basic", "490", "office (G. Admin) may undo", "Version 2 of these results"):
        assert words in text, words
    assert reverse("assessments:school_results", args=[sat.ash.pk]) in text


def test_the_name_of_a_file_is_for_those_who_see_uploads(sat):
    assert {file.name for file in source_of(sat, sat.admin).files} == {"results.csv"}
    assert "results.csv" not in {file.name for file in source_of(sat, sat.coach).files}


@pytest.mark.parametrize("who", ["operator", "rep", "auditor", "outsider", "far_principal"])
def test_without_results_in_sight_there_is_nothing(sat, client, who):
    client.force_login(getattr(sat, who))
    assert client.get(reverse("assessments:source", args=[sat.test.pk])).status_code == 404


def test_results_lists_classes_and_schools_without_a_result(sat, client):
    client.force_login(sat.teacher)
    text = client.get(reverse("assessments:results")).content.decode()
    assert "Quarterly Math 5, Winter 1" in text and "section 502" not in text
    client.force_login(sat.rep)
    text = client.get(reverse("assessments:results")).content.decode()
    assert "What is released of the network stands under Network" in text
