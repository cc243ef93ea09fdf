"""Take the changes of one upload back, or say which later one stands on it."""

from assessments.models import Upload
from assessments.pipeline.acts import ActRefused, undo_upload
from assessments.pipeline.newcomers import what_stays
from schools.commands import BadUsage, JsonCommand, person_named

NOT_DONE = 1


class Command(JsonCommand):
    help = "Put back what stood before an upload was published."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("id", type=int)
        parser.add_argument("--by", metavar="EMAIL")

    def handle(self, *, id, by, **_):
        upload = Upload.objects.filter(pk=id).first()  # unscoped: the command line is the operator
        if upload is None:
            raise BadUsage(f"There is no upload {id}.")
        try:
            undo_upload(upload, person_named(by))
        except ActRefused as refusal:
            self.answer({"status": "refused", "id": id, "message": str(refusal)}, NOT_DONE, str(refusal))
            return
        stays = what_stays(upload)
        said = " ".join(part for part in (f"Upload {id} is undone.", stays) if part)
        self.answer({"status": "undone", "id": id} | ({"message": stays} if stays else {}), 0, said)
