"""When a person was last on Today, so that it can say what changed since."""

from datetime import datetime, timedelta

from django.utils import timezone

from schools.models import User

A_VISIT = timedelta(hours=1)  # who comes back within it is still here
LOOKS_BACK = timedelta(days=14)  # of somebody who was never here


def note_visit(user: User) -> datetime:
    """Note that `user` is on Today, at most once an hour; the moment of the visit before this one."""
    now = timezone.now()
    if getattr(user, "viewed_by", None):  # somebody looks as this person: their visit is not the person's
        return user.today_at or now - LOOKS_BACK
    if user.today_at is None or now - user.today_at > A_VISIT:
        user.today_before, user.today_at = user.today_at, now
        User.objects.filter(pk=user.pk).update(  # unscoped: the person who asks
            today_before=user.today_before, today_at=now
        )
    return user.today_before or now - LOOKS_BACK
