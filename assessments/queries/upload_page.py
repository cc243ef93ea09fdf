"""One upload as its page shows it: what the file is, what the check found, what a person may do next."""

from functools import cached_property

from django.db.models import Count, Exists, Max, Min, OuterRef
from django.urls import reverse

import assessments.formats.catalogue  # noqa: F401  (the words of results files)
from assessments.models import Administration, Result, ResultHistory, Upload, UploadEvent, UploadIssue
from assessments.pipeline.acts import ASKED, OPEN, undo_obstacle
from assessments.pipeline.newcomers import what_stays
from assessments.pipeline.uploads import Options
from assessments.queries.upload_fixes import FIXES, advice_for
from assessments.queries.uploads import may_approve, may_change, name_of, sees_values, shape_of, word_of
from assessments.sentences import UploadPicture, upload_sentence
from assessments.sentences.figures import day, listed
from schools.files.issues import CATALOGUE
from schools.models import Membership, Role, School

State = Upload.State
STEP = {State.PUBLISHING: 3, State.PUBLISHED: 4, State.UNDONE: 4, State.QUEUED: 2, State.CHECKING: 2}
ACTS = {
    "accepted": "sent the file",
    "chose again": "chose other settings",
    "fixed": "fixed rows",
    "approved": "approved it although it is over a limit",
    "publish": "asked for publishing",
    "published": "published",
    "cancelled": "cancelled it",
    "undone": "took it back",
    "failed": "the portal gave up",
    ASKED: "sent it for approval",
}
CHECKED = {
    "ready": "checked: ready to publish",
    "needs_review": "checked: needs approval",
    "rejected": "checked: cannot be used",
}


