"""What waits for the reader, and what changed since they were last on Today."""

from datetime import datetime, time, timedelta

from django.db.models import Case, F, Q, Value, When, Window
from django.db.models.functions import Coalesce, RowNumber

from assessments.models import Release, Upload
from assessments.queries.uploads import word_of
from pop_network.navigation import url_of
from pop_network.today.news import News
from schools.dates import day_words
from schools.models import DataAgreement, Notice
from schools.privacy.agreements import WARNS_BEFORE
from schools.today import Line, added_waiting

MOST_FILES = 5  # of those that wait, and of those published lately
MOST_CHANGES = 8
LATELY = timedelta(days=14)  # files that may still turn out to be the wrong ones
NOT_CLEAN = "cannot be opened: the audit found figures that could be worked out"
WAITS = (*Upload.WAITING, Upload.State.FAILED)


def waiting(user, files: list[Upload], news: News) -> list[Line]:
    """Uploads that need the reader's yes or have failed, keys to turn, students to test, agreements about to end."""
    lines = [*_files(files), *_releases(user), *news.waiting, *_agreements(user)]
    return lines + added_waiting(user)


def files_of(user) -> list[Upload]:
    """The files that wait for the reader and those published lately, newest first; each kind a few."""
    held = user.standing
    if not (held.admin_district_ids or held.principal_school_ids):
        return []
    first = datetime.combine(held.today - LATELY, time.min, held.zone)  # by days: a page of today stays as it is
    lately = Q(kind=Upload.Kind.FILE, state=Upload.State.PUBLISHED, published_at__gte=first)
    newest = Window(
        RowNumber(),
        partition_by=Case(When(state__in=WAITS, then=Value(0)), default=Value(1)),
        order_by=[Coalesce("published_at", "at").desc(), F("pk").desc()],
    )
    rows = (
        Upload.objects.editable_by(user)
        .filter(Q(state__in=WAITS) | lately)
        .defer("answer", "options")
        .annotate(parts=F("answer__administrations"), unmapped=F("answer__unmapped"), place=newest)
    )
    return list(rows.filter(place__lte=MOST_FILES).order_by("place"))


def _files(files: list[Upload]) -> list[Line]:
    return [
        Line(f"{upload.filename}: {word_of(upload, upload.unmapped)}", url_of("assessments:upload", upload.pk))
        for upload in files
        if upload.state in WAITS
    ]


def _releases(user) -> list[Line]:
    """Releases whose next key is the reader's, and those held back in their hands."""
    held = user.standing
    if not (held.admin_district_ids or held.network_admin_ids):
        return []
    state = Release.State
    mine = (
        Q(state=state.PREPARED, district__in=held.admin_district_ids)
        | Q(state=state.AGREED, network__in=held.network_admin_ids)
        | (Q(state=state.HELD) & Release.rows_editable_by(user))
    )
    words = {
        state.PREPARED: "waits for your key, the first of two",
        state.AGREED: "waits for your key, the second of two",
        state.HELD: "is held back",
    }
    rows = Release.objects.filter(mine)  # unscoped: of a district or network in the reader's own hands
    return [
        Line(
            f"The release of {_name(row)} {NOT_CLEAN if _stuck(row) else words[row.state]}",
            url_of("assessments:release", row.pk),
        )
        for row in rows.select_related("window").order_by("prepared_at", "pk")
    ]


def _stuck(release: Release) -> bool:
    """Whether no key can be turned: the audit found figures that could be worked out."""
    return release.state == Release.State.PREPARED and not release.audit.get("clean")


def _name(release: Release) -> str:
    return f"{release.title or release.series}, {release.window.name}"


def _agreements(user) -> list[Line]:
    held = user.standing
    if not held.admin_district_ids:
        return []
    soon = DataAgreement.objects.editable_by(user).filter(ends__gte=held.today, ends__lte=held.today + WARNS_BEFORE)
    return [
        Line(
            f"The agreement with {one.organization} ends on {day_words(one.ends)}", url_of("schools:agreement", one.pk)
        )
        for one in soon.select_related("organization")
    ]


def told_since(user, before: datetime) -> list[Notice]:
    """What the reader was told since the visit before this one, newest first."""
    return list(Notice.objects.visible_to(user).filter(at__gt=before)[:MOST_CHANGES])
