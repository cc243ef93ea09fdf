"""The page of Today, put together."""

from dataclasses import replace

from django.views.decorators.http import require_GET

from pop_network.today.news import News, news_of
from pop_network.today.places import classes, further_places, published, schools
from pop_network.today.waiting import files_of, since_last_visit, waiting
from schools.checklist import open_checklist
from schools.pages import render_page
from schools.today import added_panels


@require_GET
def today(request):
    """What is new and what waits for the reader; never empty."""
    user = request.user
    news, files = news_of(user), files_of(user)
    waits = waiting(user, files, news)
    panels = (classes(user, news.newest), published(files), schools(user), *added_panels(user), further_places(user))
    context = {
        "news": with_what_waits(user, news, len(waits)),
        "waiting": waits,
        "since": since_last_visit(user),
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
