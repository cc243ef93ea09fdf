"""`manage.py setup`: a real start, by questions or by flags. Running it again changes nothing that is there."""

import sys

from django.core.management import call_command

from pop_network.health import missing_in_database
from pop_network.starting import Answers, SetupRefused, start_for_real
from schools.commands import BadUsage, JsonCommand

QUESTIONS = {
    "email": "Email address of the first district admin",
    "given_name": "Given name",
    "family_name": "Family name",
    "district_code": "The district's code, as in its files",
    "district_name": "The district's name",
    "timezone": "Time zone of the district (America/New_York)",
    "network": "Name of the network (empty for none yet)",
    "url": "Address of the portal (https://portal.example.org; empty for this machine alone)",
    "email_url": "Mail server (smtp+tls://USER:PASSWORD@HOST:587; empty for none yet)",
    "from_email": "Address that letters come from (empty for portal@localhost)",
}
NEEDED = ("email", "given_name", "family_name", "district_code", "district_name")
REFUSED = 1


class Command(JsonCommand):
    help = "Set the portal up for real: secrets, first admin, district, time zone, network, a test mail."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        for name, question in QUESTIONS.items():
            parser.add_argument(f"--{name.replace('_', '-')}", help=question)
        parser.add_argument("--no-mail", action="store_true", help="send no test mail")

    def handle(self, *, no_mail, **options):
        given = {name: options[name] for name in QUESTIONS}
        answers = self.answers(given)
        if missing_in_database():
            call_command("prepare", verbosity=0)
        try:
            outcome = start_for_real(answers, send_test_mail=not no_mail)
        except SetupRefused as refusal:
            self.answer({"status": "rejected", "message": str(refusal)}, REFUSED, str(refusal))
        body = {
            "status": "done",
            "made": outcome.made,
            "link": outcome.link,
            "mail": outcome.mail,
            "next_steps": outcome.next_steps,
        }
        self.answer(body, 0, in_words(outcome))

    def answers(self, given):
        """The flags, completed by questions where a person is there to answer them."""
        missing = [name for name in NEEDED if not given[name]]
        if missing and (self.as_json or not sys.stdin.isatty()):
            flags = ", ".join("--" + name.replace("_", "-") for name in missing)
            raise BadUsage(f"Nobody is there to be asked. Say also: {flags}.")
        if missing:
            for name, question in QUESTIONS.items():
                given[name] = given[name] or input(f"{question}: ").strip()
        given["timezone"] = given["timezone"] or "America/New_York"
        return Answers(**{name: value or "" for name, value in given.items()})


def in_words(outcome):
    """The outcome for a person at a terminal."""
    lines = [f"Made: {made}" for made in outcome.made] or ["Everything was there already."]
    lines += [f"Mail: {outcome.mail}"]
    if outcome.link:
        lines += ["", "The first admin chooses a password here, once:", f"  {outcome.link}"]
    lines += ["", "Next:"] + [f"  {number}. {step}" for number, step in enumerate(outcome.next_steps, 1)]
    return "\n".join(lines)
