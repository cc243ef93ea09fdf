"""The year turns: closed, classes carried over, roles and agreements reviewed; and all of it taken back."""

from datetime import UTC, date, datetime

import pytest
from django.core.serializers import serialize
from django.db import IntegrityError, transaction

from assessments.models import Upload
from schools.models import (
    AccessLog,
    ClassListReport,
    DataAgreement,
    Enrollment,
    Membership,
    RosterImport,
    Section,
    SectionEnrollment,
    SectionStaff,
    YearAct,
)
from tests import make

pytestmark = pytest.mark.django_db
TURNED = (Section, SectionStaff, SectionEnrollment, Enrollment, Membership, DataAgreement)


def everything() -> list[str]:
    """All rows that a turning may touch, in full."""
    return [serialize("json", model.objects.order_by("pk")) for model in TURNED]


def undo(client, kind):
    act = YearAct.objects.get(kind=kind, undone_at=None)
    return client.post(f"/years/steps/{act.pk}/undo/", follow=True).content.decode()


def close(client, world):
    return client.post(f"/years/{world.year.pk}/close/", follow=True).content.decode()


# --- closing ---------------------------------------------------------------------------------------------


def test_what_stood_open_gets_the_last_day_of_its_class_and_undo_puts_it_back(as_admin, summer):
    before = everything()
    close(as_admin, summer)
    close(as_admin, summer)  # the button pressed twice
    assert set(SectionStaff.objects.filter(section__year=summer.year).values_list("ends", flat=True)) == {
        summer.year.ends
    }
    assert not SectionEnrollment.objects.filter(section__year=summer.year, ends=None).exists()
    assert SectionEnrollment.objects.filter(section=summer.far_section, ends=None).exists()  # another district's
    act = YearAct.objects.get()
    assert (act.by, act.words) == (summer.admin, "2025-26 was closed: 3 classes.")
    assert "Taken back" in undo(as_admin, "close")
    assert everything() == before


def test_a_year_that_runs_is_not_closed(as_admin, world, on_day):
    on_day(2026, 6, 15)
    assert "2025-26 runs until Jun 15, 2026." in close(as_admin, world)
    assert not YearAct.objects.exists()


def test_a_closed_year_stays_closed_while_a_later_one_is(as_admin, summer, on_day):
    close(as_admin, summer)
    on_day(2027, 7, 1)
    as_admin.force_login(summer.admin)  # a session does not last a year
    as_admin.post(f"/years/{summer.next_year.pk}/close/")
    act = YearAct.objects.get(year=summer.year)
    page = as_admin.post(f"/years/steps/{act.pk}/undo/", follow=True).content.decode()
    assert "Open 2026-27 again first." in page
    act.refresh_from_db()
    assert act.undone_at is None


def test_undo_is_refused_where_somebody_has_changed_a_row_since(as_admin, summer):
    close(as_admin, summer)
    SectionStaff.objects.filter(user=summer.teacher).update(ends=date(2026, 5, 1))
    after = everything()
    assert "somebody has changed a" in undo(as_admin, "close")
    assert everything() == after


def test_nobody_changes_hands_in_a_closed_year(client, as_admin, summer):
    close(as_admin, summer)
    row = summer.section.staff.get()
    for who in (summer.principal, summer.admin):
        client.force_login(who)
        for url in (f"/sections/{summer.section.pk}/staff/add/", f"/staffing/{row.pk}/end/"):
            response = client.get(url)
            assert response.status_code == 403
            assert "The year 2025-26 is closed" in response.content.decode()
        assert "Add a co-teacher" not in client.get(f"/sections/{summer.section.pk}/").content.decode()


def test_a_class_list_of_a_closed_year_takes_no_reports(client, as_admin, summer):
    page, wrong = f"/sections/{summer.section.pk}/students/", f"/sections/{summer.section.pk}/wrong/"
    said = {"kind": "other", "text": "A name is wrong."}
    client.force_login(summer.teacher)
    assert wrong in client.get(page).content.decode()  # the year is over, and not closed yet
    client.force_login(summer.admin)
    close(client, summer)
    for who in (summer.teacher, summer.admin):
        client.force_login(who)
        assert wrong not in client.get(page).content.decode()
        for response in (client.get(wrong), client.post(wrong, said)):
            assert response.status_code == 403
            assert "The year 2025-26 is closed: its class lists stay as they are." in response.content.decode()
    assert not ClassListReport.objects.exists()
    refusals = AccessLog.objects.filter(action="refused", section=summer.section).values_list("why", flat=True)
    assert len(refusals) == 4 and all(why.startswith("The year 2025-26 is closed") for why in refusals)
    client.force_login(summer.admin)
    undo(client, "close")
    assert client.post(wrong, said).status_code == 302


