"""People: who they are, what they hold, what they can see, and letting them in."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import formset_factory
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from schools.access import get_visible_or_404
from schools.effective import effective_rights
from schools.forms import NewPersonForm, PeopleFilter, PersonForm, RoleForm
from schools.invitations import InvitationFailed, invite, may_invite
from schools.lists import list_right
from schools.models import SCOPES, Membership, SectionStaff, User
from schools.pages import render_page
from schools.people_listed import people_page
from schools.privacy.typed import names_stand
from schools.rights import grants, may_change_person, may_end, may_give_roles, may_merge_people, not_over
from schools.services import Refused, add_person, change_person, switch_account
from schools.viewing import may_view_as
from schools.views.listing import asked, kept, number_asked

ROLES_AT_ONCE = 3  # on the form for a new person; more are added on the person's page


@require_GET
def people(request):
    """Everyone whose roles the reader may see."""
    form = PeopleFilter(request.GET, user=request.user)
    wanted = asked(form)
    down = request.GET.get("sort") == "-name"
    page = people_page(request.user, wanted, number_asked(request), down=down)
    today = request.user.standing.today
    for someone in page.rows:
        someone.roles_now = [role for role in someone.roles_in_sight if role.ends is None or role.ends >= today]
        someone.roles_ended = [role for role in someone.roles_in_sight if role not in someone.roles_now]
    context = {
        "form": form,
        "page": page,
        "down": down,
        "kept": kept(form, wanted),
        "may_add": may_give_roles(request.user),
        "may_merge": may_merge_people(request.user),
        "searched": any(wanted.values()),
        "right": list_right(request.user),
    }
    return render_page(request, "schools/people.html", context, part="list")


@require_http_methods(["GET", "POST"])
def person_add(request):
    """A new person with one or more dated roles, and the letter that lets them in."""
    given = grants(request.user)
    if not given:
        raise PermissionDenied("Adding people belongs to principals, the district's office and the network.")
    data = request.POST if request.method == "POST" else None
    form = NewPersonForm(data)
    roles = _role_forms(request, data, given)
    if data is not None and all([form.is_valid(), roles.is_valid()]):  # a list: both say what is wrong
        given_now = [one for one in roles if one.has_changed()]
        stand = [names_stand(one, request.user, "reason") for one in given_now]
        try:
            if all(stand):
                return _add(request, form.cleaned_data, [one.new_role for one in given_now])
        except Refused as refused:
            form.add_error("email", str(refused))
    return render_page(request, "schools/person_add.html", {"form": form, "roles": roles})


def _role_forms(request, data, given):
    """One role that is needed, and room for more; rows left empty count as not there."""
    factory = formset_factory(RoleForm, extra=ROLES_AT_ONCE, max_num=ROLES_AT_ONCE, absolute_max=ROLES_AT_ONCE)
    today = request.user.standing.today
    forms = factory(data, prefix="roles", form_kwargs={"given": given, "today": today})
    for one in forms:
        one.empty_permitted = one.prefix != "roles-0"
        one.use_required_attribute = False
    return forms


def _add(request, cleaned, roles):
    added = add_person(
        by=request.user,
        email=cleaned["email"],
        given_name=cleaned["given_name"],
        family_name=cleaned["family_name"],
        roles=roles,
    )
    name = added.person.get_full_name()
    if added.known:
        messages.info(request, f"{added.person.email} already has an account, {name}. It now has these roles.")
    else:
        messages.success(request, f"{name} was added.")
    if cleaned["send"] and may_invite(added.person):
        _send(request, added.person)
    return redirect("schools:person", added.person.pk)


def _send(request, person):
    try:
        sent = invite(person=person, by=request.user)
    except InvitationFailed as failed:
        messages.error(request, str(failed))
    else:
        words = "The invitation is on its way" if sent else "An invitation left less than a minute ago"
        messages.success(request, f"{words} to {person.email}.")


@require_GET
def person(request, pk):
    """What one person holds, held before, teaches, and can see."""
    someone = get_visible_or_404(User, request.user, pk=pk)
    today = request.user.standing.today
    rows = list(
        Membership.objects.visible_to(request.user)
        .filter(user=someone)
        .select_related(*SCOPES, "granted_by")
        .order_by("-starts")
    )
    partner_roles = any(m.organization_id for m in someone.standing.memberships)
    given = grants(request.user, organizations=partner_roles)
    for row in rows:
        row.may_end = may_end(request.user, row, given)
        row.begins_later = row.starts > today
    may_change = may_change_person(request.user, someone, given)
    held = request.user.standing
    reviews = bool(held.admin_district_ids or held.network_admin_ids or held.audited_network_ids)
    context = {
        "person": someone,
        "now": [row for row in rows if row.ends is None or row.ends >= today],
        "ended": [row for row in rows if row.ends and row.ends < today],
        "classes": SectionStaff.objects.visible_to(request.user)
        .filter(user=someone, section__ends__gte=today)
        .filter(not_over(today))
        .select_related("section__school")
        .order_by("section__school__name", "section__title", "section__code"),
        "rights": effective_rights(someone) if reviews or may_change or someone == request.user else None,
        "may_change": may_change,
        "may_invite": may_change and may_invite(someone),
        "may_give": bool(given) and someone != request.user,
        "may_merge": may_merge_people(request.user),
        "may_view_as": may_change and may_view_as(request.user, someone, given),
    }
    return render_page(request, "schools/person.html", context)


def changeable_or_403(request, pk) -> User:
    """The person, where the reader may change their account. Raises Http404 or PermissionDenied, as `access` does."""
    someone = get_visible_or_404(User, request.user, pk=pk)
    if not may_change_person(request.user, someone):
        raise PermissionDenied(
            "This person also holds a role that is not yours to give. The district's office can change the account."
        )
    return someone


@require_http_methods(["GET", "POST"])
def person_edit(request, pk):
    """Name and address."""
    someone = changeable_or_403(request, pk)
    data = request.POST if request.method == "POST" else None
    form = PersonForm(data, instance=someone)
    if data is not None and form.is_valid():
        change_person(person=someone, by=request.user, **form.cleaned_data)
        messages.success(request, "Saved.")
        return redirect("schools:person", pk)
    return render_page(request, "schools/person_edit.html", {"form": form, "person_pk": pk})


@require_POST
def person_invite(request, pk):
    """Send the invitation, or send it again."""
    someone = changeable_or_403(request, pk)
    if may_invite(someone):
        _send(request, someone)
    else:
        messages.info(request, f"{someone.get_full_name()} has signed in before and needs no invitation.")
    return redirect("schools:person", pk)


@require_POST
def person_switch_off(request, pk):
    """Close the account: the person is out at the next click."""
    return _switch(request, pk, on=False, done="The account is switched off. Its roles stand as they were.")


@require_POST
def person_switch_on(request, pk):
    """Open the account again, with the roles it holds."""
    return _switch(request, pk, on=True, done="The account is switched on again.")


def _switch(request, pk, *, on, done):
    someone = changeable_or_403(request, pk)
    switch_account(person=someone, by=request.user, on=on)
    messages.success(request, done)
    return redirect("schools:person", pk)
