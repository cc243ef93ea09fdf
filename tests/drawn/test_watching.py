"""Every table tells of its changes, by a trigger that stands as it should."""

from django.db import connection

from schools.drawn.watching import known, told_by, watch_tables, watched
from schools.models import DrawnPage


def test_every_table_is_watched_but_those_that_say_not(house):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'drawn_changed' AND tgparentid = 0"
        )
        assert {name for (name,) in cursor.fetchall()} == set(watched())
    own = {name for name in known() if name.startswith(("schools_", "assessments_"))}
    logs = {"schools_accesslog", "schools_act", "schools_change", "schools_drawnpage", "schools_changedtable"}
    assert own - watched().keys() == logs


def test_who_reads_results_waits_for_their_administration(house):
    house.get("class")
    tables = DrawnPage.objects.get().tables
    assert {"assessments_result", "assessments_administration"} <= set(tables)
    assert told_by() == {"assessments_result": "assessments_administration"}


def test_a_trigger_that_is_not_as_it_should_be_is_put_right(house):
    house.get("class")
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid, tgname FROM pg_trigger WHERE tgname = 'drawn_changed' ORDER BY oid")
        before = cursor.fetchall()
        watch_tables(connection)
        cursor.execute("SELECT oid, tgname FROM pg_trigger WHERE tgname = 'drawn_changed' ORDER BY oid")
        assert cursor.fetchall() == before, "what is right is not touched"
        assert DrawnPage.objects.exists()
        cursor.execute("ALTER TABLE schools_student DISABLE TRIGGER drawn_changed")
        cursor.execute("DROP TRIGGER drawn_changed ON schools_user")
        cursor.execute(
            "CREATE TRIGGER drawn_changed AFTER UPDATE OF email ON schools_user"
            " FOR EACH STATEMENT EXECUTE FUNCTION drawn_changed()"
        )
        watch_tables(connection)
        cursor.execute("SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = 'drawn_changed'"
                       " AND tgrelid = 'schools_user'::regclass")  # fmt: skip
        (definition,) = cursor.fetchone()
        cursor.execute("SELECT tgenabled = 'O' FROM pg_trigger WHERE tgname = 'drawn_changed'"
                       " AND tgrelid = 'schools_student'::regclass")  # fmt: skip
        assert cursor.fetchone() == (True,)
    assert "INSERT OR DELETE OR UPDATE OF" in definition and "family_name" in definition
    assert "today_at" not in definition
    assert house.was_drawn("class"), "nobody was told of changes meanwhile"
