"""The privacy centre: the way to a student's privacy, to agreements, retention, and to what is kept about oneself."""

from django.views.decorators.http import require_http_methods

from schools.audit import record_access
from schools.composed import compose
from schools.models import AccessLog, Student
from schools.pages import render_page
from schools.privacy.students import answers_for_students
from schools.search import find
from schools.views.listing import words_asked

MOST_FOUND = 20


@require_http_methods(["GET", "POST"])
def privacy(request):
    """Where a person's questions about privacy are answered; for who answers parents, the search for a student."""
    user = request.user
    answers = answers_for_students(user)
    words = words_asked(request) if answers and request.method == "POST" else ""
    found = find(compose(Student.objects.visible_to(user)), words, "number", size=MOST_FOUND) if words else None
    if found and found.rows:
        record_access(
            request, AccessLog.Action.VIEW, "students found by name or number", students=len(found.rows),
            why="Answers for the students of the school or district.",
        )  # fmt: skip
    held = user.standing
    context = {
        "answers": answers,
        "words": words,
        "found": found.rows if found else [],
        "more": bool(found) and found.has_next,
        "keeps": bool(held.admin_district_ids | held.overseen_district_ids),
        "keeps_log": bool(answers or held.overseen_district_ids),
    }
    return render_page(request, "schools/privacy.html", context)
