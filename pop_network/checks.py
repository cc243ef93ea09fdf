"""What `manage.py check` says about the portal's own promises."""

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.db import connections

from pop_network.grants import append_only_tables

HINT = (
    "Set DATABASE_OWNER_URL to the role that owns the tables and DATABASE_URL to a role of its own; "
    "`manage.py prepare` then gives that role its rights."
)


@register(Tags.security)
def two_roles(app_configs, **kwargs):
    """Warn where the application signs in to the database as the owner of the tables."""
    databases = settings.DATABASES
    if "owner" in databases and databases["owner"]["USER"] != databases["default"]["USER"]:
        return []
    return [
        Warning(
            "One database role both owns the tables and serves the pages, "
            "so nothing in the database keeps the access log from being changed.",
            hint=HINT,
            id="pop_network.W001",
        )
    ]


@register(Tags.database)
def logs_are_append_only(app_configs, databases, **kwargs):
    """Warn where the role that serves the pages may change or empty a table that only grows."""
    if "default" not in (databases or []):
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND relnamespace = 'public'::regnamespace"
            " AND has_table_privilege(oid, 'UPDATE, DELETE, TRUNCATE') ORDER BY relname",
            [append_only_tables()],
        )
        changeable = [name for (name,) in cursor.fetchall()]
    if not changeable:
        return []
    message = f"The role that serves the pages may change rows of {', '.join(changeable)}."
    return [Warning(message, hint=HINT, id="pop_network.W002")]


@register(Tags.security, deploy=True)
def second_factor_is_asked_for(app_configs, **kwargs):
    """Refuse a real portal where a password alone opens students' records."""
    found = []
    if not settings.SECOND_FACTOR:
        message = "SECOND_FACTOR is off: a password alone opens students' records."
        found.append(Error(message, hint="Take SECOND_FACTOR out of the environment.", id="pop_network.E001"))
    if settings.DEMO_SIGN_INS:
        message = "DEMO_SIGN_INS is on: the demo's printed sign-ins work without a second factor."
        hint = "Set DEMO_SIGN_INS=no, and keep the demo and real records in portals of their own."
        found.append(Error(message, hint=hint, id="pop_network.E002"))
    return found
