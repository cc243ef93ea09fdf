"""A real start: the first district, its first admin, the network, the portal's own address and mail."""

from dataclasses import dataclass, field
from smtplib import SMTPException
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from environ import Env

from pop_network.embedded.environment import read_portal_env, real_environment, write_portal_env
from schools.invitations import invitation_link
from schools.models import District, Membership, Network, Role, User
from schools.models.places import known_time_zone

# Everything here is unscoped: whoever runs commands on the machine runs the portal.


class SetupRefused(Exception):
    """What was said cannot be; the text names what and why."""


@dataclass(frozen=True)
class Answers:
    """What a person says at a real start. Only the first six are needed."""

    email: str
    given_name: str
    family_name: str
    district_code: str
    district_name: str
    timezone: str
    network: str = ""
    url: str = ""
    email_url: str = ""
    from_email: str = ""

    def check(self):
        """Raise SetupRefused at the first answer that cannot be."""
        for name in ("email", "given_name", "family_name", "district_code", "district_name", "timezone"):
            if not getattr(self, name).strip():
                raise SetupRefused(f"The {name.replace('_', ' ')} is missing.")
        try:
            validate_email(self.email)
        except ValidationError:
            raise SetupRefused(f'"{self.email}" is not an email address.') from None
        try:
            known_time_zone(self.timezone)
        except ValidationError as error:
            raise SetupRefused(error.messages[0]) from None
        if self.url and (urlsplit(self.url).scheme not in ("http", "https") or not urlsplit(self.url).hostname):
            raise SetupRefused(f'"{self.url}" is not an address like https://portal.example.org.')


@dataclass
class Outcome:
    """What a real start has made, and what a person has to do next."""

    made: list[str] = field(default_factory=list)
    link: str = ""
    mail: str = "not asked for"
    next_steps: list[str] = field(default_factory=list)


def start_for_real(answers, send_test_mail=True):
    """Make what is missing; what is there stays. Returns the Outcome. Raises SetupRefused."""
    answers.check()
    outcome = Outcome()
    write_settings(answers, outcome)
    admin = make_rows(answers, outcome)
    if admin.has_usable_password():
        outcome.next_steps.append(f"Sign in as {admin.email} at {settings.PORTAL_URL}.")
    else:
        outcome.link = invitation_link(admin)
        outcome.next_steps.append("Open the link once and choose the admin's password.")
    if send_test_mail:
        send_letter(admin, outcome)
    outcome.next_steps.append(
        "Then in the portal: upload the roster, let its schools join the network, set up the tests, "
        "invite the principals."
    )
    outcome.next_steps.append("Have `manage.py backup` run every night, and try `restore` once.")
    return outcome


@transaction.atomic
def make_rows(answers, outcome):
    """The district, its admin and, where one is named, the network. Returns the admin's account."""
    district, new = District.objects.get_or_create(
        code=answers.district_code.strip(),
        defaults={"name": answers.district_name.strip(), "timezone": answers.timezone},
    )
    if new:
        outcome.made.append(f"district {district.code}, {district.name}")
    elif (district.name, district.timezone) != (answers.district_name.strip(), answers.timezone):
        raise SetupRefused(
            f"District {district.code} is there already, as {district.name} in {district.timezone}. "
            "Say the same, or change it in the portal."
        )
    admin = User.objects.filter(email__iexact=answers.email).first()
    if admin is None:
        names = {"given_name": answers.given_name.strip(), "family_name": answers.family_name.strip()}
        admin = User.objects.create_user(answers.email, **names)
        outcome.made.append(f"account {admin.email}")
    make_role(admin, Role.DISTRICT_ADMIN, {"district": district}, outcome)
    if answers.network:
        slug = slugify(answers.network)
        if not slug:
            raise SetupRefused(f'"{answers.network}" is no name for a network: it needs a letter or a digit.')
        network, new = Network.objects.get_or_create(
            slug=slug, defaults={"name": answers.network, "starts": timezone.localdate()}
        )
        if new:
            outcome.made.append(f"network {network.name}")
        make_role(admin, Role.NETWORK_ADMIN, {"network": network}, outcome)
    return admin


def make_role(person, role, place, outcome):
    """Give the first admin a role that starts today, unless they hold it."""
    if Membership.objects.filter(user=person, role=role, ends=None, **place).exists():
        return
    given = Membership(user=person, role=role, starts=timezone.localdate(), reason="first start", **place)
    given.full_clean()
    given.save()
    outcome.made.append(f"role {given}")


def write_settings(answers, outcome):
    """Keep address and mail in `portal.env`, or say which lines the environment needs."""
    lines = lines_for(answers)
    if not lines:
        return
    kept = read_portal_env(settings.DATA_DIR)
    if kept and "SECRET_KEY" not in real_environment():
        write_portal_env(settings.DATA_DIR, kept | lines)
        outcome.made.append(f"settings {', '.join(sorted(lines))} in {settings.DATA_DIR / 'portal.env'}")
        outcome.next_steps.append("Start the portal again, so that it reads the new settings.")
    else:
        for name, value in lines.items():
            outcome.next_steps.append(f"Set {name}={value} in the environment of every service.")
    # The letter below goes out by the new settings already.
    if answers.email_url:
        for name, value in Env.email_url_config(answers.email_url).items():
            setattr(settings, name, value)
    if answers.from_email:
        settings.DEFAULT_FROM_EMAIL = answers.from_email
    if answers.url:
        settings.PORTAL_URL = answers.url.rstrip("/")


def lines_for(answers):
    """The settings that follow from the portal's address and its mail server."""
    lines = {}
    if answers.url:
        address = urlsplit(answers.url)
        lines["PORTAL_URL"] = answers.url.rstrip("/")
        lines["ALLOWED_HOSTS"] = f"{address.hostname},localhost,127.0.0.1"
        lines["CSRF_TRUSTED_ORIGINS"] = f"{address.scheme}://{address.netloc}"
        if address.scheme == "https":
            lines |= {"HTTPS_ONLY": "yes", "TRUSTED_PROXY_COUNT": "1"}
    if answers.email_url:
        lines["EMAIL_URL"] = answers.email_url
    if answers.from_email:
        lines["DEFAULT_FROM_EMAIL"] = answers.from_email
    return lines


def send_letter(admin, outcome):
    """Send the first admin a letter, which is the test of the mail as well."""
    text = f"This is the portal at {settings.PORTAL_URL}. If you can read this, its mail works.\n"
    if outcome.link:
        text += f"\nChoose your password here, once:\n\n  {outcome.link}\n"
    try:
        send_mail("The network's portal: mail works", text, None, [admin.email])
    except (SMTPException, OSError) as error:
        outcome.mail = f"failed: {error}"
        outcome.next_steps.append("Mend the mail (EMAIL_URL), then run setup again: invitations go by mail.")
    else:
        printed = settings.EMAIL_BACKEND.endswith("console.EmailBackend")
        outcome.mail = "printed, not sent, since no EMAIL_URL is set" if printed else f"sent to {admin.email}"
        if printed:
            outcome.next_steps.append("Set EMAIL_URL: without it letters are printed and reach nobody.")
