"""The questions of a test, one by one or as a list, and its cut scores."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from assessments.configuration import editing, item_list
from assessments.configuration.item_list import ItemListUnreadable
from assessments.forms.setup_lists import CutScoresForm, ItemListForm, QuestionForm
from assessments.models import Assessment
from assessments.queries.setup import cut_sets, key_sight, touched, uses_of
from assessments.views.setup.acting import tell
from schools.access import get_editable_or_403
from schools.models import GRADES
from schools.pages import render_page

ONLY_A_FORM = "Only a form has questions of its own; this test brings scores alone."


def _asked(request, pk):
    """The test to change, the windows it is used in, and what of its questions the reader may see."""
    one = get_editable_or_403(Assessment.objects.select_related("district"), request.user, pk=pk)
    uses = uses_of(request.user, one)
    return one, uses, key_sight(request.user, one, [use.window for use in uses])


def _form_asked(request, pk):
    one, uses, keys = _asked(request, pk)
    if one.kind != Assessment.Kind.FORM:
        raise PermissionDenied(ONLY_A_FORM)
    return one, uses, keys


@require_http_methods(["GET", "POST"])
def question_add(request, pk):
    """One more question at the end of a test that has no results yet."""
    one, uses, _ = _form_asked(request, pk)
    last = one.items.aggregate(last=Max("position"))["last"] or 0  # unscoped: of a test that may be changed
    frozen = any(use.results for use in uses)
    # A question that is not there yet has no key to hide from whoever writes it.
    return _question(request, one, uses, {"position": last + 1}, "question_add", with_keys=True, frozen=frozen)


@require_http_methods(["GET", "POST"])
def question_edit(request, pk, position):
    """One question: its points, key, standards and texts."""
    one, uses, keys = _form_asked(request, pk)
    before = {item["position"]: item for item in editing.items_of(one)}.get(position)
    if before is None:
        raise Http404
    return _question(request, one, uses, before, "question_edit", with_keys=keys.open, why_not=keys.why_not)


def _question(request, one, uses, before, page, *, with_keys, why_not="", frozen=False):
    data = request.POST if request.method == "POST" else None
    form = QuestionForm(data, before=before, with_keys=with_keys)
    if data is not None and form.is_valid():
        outcome = editing.change_question(one, form.question, request.user)
        if not outcome.problems:
            tell(request, f"Question {form.cleaned_data['label'] or before['position']} was saved.", outcome.rescored)
            return redirect("assessments:test", one.pk)
        for problem in outcome.problems:
            form.add_error(None, editing.in_words(problem, [before["position"]]))
    context = {
        "form": form,
        "test": one,
        "position": before["position"],
        "label": before.get("label") or before["position"],
        "touched": touched(uses) if page == "question_edit" else "",
        "why_not": why_not,
        "frozen": frozen,
    }
    return render_page(request, f"assessments/{page}.html", context)


@require_http_methods(["GET", "POST"])
def test_items(request, pk):
    """The whole list of questions as a table: looked at first, then put in place of what stands."""
    one, uses, keys = _form_asked(request, pk)
    data = request.POST if request.method == "POST" else None
    held = editing.items_of(one)
    shown = held if keys.open or not held else editing.items_of(one, with_keys=False)
    form = ItemListForm(data, request.FILES if data is not None else None, initial={"rows": item_list.written(shown)})
    outcome, problems = None, []
    if data is not None and form.is_valid():
        text = form.cleaned_data["rows"]
        form = ItemListForm(initial={"rows": text})
        try:
            rows = item_list.read(text, {item["position"]: item for item in held})
        except ItemListUnreadable as unreadable:
            problems = unreadable.problems
        else:
            keep = data.get("act") == "apply"
            outcome = editing.change_questions(one, rows, request.user, keep=keep)
            problems = [editing.in_words(problem, [row["position"] for row in rows]) for problem in outcome.problems]
            if keep and not problems:
                tell(request, "The item list was saved.", outcome.rescored)
                return redirect("assessments:test", pk)
    context = {
        "form": form,
        "test": one,
        "touched": touched(uses),
        "why_not": keys.why_not,
        "problems": problems,
        "outcome": None if problems else outcome,
    }
    return render_page(request, "assessments/test_items.html", context)


# --- cut scores ------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def cut_scores(request, pk):
    """A set of cut scores of one grade from a day on; `?grade=05&from=2025-07-01` opens one that stands."""
    one, uses, _ = _asked(request, pk)
    data = request.POST if request.method == "POST" else None
    held = _held_set(request, one)
    form = CutScoresForm(data, grades=one.grades or GRADES, initial=_initial(held, request))
    if data is not None and form.is_valid():
        cleaned = form.cleaned_data
        outcome = editing.set_cut_scores(one, cleaned["grade"], cleaned["valid_from"], form.levels, request.user)
        if not outcome.problems:
            tell(request, "The cut scores were saved.", outcome.rescored)
            return redirect("assessments:test", pk)
        for problem in outcome.problems:
            form.add_error(None, editing.in_words(problem, []))
    context = {"form": form, "test": one, "held": held, "touched": touched(uses)}
    return render_page(request, "assessments/cut_scores.html", context)


def _held_set(request, one):
    """The set that the address names, if it names one."""
    day = _day(request.GET.get("from", ""))
    sets = {(found.grade, found.valid_from): found for found in cut_sets(request.user, one)} if day else {}
    return sets.get((request.GET.get("grade", ""), day))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _initial(held, request) -> dict:
    if held is None:
        return {"grade": request.GET.get("grade", "")}
    values = {"grade": held.grade, "valid_from": held.valid_from}
    for cut in held.cuts:
        values |= {f"name_{cut.level}": cut.name, f"minimum_{cut.level}": f"{float(cut.minimum):g}"}
    return values


@require_POST
def cut_scores_remove(request, pk):
    """Take the set of cut scores away that the address names."""
    one, _, _ = _asked(request, pk)
    held = _held_set(request, one)
    if held:
        rescored = editing.remove_cut_scores(one, held.grade, held.valid_from, request.user)
        tell(request, "The set of cut scores was taken away.", rescored)
    return redirect("assessments:test", pk)
