"""The subgroups of a school: figures that a second program finds again, and no small group."""

from statistics import mean, stdev

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from scipy.stats import t

from assessments.models import GrowthSummary, Result
from assessments.queries.school import SchoolResults
from assessments.queries.subgroups import Subgroups
from assessments.sentences import rounded
from schools.models import AccessLog, Enrollment, User
from tests import make
from tests.assessments.classes import answers_of, new_student
from tests.assessments.pages.reading import csv_tables, plain, tables_of, workbook_tables

pytestmark = pytest.mark.django_db
ALL = "All students"
LEARNERS, NOT_LEARNERS = "English learners", "All but English learners"
IEP = "Students with an IEP"
ECONOMIC = "Economically disadvantaged students"


@pytest.fixture
def flagged(sat, publish):
    """Fifteen more students in both windows: with them 32 tested. Fourteen learn English, six have an IEP."""
    section = make.section(sat.ash, sat.year, "503")
    make.staff(make.user(), section)
    new = [new_student(sat, section, f"More{n}") for n in range(15)]
    publish([(one, answers_of(n), 490 + 3 * n) for n, one in enumerate(new)])
    publish([(one, answers_of(n), 497 + 3 * n + n % 4) for n, one in enumerate(new)], window="2025-26/Q2")
    everybody = Enrollment.objects.filter(school=sat.ash)
    everybody.update(english_learner=False, iep=False, economically_disadvantaged=False)
    sat.learners = [*new[:8], *sat.class_501[:6]]
    everybody.filter(student__in=sat.learners).update(english_learner=True)
    everybody.filter(student__in=new[:6]).update(iep=True)
    everybody.filter(student__in=new[3:]).update(economically_disadvantaged=True)
    return sat


def rows_of(world, who, **asked):
    user = User.objects.get(pk=who.pk)
    page = Subgroups(SchoolResults(user, world.ash, asked.get("series", ""), asked.get("window", "")))
    return {row.name: row for row in page.rows}


def address(world, name="subgroups"):
    return reverse(f"assessments:{name}", args=[world.ash.pk])


def test_every_figure_is_that_of_the_rows(flagged):
    w = flagged
    scores = {
        test.pk: dict(Result.objects.filter(administration=test, school=w.ash, status=1).values_list(
            "student", "scale_score"))
        for test in (w.fall_test, w.test)
    }  # fmt: skip
    winter = scores[w.test.pk]
    learners = {one.pk for one in w.learners}
    found = rows_of(w, w.principal)
    for name, members in ((LEARNERS, learners), (NOT_LEARNERS, winter.keys() - learners), (ALL, set(winter))):
        own = [score for pk, score in winter.items() if pk in members]
        grown = [winter[pk] - scores[w.fall_test.pk][pk] for pk in members if pk in winter.keys() & scores[
            w.fall_test.pk].keys()]  # fmt: skip
        half = t.ppf(0.975, len(grown) - 1) * stdev(grown) / len(grown) ** 0.5
        middle = mean(grown)
        reached = sum(score >= 510 for score in own)
        share = int(100 * reached / len(own) + 0.5)
        assert found[name].words == (
            str(len(own)), f"{share} % ({reached} of {len(own)} students)", str(rounded(mean(own))),
            f"{rounded(middle)} ({rounded(middle - half)} to {rounded(middle + half)})", str(len(grown)),
        )  # fmt: skip
    row = GrowthSummary.objects.get(school=w.ash, grade="", last=w.winter)
    assert found[ALL].compared == str(row.matched) and found[ALL].growth.startswith(f"{rounded(row.mean)} (")


def test_a_small_group_hides_itself_and_all_others(flagged, client):
    found = rows_of(flagged, flagged.principal)
    assert set(found[IEP].words) == set(found["All but students with an IEP"].words) == {"not shown"}
    client.force_login(flagged.principal)
    text = client.get(address(flagged)).content.decode()
    assert "Small groups, and numbers from which a small group could be worked out, are not shown." in text
    Enrollment.objects.filter(student__in=flagged.learners).update(english_learner=False)
    Enrollment.objects.filter(school=flagged.ash).exclude(student__in=flagged.class_501[:5]).update(
        english_learner=True
    )
    assert set(rows_of(flagged, flagged.principal)[LEARNERS].words) == {"not shown"}  # five are outside


