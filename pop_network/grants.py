"""What the application's database role may do: read and write rows, but never change what is append-only.

The owner role makes tables; the application role gets rights on them here. A model whose class says
`append_only = True` can be added to and read, and that is all. Nobody but the owner may TRUNCATE.
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

# Functions that run with the owner's rights are the application's alone.
DEFINER_FUNCTIONS = """
SELECT oid::regprocedure::text FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace
"""


def append_only_tables():
    """The tables of all models that say `append_only = True`, sorted."""
    models = apps.get_models(include_auto_created=True)
    return sorted(model._meta.db_table for model in models if getattr(model, "append_only", False))


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
        for table in READ_ONLY:
            _revoke(cursor, "INSERT, UPDATE, DELETE", table, name)
        cursor.execute(DEFINER_FUNCTIONS)
        for (function,) in cursor.fetchall():
            parts = {"function": sql.SQL(function), "role": name}
            cursor.execute(sql.SQL("REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC").format(**parts))
            cursor.execute(sql.SQL("GRANT EXECUTE ON FUNCTION {function} TO {role}").format(**parts))


def _revoke(cursor, rights, table, role):
    statement = sql.SQL("REVOKE {rights} ON TABLE {table} FROM {role}")
    cursor.execute(statement.format(rights=sql.SQL(rights), table=sql.Identifier(table), role=role))
