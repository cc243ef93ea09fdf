"""What the application's database role may do: read and write rows, but never change what is append-only.

The owner role makes tables; the application role gets rights on them here. A model whose class says
`append_only = True` can be added to and read, and that is all; of one that says `written_by_database = True` the
application adds nothing either: the database's own triggers do. Nobody but the owner may TRUNCATE.
"""

from django.apps import apps
from django.db import transaction
from psycopg import sql

READ_ONLY = ["django_migrations"]

EVERYTHING = """
GRANT USAGE ON SCHEMA public TO {role};
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role};
"""

# Functions that run with the owner's rights are the application's alone; those of triggers are nobody's, lest
# somebody puts them on a table of their own.
DEFINER_FUNCTIONS = """
SELECT oid::regprocedure::text, prorettype = 'trigger'::regtype FROM pg_proc
WHERE prosecdef AND pronamespace = 'public'::regnamespace
"""


def append_only_tables():
    """The tables of all models that say `append_only = True`, sorted."""
    return tables_that_say("append_only")


def tables_that_say(mark):
    """The tables of all models that say `mark = True`, sorted."""
    models = apps.get_models(include_auto_created=True)
    return sorted(model._meta.db_table for model in models if getattr(model, mark, False))


def grant_to_application(connection, role):
    """Give the application role its rights, through a connection of the tables' owner.

    Safe to repeat. Tables made later by the same owner (a partition per administration) come with the
    ordinary rights by default.
    """
    name = sql.Identifier(role)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(sql.SQL(EVERYTHING).format(role=name))
        for table in append_only_tables():
            _revoke(cursor, "UPDATE, DELETE", table, name)
        for table in [*READ_ONLY, *tables_that_say("written_by_database")]:
            _revoke(cursor, "INSERT, UPDATE, DELETE", table, name)
        cursor.execute(DEFINER_FUNCTIONS)
        for function, of_trigger in cursor.fetchall():
            parts = {"function": sql.SQL(function), "role": name}
            cursor.execute(sql.SQL("REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC").format(**parts))
            if not of_trigger:
                cursor.execute(sql.SQL("GRANT EXECUTE ON FUNCTION {function} TO {role}").format(**parts))


def _revoke(cursor, rights, table, role):
    statement = sql.SQL("REVOKE {rights} ON TABLE {table} FROM {role}")
    cursor.execute(statement.format(rights=sql.SQL(rights), table=sql.Identifier(table), role=role))
