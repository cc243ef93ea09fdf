"""Celery's door to the ground floor; each task is safe to run twice."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from schools import notices, rosters_drop, rosters_work
from schools.bell import ring
from schools.drawn import keeping
from schools.drawn.ahead import draw_ahead
from schools.privacy.agreements import warn_of_ends


@shared_task
def mail_notices() -> int:
    """Mail the notices that are due; how many left."""
    return notices.mail_notices()


@shared_task
def warn_of_agreements() -> int:
    """Tell those concerned of data agreements that end soon; each person once."""
    return warn_of_ends()


@shared_task
def advance_roster(roster_import_id: int) -> None:
    """Take a roster one step on. Where something stops the work it is tried again, three times in all."""
    try:
        rosters_work.advance(roster_import_id)
    except Exception:
        ring(rosters_work.ADVANCE, roster_import_id)
        raise


@shared_task
def sweep_rosters() -> int:
    """Ring for every roster that has stopped moving; how many there were."""
    stale = rosters_work.stale_rosters()
    for roster_import_id in stale:
        ring(rosters_work.ADVANCE, roster_import_id)
    return len(stale)


@shared_task
def sweep_drop_folder() -> int:
    """Read in what lies in the drop folder for rosters; how many packages there were."""
    return rosters_drop.sweep_folder()


@shared_task
def draw_pages_ahead() -> int:
    """Draw anew what people opened lately and is good no more; how many pages there were."""
    return draw_ahead(settings.DRAW_AHEAD_FOR)


@shared_task
def forget_pages() -> None:
    """Throw away drawn pages that nobody opens."""
    keeping.forget_old(timezone.now())
