"""The page of Today, put together."""

from dataclasses import replace
from datetime import datetime

from django.views.decorators.http import require_GET

from pop_network.today.news import News, news_of
from pop_network.today.places import classes, further_places, published, schools
from pop_network.today.waiting import files_of, told_since, waiting
from schools.audit import is_ahead
from schools.checklist import open_checklist
from schools.drawn.pages import drawn
from schools.pages import render_page
from schools.today import added_panels
from schools.visits import note_visit


@require_GET
def today(request):
    """What is new and what waits for the reader; never empty."""
    here = not (is_ahead(request) or getattr(request, "viewing", None))  # who looks as another is not that person
    before, ends = note_visit(request.user, noted=here)
    return drawn(request, lambda: _today(request, before), by=before.isoformat(), until=ends)


def _today(request, before: datetime):
    user = request.user
    news, files = news_of(user), files_of(user)
    waits = waiting(user, files, news)
    panels = (classes(user, news.newest), published(files), schools(user), *added_panels(user), further_places(user))
    context = {
        "news": with_what_waits(user, news, len(waits)),
        "waiting": waits,
        "since": told_since(user, before),
        "steps": open_checklist(user),
        "panels": [panel for panel in panels if panel],
    }
    return render_page(request, "pop_network/today.html", context)


def with_what_waits(user, news: News, waits: int) -> News:
    """A district's office first reads how much waits for it, then what is newest."""
    if not (waits and user.standing.admin_district_ids):
        return news
    said = "1 thing waits" if waits == 1 else f"{waits} things wait"
    return replace(news, sentence=f"{said} for you. {news.sentence}")
