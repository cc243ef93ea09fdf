"""Changes made by a job are signed with its name, and with the person who asked for it where one did."""

import structlog
from celery import Task

from schools.history.signing import Who, signed


class SignedTask(Task):
    """A task whose changes bear its name. Who rang for it comes with the context of the logs."""

    def __call__(self, *arguments, **named):
        asked = structlog.contextvars.get_contextvars().get("user_id")
        with signed(lambda: Who("job", self.name, int(asked) if asked else None)):
            return super().__call__(*arguments, **named)
