"""Issues of one kind in a file, row by row, and the fixes that fit that kind."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db.models import Count, Min, Q
from django.db.models.functions import Lower

from assessments.formats.columns import PERSON_COLUMNS
from assessments.models import Upload, UploadIssue
from schools.files.header import fold_heading
from schools.files.issues import CATALOGUE
from schools.models import Enrollment, Student

BLANKABLE = frozenset({
    "UNKNOWN_CHOICE", "SCORE_NOT_NUMERIC", "SCORE_NEGATIVE", "SCORE_ABOVE_MAX", "SCORE_IS_PERCENT", "SCORE_TOO_PRECISE",
})  # fmt: skip
WITH_ANSWERS = ("template", "long")  # layouts in which a cell is one answer, and may be set as blank
MATCHABLE = frozenset({"UNKNOWN_STUDENT", "STUDENT_NOT_IN_SCHOOL"})
A_PAGE = 25
MOST_FOUND = 20
MOST_CELLS = 8

FIXES = {
    "map_student": lambda count: f"{count} student {'number' if count == 1 else 'numbers'} matched",
    "blank": lambda count: f"{count} {'answer' if count == 1 else 'kinds of answer'} read as blank",
    "keep_line": lambda count: f"which row counts chosen for {count} {'student' if count == 1 else 'students'}",
    "skip_lines": lambda count: f"{count} {'row' if count == 1 else 'rows'} left out",
}


def can_match(code: str) -> bool:
    """Whether rows of this kind can be given a student of the roster."""
    return code in MATCHABLE


def can_blank(code: str, layout: str) -> bool:
    """Whether a wrong cell of this kind can be read as left blank."""
    return code in BLANKABLE and layout in WITH_ANSWERS


def advice_for(group: dict, page) -> str:
    """What to do about a kind of issue, in three or four words."""
    code = group["code"]
    if group["level"] == "warning":
        return "look; the rows are taken"
    if not page.may_change:
        return "for the sender to fix"
    if not page.open:
        return "correct them, and send them"
    if can_match(code):
        return "match or add" if code == "UNKNOWN_STUDENT" and page.may_approve else "match"
    if can_blank(code, page.answer.get("format", "")):
        return "set as blank, or fix in the file"
    if code == "DUPLICATE_CONFLICT":
        return "choose one"
    return "fix in the file, or leave out"


@dataclass
class Line:
    """One row of the file: its physical line, whose it is as the file says, and what is wrong with it."""

    number: int | None
    who: str
    message: str
    cells: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Group:
    """Rows that one fix settles: they share a student number, or a column and its value."""

    value: str
    column: str
    rows: int
    lines: list[Line]
    candidates: list[dict] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The line of its first row: what the page's form calls the group by."""
        return str(self.lines[0].number)

    @property
    def more(self) -> int:
        """How many rows are not listed."""
        return self.rows - len(self.lines)


