"""Pages of signing in that allauth does not have, and the four of its pages that the portal has to add a word to."""

from urllib.parse import urlsplit

import requests
import structlog
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal import auth as passkeys
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pop_network.sign_in.adapters import INVITATION
from pop_network.sign_in.forms import FirstPasswordForm
from pop_network.sign_in.second_factor import forget_factor, is_enrolled, note_enrolled
from schools.invitations import InvitationSpent, open_invitation, runs_out_at
from schools.models import User

logger = structlog.get_logger("pop_network")


# --- an invitation -------------------------------------------------------------------------------------


@login_not_required
@never_cache
@require_GET
def invitation(request, token):
    """Take the link out of the address, where other sites and the history would see it."""
    request.session[INVITATION] = token
    return redirect("invitation_open")


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def invitation_open(request):
    """Choose how to come in from now on: the district's account, a password, or neither."""
    try:
        person = open_invitation(request.session.get(INVITATION, ""))
    except InvitationSpent:
        return render(request, "account/invitation_spent.html", status=410)
    wants_password = request.POST.get("way") != "none"
    form = FirstPasswordForm(person, request.POST if request.method == "POST" and wants_password else None)
    if request.method == "POST" and (not wants_password or form.is_valid()):
        try:
            return _take_up(request, form if wants_password else None)
        except InvitationSpent:  # the other half of a double press was first
            return redirect("account_login")
    context = {
        "form": form,
        "person": person,
        "runs_out": runs_out_at(person),
        "other": request.user if request.user.is_authenticated else None,
    }
    return render(request, "account/invitation.html", context)


def _take_up(request, form):
    """Sign the invited person in, once. Whoever was signed in at this browser is signed out first.

    Raises InvitationSpent where the link has been taken up meanwhile.
    """
    token = request.session[INVITATION]
    if request.user.is_authenticated:
        get_adapter().logout(request)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=open_invitation(token).pk)  # unscoped: one press after the other
        person = open_invitation(token)
        if form is not None:
            person.set_password(form.cleaned_data["new_password1"])
            person.save(update_fields=["password"])
        record_authentication(request, person, "password" if form is not None else "code", email=person.email)
        answer = perform_login(request, Login(user=person, email=person.email))
    request.session.pop(INVITATION, None)
    logger.info("invitation_taken_up", person=person.pk, password=form is not None)
    return answer


# --- a second factor -----------------------------------------------------------------------------------


@require_GET
def second_factor(request):
    """Where somebody is led who needs a second factor: to show the one they have, or to set one up."""
    kinds = set(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
    context = {
        "next": _wanted(request),
        "enrolled": is_enrolled(request.user),
        "by_passkey": Authenticator.Type.WEBAUTHN in kinds,
        "by_code": Authenticator.Type.TOTP in kinds,
    }
    return render(request, "account/second_factor.html", context)


def _wanted(request) -> str:
    """Where the person wanted to go: an address of this portal, or Today."""
    wanted = request.GET.get("next", "/")
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}) else "/"


@require_GET
def sign_in_again(request):
    """What they are about to do needs a fresh sign-in, and there is no password to ask for."""
    return render(request, "account/sign_in_again.html", {"next": _wanted(request)})


@login_not_required
@require_GET
def sign_in_help(request):
    """What to do when signing in does not work, and whom to ask."""
    return render(request, "account/help.html", {"minutes": settings.IDLE_SECONDS // 60})


class _AddPasskey(AddWebAuthnView):
    """Every key is one that can sign in by itself, and the session in which it was added has shown it."""

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["js_data"] = {"creation_options": passkeys.begin_registration(self.request.user, passwordless=True)}
        return context

    def form_valid(self, form):
        answer = super().form_valid(form)
        note_enrolled(self.request, Authenticator.Type.WEBAUTHN)
        return answer


class _AddApp(ActivateTOTPView):
    def form_valid(self, form):
        answer = super().form_valid(form)
        note_enrolled(self.request, Authenticator.Type.TOTP)
        return answer


class _RemovePasskey(RemoveWebAuthnView):
    def form_valid(self, form):
        answer = super().form_valid(form)
        forget_factor(self.request)
        return answer


class _RemoveApp(DeactivateTOTPView):
    def form_valid(self, form):
        answer = super().form_valid(form)
        forget_factor(self.request)
        return answer


mfa_add_webauthn = _AddPasskey.as_view()
mfa_activate_totp = _AddApp.as_view()
mfa_remove_webauthn = _RemovePasskey.as_view()
mfa_deactivate_totp = _RemoveApp.as_view()


# --- the district's sign-in ----------------------------------------------------------------------------


@login_not_required
def openid_connect_login(request, provider_id):
    """Lead to the provider by a page of our own: a form may only lead to the portal itself (form-action)."""
    try:
        answer = openid_connect.login(request, provider_id)
    except requests.RequestException as error:
        logger.warning("provider_not_reached", provider=provider_id, error=type(error).__name__)
        return render(request, "socialaccount/authentication_error.html", {"unreachable": True}, status=502)
    if answer.status_code != 302 or not urlsplit(answer["Location"]).netloc:
        return answer
    provider = settings.SIGN_IN_PROVIDERS[provider_id]
    return render(request, "socialaccount/leaving.html", {"provider": provider, "address": answer["Location"]})


# --- staying -------------------------------------------------------------------------------------------


@require_POST
def sign_in_stay(request):
    """Somebody is still at the device: the middleware has noted it."""
    return HttpResponse(status=204)
