"""The list of uploads, and what its readers may do with each: sight is the model's, values are for fewer."""

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from assessments.models import Upload

State = Upload.State
WAITING, MOVING, PUBLISHED, OVER = "waiting", "moving", "published", "over"
FILTERS = {
    WAITING: ("waiting for a person", (*Upload.WAITING, State.FAILED)),
    MOVING: ("being worked on", Upload.MOVING),
    PUBLISHED: ("published", (State.PUBLISHED,)),
    OVER: ("refused, cancelled or undone", (State.REJECTED, State.CANCELLED, State.UNDONE)),
}
# A state's shape (`components/status.html`); its words are the model's own.
SHAPES = {
    State.READY: "warn",
    State.NEEDS_REVIEW: "warn",
    State.REJECTED: "bad",
    State.FAILED: "bad",
    State.PUBLISHED: "ok",
}


def may_upload(user) -> bool:
    """Whether somebody may send files at all: for a district they administer, or a school they lead."""
    held = user.standing
    return bool(held.admin_district_ids or held.principal_school_ids)


def may_change(user, upload: Upload) -> bool:
    """Whether `user` may fix, publish, cancel and undo an upload they see; the rule of `Upload.rows_editable_by`."""
    held = user.standing
    return upload.district_id in held.admin_district_ids or upload.school_id in held.principal_school_ids


def may_approve(user, upload: Upload) -> bool:
    """Whether `user` may say yes to a file over a limit: the district that owns the data."""
    return upload.district_id in user.standing.admin_district_ids


def sees_values(user, upload: Upload) -> bool:
    """Whether `user` may read what stands in the file; others see states, kinds of issues and row numbers."""
    own = upload.by_id == user.pk and upload.school_id in user.standing.led_school_ids
    return own or may_change(user, upload)


def name_of(user, upload: Upload) -> str:
    """The file's name; its number for those who may not read values, for a name may hold a student's."""
    return upload.filename if sees_values(user, upload) else f"Upload {upload.pk}"


def shape_of(upload: Upload) -> str:
    """The shape beside the word of its state."""
    return SHAPES.get(upload.state, "wait")


def word_of(upload: Upload, unmapped: bool | None) -> str:
    """The word of its state; `unmapped` is a file whose columns nobody knows: it waits for their names, not a yes."""
    waits = upload.state == State.NEEDS_REVIEW and unmapped
    return "needs its columns named" if waits else upload.get_state_display()


def listed_uploads(user, words: str = "", show: str = "") -> QuerySet[Upload]:
    """The uploads in sight, those that wait for `user` first, then the newest.

    Each row carries `parts` (the administrations found in it), `asked` (the test chosen for it), `rows_in_file`.
    """
    mine = Q(Upload.rows_editable_by(user), state__in=FILTERS[WAITING][1])
    rows = (
        Upload.objects.visible_to(user)
        .defer("answer", "options")
        .select_related("by", "school")
        .annotate(
            parts=F("answer__administrations"),
            rows_in_file=F("answer__rows_read"),
            asked=F("options__assessment"),
            unmapped=F("answer__unmapped"),
            turn=Case(When(mine, then=Value(0)), default=Value(1), output_field=IntegerField()),
        )
        .order_by("turn", "-at", "-pk")
    )
    if show in FILTERS:
        rows = rows.filter(state__in=FILTERS[show][1])
    return rows.filter(_found(user, words)) if words else rows


def _found(user, words: str) -> Q:
    """Uploads whose test, window or sender the words name, and whose file, where the reader may see its name."""
    found = Q(answer__administrations__icontains=words) | Q(by__family_name__icontains=words)
    found |= Q(Upload.rows_editable_by(user), filename__icontains=words)
    return found | Q(pk=int(words)) if words.isascii() and words.isdigit() and len(words) < 10 else found
