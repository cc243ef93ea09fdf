"""When a person was last on Today, so that it can say what changed since."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from schools.models import User

A_VISIT = timedelta(hours=1)  # who comes back within it is still here
LOOKS_BACK = timedelta(days=14)  # of somebody who was never here


def note_visit(user: User, *, noted: bool = True) -> tuple[datetime, datetime | None]:
    """Note that `user` is on Today, at most once an hour: when the visit before this one was, and when this one ends.

    Not `noted` where the person is not here: then the visit is the one they would begin, and its end is not known.
    """
    now = timezone.now()
    begins = user.today_at is None or now - user.today_at > A_VISIT
    if begins and noted:
        user.today_before, user.today_at = user.today_at, now
        User.objects.filter(pk=user.pk).update(  # unscoped: the person who asks
            today_before=user.today_before, today_at=now
        )
    before = user.today_at if begins and not noted else user.today_before
    first = datetime.combine(user.standing.today - LOOKS_BACK, time.min, user.standing.zone)
    return before or first, None if begins and not noted else user.today_at + A_VISIT
