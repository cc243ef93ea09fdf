"""Who needs a second factor, and whether this session has one. No setting of allauth asks for it: the portal does.

What counts: a passkey, a code of an authenticator app (or a recovery code), an own device that gave one within thirty
days, and the district's own sign-in. allauth notes in the session by what a person came in; that is what is read here.
"""

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import get_adapter
from allauth.mfa.internal.flows.trust import is_trusted_browser
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from schools.models import Role

# The union reads released aggregates and no student's row; every other role leads to students, their numbers in the
# access log, or to who may see them.
WITHOUT_STUDENTS = frozenset({Role.UNION_REP})
DEMO_ADDRESSES = "@example.org"  # a name that no mail reaches (RFC 2606)
STRONG = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def needs_second_factor(user) -> bool:
    """Whether a password alone is too little for what this person may see."""
    if not settings.SECOND_FACTOR or _of_the_demo(user):
        return False
    return bool(user.roles - WITHOUT_STUDENTS)


def _of_the_demo(user) -> bool:
    """An invented person, in a portal that was started as a demo; a real address is never one."""
    return settings.DEMO_SIGN_INS and user.email.endswith(DEMO_ADDRESSES)


def has_second_factor(request: HttpRequest) -> bool:
    """Whether the person of this session showed one since they signed in."""
    return any(_counts(record) for record in get_authentication_records(request, request.user))


def _counts(record: dict) -> bool:
    if record.get("method") == "mfa":
        return True
    return record.get("method") == "socialaccount" and record.get("provider") in settings.SIGN_IN_PROVIDERS


def is_enrolled(user) -> bool:
    """Whether the person has a passkey or an authenticator app."""
    return get_adapter().is_mfa_enabled(user, STRONG)


def note_enrolled(request: HttpRequest, kind: str) -> None:
    """Who has just added a factor has shown it: the session has it from now on."""
    record_authentication(request, request.user, "mfa", type=kind, enrolled=True)


def note_own_device(request: HttpRequest, user) -> None:
    """At a sign-in: a device that gave a code within thirty days and was called the person's own counts again."""
    if settings.SECOND_FACTOR and is_trusted_browser(request, user):
        record_authentication(request, user, "mfa", type=Authenticator.Type.TOTP, remembered=True)


def signed_in_by_passkey(request: HttpRequest, user) -> bool:
    """Whether a passkey alone opened this session: it lies on a device of the person's own."""
    return any(record.get("passwordless") for record in get_authentication_records(request, user))


def forget_factor(request: HttpRequest) -> None:
    """After the last passkey or app was taken away: what the session noted of them no longer counts."""
    if is_enrolled(request.user):
        return
    records = request.session.get("account_authentication_methods", [])
    request.session["account_authentication_methods"] = [r for r in records if r.get("method") != "mfa"]
