"""The Celery application. Tasks live in each app's `tasks.py`; the schedule stands in settings."""

import os

from celery import Celery
from celery.signals import worker_init
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pop_network.settings")

app = Celery("pop_network", task_cls="schools.history.jobs:SignedTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.steps["worker"].add(DjangoStructLogInitStep)
app.autodiscover_tasks()


@worker_init.connect
def know_the_edition(**_):
    """Before the worker parts into processes: of the code that is loaded, whatever lies on the disk later."""
    from schools.drawn.pages import edition

    edition()
