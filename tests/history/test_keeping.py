"""Every way to write a kept table leaves its change: one by one, in bulk, by plain SQL, by COPY."""

import pytest
from django.db import connection, transaction
from django.utils import timezone

from schools.history.kept import kept
from schools.history.signing import Who, asked_by, sign_transaction, signed
from schools.history.triggers import as_bytes, keep_tables, triggers_of
from schools.models import Act, Change, District, Membership, School, SectionEnrollment, Student, User
from tests import make

pytestmark = pytest.mark.django_db


def changes(kind, **about):
    return list(Change.objects.filter(kind=kind, **about).order_by("pk").select_related("act"))


def test_one_row_added_changed_and_removed():
    district = make.district()
    district.name = "Renamed District"
    district.save()
    pk = district.pk
    district.delete()
    added, changed, removed = changes("district", row=pk)
    assert (added.op, added.before, added.after["name"]) == ("I", None, "First District")
    assert (changed.op, changed.before, changed.after) == (
        "U", {"name": "First District"}, {"name": "Renamed District"},
    )  # fmt: skip
    assert (removed.op, removed.before["name"], removed.after) == ("D", "Renamed District", None)
    assert removed.label == "Renamed District" and removed.district_id == pk


def test_a_save_that_changes_nothing_leaves_nothing():
    district = make.district()
    district.save()
    District.objects.update(name=district.name)
    District.objects.filter(code="nowhere").update(name="x")
    assert [one.op for one in changes("district")] == ["I"]


def test_bulk_writes_leave_a_change_for_each_row():
    district = make.district()
    rows = School.objects.bulk_create(School(district=district, code=str(n), name=f"School {n}") for n in range(5))
    School.objects.filter(code__in=["1", "2"]).update(name="Merged")
    rows[0].name = rows[3].name = "By bulk"
    School.objects.bulk_update(rows, ["name"])
    School.objects.filter(code="4").delete()
    ops = [one.op for one in changes("school")]
    assert ops == ["I"] * 5 + ["U"] * 2 + ["U"] * 4 + ["D"]  # the other three of the five got their old names back


def test_a_copy_leaves_a_change_for_each_row():
    district = make.district()
    statement = "COPY schools_student (district_id, number, sourced_id, family_name, given_name) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write("".join(f"{district.pk}\tN{n}\t\tFamily\tGiven\n" for n in range(100)))
    rows = changes("student")
    assert len(rows) == 100
    assert {one.act_id for one in rows} == {rows[0].act_id}
    assert {one.student_id for one in rows} == set(Student.objects.values_list("pk", flat=True))
    assert {one.label for one in rows} == {""}


def test_what_each_row_is_about(world):
    seat = SectionEnrollment.objects.filter(section=world.section).first()
    (one,) = changes("sectionenrollment", row=seat.pk)
    about = (one.section_id, one.student_id, one.school_id, one.district_id)
    assert about == (world.section.pk, seat.student_id, world.ash.pk, world.district.pk)
    role = Membership.objects.get(user=world.admin)
    (one,) = changes("membership", row=role.pk)
    assert (one.person_id, one.district_id, one.school_id, one.label) == (
        world.admin.pk, world.district.pk, None, "district_admin",
    )  # fmt: skip
    joined = changes("dataagreement_schools")
    assert [(one.page, one.thing, one.school_id) for one in joined] == [("agreement", world.agreement.pk, world.ash.pk)]


def test_a_rolled_back_transaction_leaves_nothing():
    before = Change.objects.count(), Act.objects.count()
    with pytest.raises(RuntimeError), transaction.atomic():
        make.district()
        raise RuntimeError
    assert (Change.objects.count(), Act.objects.count()) == before


def test_what_was_undone_inside_leaves_nothing_and_the_rest_its_act():
    with signed(lambda: Who("command", "test")), transaction.atomic():
        with pytest.raises(RuntimeError), transaction.atomic():
            make.district("D1")
            raise RuntimeError
        make.district("D2")
        make.district("D3")
    rows = changes("district")
    assert [one.label for one in rows] == ["First District"] * 2
    assert len({one.act_id for one in rows}) == 1
    assert Act.objects.get(pk=rows[0].act_id).what == "test"


