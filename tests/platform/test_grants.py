"""The application's role in the database, tried out for real by becoming it."""

from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core import checks
from django.db import ProgrammingError, connection, transaction

from pop_network.grants import append_only_tables, grant_to_application

ROLE = "portal_app"
pytestmark = pytest.mark.django_db


@pytest.fixture
def as_application():
    """The rest of the test speaks to the database as the application does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE ROLE {ROLE}")
        grant_to_application(connection, ROLE)
        cursor.execute(f"SET ROLE {ROLE}")
        yield cursor
        cursor.execute("RESET ROLE")


def refused(cursor, statement):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        cursor.execute(statement)


def test_the_access_log_is_append_only():
    assert "schools_accesslog" in append_only_tables()


def test_what_only_grows_cannot_be_changed(as_application):
    for table in append_only_tables():
        as_application.execute(f"SELECT count(*) FROM {table}")
        for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}", f"TRUNCATE {table}"):
            refused(as_application, statement)


def test_a_row_can_be_added_to_the_access_log(as_application):
    AccessLog = apps.get_model("schools", "AccessLog")
    AccessLog.objects.create(action="view", what="Results of section 501")
    assert AccessLog.objects.count() == 1


def test_ordinary_rows_can_be_changed_and_no_table_emptied_or_dropped(as_application):
    District = apps.get_model("schools", "District")
    district = District.objects.create(code="D1", name="First")
    District.objects.filter(pk=district.pk).update(name="Second")
    district.delete()
    assert not District.objects.exists()
    refused(as_application, "TRUNCATE schools_district CASCADE")
    with pytest.raises(ProgrammingError, match="must be owner"), transaction.atomic():
        as_application.execute("DROP TABLE schools_district CASCADE")
    refused(as_application, "CREATE TABLE of_its_own (id int)")
    refused(as_application, "DELETE FROM django_migrations")


def test_a_table_the_owner_makes_later_comes_with_rights(as_application):
    as_application.execute("RESET ROLE")
    as_application.execute("CREATE TABLE made_later (id int)")
    as_application.execute(f"SET ROLE {ROLE}")
    as_application.execute("INSERT INTO made_later VALUES (1)")
    as_application.execute("SELECT count(*) FROM made_later")
    assert as_application.fetchone() == (1,)
    refused(as_application, "TRUNCATE made_later")


def test_functions_with_the_owner_s_rights_are_the_application_s_alone(as_application):
    as_application.execute(
        "SELECT proname, has_function_privilege(%s, oid, 'EXECUTE') OR prorettype = 'trigger'::regtype, proacl::text"
        " FROM pg_proc"
        " WHERE prosecdef AND pronamespace = 'public'::regnamespace",
        [ROLE],
    )
    for name, mine, rights in as_application.fetchall():
        assert mine, name
        assert not any(part.startswith("=") for part in rights.strip("{}").split(",")), f"{name} is open to all"


def test_the_checks_are_part_of_manage_py_check():
    known = {check.__module__ for check in checks.registry.registry.get_checks(include_deployment_checks=True)}
    assert "pop_network.checks" in known


def messages(**options):
    return {found.id for found in checks.run_checks(**options)}


def test_one_role_for_everything_is_warned_of(monkeypatch):
    databases = {"default": {"USER": "portal_owner"}}
    monkeypatch.setattr("pop_network.checks.settings", SimpleNamespace(DATABASES=databases))
    assert "pop_network.W001" in messages(tags=["security"])
    databases |= {"default": {"USER": "portal_app"}, "owner": {"USER": "portal_owner"}}
    assert "pop_network.W001" not in messages(tags=["security"])


def test_a_log_that_could_be_changed_is_warned_of(as_application):
    assert "pop_network.W002" not in messages(tags=["database"], databases=["default"])
    as_application.execute("RESET ROLE")
    assert "pop_network.W002" in messages(tags=["database"], databases=["default"])
