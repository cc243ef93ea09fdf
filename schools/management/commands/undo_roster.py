"""An applied roster taken back, from the command line."""

from schools.commands import BadUsage, JsonCommand, person_named
from schools.models import RosterImport
from schools.rosters_undo import NotUndone, undo_roster


class Command(JsonCommand):
    help = "Take an applied roster back exactly, or say what stands on it."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("id", type=int)
        parser.add_argument("--by", metavar="EMAIL")

    def handle(self, *, id, by, **given):
        row = RosterImport.objects.filter(pk=id).first()  # unscoped: the command line is the operator
        if row is None:
            raise BadUsage(f"There is no roster {id}.")
        try:
            undo_roster(row, person_named(by))
        except NotUndone as refused:
            self.answer({"status": "refused", "id": id, "reason": str(refused)}, 1, words=str(refused))
        else:
            self.answer({"status": "undone", "id": id}, 0, words=f"Roster {id} is undone.")
