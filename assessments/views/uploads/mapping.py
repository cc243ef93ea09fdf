"""The screen on which a person says what the columns of a file are that has a layout nobody has seen."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from assessments.forms.mapping import ALL, SHOWN, Draft, KeepForm
from assessments.models import ColumnMapping
from assessments.pipeline.acts import ActRefused
from assessments.pipeline.district import spec_of
from assessments.pipeline.layouts import mapping_for
from assessments.pipeline.mapping_acts import name_columns
from assessments.queries.upload_page import UploadPage
from assessments.views.uploads.sight import log_values, upload_to_change
from schools.models import AccessLog
from schools.pages import render_page
from schools.wording import printable

COLUMNS_A_PAGE = 20
LONGEST_SEARCH = 100


@require_http_methods(["GET", "POST"])
def upload_mapping(request, pk):
    """Say what each column is. All that was said travels with the page; nothing is kept before the last button."""
    one = upload_to_change(request, pk)
    page = UploadPage(request.user, one)
    headings = one.answer.get("layout", {}).get("headings", [])
    if not headings or not page.open:
        return render_page(request, "assessments/upload_mapping.html", {"upload": one, "page": page, "draft": None})
    kept = mapping_for(one.district, headings)
    data = request.POST if request.method == "POST" and "said" in request.POST else None
    act = data.get("act", "") if data else ""
    form = KeepForm(data, user=request.user, upload=one, kept=kept)
    test = form.chosen_test
    draft = Draft.of(one, kept, spec_of(test) if test else None)
    if data is not None:
        draft.take(data)
        _do(draft, act, data)
    may_keep = kept is None or ColumnMapping.objects.editable_by(request.user).filter(pk=kept.pk).exists()
    if act == "keep" and form.is_valid() and not draft.needs.faults:
        done = _keep(request, one, form, draft)
        if done:
            return done
    context = {"upload": one, "page": page, "draft": draft, "kept": kept, "may_keep": may_keep, "form": form}
    context["pressed_keep"] = act == "keep"
    if request.htmx:
        return render_page(request, "assessments/upload_mapping.html", context, part="needs")
    log_values(request, one, AccessLog.Action.VIEW, "columns of a file", max(map(len, draft.values), default=0))
    return render_page(request, "assessments/upload_mapping.html", context | _listed(draft, data or {}))


def _do(draft: Draft, act: str, data) -> None:
    if act == "number":
        draft.number(data.get("first", ""), data.get("last", ""), data.get("question", ""))
    elif act == "guess":
        draft.guess()


def _keep(request, one, form: KeepForm, draft: Draft):
    """Keep the mapping, and go to the file, which is checked again; None where it cannot be kept as it is."""
    typed = form.cleaned_data
    try:
        kept = name_columns(
            one, request.user, name=typed["name"], headers=draft.headings, meanings=draft.meanings,
            assessment=typed["test"].code if typed["test"] else "",
        )  # fmt: skip
    except ActRefused as refused:
        draft.problems.append(str(refused))
        return None
    messages.success(request, f'The mapping "{kept.name}" is kept. The file is checked again by it.')
    return redirect("assessments:upload", one.pk)


def _listed(draft: Draft, data) -> dict:
    """The columns to show now, and what was asked of them."""
    words = printable(data.get("find", ""))[:LONGEST_SEARCH].strip()
    show = data.get("show", ALL)
    asked = 1 if data.get("act") == "show" else data.get("page") or data.get("shown_page")
    columns = Paginator(draft.columns(words, show), COLUMNS_A_PAGE).get_page(asked)
    return {"columns": columns, "words": words, "show": show, "shown": SHOWN, "choices": draft.choices()}
