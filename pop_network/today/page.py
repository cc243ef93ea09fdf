"""The page of Today, put together."""

from django.views.decorators.http import require_GET

from pop_network.today.news import news_of
from pop_network.today.places import classes, further_places, published, schools
from pop_network.today.steps import first_steps
from pop_network.today.waiting import files_of, since_last_visit, waiting
from schools.pages import render_page
from schools.today import added_panels


@require_GET
def today(request):
    """What is new and what waits for the reader; never empty."""
    user = request.user
    news, files = news_of(user), files_of(user)
    panels = (classes(user, news.newest), published(files), schools(user), *added_panels(user), further_places(user))
    context = {
        "news": news,
        "waiting": waiting(user, files, news),
        "since": since_last_visit(user),
        "steps": first_steps(user),
        "panels": [panel for panel in panels if panel],
    }
    return render_page(request, "pop_network/today.html", context)
