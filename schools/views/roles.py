"""Giving and ending roles. A role is dated and in one place, and an ended one stays to be read."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from schools.access import get_visible_or_404
from schools.dates import day_words
from schools.forms import EndForm, RoleForm
from schools.models import SCOPES, Membership, User
from schools.pages import render_page
from schools.privacy.typed import names_stand
from schools.rights import grants, may_end
from schools.services import Refused, end_role, grant_role


@require_http_methods(["GET", "POST"])
def role_add(request, pk):
    """Give a person one more role."""
    person = get_visible_or_404(User, request.user, pk=pk)
    given = grants(request.user)
    if not given or person.pk == request.user.pk:
        raise PermissionDenied("Your own roles, and roles beyond your reach, are for somebody else to give.")
    data = request.POST if request.method == "POST" else None
    form = RoleForm(data, given=given, today=request.user.standing.today)
    if data is not None and form.is_valid() and names_stand(form, request.user, "reason"):
        try:
            role = grant_role(person=person, by=request.user, new=form.new_role)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{person.get_full_name()} now has the role: {role}.")
            return redirect("schools:person", pk)
    return render_page(request, "schools/role_add.html", {"form": form, "person": person})


@require_http_methods(["GET", "POST"])
def role_end(request, pk):
    """End a role on a day, or at once, with the reason."""
    role = get_visible_or_404(
        Membership.objects.select_related("user", *SCOPES),
        request.user,
        pk=pk,
    )
    if not may_end(request.user, role):
        raise PermissionDenied("This role is for somebody else to end.")
    data = request.POST if request.method == "POST" else None
    form = EndForm(data, today=request.user.standing.today, latest=role.ends)
    if data is not None and form.is_valid() and names_stand(form, request.user, "reason"):
        ends, reason = form.cleaned_data["ends"], form.cleaned_data["reason"]
        end_role(membership=role, by=request.user, last_day=ends, reason=reason)
        messages.success(request, f"The role ends: {role}, last day {day_words(ends)}.")
        return redirect("schools:person", role.user_id)
    return render_page(request, "schools/role_end.html", {"form": form, "role": role})
