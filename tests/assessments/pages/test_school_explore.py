"""Explore: the figures of the school's page, and each number of a figure in its table."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from schools.models import AccessLog
from tests.assessments.pages.reading import csv_tables, tables_of

MOST_QUERIES = 14


def address(world, name="school_explore", query=""):
    return reverse(f"assessments:{name}", args=[world.ash.pk]) + query


def figures_of(response) -> dict[str, dict]:
    found = re.findall(
        r'<script id="([\w-]+)-figure" type="application/json">(.*?)</script>', response.content.decode()
    )
    return {name: json.loads(text) for name, text in found}


@pytest.mark.django_db
def test_figures_and_tables_hold_the_same_numbers(sat, client):
    client.force_login(sat.principal)
    response = client.get(address(sat))
    figures, tables = figures_of(response), list(tables_of(response).values())
    assert list(figures) == ["standards-1", "growth"]
    assert tables[0][0] == ["Standard", "Fall", "Winter 1"]
    drawn = [[line["hovertext"][0].split("<br>")[0], *(f"{y} %" for y in line["y"])]
             for line in figures["standards-1"]["data"]]  # fmt: skip
    assert drawn == tables[0][1:] and len(drawn) >= 1
    told = [line["hovertext"][0] for line in figures["growth"]["data"]]
    assert told == [f"{row[0]}: {row[2]} scale points" for row in tables[1][1:]]


@pytest.mark.django_db
def test_the_newest_window_says_what_the_schools_page_and_its_file_say(sat, client, sign_in):
    client.force_login(sat.principal)
    explored = list(tables_of(client.get(address(sat))).values())
    page = client.get(address(sat, "school_results"))
    school = {row[0]: row[2] for row in tables_of(page)["growth"][1:]}
    assert {row[0]: row[2] for row in explored[1][1:]} == school
    answer = sign_in(sat.leader).post(address(sat, "school_export"), {"format": "csv", "purpose": "data meeting"})
    rows = csv_tables(answer)["Standards"][1:]
    assert {f"{name} {code}": f"{percent} %" for name, code, _, _, percent, *_ in rows} == {
        row[0]: row[-1] for row in explored[0][1:]
    }
    assert address(sat) in page.content.decode()


@pytest.mark.django_db
def test_the_first_window_shows_nothing_of_the_later(sat, client):
    client.force_login(sat.principal)
    response = client.get(address(sat, query="?series=QM&window=2025-26/Q1"))
    assert next(iter(tables_of(response).values()))[0] == ["Standard", "Fall"]
    assert "Winter 1" not in response.content.decode().split("<main")[1]
    assert client.get(address(sat, query="?series=NO")).status_code == 404


@pytest.mark.django_db
def test_a_teacher_of_too_few_sees_no_figure_and_no_script(sat, client, settings):
    settings.MIN_TEACHERS = 9
    client.force_login(sat.teacher)
    response = client.get(address(sat))
    text = response.content.decode()
    assert figures_of(response) == {} and "plotly" not in text and "not shown" in text
    assert address(sat) not in client.get(address(sat, "school_results")).content.decode()


@pytest.mark.django_db
def test_one_row_in_the_access_log_and_no_student(sat, client):
    client.force_login(sat.principal)
    text = client.get(address(sat)).content.decode()
    row = AccessLog.objects.get(user=sat.principal)
    assert (row.what, row.school, row.students) == ("school results, explored: Quarterly Math 5, Winter 1", sat.ash, 0)
    assert not [name for name in sat.names if f"{name}, " in text]


@pytest.mark.django_db
def test_the_number_of_queries_is_small(sat, client):
    client.force_login(sat.principal)
    client.get(address(sat))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(address(sat))
    assert len(queries) <= MOST_QUERIES
