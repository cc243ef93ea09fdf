"""The database itself refuses to alter the history: to the application's role, and to the owner as well."""

import pytest
from django.db import ProgrammingError, connection, transaction

from pop_network.grants import grant_to_application
from schools.models import Act, Change
from tests import make

pytestmark = pytest.mark.django_db
ROLE = "portal_app"
TABLES = ["schools_act", "schools_change"]
COLUMNS = {
    "schools_act": "(at, who, via, what, request_id) VALUES (now(), 'somebody else', 'page', '', '')",
    "schools_change": "(act_id, kind, op, \"row\", label, page) VALUES (1, 'user', 'U', 1, '', '')",
}


@pytest.fixture
def kept():
    make.district()


def refused(statement, words="stays as it is"):
    with pytest.raises(ProgrammingError, match=words), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def statements(table):
    return [
        f"UPDATE {table} SET id = id",
        f"UPDATE {table} SET id = id WHERE false",
        f"DELETE FROM {table}",
        f"INSERT INTO {table} {COLUMNS[table]}",
    ]


@pytest.mark.parametrize("table", TABLES)
def test_the_owner_is_refused(kept, table):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL portal.history_door = ''")
    for statement in [*statements(table), f"TRUNCATE {table} CASCADE"]:
        refused(statement)
    assert Change.objects.count() == Act.objects.count() == 1


@pytest.mark.parametrize("table", TABLES)
def test_the_application_is_refused_whatever_door_it_names(kept, table):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE ROLE {ROLE}")
        grant_to_application(connection, ROLE)
        cursor.execute(f"SET ROLE {ROLE}")
    for door in ("delete", "truncate"):
        with connection.cursor() as cursor:
            cursor.execute(f"SET portal.history_door = '{door}'")
        for statement in [*statements(table), f"TRUNCATE {table}"]:
            refused(statement, "permission denied")
    refused("ALTER TABLE schools_district DISABLE TRIGGER history_insert", "must be owner")
    refused("SELECT set_config('portal.act', '', true), history_act()", "permission denied")
    refused("SET session_replication_role = replica", "permission denied")
    trigger = "CREATE TRIGGER mine AFTER INSERT ON mine FOR EACH STATEMENT EXECUTE FUNCTION history_keep('x')"
    refused(f"CREATE TEMP TABLE mine (id int); {trigger}", "permission denied")
    make.district("D2")  # what the application changes is kept all the same
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    assert Change.objects.filter(kind="district").count() == 2


def test_the_door_is_the_owner_s_and_for_one_act_alone(kept):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL portal.history_door = 'delete'")
        cursor.execute("DELETE FROM schools_change")
    refused("TRUNCATE schools_change CASCADE")
    refused("UPDATE schools_act SET who = 'nobody'")
    assert not Change.objects.exists()


def test_nothing_of_the_history_is_saved_or_deleted_by_the_portal_s_code(kept):
    act = Act.objects.get()
    act.who = "somebody else"
    with pytest.raises(ProgrammingError), transaction.atomic():
        act.save()
    with pytest.raises(ProgrammingError), transaction.atomic():
        Change.objects.all().delete()
