"""Apply a test set-up file; the Test set-up page imports and exports the same file."""

import json

from assessments.configuration.applying import apply_configuration
from assessments.configuration.saving import ConfigurationRefused
from schools.commands import BadUsage, JsonCommand, bytes_at, district_named, person_named
from schools.models import District

REFUSED = 1


class Command(JsonCommand):
    help = "Set up years, windows, standards, tests, questions and cut scores from a JSON file."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("path")
        parser.add_argument("--district", metavar="CODE")
        parser.add_argument("--by", metavar="EMAIL")

    def handle(self, *, path, district, by, **_):
        try:
            body = json.loads(bytes_at(path))
        except ValueError as error:
            self._refused([f"{path} is not a JSON file: {error}."])
            return
        try:
            applied = apply_configuration(body, self._district(body, district), person_named(by))
        except ConfigurationRefused as refusal:
            self._refused(refusal.problems)
            return
        self.answer(
            {
                "status": "published",
                "district": applied.district.code,
                "created": applied.created,
                "changed": applied.changed,
                "unchanged": applied.unchanged,
                "rescored": applied.rescored,
                "issues": [],
            },
            0,
            f"{applied.created} created, {applied.changed} changed, {applied.unchanged} as they were; "
            f"{len(applied.rescored)} administrations scored anew.",
        )

    def _district(self, body, code: str | None) -> District | None:
        """The chosen district, else the file's (made if it is new), else the only one."""
        if code:
            return district_named(code)
        if isinstance(body, dict) and isinstance(body.get("district"), dict) and body["district"].get("code"):
            named = District.objects.filter(code=body["district"]["code"])  # unscoped: the operator's command
            return named.first()
        try:
            return district_named(None)
        except BadUsage:
            return None

    def _refused(self, problems: list[str]) -> None:
        issues = [{"level": "error", "row": None, "column": None, "code": "SET_UP", "message": problem, "value": None}
                  for problem in problems]  # fmt: skip
        self.answer({"status": "rejected", "issues": issues}, REFUSED, "Nothing was changed.\n" + "\n".join(problems))
