"""What the portal does otherwise than allauth does by itself."""

import base64
import secrets
import time
from io import BytesIO
from smtplib import SMTPException

import qrcode
import structlog
from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.shortcuts import render
from django.urls import reverse
from qrcode.image.svg import SvgPathFillImage

from pop_network.navigation import PORTAL_NAME
from pop_network.sign_in import idle
from pop_network.sign_in.sealing import seal, unseal
from pop_network.sign_in.second_factor import note_own_device, signed_in_by_passkey
from schools.invitations import InvitationSpent, open_invitation
from schools.models import District, User

INVITATION = "invitation"  # the session's key for an invitation that was opened and not yet taken up
logger = structlog.get_logger("pop_network")


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up; an admin or principal invites, and the letter's link opens the account."""

    def is_open_for_signup(self, request) -> bool:
        return False

    def login(self, request, user):
        """Every way in ends here."""
        own_device = signed_in_by_passkey(request, user)
        super().login(request, user)
        note_own_device(request, user)
        idle.begin(request, own_device=own_device)

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        """Not asked again of somebody who came in within the last minutes, by whatever way."""
        request = context.request
        latest = max((record["at"] for record in get_authentication_records(request, request.user)), default=0)
        if time.time() - latest < account_settings.REAUTHENTICATION_TIMEOUT:
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def get_reauthentication_methods(self, user) -> list[dict]:
        """Who has neither password nor factor here (the district's account, a code by mail) signs in once more."""
        methods = super().get_reauthentication_methods(user)
        again = {"id": "again", "description": "Sign in once more", "url": reverse("sign_in_again")}
        return methods or ([again] if user.is_authenticated else [])

    def send_notification_mail(self, *args, **kwargs) -> None:
        """A letter about a change that has happened; where it does not leave, the change stands all the same."""
        try:
            super().send_notification_mail(*args, **kwargs)
        except (SMTPException, OSError) as error:
            logger.warning("sign_in_notice_not_sent", error=type(error).__name__)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets are sealed before they are kept."""

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Where the key is lost, a secret that nobody knows: the code is wrong then, and the page says so."""
        return unseal(encrypted_text) or base64.b32encode(secrets.token_bytes(20)).decode()

    def get_totp_issuer(self) -> str:
        return PORTAL_NAME

    def build_totp_svg(self, url: str) -> str:
        """Black on white, whatever the page's colors: a camera reads no other."""
        picture = BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(picture)
        return picture.getvalue().decode()

    def generate_authenticator_name(self, user, type) -> str:
        return f"Passkey of {time.strftime('%B %-d, %Y')}"


class SocialAdapter(DefaultSocialAccountAdapter):
    """Accounts go by the provider's subject id. A first sign-in needs an invitation, or a person already signed in."""

    def is_open_for_signup(self, request, sociallogin) -> bool:
        return False

    def get_connect_redirect_url(self, request, socialaccount) -> str:
        """Asked for after a link was made: who has come back from the provider has signed in there, which counts."""
        if request.user.is_authenticated and socialaccount.user_id == request.user.pk:
            told = {"provider": socialaccount.provider, "uid": socialaccount.uid}
            record_authentication(request, request.user, "socialaccount", **told)
        return super().get_connect_redirect_url(request, socialaccount)

    def pre_social_login(self, request, sociallogin):
        """Let in, link, or refuse with a page. Raises ImmediateHttpResponse for every refusal."""
        provider = settings.SIGN_IN_PROVIDERS[sociallogin.account.provider]
        claims = sociallogin.account.extra_data.get("id_token") or {}
        _keep_little(sociallogin.account, claims)
        refusal = provider.refusal(claims)
        if refusal is None and sociallogin.state.get("process") == "connect":
            refusal = _why_not_linked(request.user, provider, sociallogin)
        elif refusal is None and sociallogin.is_existing:
            refusal = _why_not_of(sociallogin.user, provider)
        elif refusal is None:
            refusal = _link_by_invitation(request, provider, sociallogin)
        if refusal:
            logger.info("district_sign_in_refused", provider=provider.key)
            page = render(request, "socialaccount/refused.html", {"refusal": refusal, "provider": provider}, status=403)
            raise ImmediateHttpResponse(page)


def _keep_little(account: SocialAccount, claims: dict) -> None:
    """Of all that the token says, the address is kept, to show which account it was."""
    account.extra_data = {"id_token": {name: claims[name] for name in ("sub", "email") if name in claims}}
    if account.pk:
        account.save(update_fields=["extra_data"])


def _why_not_of(person: User, provider) -> str | None:
    """Why `provider` does not sign in `person`, or None: it serves one district, and they have no place there."""
    if not provider.district:
        return None
    district = District.objects.filter(code=provider.district).first()  # unscoped: nobody is signed in yet
    if district and district.pk in person.standing.district_ids:
        return None
    return f"{provider.name} signs in people of another district than yours. Use the way you used before."


def _why_not_linked(person: User, provider, sociallogin) -> str | None:
    """Why a signed-in person may not link this sign-in to their account, or None."""
    if sociallogin.is_existing:
        return None if sociallogin.user == person else "This sign-in belongs to another account of the portal."
    if not person.is_authenticated:
        return "Sign in first, then link the district's account to yours."
    if SocialAccount.objects.filter(user=person).exists():
        return "Your account has a district sign-in already. Take that one away first: an account has one."
    return _why_not_of(person, provider)


def _link_by_invitation(request, provider, sociallogin) -> str | None:
    """Link a sign-in that nobody has used here to the invited person, or say why not."""
    try:
        person = open_invitation(request.session.get(INVITATION, ""))
    except InvitationSpent:
        return (
            f"Nobody here signs in with this {provider.name} account yet. The first time it takes the link of your "
            "invitation; or sign in the way you did before, and link it under Sign-in and security."
        )
    refusal = _why_not_of(person, provider)
    if refusal is None:
        sociallogin.connect(request, person)
        del request.session[INVITATION]
    return refusal
