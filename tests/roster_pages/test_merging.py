"""Two rows that are one: what goes over, what is refused, and that undoing it leaves every table as it was."""

from datetime import date

import pytest
from django.apps import apps
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from assessments.models import GrowthSummary, Result, ResultHistory
from schools.merging import MergeRefused, merge, part, why_not
from schools.merging.movers import DATED, NAMED, movers, plain_columns
from schools.merging.spans import left_of
from schools.models import (
    AccessLog,
    Act,
    Change,
    ChangedTable,
    ClassListReport,
    Enrollment,
    Membership,
    Merge,
    SectionEnrollment,
    SectionStaff,
    Student,
    User,
)
from tests import make
from tests.policy.rows import furnish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_winter")]

NOT_COMPARED = {Merge, Act, Change, ChangedTable}  # what was done stays written down


def contents() -> dict[str, list]:
    """Every row of every table of the portal, in an order of its own; measured growth without its keys."""
    found = {}
    with connection.cursor() as cursor:
        for room in ("schools", "assessments"):
            for model in apps.get_app_config(room).get_models():
                if model in NOT_COMPARED:
                    continue
                columns = [
                    one.column
                    for one in model._meta.concrete_fields
                    if not (model is GrowthSummary and one.primary_key)
                ]
                names = ", ".join(f'"{column}"::text' for column in columns)
                cursor.execute(f"SELECT {names} FROM {model._meta.db_table}")
                found[model.__name__] = sorted(map(repr, cursor.fetchall()))
    return found


def differing(before: dict, after: dict) -> list[str]:
    return [name for name in before if before[name] != after[name]]


@pytest.fixture
def rich(world):
    """The furnished world, with a second row of a student and of a teacher."""
    furnish(world)
    world.kept, world.gone = world.students[1], world.students[2]
    make.seat(world.gone, world.section, starts=date(2025, 12, 1))
    world.twin = make.user("g.teacher@example.org", family_name="Teacher", sourced_id="T-2")
    make.member(world.twin, "teacher", school=world.ash, starts=date(2025, 8, 1), ends=date(2025, 12, 31))
    make.member(world.twin, "teacher", school=world.birch)
    make.staff(world.twin, world.section, "support", starts=date(2025, 10, 1), ends=date(2025, 11, 1))
    make.staff(world.twin, world.birch_section)
    make.notice(world.twin, about="the same thing")
    make.notice(world.teacher, about="the same thing")
    return world


def test_undoing_leaves_every_table_as_it_was_student(rich):
    before = contents()
    row = merge(kept=rich.kept, gone=rich.gone, by=rich.admin, other_name=True)
    assert differing(before, contents())
    part(row, rich.admin)
    assert differing(before, contents()) == []


def test_undoing_leaves_every_table_as_it_was_person(rich):
    before = contents()
    row = merge(kept=rich.teacher, gone=rich.twin, by=rich.admin)
    assert differing(before, contents())
    part(row, rich.admin)
    assert differing(before, contents()) == []


def test_everything_goes_over(rich):
    merge(kept=rich.kept, gone=rich.gone, by=rich.admin, other_name=True)
    kept, gone = Student.objects.get(pk=rich.kept.pk), Student.objects.get(pk=rich.gone.pk)
    assert gone.merged_into == kept
    assert kept.family_name == gone.family_name
    assert Result.objects.get(student=kept).school == rich.ash
    assert ResultHistory.objects.filter(student=kept).exists()
    assert not Result.objects.filter(student=gone).exists()
    assert not Enrollment.objects.filter(student=gone).exists()
    assert not SectionEnrollment.objects.filter(student=gone).exists()
    assert Enrollment.objects.get(student=kept).school == rich.ash  # the same days in the same school are one stay
    assert {seat.section for seat in SectionEnrollment.objects.filter(student=kept)} == {
        rich.section,
        rich.other_section,
    }
    assert not Student.objects.visible_to(User.objects.get(pk=rich.admin.pk)).filter(pk=gone.pk).exists()


def test_what_a_person_held_goes_over_and_the_account_that_goes_is_closed(rich):
    merge(kept=rich.teacher, gone=rich.twin, by=rich.admin)
    twin, teacher = User.objects.get(pk=rich.twin.pk), User.objects.get(pk=rich.teacher.pk)
    assert (twin.is_active, twin.merged_into) == (False, teacher)
    assert teacher.sourced_id == "T-2"
    roles = Membership.objects.filter(user=teacher).order_by("starts", "pk")
    assert [(role.school, role.starts, role.ends) for role in roles] == [
        (rich.ash, date(2025, 8, 1), date(2025, 8, 24)),  # of the other's days there only those that were not held
        (rich.ash, date(2025, 8, 25), None),
        (rich.birch, date(2025, 8, 25), None),
    ]
    assert {row.section for row in SectionStaff.objects.filter(user=teacher)} == {rich.section, rich.birch_section}
    assert teacher.notices.filter(about="the same thing").count() == 1
    assert not Membership.objects.filter(user=twin).exists()


def test_the_access_log_stays_as_it_is(rich):
    row = AccessLog.objects.create(user=rich.twin, action="view", what="a page", student=rich.gone)
    merge(kept=rich.teacher, gone=rich.twin, by=rich.admin)
    merge(kept=rich.kept, gone=rich.gone, by=rich.admin)
    row.refresh_from_db()
    assert (row.user, row.student) == (rich.twin, rich.gone)


