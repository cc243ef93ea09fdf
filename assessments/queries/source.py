"""Where the figures of a test come from: files, rows left out and why, rules, cut scores, who may undo."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef
from django.http import Http404

from assessments.formats import catalogue  # noqa: F401  its import adds the words for results' issues
from assessments.levels import Cut, cuts_in_force
from assessments.models import Administration, CutScore, Result, Upload, UploadIssue
from schools.files.catalogue import CATALOGUE
from schools.models import Membership, Role

WHAT_BECAME = {
    UploadIssue.Level.ERROR: "left out until corrected",
    UploadIssue.Level.WARNING: "kept, with a remark",
    UploadIssue.Level.NOTE: "settled by rule",
}


@dataclass(frozen=True)
class Remark:
    """A kind of issue in a file, and how many rows have it. Never a value of the file."""

    title: str
    became: str
    rows: int


@dataclass(frozen=True)
class File:
    """A file behind the figures; `students` is how many results in the reader's sight stand on it.

    Its name is for those who may see uploads, for a name may say more than it should; others read its number.
    """

    name: str
    answer: dict
    received: date
    published: date | None
    by: str
    students: int
    remarks: tuple[Remark, ...]

    @property
    def rows(self) -> list[tuple[str, int]]:
        """What became of the rows, as (words, count)."""
        kinds = [
            ("read", "rows_read"),
            ("loaded", "rows_loaded"),
            ("not tested", "rows_not_tested"),
            ("left out by rule", "rows_ignored"),
            ("left out with errors", "rows_rejected"),
        ]
        return [(words, self.answer.get(key, 0)) for words, key in kinds]


@dataclass(frozen=True)
class CutLine:
    """From which score a level begins in a grade ("" for all grades)."""

    grade: str
    level: int
    name: str
    minimum: float
    since: date


class Source:
    """Behind one administration, as far as `user` has results in it. Raises Http404 where there are none in sight."""

    def __init__(self, user, pk: int):
        self.user = user
        tests = {one.pk: one for one in self._of_one_series_and_window(pk)}
        standing = self._results_by_upload(tests)
        if not standing.get(pk):
            raise Http404
        self._standing_on = standing[pk]
        self.administration = tests[pk]
        self.others = [tests[other] for other in tests if other != pk and other in standing]
        self.assessment, self.window = self.administration.assessment, self.administration.window
        self.zone = ZoneInfo(self.assessment.district.timezone)

    def _of_one_series_and_window(self, pk: int):
        """The administration and its like: the other tests (one a grade) of the same series and window."""
        one = Administration.objects.visible_to(self.user).filter(pk=pk)
        alike = {
            "window__in": one.values("window"),
            "assessment__series__in": one.values("assessment__series"),
            "assessment__district__in": one.values("assessment__district"),
        }
        rows = Administration.objects.visible_to(self.user).filter(**alike).order_by("assessment__name")
        return rows.select_related("assessment__district", "window__year")

    def _results_by_upload(self, administration_ids) -> dict[int, dict[int, int]]:
        """For each administration the files behind the results in sight, and how many stand on each."""
        rows = Result.objects.visible_to(self.user).filter(administration__in=list(administration_ids))
        found: dict[int, dict[int, int]] = defaultdict(dict)
        counted = rows.order_by().values_list("administration_id", "upload_id").annotate(Count("student_id"))
        for administration, upload, students in counted:
            found[administration][upload] = students
        return dict(found)

    @property
    def title(self) -> str:
        return f"{self.assessment.name}, {self.window.name} {self.window.year.code}"

    @cached_property
    def sentence(self) -> str:
        files, students = len(self._standing_on), sum(self._standing_on.values())
        return (
            f"The results of {students:,} student{'' if students == 1 else 's'} that you may see stand on "
            f"{files} file{'' if files == 1 else 's'}."
        )

    @cached_property
    def files(self) -> list[File]:
        """Newest first."""
        seen = Upload.objects.visible_to(self.user).filter(pk=OuterRef("pk"))
        rows = Upload.objects.filter(pk__in=self._standing_on)  # unscoped: day, person and counts, no row of it
        remarks = self._remarks()
        return [
            File(
                name=upload.filename if upload.named else f"File {upload.pk}",
                answer=upload.answer,
                received=self._day(upload.at),
                published=self._day(upload.published_at),
                by=upload.by.get_short_name() if upload.by else "the district's system",
                students=self._standing_on[upload.pk],
                remarks=tuple(remarks[upload.pk]),
            )
            for upload in rows.annotate(named=Exists(seen)).select_related("by").order_by("-published_at", "-pk")
        ]

    def _day(self, at) -> date | None:
        return at and at.astimezone(self.zone).date()

    def _remarks(self) -> dict[int, list[Remark]]:
        issues = UploadIssue.objects.filter(upload__in=self._standing_on, row__isnull=False)  # unscoped: kinds, counts
        counted = issues.order_by().values_list("upload_id", "level", "code").annotate(rows=Count("row", distinct=True))
        found = defaultdict(list)
        order = list(WHAT_BECAME)
        for upload, level, code, rows in sorted(counted, key=lambda row: (order.index(row[1]), -row[3], row[2])):
            title = CATALOGUE[code].title if code in CATALOGUE else code
            found[upload].append(Remark(title, WHAT_BECAME[level], rows))
        return found

    @cached_property
    def cuts(self) -> list[CutLine]:
        """The cut scores in force on the day the window opened, by grade."""
        rows = CutScore.objects.visible_to(self.user).filter(assessment=self.assessment)
        cuts = [Cut(row.grade, row.level, row.name, float(row.minimum), row.valid_from) for row in rows]
        found = []
        for grade in sorted({cut.grade for cut in cuts}):
            for cut in cuts_in_force(cuts, grade, self.window.opens):
                found.append(CutLine(grade, cut.level, cut.name, cut.minimum, cut.valid_from))
        return found

    @cached_property
    def undo(self) -> str:
        """Who may take a file back."""
        offices = Membership.objects.on(self.user.standing.today).filter(  # unscoped: whom to ask
            role=Role.DISTRICT_ADMIN, district=self.assessment.district_id
        )
        names = sorted({row.user.get_short_name() for row in offices.select_related("user")})
        whom = f" ({', '.join(names)})" if names else ""
        return (
            f"The district's office{whom} may undo a file as long as no later one changed the same students; "
            "the principal may undo one that the school itself sent."
        )