def test_what_is_unfinished_is_named_and_stands_in_nobodys_way(as_admin, summer):
    page = as_admin.get(f"/years/{summer.year.pk}/")
    assert page.context["unfinished"] == []
    make.window(summer.year, "Q4", "Spring", opens=date(2026, 7, 1), closes=date(2026, 7, 30))
    Upload.objects.create(district=summer.district, state="ready", filename="x.csv", size=1, sha256="0")
    Upload.objects.create(district=summer.far, state="ready", filename="far.csv", size=1, sha256="0")
    later = {"window": f"{summer.next_year.code}/Q1"}
    Upload.objects.create(
        district=summer.district, state="ready", filename="next.csv", size=1, sha256="0", options=later
    )
    roster = RosterImport.objects.create(district=summer.district, state="ready", filename="r.zip", sha256="0")
    RosterImport.objects.filter(pk=roster.pk).update(at=datetime(2026, 7, 10, 12, tzinfo=UTC))
    ClassListReport.objects.create(section=summer.section, by=summer.teacher, kind="other", text="x")
    Membership.objects.filter(user=summer.leader).update(ends=date(2026, 6, 30))
    page = as_admin.get(f"/years/{summer.year.pk}/")
    assert [line.label for line in page.context["unfinished"]] == [
        "1 report on a class list waits for an answer",
        "1 roster was read and waits to be applied",
        "1 file of results is not published",
        "1 window is still open",
    ]
    assert page.context["ending"] == ["1 role ends"]
    following = as_admin.get(f"/years/{summer.next_year.pk}/").context["unfinished"]
    assert not any("roster" in line.label for line in following)  # it came before that year began
    assert "closed" in close(as_admin, summer)


def test_the_pages_ask_no_more_for_more_rows(as_admin, summer, flat):
    def more():
        for _ in range(3):
            number = next(make.numbers)
            section = make.section(summer.ash, summer.year, f"7{number}")
            make.staff(summer.teacher, section)
            make.seat(summer.students[0], section)
            make.member(make.user(), "teacher_leader", school=summer.ash)
            make.school(summer.district, f"7{number}")
            make.agreement(make.partner(f"Partner {number}"), summer.district, [summer.ash])

    more()
    for page in ("", "classes/", f"classes/{summer.ash.pk}/", "review/"):
        flat(f"/years/{summer.year.pk}/{page}", more, most=12)


# --- classes of the next year ----------------------------------------------------------------------------


def carry(client, world, act="apply", school=None, **fields):
    url = f"/years/{world.year.pk}/classes/{(school or world.ash).pk}/"
    return client.post(url, fields | {"act": act}, follow=True)


def chosen(world, do="teachers", to=""):
    return {f"do-{world.section.pk}": do, f"to-{world.section.pk}": to}


def test_a_class_comes_over_with_its_teachers_after_a_look(as_admin, summer):
    make.staff(summer.colleague, summer.section, role="substitute", ends=summer.year.ends)
    before = everything()
    page = carry(as_admin, summer, act="look", **chosen(summer)).content.decode()
    assert "This makes 1 class, 1 teacher, 0 students." in page
    assert everything() == before
    carry(as_admin, summer, **chosen(summer))
    carry(as_admin, summer, **chosen(summer))  # the button pressed twice
    made = Section.objects.get(year=summer.next_year)
    assert (made.code, made.title, made.grade, made.school) == ("501", "Math 5", "05", summer.ash)
    assert [(row.user, row.role, row.starts) for row in made.staff.all()] == [
        (summer.teacher, "teacher", summer.next_year.starts)
    ]
    for act in YearAct.objects.filter(kind="carry"):
        as_admin.post(f"/years/steps/{act.pk}/undo/")
    assert everything() == before


def test_students_move_up_together_and_those_enrolled_already_stay(as_admin, summer):
    sixth = make.section(summer.ash, summer.year, "601", "Math 6", grade="06")
    enrolled = summer.students[1]
    make.enroll(enrolled, summer.birch, summer.next_year, "06")
    summer.students[0].enrollments.update(english_learner=True)
    asked = chosen(summer, "", "601") | {f"do-{sixth.pk}": "class"}
    page = carry(as_admin, summer, act="look", **asked).content.decode()
    assert "1 class, 0 teachers, 1 student; 1 student enrolled already" in page
    carry(as_admin, summer, **asked)
    seat = SectionEnrollment.objects.get(section__year=summer.next_year)
    assert (seat.student, seat.section.code) == (summer.students[0], "601")
    stay = Enrollment.objects.get(student=summer.students[0], year=summer.next_year)
    assert (stay.grade, stay.school, stay.english_learner) == ("06", summer.ash, True)
    assert enrolled.enrollments.get(year=summer.next_year).school == summer.birch


