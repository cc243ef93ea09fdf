"""The Celery application. Tasks live in each app's `tasks.py`; the schedule stands in settings."""

import os

from celery import Celery
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pop_network.settings")

app = Celery("pop_network", task_cls="schools.history.jobs:SignedTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.steps["worker"].add(DjangoStructLogInitStep)
app.autodiscover_tasks()