def test_two_results_of_one_test_are_not_one_student(rich):
    [reason] = why_not(rich.students[0], rich.students[2])
    assert reason.startswith("Both have a result of Quarterly Math 5")
    with pytest.raises(MergeRefused, match="Both have a result"):
        merge(kept=rich.students[0], gone=rich.students[2], by=rich.admin)
    assert not Merge.objects.filter(gone_student=rich.students[2]).exists()


@pytest.mark.parametrize("case", ["itself", "another district", "merged already"])
def test_what_is_refused(rich, case):
    kept, gone = rich.kept, {"itself": rich.kept, "another district": rich.far_student}.get(case, rich.gone)
    if case == "merged already":
        merge(kept=kept, gone=gone, by=rich.admin)
    with pytest.raises(MergeRefused):
        merge(kept=kept, gone=gone, by=rich.admin)


def test_what_came_after_the_merge_stays_with_the_kept(rich):
    row = merge(kept=rich.kept, gone=rich.gone, by=rich.admin)
    seat = make.seat(rich.kept, rich.birch_section)
    part(row, rich.admin)
    seat.refresh_from_db()
    assert seat.student == rich.kept


def test_it_is_not_undone_where_what_went_over_was_changed(rich):
    row = merge(kept=rich.kept, gone=rich.gone, by=rich.admin)
    SectionEnrollment.objects.filter(student=rich.kept, section=rich.other_section).delete()
    before = contents()
    with pytest.raises(MergeRefused, match="changed or removed since"):
        part(row, rich.admin)
    assert differing(before, contents()) == []


def test_it_is_not_undone_under_a_later_result(rich):
    row = merge(kept=rich.kept, gone=rich.gone, by=rich.admin)
    Result.objects.filter(student=rich.kept).update(upload=Result.objects.exclude(student=rich.kept).first().upload)
    with pytest.raises(MergeRefused, match="A later upload"):
        part(row, rich.admin)


def test_it_is_undone_once(rich):
    row = merge(kept=rich.kept, gone=rich.gone, by=rich.admin)
    part(row, rich.admin)
    with pytest.raises(MergeRefused, match="undone already"):
        part(row, rich.admin)


SIGN_IN = "how an account signs in does not go over: it is closed"
THE_MERGE = "tells of this merge, or of one before"
# Columns that go on naming the one who is gone, and why. (Logs do so as well, `append_only` on the table says it.)
STAYS = {
    Student: {
        "schools.Student.merged_into": THE_MERGE,
        "schools.Merge.kept_student": THE_MERGE,
        "schools.Merge.gone_student": THE_MERGE,
    },
    User: {
        "schools.User.merged_into": THE_MERGE,
        "schools.Merge.kept_person": THE_MERGE,
        "schools.Merge.gone_person": THE_MERGE,
        "schools.Merge.by": "who merged stays who merged",
        "schools.DrawnPage.user": "a page is drawn for the one who looks",
        "schools.Merge.undone_by": "who undid it stays who undid it",
        "account.EmailAddress.user": SIGN_IN,
        "mfa.Authenticator.user": SIGN_IN,
        "socialaccount.SocialAccount.user": SIGN_IN,
        "usersessions.UserSession.user": SIGN_IN,
    },
}


def naming(model):
    """Every column of every table, of our own rooms and of others, that names a row of `model`: "Table.column"."""
    for table in apps.get_models(include_auto_created=True):
        for field in (*table._meta.concrete_fields, *table._meta.many_to_many):
            if field.is_relation and field.related_model is model and not getattr(table, "append_only", False):
                yield table, field.name


@pytest.mark.parametrize("model", [Student, User])
def test_every_column_that_names_a_student_or_person_goes_over_or_says_why_not(model):
    goes = set(plain_columns(model)) | {(table, NAMED[model]) for table in DATED[model]}
    goes |= {one for one in naming(model) if any(one[0] in mover.tables for mover in movers().values())}
    stays = {f"{table._meta.label}.{column}" for table, column in set(naming(model)) - goes}
    assert stays == set(STAYS[model])
    assert goes <= set(naming(model))  # logs are not among them: they stay as they are


def test_a_report_on_a_class_list_goes_over_and_comes_back(rich):
    rows = ClassListReport.objects.filter(section=rich.section)
    about = ClassListReport.objects.create(section=rich.section, by=rich.twin, kind="not_here", student=rich.gone)
    student = merge(kept=rich.kept, gone=rich.gone, by=rich.admin)
    person = merge(kept=rich.teacher, gone=rich.twin, by=rich.admin)
    assert rows.filter(pk=about.pk, student=rich.kept, by=rich.teacher).exists()
    part(person, rich.admin), part(student, rich.admin)
    assert rows.filter(pk=about.pk, student=rich.gone, by=rich.twin).exists()


days = st.integers(0, 40).map(lambda n: date(2025, 9, 1).fromordinal(date(2025, 9, 1).toordinal() + n))
spans = st.tuples(days, days).map(lambda pair: (min(pair), max(pair)))


@given(span=spans, others=st.lists(spans, max_size=4))
def test_what_is_left_of_a_span_is_its_days_without_the_others(span, others):
    def held(of):
        return {day for first, last in of for day in range(first.toordinal(), last.toordinal() + 1)}

    rest = left_of(span, others)
    assert held(rest) == held([span]) - held(others)
    assert all(first <= last for first, last in rest)


def test_an_open_end_stays_open():
    assert left_of((date(2025, 9, 1), None), [(date(2025, 9, 1), date(2025, 9, 30))]) == [(date(2025, 10, 1), None)]
    assert left_of((date(2025, 9, 1), date(2025, 9, 9)), [(date(2025, 9, 1), None)]) == []