def test_students_cannot_sit_in_a_class_that_will_not_be_there(as_admin, summer):
    make.section(summer.ash, summer.year, "601", "Math 6", grade="06")
    page = carry(as_admin, summer, **chosen(summer, "", "601")).content.decode()
    assert "are to sit in 601, which will not be there next year" in page
    assert not Section.objects.filter(year=summer.next_year).exists()


def test_undo_of_classes_is_refused_once_somebody_sits_there(as_admin, summer):
    carry(as_admin, summer, **chosen(summer))
    make.seat(summer.students[0], Section.objects.get(year=summer.next_year))
    after = everything()
    assert "have come to stand on the classes" in undo(as_admin, "carry")
    assert everything() == after


def test_a_school_of_another_district_is_not_found(as_admin, summer):
    for school in (summer.far_school.pk, 0, 10**9):
        assert as_admin.get(f"/years/{summer.year.pk}/classes/{school}/").status_code == 404
    stranger = {f"do-{summer.far_section.pk}": "teachers", f"do-{summer.birch_section.pk}": "teachers"}
    carry(as_admin, summer, **stranger)  # fields of classes that are not this school's are nobody's fields
    assert not Section.objects.filter(year=summer.next_year).exists()


# --- roles and agreements --------------------------------------------------------------------------------


def review(client, world, act="apply", **fields):
    asked = {"keep_until": "2027-06-15", "end_on": "2026-07-31", "reason": "The year is over.", "act": act}
    return client.post(f"/years/{world.year.pk}/review/", asked | fields, follow=True)


def role_of(person):
    return Membership.objects.get(user=person)


def test_kept_until_ended_looked_at_and_taken_back(as_admin, summer):
    leader, colleague = role_of(summer.leader), role_of(summer.colleague)
    asked = {f"r-{leader.pk}": "keep", f"r-{colleague.pk}": "end", f"a-{summer.agreement.pk}": "end"}
    before = everything()
    page = review(as_admin, summer, act="look", **asked).content.decode()
    assert "kept until Jun 15, 2027" in page and "ends on Jul 31 (The year is over.)" in page
    assert everything() == before
    review(as_admin, summer, **asked)
    colleague.refresh_from_db(), leader.refresh_from_db(), summer.agreement.refresh_from_db()
    assert (leader.ends, colleague.ends, colleague.end_reason) == (
        date(2027, 6, 15), date(2026, 7, 31), "The year is over."
    )  # fmt: skip
    assert (summer.agreement.ends, summer.agreement.ended_early_reason) == (date(2026, 7, 31), "The year is over.")
    assert YearAct.objects.get().words == "2025-26 was reviewed: 1 role kept, 2 ended."
    undo(as_admin, "review")
    assert everything() == before


@pytest.mark.parametrize(
    ("fields", "words"),
    [({}, "Nothing was chosen."), ({"reason": ""}, "Say why: the people whose roles end read it.")],
)
def test_what_is_missing_is_asked_for(as_admin, summer, fields, words):
    role = role_of(summer.colleague)
    chosen_roles = {f"r-{role.pk}": "end"} if "reason" in fields else {}
    assert words in review(as_admin, summer, **chosen_roles, **fields).content.decode()
    assert not YearAct.objects.exists()


def test_the_own_role_the_rosters_roles_and_other_districts_are_not_in_the_list(as_admin, summer):
    Membership.objects.filter(user=summer.colleague).update(reason="roster")
    rows = as_admin.get(f"/years/{summer.year.pk}/review/").context["form"].roles
    people = {row.user for row in rows}
    assert summer.leader in people
    assert not people & {summer.admin, summer.colleague, summer.far_principal, summer.auditor, summer.operator}
    own, far = role_of(summer.admin), role_of(summer.far_principal)
    before = everything()
    review(as_admin, summer, **{f"r-{own.pk}": "end", f"r-{far.pk}": "end"})
    assert everything() == before


def test_the_database_keeps_the_rules(summer):
    fields = {"year": summer.year, "by": summer.admin, "words": "x"}
    YearAct.objects.create(kind="close", **fields)
    for wrong in ({"kind": "close"}, {"kind": "other"}, {"kind": "carry", "undone_by": summer.admin}):
        with pytest.raises(IntegrityError), transaction.atomic():
            YearAct.objects.create(**fields | wrong)
