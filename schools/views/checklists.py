"""The checklist of a first day as a page, done or not."""

from django.views.decorators.http import require_GET

from schools.checklist import checklist_of
from schools.pages import render_page


@require_GET
def first_day(request):
    """What the reader's role needs on a first day, and what of it is there."""
    steps = checklist_of(request.user)
    context = {"steps": steps, "done": sum(step.done for step in steps)}
    return render_page(request, "schools/first_day.html", context)
