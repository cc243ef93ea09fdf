"""What commands share: an answer in words or in one JSON object, and exit status 2 for what cannot be understood."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from schools.history.signing import Who, signed
from schools.models import District, User

BAD_USAGE = 2


class BadUsage(CommandError):
    """The command cannot be understood: exit status 2."""

    def __init__(self, sentence: str):
        super().__init__(sentence, returncode=BAD_USAGE)


class JsonCommand(BaseCommand):
    """A command that answers in words, or with `--json` in one JSON object and nothing else on standard output.

    What it changes is signed with its name and, where it has a flag `--by`, with that person.
    """

    requires_system_checks = []  # other commands check the pages; this one answers at once
    as_json = False

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="answer with one JSON object")

    def run_from_argv(self, argv):
        """Run from the command line; with `--json` a refusal, the parser's own too, is one JSON object."""
        self.as_json = "--json" in argv
        try:
            super().run_from_argv(argv)
        except CommandError as refusal:  # the parser's; one raised later arrives in `execute`
            self._refuse(refusal)

    def execute(self, *arguments, **options):
        """Run; what the command refuses is said in JSON where JSON was asked for."""
        self.as_json = options.get("json", False)
        try:
            with signed(signature(type(self).__module__.rpartition(".")[2], options.get("by"))):
                return super().execute(*arguments, **options)
        except CommandError as refusal:
            if not self.as_json:
                raise
            return self._refuse(refusal)

    def create_parser(self, prog_name, subcommand, **kwargs):
        """With `--json` the parser raises its refusals instead of printing them and leaving."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.called_from_command_line = not self.as_json
        return parser

    def _refuse(self, refusal: CommandError) -> None:
        self.answer({"status": "bad_usage", "message": str(refusal), "issues": []}, BAD_USAGE)

    def answer(self, body: dict, status: int = 0, words: str = "") -> None:
        """Print the answer and leave with that status."""
        self.stdout.write(json.dumps(body, ensure_ascii=False) if self.as_json else words)
        if status:
            raise SystemExit(status)


def signature(command: str, email: str | None) -> Callable[[], Who]:
    """Who changes things in a command; the person is looked up at the first change."""

    @cache
    def who() -> Who:
        person = User.objects.filter(email__iexact=email).first() if email else None  # unscoped: the operator said so
        return Who("command", command, person.pk if person else None)

    return who


def district_named(code: str | None, named_by_file: str | None = None) -> District:
    """The flag's district, else the file's, else the only one. Raises BadUsage."""
    wanted = code or named_by_file
    if wanted:
        district = District.objects.filter(code=wanted).first()  # unscoped: the command line is the operator
        if district is None:
            raise BadUsage(f'There is no district with the code "{wanted}".')
        return district
    districts = list(District.objects.all()[:2])  # unscoped: the command line is the operator
    if len(districts) != 1:
        count = "no district yet" if not districts else "more than one district"
        raise BadUsage(f"There is {count}: say which with --district CODE.")
    return districts[0]


def person_named(email: str | None) -> User | None:
    """The person of --by. Raises BadUsage where nobody signs in with that address."""
    if not email:
        return None
    person = User.objects.filter(email__iexact=email).first()  # unscoped: the command line is the operator
    if person is None:
        raise BadUsage(f"Nobody signs in with {email}.")
    return person


def bytes_at(path: str) -> bytes:
    """A file's bytes. Raises BadUsage where it cannot be read."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise BadUsage(f"{path} cannot be read: {error.strerror}.") from None
