"""Letting several people in at once: choose, look at the letter, send."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from schools.forms import PeopleFilter
from schools.invitations import Sent, changeable_among, invite_all, letter_to, runs_out_at
from schools.models import User
from schools.pages import render_page
from schools.rights import may_give_roles
from schools.services import reset_sign_in
from schools.views.listing import asked, keys_asked, page_of
from schools.views.people import changeable_or_403


@require_http_methods(["GET", "POST"])
def people_invite(request):
    """Those who have never signed in: whom to write to, then the letter, then the sending."""
    if not may_give_roles(request.user):
        raise PermissionDenied("Inviting people belongs to principals, the district's office and the network.")
    if request.method == "POST":
        wanted = _waiting(request.user).filter(pk__in=keys_asked(request, "person"))
        chosen = changeable_among(request.user, wanted)
        if chosen and "send" in request.POST:
            tell_of_letters(request, invite_all(people=chosen, by=request.user))
            return redirect("schools:people_invite")
        if chosen:
            context = {"chosen": chosen, "letter": letter_to(chosen[0], request.user)}
            return render_page(request, "schools/people_invite.html", context)
        messages.info(request, "Nobody was chosen. Tick those who should get a letter.")
    form = PeopleFilter(request.GET, user=request.user)
    page = page_of(request, _found(request.user, asked(form)))
    mine = {person.pk for person in changeable_among(request.user, page)}
    for person in page:
        person.may_be_invited = person.pk in mine
        person.runs_out = runs_out_at(person)
        person.ran_out = person.runs_out is not None and person.runs_out < timezone.now()
    return render_page(request, "schools/people_invite.html", {"form": form, "page": page, "any": bool(mine)})


def _waiting(user):
    """People in sight whose account is on and who have never signed in."""
    return User.objects.visible_to(user).filter(is_active=True, last_login=None)


def _found(user, wanted):
    rows = _waiting(user)
    if wanted["role"]:
        rows = rows.filter(memberships__role=wanted["role"])
    if wanted["school"]:
        here = Q(memberships__school=wanted["school"]) | Q(sections__section__school=wanted["school"])
        rows = rows.filter(here)
    for word in (wanted["q"] or "").split():
        rows = rows.filter(Q(given_name__icontains=word) | Q(family_name__icontains=word) | Q(email__icontains=word))
    return rows.order_by("family_name", "given_name", "pk").distinct()


def tell_of_letters(request, sent: Sent) -> None:
    """Messages that say how many letters are on their way, and to whom none left."""
    if sent.told:
        messages.success(request, f"Letters on their way: {len(sent.told)}.")
    if sent.waiting:
        messages.info(request, f"A letter left less than a minute ago to {_names(sent.waiting)}.")
    if sent.failed:
        names = _names(sent.failed)
        messages.error(request, f"The mail server did not take the letters to {names}. Send those again later.")


def _names(people: list[User]) -> str:
    return ", ".join(person.get_full_name() for person in people)


@require_POST
def person_reset_sign_in(request, pk):
    """Phone and recovery codes are gone: take the second factors away, so that the person sets up new ones."""
    person = changeable_or_403(request, pk)
    reset_sign_in(person=person, by=request.user)
    messages.success(
        request, f"{person.get_full_name()} was signed out everywhere and sets up a second factor at the next sign-in."
    )
    return redirect("schools:person", pk)