class UploadPage:
    """All that the page of an upload tells one reader. Each part is read when the template asks for it."""

    def __init__(self, user, upload: Upload):
        self.user, self.upload = user, upload
        self.answer = upload.answer
        self.preview = self.answer.get("preview", {})
        self.options = Options.of(upload)
        self.sees_values = sees_values(user, upload)
        self.may_change = may_change(user, upload)
        self.may_approve = may_approve(user, upload)
        self.name = name_of(user, upload)
        self.unmapped = bool(self.answer.get("unmapped"))  # a layout nobody has seen
        self.shape, self.word = shape_of(upload), word_of(upload, self.unmapped)
        self.moving = upload.state in Upload.MOVING
        self.waiting = upload.state in Upload.WAITING
        self.halted = upload.state == State.NEEDS_REVIEW
        self.open = upload.state in OPEN  # a person may still choose, fix and cancel
        self.put_away = upload.state in (State.CANCELLED, State.UNDONE)
        self.may_cancel = self.may_change and (self.open or upload.state in (State.QUEUED, State.CHECKING))
        self.is_file = upload.kind == Upload.Kind.FILE

    # --- what it is ----------------------------------------------------------------------------------

    @cached_property
    def parts(self) -> list[str]:
        """The administrations the file holds, by name."""
        return [one["name"] for one in self.answer.get("administrations", [])]

    @property
    def title(self) -> str:
        return self.parts[0] if len(self.parts) == 1 else self.name

    @property
    def basis(self) -> list[str]:
        told = [self.name] if self.title != self.name else []
        return told + (self.parts if len(self.parts) > 1 else [])

    @property
    def step(self) -> int:
        return STEP.get(self.upload.state, 2)

    @property
    def sentence(self) -> str:
        if not self.is_file:
            return f"A new scoring after a change of the key: {self.word}."
        waiting = self.answer.get("rows_rejected", 0) if self.upload.state != State.REJECTED else 0
        picture = UploadPicture(
            state=self.upload.state,
            file=self.name,
            rows=self.answer.get("rows_read", 0) if not self.moving else self.upload.rows_known or 0,
            read=self.upload.rows_done,
            ready=self.rows_ready,
            waiting=waiting,
            held_by=self.approvers if self.halted and not self.unmapped and not self.may_approve else "",
            reason=self.reason,
            unmapped=self.unmapped,
        )
        return upload_sentence(picture)

    @property
    def rows_ready(self) -> int:
        return self.answer.get("rows_loaded", 0) + self.answer.get("rows_not_tested", 0)

    @property
    def reason(self) -> str:
        """Why it failed or was refused; only the kind of reason for those who may not read values."""
        refusal = self._refusal
        if self.upload.state == State.FAILED:
            return self.upload.failure
        if self.upload.state != State.REJECTED or not refusal:
            return ""
        return refusal["message"] if self.sees_values else f"{CATALOGUE[refusal['code']].title}."

    @property
    def progress(self) -> dict:
        """What `components/progress.html` takes; it is announced in quarters, not at every row."""
        done, known = self.upload.rows_done, self.upload.rows_known
        quarter = f"{100 * done // known // 25 * 25} % of the rows are read." if known else ""
        label = {State.QUEUED: "Waiting to be read", State.PUBLISHING: "Publishing"}.get(
            self.upload.state, "Reading the rows"
        )
        return {"label": label, "done": done, "total": known, "announce": quarter}

    # --- what the check found ------------------------------------------------------------------------

    @cached_property
    def _issues(self) -> list[dict]:
        """Issues by kind: code, level, rows, and the one column and value where all of a kind share them."""
        found = UploadIssue.objects.visible_to(self.user).filter(upload=self.upload)
        rows = found.values("code", "level").annotate(
            number=Count("pk"), rows=Count("row", distinct=True), value_1=Min("value"), value_2=Max("value"),
            column_1=Min("column"), column_2=Max("column"), words=Min("message"),
        )  # fmt: skip
        order = {"error": 0, "warning": 1, "note": 2}
        return sorted(rows.order_by(), key=lambda one: (order[one["level"]], -one["rows"], one["code"]))

    @property
    def groups(self) -> list[dict]:
        """Rows that need a person, errors first, as `components/issue_groups.html` takes them."""
        return [
            {
                "level": one["level"],
                "title": self._title(one),
                "count": one["rows"],
                "advice": advice_for(one, self),
                "url": reverse("assessments:upload_issues", args=[self.upload.pk, one["code"]]),
            }
            for one in self._issues
            if one["level"] != "note" and one["rows"] and one["code"] != self._refusal.get("code")
        ]

    @property
    def _refusal(self) -> dict:
        return self.answer.get("refusal") or {}

    def _title(self, one: dict) -> str:
        title = CATALOGUE[one["code"]].title
        value, column = one["value_1"], one["column_1"]
        shared = value and column and (value, column) == (one["value_2"], one["column_2"])
        return f'{title}: "{value}" in {column}' if shared and self.sees_values else title

    @property
    def repairs(self) -> list[dict]:
        """What the portal put right or left out in rows, by kind."""
        return [
            {
                "title": CATALOGUE[one["code"]].title,
                "rows": one["rows"],
                "url": reverse("assessments:upload_issues", args=[self.upload.pk, one["code"]]),
            }
            for one in self._issues
            if one["level"] == "note" and one["rows"]
        ]

    @property
    def looks(self) -> list[str]:
        """What to look at before publishing: doubts about keys and schools, and warnings about the whole file."""
        warnings = [one for one in self._issues if one["level"] == "warning" and not one["rows"]]
        if not self.sees_values:
            return [CATALOGUE[one["code"]].title for one in warnings]
        told = [one["words"] + (f" ({one['number']} such)" if one["number"] > 1 else "") for one in warnings]
        return [self._careful(one) for one in self.answer.get("looks", [])] + told

    def _careful(self, look: dict) -> str:
        """A doubt in words; a key stays closed to those who do not set it."""
        if look["kind"] != "key" or self.may_approve:
            return look["sentence"]
        told = f"Question {look['position']}: most students chose one wrong answer."
        return f"{told} Ask the district whether its key is right."

    @property
    def first_rows(self) -> list[list[str]]:
        return self.answer.get("first_rows", []) if self.sees_values else []

    @property
    def fixes(self) -> list[str]:
        """What people decided about rows of this file, in words."""
        decisions = self.options.decisions
        told = [FIXES[name](len(decisions[name])) for name in FIXES if decisions.get(name)]
        return told + (["students that the roster does not know are made"] if self.options.create_students else [])

    # --- complete or not -----------------------------------------------------------------------------

    @cached_property
    def schools(self) -> list[dict]:
        """The schools a file may be complete for, and whether this one is."""
        rows = School.objects.visible_to(self.user).filter(district=self.upload.district_id)
        if self.upload.school_id:
            rows = rows.filter(pk=self.upload.school_id)
        chosen = set(self.options.complete_for)
        return [{"code": one.code, "name": one.name, "chosen": one.code in chosen} for one in rows.order_by("name")]

    @property
    def complete(self) -> bool:
        return bool(self.options.complete_for)

    @property
    def schools_gist(self) -> str:
        chosen = [one["name"] for one in self.schools if one["chosen"]]
        if len(chosen) == 1:
            return chosen[0]
        return f"{len(chosen)} of {len(self.schools)} chosen"

    @property
    def not_in_file(self) -> int:
        """Students with results in the schools this file is complete for, whom it does not name."""
        return self.preview.get("set_aside", 0) + len(self.options.keep_absent)

    # --- what comes next -----------------------------------------------------------------------------

    @cached_property
    def approvers(self) -> str:
        """Who may say yes, by name: the administrators of the district."""
        held = Membership.objects.on(self.user.standing.today)  # unscoped: whom to ask
        names = [
            row.user.get_full_name()
            for row in held.filter(district=self.upload.district_id, role=Role.DISTRICT_ADMIN).select_related("user")
        ]
        return " or ".join(names[:3]) or "the district's office"

    @property
    def sees(self) -> str:
        """ "31 teachers and 12 principals": who sees it and is told, or "" where there is nobody."""
        counts = self.answer.get("sees", {})
        words = [
            f"{counts[who]:,} {who if counts[who] != 1 else who[:-1]}"
            for who in ("teachers", "principals", "teacher leaders")
            if counts.get(who)
        ]
        return listed(words) if words else ""

    @property
    def still_shown(self) -> list[str]:
        """What readers see while this file is not published: the version before it."""
        return [f"{row} as published {day(row.published_at)}" for row in self._shown]

    @property
    def about(self) -> list[Administration]:
        """The tests of the file with results already shown: how their questions worked is for the district's office."""
        return self._shown if self.may_approve else []

    @cached_property
    def _shown(self) -> list[Administration]:
        """The tests of the file of which readers see an earlier version."""
        if self.upload.state == State.PUBLISHED:
            return []
        wanted = {(one["assessment"], one["window"]) for one in self.answer.get("administrations", [])}
        wanted |= {(self.options.assessment, self.options.window)} if self.options.assessment else set()
        if not wanted:
            return []
        any_result = Result.objects.filter(administration=OuterRef("pk"))  # unscoped: whether there is one
        rows = Administration.objects.visible_to(self.user).filter(
            Exists(any_result),
            assessment__district=self.upload.district_id,
            assessment__code__in={code for code, _ in wanted},
            published_at__isnull=False,
        )
        return [
            row
            for row in rows.select_related("assessment", "window__year")
            if (row.assessment.code, row.window.full_code) in wanted
        ]

    @cached_property
    def obstacle(self) -> str:
        """Why this cannot be undone now; "" where it can."""
        return undo_obstacle(self.upload)

    @property
    def undo_words(self) -> str:
        """What undoing puts back."""
        before = ResultHistory.objects.filter(replaced_by=self.upload)  # unscoped: a count and a date
        found = before.aggregate(rows=Count("pk"), newest=Max("upload__published_at"))
        new = self.preview.get("new", 0)
        of = f" of {day(found['newest'])}" if found["newest"] else ""
        comes = "comes" if found["rows"] == 1 else "come"
        words = [f"{count_of_results(found['rows'], 'earlier')}{of} {comes} back"] if found["rows"] else []
        words += [f"{count_of_results(new, 'new')} {'goes' if new == 1 else 'go'}"] if new else []
        told = f"{'; '.join(words)}." if words else "No result changes: this file changed none."
        return " ".join(part for part in (told, what_stays(self.upload)) if part)

    @cached_property
    def events(self) -> list[dict]:
        """Who did what, the newest first."""
        rows = UploadEvent.objects.visible_to(self.user).filter(upload=self.upload).select_related("by")
        return [
            {"at": row.at, "by": row.by, "act": CHECKED.get(row.detail, "checked") if row.act == "checked"
             else ACTS.get(row.act, row.act), "detail": row.detail if row.act in ("published", "undone") else ""}
            for row in rows.order_by("-pk")
        ]  # fmt: skip

    @property
    def events_gist(self) -> str:
        """The last act: "checked: ready to publish"."""
        return self.events[0]["act"]

    @property
    def approval_asked(self) -> bool:
        """Whether the district's yes was asked for since the last check."""
        for event in self.events:
            if event["act"] in CHECKED.values():
                return False
            if event["act"] == ACTS[ASKED]:
                return True
        return False


def count_of_results(count: int, which: str) -> str:
    """ "1 new result", "106 earlier results"."""
    return f"{count:,} {which} {'result' if count == 1 else 'results'}"