def test_each_measure_asks_for_its_own_students(flagged):
    """Fourteen learners are tested; with nine of them new since Fall, five could be compared."""
    Result.objects.filter(administration=flagged.fall_test, student__in=flagged.learners[:9]).delete()
    found = rows_of(flagged, flagged.principal)
    assert found[LEARNERS].tested == "14" and "%" in found[LEARNERS].at_benchmark
    assert {found[name].growth for name in (LEARNERS, NOT_LEARNERS)} == {"not shown"}
    assert {found[name].compared for name in (LEARNERS, NOT_LEARNERS)} == {"not shown"}


def test_economic_status_is_counts_and_for_the_principal_and_the_office(flagged, client):
    for who in (flagged.principal, flagged.admin):
        row = rows_of(flagged, who)[ECONOMIC]
        assert row.tested == "12" and row.at_benchmark.endswith("of 12 students") and "%" not in row.at_benchmark
        assert {row.mean, row.growth, row.compared} == {"counts only"}
        assert f"{row.share} students" == row.at_benchmark
    assert ECONOMIC not in rows_of(flagged, flagged.leader)
    client.force_login(flagged.leader)
    assert "conomic" not in client.get(address(flagged)).content.decode()


def test_without_an_entry_students_count_with_the_others(flagged, client):
    Enrollment.objects.filter(school=flagged.ash).update(iep=None)
    Enrollment.objects.filter(student__in=flagged.class_501[-4:]).update(english_learner=None)
    found = rows_of(flagged, flagged.principal)
    assert IEP not in found and int(found[LEARNERS].tested) + int(found[NOT_LEARNERS].tested) == 32
    client.force_login(flagged.principal)
    text = client.get(address(flagged)).content.decode()
    assert f"Without an entry in the roster for any tested student: {IEP}." in text


def test_the_flags_are_those_of_the_window(flagged):
    """A learner's later enrollment, begun after the window, says no longer a learner."""
    one = Enrollment.objects.get(student=flagged.learners[0])
    Enrollment.objects.filter(pk=one.pk).update(ends=flagged.winter.closes)
    later = make.enroll(one.student, flagged.ash, flagged.year, starts=flagged.winter.closes.replace(day=6))
    Enrollment.objects.filter(pk=later.pk).update(english_learner=False)
    assert rows_of(flagged, flagged.principal)[LEARNERS].tested == "14"


def test_page_csv_and_workbook_say_the_same(flagged, sign_in):
    client = sign_in(flagged.leader)
    page = next(iter(tables_of(client.get(address(flagged))).values()))
    in_csv = csv_tables(client.post(address(flagged, "subgroups_export"), {"format": "csv"}))[""]
    in_book = workbook_tables(client.post(address(flagged, "subgroups_export"), {"format": "xlsx"}))["Subgroups"]
    assert plain(in_csv) == in_book and page == in_csv
    log = AccessLog.objects.filter(user=flagged.leader).order_by("pk")
    assert [(row.action, row.school) for row in log] == [(what, flagged.ash) for what in ("view", "export", "export")]


def test_a_principal_says_what_the_file_is_for(flagged, sign_in):
    client = sign_in(flagged.principal)
    assert client.post(address(flagged, "subgroups_export"), {"format": "csv"}).status_code == 422
    said = {"format": "csv", "purpose": "Title III plan"}
    assert client.post(address(flagged, "subgroups_export"), said).status_code == 200


@pytest.mark.parametrize("who", ["teacher", "coach", "operator", "rep", "auditor", "outsider", "far_principal"])
def test_others_find_no_such_page_and_no_link(flagged, client, who):
    client.force_login(getattr(flagged, who))
    assert client.get(address(flagged)).status_code == 404
    page = client.get(reverse("assessments:school_results", args=[flagged.ash.pk]))
    assert address(flagged) not in page.content.decode()


@pytest.mark.parametrize("who", ["principal", "leader", "admin"])
def test_the_school_page_leads_there_in_twelve_queries(flagged, client, who):
    client.force_login(getattr(flagged, who))
    assert address(flagged) in client.get(reverse("assessments:school_results", args=[flagged.ash.pk])).content.decode()
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address(flagged)).status_code == 200
    assert len(asked) <= 12, "\n".join(query["sql"] for query in asked)


def test_without_results_the_page_says_so(world, in_winter, client):
    client.force_login(world.principal)
    assert "No results yet." in client.get(address(world)).content.decode()
