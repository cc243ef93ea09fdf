"""Celery's door to the ground floor; each task is safe to run twice."""

from celery import shared_task

from schools import notices


@shared_task
def mail_notices() -> int:
    """Mail the notices that are due; how many left."""
    return notices.mail_notices()
