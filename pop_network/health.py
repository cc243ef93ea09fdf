"""Two pages for machines: is the process alive, and can it do its work."""

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

BROKER_SECONDS = 2


@login_not_required
@never_cache
@require_safe
def health_live(request):
    """200 as long as the process answers. A supervisor restarts what does not."""
    return JsonResponse({"status": "alive"})


@login_not_required
@never_cache
@require_safe
def health_ready(request):
    """200 where database, tables and broker are there; else 503 and what is missing, in words.

    Without the broker uploads are still accepted and wait, so a proxy may keep sending people here: that is
    why the page names each part and does not only say no.
    """
    missing = [sentence for sentence in (missing_in_database(), missing_broker()) if sentence]
    answer = {"status": "not ready" if missing else "ready", "missing": missing}
    return JsonResponse(answer, status=503 if missing else 200)


def missing_in_database():
    """A sentence where the database does not answer or lacks tables, else an empty text."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "The database does not answer at the address of DATABASE_URL."
    if waiting:
        return f"{len(waiting)} database migrations are not applied. Run `manage.py prepare`."
    return ""


def missing_broker():
    """A sentence where the broker of background work does not answer, else an empty text."""
    timeouts = {"socket_timeout": BROKER_SECONDS, "socket_connect_timeout": BROKER_SECONDS}
    try:
        with redis.Redis.from_url(settings.CELERY_BROKER_URL, **timeouts) as broker:
            broker.ping()
    except redis.RedisError:
        return "The broker of background work does not answer at the address of REDIS_URL."
    return ""
