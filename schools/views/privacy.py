"""The privacy centre: the way to a student's privacy, to agreements, retention, and to what is kept about oneself."""

from django.db.models import Q
from django.views.decorators.http import require_http_methods

from schools.audit import record_access
from schools.models import AccessLog, Student
from schools.pages import render_page
from schools.privacy.students import answers_for_students
from schools.views.listing import words_asked

MOST_FOUND = 20


@require_http_methods(["GET", "POST"])
def privacy(request):
    """Where a person's questions about privacy are answered; for who answers parents, the search for a student."""
    user = request.user
    answers = answers_for_students(user)
    words = words_asked(request) if answers and request.method == "POST" else ""
    found = _found(user, words) if words else []
    if found:
        record_access(
            request, AccessLog.Action.VIEW, "students found by name or number", students=len(found[:MOST_FOUND]),
            why="Answers for the students of the school or district.",
        )  # fmt: skip
    held = user.standing
    context = {
        "answers": answers,
        "words": words,
        "found": found[:MOST_FOUND],
        "more": len(found) > MOST_FOUND,
        "keeps": bool(held.admin_district_ids | held.overseen_district_ids),
        "keeps_log": bool(answers or held.overseen_district_ids),
    }
    return render_page(request, "schools/privacy.html", context)


def _found(user, words: str) -> list[Student]:
    """The students in sight whose number or names begin with each of the words, by name; one more than are listed."""
    rows = Student.objects.visible_to(user)
    for word in words.replace(",", " ").split():
        named = Q(family_name__istartswith=word) | Q(given_name__istartswith=word)
        rows = rows.filter(named | Q(number__istartswith=word))
    return list(rows.order_by("family_name", "given_name", "number")[: MOST_FOUND + 1])
