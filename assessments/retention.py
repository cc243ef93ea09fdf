"""How long files of results, drafts of them, and results themselves are kept; see `schools/retention/`."""

from datetime import date

from django.db.models import Q

from assessments.models import (
    FormSummary,
    GroupSummary,
    GrowthSummary,
    ItemSummary,
    Result,
    ResultHistory,
    Upload,
    UploadChunk,
    UploadEvent,
    UploadIssue,
    Window,
)
from schools.models import DestructionCertificate, District
from schools.retention.classes import YEAR, DataClass, Part, add_class, add_need

# Lookups here are unscoped: the rule of the district decides, not a reader.
RESULTS = "results"
State = Upload.State
PUBLISHED = (State.PUBLISHED, State.UNDONE)
DRAFTS = (State.READY, State.NEEDS_REVIEW, State.REJECTED, State.CANCELLED, State.FAILED)
# What stays of an upload's answer: what it was, and counts. Rows, names and numbers of students go.
KEPT_WORDS = ("status", "format", "recognized", "administrations", "sees", "seconds")


def add_classes_of_results() -> None:
    """Name the classes of this room, and whose names it still needs."""
    add_class(
        DataClass(
            RESULTS, "Students' results", "So that a student's way through the grades can be seen.",
            7 * YEAR, "the end of the school year", YEAR,
            "Scores, answers and earlier versions of them go, and the figures of schools and classes made of them. "
            "Released results of the network stay.",
            results, destroy_results,
        )
    )  # fmt: skip
    add_class(
        DataClass(
            "files", "Files of results as they were sent", "So that a result can be checked against what was sent.",
            2 * YEAR, "the day the file came", 30,
            "The file, its rows and what was said about them go. That it came, when, from whom and how many stays.",
            files, destroy_files,
        )
    )  # fmt: skip
    add_class(
        DataClass(
            "drafts", "Files of results that were never published", "So that they can be corrected and published.",
            90, "the day the file came", 7,
            "As with files that were published; one that still waits is cancelled.", drafts, destroy_drafts,
        )
    )  # fmt: skip
    add_need(lambda: Result.objects.values("student"))
    add_need(lambda: ResultHistory.objects.values("student"))


# --- results ---------------------------------------------------------------------------------------------


def _years(district: District, before: date, path: str) -> Q:
    return Q((f"{path}year__district", district), (f"{path}year__ends__lt", before))


def results(district: District, before: date) -> list[Part]:
    """Results of school years that ended before the day, and the figures made of them."""
    sat = _years(district, before, "administration__window__")
    ends = "administration__window__year__ends"
    grown = _years(district, before, "first__") | _years(district, before, "last__")
    return [
        Part("results", Result.objects.filter(sat), ends),
        Part("earlier versions of results", ResultHistory.objects.filter(sat), ends),
        Part("figures of schools", GroupSummary.objects.filter(sat), ends),
        Part("figures of tests", FormSummary.objects.filter(sat), ends),
        Part("figures of questions", ItemSummary.objects.filter(sat), ends),
        Part("figures of growth", GrowthSummary.objects.filter(grown), "first__year__ends"),
    ]


def destroy_results(district: District, before: date, database: str) -> None:
    """Delete them, the figures first."""
    for part in reversed(results(district, before)):
        rows = part.rows.using(database)
        if part.rows.model is Result:  # its key is of two columns: by administration
            keys = list(rows.order_by().values_list("administration", flat=True).distinct())
            rows = Result.objects.using(database).filter(administration__in=keys)
        rows._raw_delete(database) if part.rows.model is Result else rows.delete()


def destroyed_since(upload: Upload) -> DestructionCertificate | None:
    """The certificate under which results of this published upload's tests were destroyed; None where they stand."""
    certificates = DestructionCertificate.objects.filter(district=upload.district_id, data_class=RESULTS)
    newest = certificates.filter(at__gt=upload.published_at or upload.at).order_by("-before").first()
    if newest is None:
        return None
    over = Window.objects.filter(year__district=upload.district_id, year__ends__lt=newest.before)
    gone = {window.full_code for window in over.select_related("year")}
    return newest if gone & {one.get("window") for one in upload.answer.get("administrations", [])} else None


# --- files -----------------------------------------------------------------------------------------------


def _over(district: District, before: date, states: tuple[str, ...]):
    """Files of that age that still hold something of students."""
    holds = Q(chunks__isnull=False) | Q(issues__isnull=False)
    rows = Upload.objects.filter(holds, district=district, kind=Upload.Kind.FILE, state__in=states)
    return Upload.objects.filter(pk__in=rows.filter(at__date__lt=before).values("pk"))


def _parts(uploads) -> list[Part]:
    keys = uploads.values("pk")
    return [
        Part("files", uploads, "at__date"),
        Part("pieces of files", UploadChunk.objects.filter(upload__in=keys), "upload__at__date"),
        Part("remarks on rows", UploadIssue.objects.filter(upload__in=keys), "upload__at__date"),
    ]


def files(district: District, before: date) -> list[Part]:
    """Files that were published."""
    return _parts(_over(district, before, PUBLISHED))


def drafts(district: District, before: date) -> list[Part]:
    """Files that were never published."""
    return _parts(_over(district, before, DRAFTS))


def destroy_files(district: District, before: date, database: str) -> None:
    """Take away the bytes, the remarks and the rows kept in the answers of published files."""
    _empty(_over(district, before, PUBLISHED), database)


def destroy_drafts(district: District, before: date, database: str) -> None:
    """The same of drafts; what still waits for a person is cancelled."""
    uploads = _over(district, before, DRAFTS)
    waiting = list(uploads.using(database).filter(state__in=Upload.WAITING).values_list("pk", flat=True))
    _empty(uploads, database)
    Upload.objects.using(database).filter(pk__in=waiting).update(state=State.CANCELLED)


def _empty(uploads, database: str) -> None:
    rows = list(uploads.using(database))
    keys = [row.pk for row in rows]
    UploadChunk.objects.using(database).filter(upload__in=keys).delete()
    UploadIssue.objects.using(database).filter(upload__in=keys).delete()
    for row in rows:
        row.answer = {name: said for name, said in row.answer.items() if name in KEPT_WORDS or isinstance(said, int)}
        row.options = {}
        row.failure = ""
    Upload.objects.using(database).bulk_update(rows, ["answer", "options", "failure"], batch_size=500)
    events = [UploadEvent(upload_id=pk, act="destroyed", detail="Its rows were over their time.") for pk in keys]
    UploadEvent.objects.using(database).bulk_create(events)
