"""The one way to put work on the queue."""

import logging

from celery import current_app
from django.db import transaction

log = logging.getLogger(__name__)


def ring(task: str, *arguments) -> None:
    """Enqueue the task of that name after the commit. Never raises: the row is the truth, the sweep rings again."""
    transaction.on_commit(lambda: _enqueue(task, arguments), robust=True)


def _enqueue(task: str, arguments: tuple) -> None:
    try:
        current_app.send_task(task, arguments, retry=False)
    except Exception:  # whatever the broker's client raises
        log.warning("the broker did not take %s%s; the sweep will ring again", task, arguments, exc_info=True)