class IssueRows:
    """The rows of one kind of issue, in pages of groups. `reads` is False where values are not for the reader."""

    def __init__(self, user, upload: Upload, code: str, *, reads: bool, page: str | None = None, search: str = ""):
        self.user, self.upload, self.code, self.reads, self.search = user, upload, code, reads, search
        self.kind = CATALOGUE[code]
        self._rows = UploadIssue.objects.visible_to(user).filter(upload=upload, code=code)
        by = ("column", "value") if reads else ("row",)
        groups = self._rows.order_by().values(*by).annotate(rows=Count("row", distinct=True), first=Min("row"))
        self.page: Page = Paginator(groups.order_by("first", *by), A_PAGE).get_page(page)

    @property
    def total(self) -> int:
        """How many groups there are."""
        return self.page.paginator.count

    @cached_property
    def row_count(self) -> int:
        """How many rows of the file have this issue."""
        return self._rows.aggregate(rows=Count("row", distinct=True))["rows"]

    @property
    def remedy(self) -> str:
        """What to do about all of them, where the words do not hang on one row."""
        return "" if "[" in self.kind.remedy else self.kind.remedy

    @property
    def found_count(self) -> int:
        """How many students the search found."""
        return len(self._found)

    def groups(self) -> list[Group]:
        """The groups of this page, each with its lines (at most ten)."""
        found = list(self.page)
        if not self.reads:
            return [Group("", "", one["rows"], [Line(one["row"], "", "")]) for one in found]
        asked = Q(pk__in=[])
        for one in found:
            asked |= Q(column=one["column"], value=one["value"])
        lines = defaultdict(list)
        for issue in self._rows.filter(asked).order_by("row", "pk")[: 40 * A_PAGE]:
            place = (issue.column, issue.value)
            if len(lines[place]) < 10:
                lines[place].append(Line(issue.row, self._who(issue.row), issue.message))
        groups = [Group(one["value"], one["column"], one["rows"], lines[one["column"], one["value"]]) for one in found]
        if self.code == "DUPLICATE_CONFLICT":
            for group in groups:
                self._say_difference(group)
        return groups

    # --- as the file has it ---------------------------------------------------------------------------

    @property
    def _columns(self) -> list[str]:
        return self.upload.answer.get("columns", [])

    def _cells(self, line: int | None) -> list[str]:
        return self.upload.answer.get("error_rows", {}).get(str(line), [])

    def _role(self, line: int | None, role: str) -> str:
        """The row's cell in the column of that role, "" where it has none."""
        wanted = {fold_heading(word) for word in (role, *PERSON_COLUMNS[role])}
        cells = self._cells(line)
        at = (place for place, heading in enumerate(self._columns) if fold_heading(heading) in wanted)
        return next((cells[place] for place in at if place < len(cells)), "")

    def _who(self, line: int | None) -> str:
        name = ", ".join(part for part in (self.family_name(line), self._role(line, "first_name")) if part)
        grade, section = self._role(line, "grade"), self._role(line, "section")
        parts = [name, grade and f"grade {grade.lstrip('0')}", section and f"section {section}"]
        return " · ".join(part for part in parts if part)

    def family_name(self, line: int | None) -> str:
        """The family name as the row has it."""
        return self._role(line, "last_name") or self._role(line, "name").partition(",")[0]

    def _say_difference(self, group: Group) -> None:
        """What tells the rows of one student apart: the columns in which they differ, the first few."""
        rows = [self._cells(line.number) for line in group.lines]
        width = min(map(len, rows), default=0)
        differing = [place for place in range(width) if len({row[place] for row in rows}) > 1]
        places = differing or [place for place in range(width) if rows[0][place]][:MOST_CELLS]
        for line, row in zip(group.lines, rows, strict=True):
            line.cells = [(self._columns[place], row[place] or "blank") for place in places[:MOST_CELLS]] if row else []

    # --- whom it may be -------------------------------------------------------------------------------

    def offer_students(self, groups: list[Group]) -> None:
        """Put beside each group the students it may be: those of the same family name, and those searched for."""
        names = {group.key: self.family_name(group.lines[0].number).casefold() for group in groups}
        wanted = Q(folded__in=[name for name in names.values() if name]) | Q(pk__in=self._found)
        rows = list(
            Student.objects.visible_to(self.user)
            .filter(district=self.upload.district_id)
            .annotate(folded=Lower("family_name"))
            .filter(wanted)
            .order_by("family_name", "given_name", "number")[: MOST_FOUND * A_PAGE]
        )
        places = self._places(rows)
        for group in groups:
            alike = [row for row in rows if names[group.key] and row.folded == names[group.key]]
            chosen = alike[:MOST_FOUND] + [row for row in rows if row.pk in self._found and row not in alike]
            group.candidates = [{"pk": row.pk, "label": _label(row, places.get(row.pk))} for row in chosen]

    @cached_property
    def _found(self) -> set[int]:
        """Students whose name or number the reader searched for."""
        words = self.search.replace(",", " ").split()
        if not words:
            return set()
        named = Q()
        for word in words:
            named &= Q(family_name__icontains=word) | Q(given_name__icontains=word) | Q(number__icontains=word)
        rows = Student.objects.visible_to(self.user).filter(named, district=self.upload.district_id)
        return set(rows.values_list("pk", flat=True)[:MOST_FOUND])

    def _places(self, students: list[Student]) -> dict[int, Enrollment]:
        """The newest enrollment of each."""
        rows = Enrollment.objects.visible_to(self.user).filter(student__in=[row.pk for row in students])
        return {row.student_id: row for row in rows.select_related("school").order_by("starts")}


def _label(student: Student, place: Enrollment | None) -> str:
    at = f", grade {place.grade.lstrip('0')}, {place.school.name}" if place else ""
    return f"{student.family_name}, {student.given_name} ({student.number}{at})"
