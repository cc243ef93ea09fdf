"""Acts on many rows: chosen on a list, the act named, a look at what would change, done, undone."""

from collections import Counter
from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import ModelChoiceField
from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from schools.access import get_visible_or_404
from schools.audit import record_access, student_level
from schools.bulk import ACTS, BulkRefused, acts_on, carry_out, digest_of, send_letters, undo
from schools.forms import PeopleFilter, RoleForm
from schools.forms_lists import StudentFilter
from schools.invitations import letter_to
from schools.lists import students_listed, why_students
from schools.models import AccessLog, BulkEdit, Student, User
from schools.pages import render_page
from schools.people_listed import people_asked
from schools.privacy.typed import names_stand
from schools.rights import grants, may_give_roles
from schools.search import MOST_FOUND, by_name, keys_of
from schools.views.invitations import tell_of_letters
from schools.views.listing import asked, key_asked, keys_asked

MOST_ROWS = MOST_FOUND


@require_POST
def people_bulk(request):
    """Several people at once: end or add a role, move to another school."""
    form = PeopleFilter(request.POST, user=request.user)
    everyone = User.objects.visible_to(request.user).filter(merged_into=None)
    rows = _chosen(request, everyone, lambda wanted: people_asked(request.user, wanted), form, "q", "email")
    return _act_on(request, User, rows, "schools:people")


@require_POST
@student_level("students, changed together")
def students_bulk(request):
    """Several students at once: end their enrollment, change their class."""
    form = StudentFilter(request.POST, user=request.user)
    everyone = Student.objects.visible_to(request.user)
    rows = _chosen(request, everyone, lambda wanted: students_listed(request.user, wanted), form, "find", "number")
    what = "students, changed together"
    record_access(request, AccessLog.Action.VIEW, what, students=len(rows), why=why_students(request.user))
    return _act_on(request, Student, rows, "schools:students")


def _chosen(request, everyone, listed, form, words: str, code: str) -> list:
    """The rows that were ticked, or all that the list's filter finds. Raises Http404 for a key out of sight."""
    if not may_give_roles(request.user):
        raise PermissionDenied("Changing several at once belongs to principals, the district's office and the network.")
    if "all" in request.POST:
        wanted = asked(form)
        rows = listed(wanted)
        if wanted[words]:
            rows = rows.filter(pk__in=keys_of(rows, wanted[words], code, MOST_ROWS + 1))
        return list(by_name(rows)[: MOST_ROWS + 1])
    keys = keys_asked(request, "row")
    rows = list(by_name(everyone.filter(pk__in=keys)))
    if len(rows) < len(keys):
        raise Http404
    return rows


def _act_on(request, model, rows: list, back: str):
    """Which act, then what it would change, then its doing."""
    if not rows or len(rows) > MOST_ROWS:
        words = "Nobody was chosen. Tick those you mean." if not rows else "That is more than 1,000. Narrow the list."
        messages.info(request, words)
        return redirect(back)
    given = grants(request.user)
    act = ACTS.get(request.POST.get("act", ""))
    forms = {one.name: _form(one, request, given, None) for one in acts_on(model)}
    context = {"rows": rows, "kind": model._meta.model_name, "acts": acts_on(model), "back": back}
    if act is None or act.of is not model:
        return render_page(request, "schools/bulk.html", context | {"forms": _named(forms)})
    form = forms[act.name] = _form(act, request, given, request.POST)
    if not (form.is_valid() and names_stand(form, request.user, "reason")):
        _not_offered(form)
        return render_page(
            request, "schools/bulk.html", context | {"forms": _named(forms), "open": act.name}, status=422
        )
    lines = act.plan(request.user, rows, form.cleaned_data)
    if "seen" in request.POST:
        try:
            typed = {name: str(value) for name, value in form.cleaned_data.items() if value}
            edit = _done(request, act, typed, lines)
        except BulkRefused as refused:
            messages.error(request, str(refused))
        else:
            return redirect("schools:bulk_edit", edit.pk) if edit else redirect(back)
    asked_for = [(name, request.POST.get(name, "")) for name in form.fields]
    context |= {"act": act, "asked": asked_for} | _looked_at(request.user, act, rows, lines)
    return render_page(request, "schools/bulk_preview.html", context)


def _looked_at(user: User, act, rows: list, lines: list) -> dict:
    """What the preview shows of a plan: to whom it does what, to whom nothing and why, and the letter that is sent."""
    told = list(zip(rows, lines, strict=True))
    does = [one for one in told if not one[1].refused]
    return {
        "does": does,
        "refused": [one for one in told if one[1].refused],
        "reasons": Counter(line.refused for line in lines if line.refused).most_common(),
        "letter": letter_to(does[0][0], user) if act.sends and does else "",
        "seen": digest_of(lines),
    }


def _done(request, act, typed: dict, lines: list) -> BulkEdit | None:
    """Do what was looked at, and say so. None where letters were to leave and none did. Raises BulkRefused."""
    plan = {"act": act.name, "asked": typed, "lines": lines, "seen": request.POST["seen"], "by": request.user}
    if act.sends:
        edit, sent = send_letters(**plan)
        tell_of_letters(request, sent)
        return edit
    edit = carry_out(**plan)
    messages.success(request, f"Done for {len(edit.lines)}. You can undo it here.")
    return edit


def _form(act, request, given, data):
    today: date = request.user.standing.today
    own_ids = f"id_{act.name}_%s"  # several forms on one page
    if act.form is RoleForm:
        return RoleForm(data, auto_id=own_ids, given=given, today=today)
    return act.form(data, auto_id=own_ids, user=request.user, given=given, today=today)


def _named(forms: dict) -> list:
    return [(ACTS[name], form) for name, form in forms.items()]


def _not_offered(form) -> None:
    """Raise Http404 for the key of a row that the form does not offer: nobody chooses that on a page."""
    for name in form.errors:
        field, key = form.fields.get(name), form.data.get(name, "")
        if isinstance(field, ModelChoiceField) and key.isdecimal() and not _offers(field, key_asked(key)):
            raise Http404


def _offers(field: ModelChoiceField, key: int | None) -> bool:
    return key is not None and field.queryset.filter(pk=key).exists()


# --- what was done -------------------------------------------------------------------------------------


def _edit(request, pk) -> BulkEdit:
    return get_visible_or_404(BulkEdit.objects.select_related("by", "undone_by"), request.user, pk=pk)


@require_GET
def bulk_edit(request, pk):
    """What one act did, row by row, and how to undo it."""
    edit = _edit(request, pk)
    act = ACTS.get(edit.act)
    model = act.of if act else User
    keys = [line["row"] for line in edit.lines]
    rows = model.objects.visible_to(request.user).in_bulk(keys)
    if model is Student:
        what = "students, changed together"
        record_access(request, AccessLog.Action.VIEW, what, students=len(rows), why=why_students(request.user))
    lines = [(rows.get(line["row"]), line["does"]) for line in edit.lines]
    context = {"edit": edit, "act": act, "lines": lines, "kind": model._meta.model_name}
    return render_page(request, "schools/bulk_edit.html", context)


@require_POST
def bulk_edit_undo(request, pk):
    """Put every row back as it was."""
    edit = _edit(request, pk)
    try:
        undo(edit, request.user)
    except BulkRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Undone: every row is as it was.")
    return redirect("schools:bulk_edit", pk)
