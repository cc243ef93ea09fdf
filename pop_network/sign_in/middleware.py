"""Keeps people who see students, and have shown no second factor, to the pages where they can set one up."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from pop_network.sign_in.second_factor import has_second_factor, is_enrolled, needs_second_factor

ALWAYS = {"second_factor", "sign_in_help", "sign_in_stay", "account_logout", "account_reauthenticate"}
# Somebody who has a factor must show it: with a password alone it cannot be replaced or taken away.
TO_SHOW = {"mfa_reauthenticate", "mfa_reauthenticate_webauthn"}
TO_ENROLL = {
    "mfa_activate_totp", "mfa_add_webauthn", "openid_connect_login", "openid_connect_callback",
    "socialaccount_login_cancelled", "socialaccount_login_error",
}  # fmt: skip


class SecondFactorMiddleware:
    """Stands behind LoginRequiredMiddleware: what is open to everybody stays open."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.resolver_match and request.resolver_match.view_name.startswith("mfa_"):
            response["Cache-Control"] = "no-store"  # secrets and recovery codes: not to be found with the Back button
        return response

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        if not request.user.is_authenticated or has_second_factor(request):
            return None
        name = request.resolver_match.view_name
        is_open = not getattr(view, "login_required", True) and name not in TO_SHOW | TO_ENROLL
        if is_open or name in ALWAYS or not needs_second_factor(request.user):
            return None
        if name in (TO_SHOW if is_enrolled(request.user) else TO_ENROLL):
            return None
        where = request.get_full_path() if request.method == "GET" and not request.htmx else "/"
        address = f"{reverse('second_factor')}?{urlencode({'next': where})}"
        if request.htmx:  # a part of a page cannot hold another page: the whole page goes there
            return HttpResponse(status=204, headers={"HX-Redirect": address})
        return HttpResponseRedirect(address)
