"""What may be taken away: by whom, how fresh the sign-in, with what purpose; each is one row in the log."""

import pytest
from django.urls import reverse

from assessments.exports import CSV, EXCEL, Table, allowed, table_file
from schools.models import AccessLog
from tests.assessments.pages.reading import csv_tables, workbook_tables

SECTION_FILES = ["section_export", "item_map_export"]


def test_no_cell_can_run_as_a_formula():
    table = Table("Names", ("Student", "Points"), (("=HYPERLINK(1)", -3), ("+1", 2.5), ("@a", None), ("-", 0)))
    in_csv = csv_tables(table_file(CSV, "t", [table]))[""]
    assert in_csv == [["Student", "Points"], ["'=HYPERLINK(1)", "-3"], ["'+1", "2.5"], ["'@a", ""], ["'-", "0"]]
    assert workbook_tables(table_file(EXCEL, "t", [table]))["Names"][1][0] == "'=HYPERLINK(1)"


def test_tables_of_students_are_left_out_without_the_right():
    tables = [Table("Figures", ("a",), ()), Table("Students", ("a",), (), students=True)]
    assert [table.name for table in allowed(tables, students=False)] == ["Figures"]
    assert len(allowed(tables, students=True)) == 2


def asks_for_the_password(response) -> bool:
    return response.status_code == 302 and response["Location"].startswith(reverse("account_reauthenticate"))


def send(client, world, name, **asked):
    return client.post(reverse(f"assessments:{name}", args=[world.section.pk]), {"format": "csv"} | asked)


@pytest.mark.django_db
@pytest.mark.parametrize("name", SECTION_FILES)
@pytest.mark.parametrize(("minutes", "fresh"), [(29, True), (31, False)])
def test_a_teacher_signed_in_within_the_half_hour_takes_the_own_class(sat, sign_in, name, minutes, fresh):
    response = send(sign_in(sat.teacher, minutes), sat, name)
    if not fresh:
        assert asks_for_the_password(response) and not AccessLog.objects.exists()
        return
    assert response["Content-Disposition"].startswith("attachment") and response["Cache-Control"] == "no-store"
    assert "Adams, Ana" in b"".join(response).decode()
    row = AccessLog.objects.get()
    assert (row.action, row.user, row.students, row.why) == ("export", sat.teacher, 14, "Teaches the class.")


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["principal", "admin"])
@pytest.mark.parametrize("name", SECTION_FILES)
def test_principal_and_office_type_the_password_and_say_what_for(sat, sign_in, who, name):
    person = getattr(sat, who)
    assert asks_for_the_password(send(sign_in(person, 6), sat, name, purpose="data meeting"))
    client = sign_in(person, 1)
    refused = send(client, sat, name, purpose=" a ")
    assert refused.status_code == 422 and "Say in a few words" in refused.content.decode()
    assert not AccessLog.objects.exists()
    taken = send(client, sat, name, purpose="data meeting of grade 5")
    assert taken.status_code == 200
    row = AccessLog.objects.get()
    assert (row.action, row.purpose) == ("export", "data meeting of grade 5")


@pytest.mark.django_db
@pytest.mark.parametrize("name", SECTION_FILES)
def test_a_teacher_leader_takes_figures_and_no_student(sat, sign_in, name):
    client = sign_in(sat.leader, 600)
    tables = csv_tables(send(client, sat, name))
    assert not {"Students", "Who needs what", "Item map"} & tables.keys()
    text = b"".join(send(client, sat, name, format="print")).decode()  # paper is not theirs: a file comes instead
    assert "Adams" not in text and "Student 1" not in text


@pytest.mark.django_db
@pytest.mark.parametrize("name", [*SECTION_FILES, "school_export"])
def test_a_coach_takes_nothing_away(sat, sign_in, name):
    client = sign_in(sat.coach)
    pk = sat.ash.pk if name == "school_export" else sat.section.pk
    assert client.post(reverse(f"assessments:{name}", args=[pk]), {"format": "csv"}).status_code == 403
    assert AccessLog.objects.get().action == "refused"
    if name == "section_export":
        page = client.get(reverse("assessments:section_results", args=[pk])).content.decode()
        assert 'id="take"' not in page and "left out of this print" in page


@pytest.mark.django_db
def test_paper_with_students_is_a_row_of_its_own(sat, sign_in):
    client = sign_in(sat.teacher)
    page = client.get(reverse("assessments:section_results", args=[sat.section.pk])).content.decode()
    assert "left out of this print" in page and "Student records: not to be passed on" not in page
    paper = send(client, sat, "section_export", format="print").content.decode()
    assert "Student records: not to be passed on" in paper and "off-paper" not in paper
    assert [row.action for row in AccessLog.objects.order_by("pk")] == ["view", "print"]
    group = send(client, sat, "section_export", format="print", group=str(sat.fractions.pk)).content.decode()
    assert "Add unlike fractions" in group and "Popular wrong answers" not in group


@pytest.mark.django_db
def test_after_the_password_a_page_of_its_own_sends_for_the_file(sat, sign_in):
    client = sign_in(sat.teacher, 45)
    page = reverse("assessments:section_results", args=[sat.section.pk])
    url = reverse("assessments:section_export", args=[sat.section.pk])
    asked = client.post(url, {"format": "csv", "purpose": "<b>"}, headers={"referer": f"http://testserver{page}?x=1"})
    done = client.post(asked["Location"], {"password": "correct horse battery"}, follow=True)
    assert done.redirect_chain[-1][0] == reverse("schools:download")
    assert not AccessLog.objects.filter(action="export").exists()
    text = done.content.decode()
    assert f'action="{url}"' in text and f'href="{page}?x=1"' in text and 'value="&lt;b&gt;"' in text
    context = done.context
    file = client.post(context["url"], dict(context["fields"]))
    assert file["Content-Type"].startswith("text/csv")
    assert AccessLog.objects.get().action == "export"
    again = client.get(reverse("schools:download"))  # it is sent for once
    assert again.status_code == 302 and again["Location"] == reverse("today")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("referer", "back"),
    [("", "/"), ("https://elsewhere.example.org/results/", "/"), ("http://testserver{url}", "{page}")],
)
def test_the_way_back_is_a_page_of_the_portal(sat, sign_in, referer, back):
    client = sign_in(sat.teacher, 45)
    page = reverse("assessments:section_results", args=[sat.section.pk])
    url = reverse("assessments:section_export", args=[sat.section.pk])
    client.post(url, {"format": "csv"}, headers={"referer": referer.format(url=url)})
    assert client.session["file_asked_for"]["back"] == back.format(page=page)


@pytest.mark.django_db
def test_a_file_is_no_link_to_pass_on(sat, sign_in):
    client = sign_in(sat.teacher)
    for name in SECTION_FILES:
        assert client.get(reverse(f"assessments:{name}", args=[sat.section.pk])).status_code == 405


@pytest.mark.django_db
def test_the_file_of_the_item_map_follows_names_whatever_is_asked(sat, sign_in):
    """No file lists students by their points."""
    client = sign_in(sat.teacher)
    for asked in ({}, {"rows": "fewest"}, {"columns": "hardest"}):
        rows = csv_tables(send(client, sat, "item_map_export", **asked))["Item map"][1:]
        names, points = zip(*((row[0], float(row[1])) for row in rows if row[1] != "not tested"), strict=True)
        assert list(names) == sorted(names) and len(names) > 10
        assert list(points) != sorted(points)