# --- who -------------------------------------------------------------------------------------------------


def test_each_change_is_signed():
    person = make.user(given_name="Ana", family_name="Ruiz")
    with signed(lambda: Who("page", "schools:school_add", person.pk)):
        make.district()
    act = changes("district")[0].act
    assert (act.user_id, act.who, act.via, act.what) == (person.pk, "Ana Ruiz", "page", "schools:school_add")


def test_two_people_in_one_transaction_are_two_acts():
    person = make.user()
    with transaction.atomic(), signed(lambda: Who("job", "a job")):
        make.district("D1")
        with asked_by(person):
            make.district("D2")
        make.district("D3")
    assert [one.act.user_id for one in changes("district")] == [None, person.pk, None]


def test_who_wrote_last_does_not_sign_what_comes_after():
    person = make.user()
    with signed(lambda: Who("page", "there", person.pk)):
        make.district("D1")
    with connection.cursor() as cursor:  # a test is one transaction; outside of it the name ends with each
        cursor.execute("SELECT set_config('portal.who', '', true)")
    make.district("D2")
    first, second = changes("district")
    assert first.act.user_id and second.act.user_id is None
    assert second.act.who == "the portal itself" and second.act.via == "portal"


def test_a_copy_is_signed_where_it_says_so():
    person = make.user()
    district = make.district()
    with signed(lambda: Who("job", "roster", person.pk)):
        sign_transaction(connection)
        with (
            connection.cursor() as cursor,
            cursor.copy(
                "COPY schools_school (district_id, code, state_code, nces_code, sourced_id, name) FROM STDIN"
            ) as copy,
        ):
            copy.write(f"{district.pk}\t1\t\t\t\tAsh\n")
    assert changes("school")[0].act.user_id == person.pk


def test_names_with_quotes_and_percent_signs_go_through():
    with signed(lambda: Who("command", 'it\'s 100% \\ "so"\n')):
        District.objects.create(code="%s", name="50 % \\'x")
        District.objects.filter(code="%s").update(name="%(name)s")
    added, changed = changes("district")
    assert changed.after == {"name": "%(name)s"}
    assert added.act.what == 'it\'s 100% \\ "so" '


# --- what is never kept ----------------------------------------------------------------------------------


def test_passwords_and_visits_are_never_kept():
    person = make.user(email="quiet@example.org")
    before = Change.objects.count()
    person.set_password("another long password")
    person.save()
    User.objects.filter(pk=person.pk).update(last_login=timezone.now(), today_at=timezone.now())
    assert Change.objects.count() == before
    for one in changes("user"):
        assert "password" not in one.after
        assert person.password not in str(one.after)


@pytest.mark.parametrize("one", list(kept().values()), ids=lambda one: one.kind)
def test_no_kept_column_holds_a_secret_or_bytes(one):
    columns = {field.column: field for field in one.model._meta.concrete_fields if field.column not in one.left_out}
    for name, field in columns.items():
        assert field.get_internal_type() != "BinaryField", f"{one.kind}.{name} is bytes"
        assert not any(word in name for word in ("password", "secret", "token", "code_hash")), f"{one.kind}.{name}"
    assert set(one.left_out) <= {field.column for field in one.model._meta.concrete_fields}


# --- the triggers ----------------------------------------------------------------------------------------


def test_the_triggers_are_those_of_the_list():
    with connection.cursor() as cursor:
        standing = triggers_of(cursor)
    assert standing == {
        (one.table, f"history_{op}"): as_bytes(one) for one in kept().values() for op in ("insert", "update", "delete")
    }


def test_a_trigger_that_differs_is_put_right():
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER history_insert ON schools_district")
    make.district("D1")
    keep_tables(connection)
    make.district("D2")
    assert [one.after["code"] for one in changes("district")] == ["D2"]
