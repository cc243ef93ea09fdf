"""An assessment file, from the command line. Works in the foreground, without a worker."""

from pathlib import Path

from assessments.formats.mapped import NAME as MAPPED
from assessments.formats.registry import FORMATS
from assessments.models import Upload, UploadEvent
from assessments.pipeline import work
from assessments.pipeline.answering import answer_to_print
from assessments.pipeline.uploads import Options, accept_upload
from schools.commands import BadUsage, JsonCommand, bytes_at, district_named, person_named

PUBLISHED, NOT_PUBLISHED = 0, 1


class Command(JsonCommand):
    help = "Check an assessment file and, with --publish, make it current."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("path")
        parser.add_argument("--district", metavar="CODE")
        parser.add_argument("--assessment", metavar="CODE", default="")
        parser.add_argument("--window", metavar="CODE", default="")
        parser.add_argument("--school", metavar="CODE", default="", help="serves a file that names none")
        parser.add_argument("--students", metavar="PATH", help="the roster half of a vendor's pair")
        parser.add_argument("--format", choices=[*(one.name for one in FORMATS), MAPPED], default="")
        parser.add_argument("--create-students", action="store_true")
        parser.add_argument("--complete-for", metavar="CODE,...", default="")
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument("--publish", action="store_true")
        parser.add_argument("--approve", action="store_true", help="a person's yes to a halt")
        parser.add_argument("--by", metavar="EMAIL")

    def handle(self, *, path, **given):
        if given["dry_run"] and given["publish"]:
            raise BadUsage("--dry-run and --publish exclude each other.")
        upload = accept_upload(
            district=district_named(given["district"]),
            data=bytes_at(path),
            filename=Path(path).name,
            by=person_named(given["by"]),
            students=bytes_at(given["students"]) if given["students"] else None,
            options=Options(
                assessment=given["assessment"],
                window=given["window"],
                school=given["school"],
                format=given["format"],
                create_students=given["create_students"],
                complete_for=tuple(code.strip() for code in given["complete_for"].split(",") if code.strip()),
                publish=given["publish"],
                approve=given["approve"],
            ),
            wake_worker=False,
        )
        work.advance(upload.pk)
        upload.refresh_from_db()
        if given["dry_run"]:
            put_away(upload)
        body = answer_to_print(upload)
        done = PUBLISHED if body["status"] in ("published", "ready") else NOT_PUBLISHED
        self.answer(body, done, in_words(upload, body))


def put_away(upload: Upload) -> None:
    """A dry run leaves its record and nothing that waits for anyone."""
    waiting = Upload.objects.filter(pk=upload.pk, state__in=Upload.WAITING)
    if waiting.update(state=Upload.State.CANCELLED):
        UploadEvent.objects.create(upload=upload, by=upload.by, act="cancelled", detail="dry run")


def in_words(upload: Upload, body: dict) -> str:
    """The answer for a person at the keyboard."""
    lines = [
        f"{upload.filename}: {body['status'].replace('_', ' ')} (upload {upload.pk}).",
        f"{body['rows_read']} rows read: {body['rows_loaded']} loaded, {body['rows_not_tested']} not tested, "
        f"{body['rows_ignored']} left out, {body['rows_rejected']} with errors; "
        f"{body['rows_unchanged']} were so already.",
        *body["halts"],
    ]
    lines += [
        f"  {one['level']}{', line ' + str(one['row']) if one['row'] else ''}: {one['message']}"
        for one in body["issues"][:50]
    ]
    return "\n".join(lines)
