"""A file read and held against the roster and the current results: all that can be known before it is published.

Nothing is written here. Publishing checks once more and goes on only where the digest is the one a person saw.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from django.conf import settings

from assessments import store
from assessments.formats.seam import AssessmentSpec, Block, Decisions, Hints, Instrument, Parsed
from assessments.matching import Matched, Roster, match
from assessments.models import Administration, Assessment, ColumnMapping, Upload, Window
from assessments.pipeline.comparing import Attempts, Compared, compare
from assessments.pipeline.district import find_window, roster_of, spec_of, specs_of
from assessments.pipeline.layouts import LayoutUnknown, layout_of, mapped_by, where_to_map
from assessments.pipeline.readers import Readers, places_of, readers_of
from assessments.pipeline.result_rows import result_rows, strand_names
from assessments.pipeline.uploads import Options, file_of
from assessments.rows import ResultRows
from schools import dates
from schools.files.issues import FileRefused, Issue, issue
from schools.files.limits import Limits
from schools.files.table import Table, read_table
from schools.models import Enrollment, Student

MOST_ERRORS = 0.02
MOST_ABSENT = 0.05


@dataclass(slots=True)
class Part:
    """One administration's share of a file."""

    assessment: Assessment | None  # None: a vendor's instrument that is made when the file is published
    instrument: Instrument | None
    window: Window
    spec: AssessmentSpec
    block: Block
    matched: Matched
    rows: ResultRows
    compared: Compared
    kept: int  # current results that the file does not touch
    aside: list[int]  # students whose results a complete file sets aside
    strands: list[str]  # the names of the columns of `rows.strands`
    version: int  # of the administration the rows were compared with

    @property
    def lines(self) -> np.ndarray:
        return self.block.lines[self.matched.keep]

    @property
    def name(self) -> str:
        return f"{self.assessment.name if self.assessment else self.spec.name}, {self.window.name}"


@dataclass(slots=True)
class Checked:
    """What is known of a file. `counts` add up; `refused` is set where the whole file cannot be used."""

    counts: dict[str, int] = field(default_factory=dict)
    format: str = ""
    label: str = ""
    table: Table | None = None
    parts: list[Part] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    halts: list[str] = field(default_factory=list)
    absent: list[int] = field(default_factory=list)
    unused_lines: set[int] = field(default_factory=set)  # whose rows are errors, or left out
    refused: Issue | None = None
    mapping: ColumnMapping | None = None  # by which the file was read
    unmapped: bool = False  # a layout nobody has seen
    asks: bool = False  # ... whose sender is at the page, where it waits to be mapped
    readers: Readers = field(default_factory=Readers)  # whose pages change once it is published

    @property
    def status(self) -> str:
        if self.refused and not self.asks:
            return "rejected"
        return "needs_review" if self.halts or self.asks else "ready"

    @property
    def mapped_headings(self) -> set[str]:
        """The columns of the file that a mapping reads."""
        return set(mapped_by(self.mapping).headings(self.table.header).values()) if self.mapping else set()

    def digest(self) -> str:
        """A fingerprint of what would be written and what was said of it."""
        seal = hashlib.sha256()
        for part in self.parts:
            seal.update(repr((part.spec.code, part.window.pk, part.strands, sorted(part.aside))).encode())
            for column in (part.compared.new, part.compared.changed, *part.rows.columns()):
                seal.update(_bytes_of(column))
            seal.update(repr((part.matched.to_create, part.matched.new_schools)).encode())
        seal.update(repr([(one.code, one.row) for one in self.issues if one.level == "error"]).encode())
        seal.update(repr((self.halts, self.absent)).encode())
        return seal.hexdigest()


def _bytes_of(column: np.ndarray) -> bytes:
    return "\n".join(column).encode() if column.dtype == object else np.ascontiguousarray(column).tobytes()


def check(upload: Upload, *, told: Callable[[int, int], None] = lambda done, known: None) -> Checked:
    """Read and check an upload. `told(rows done, rows known)` hears of progress."""
    options = Options.of(upload)
    checked = Checked()
    try:
        _read(upload, options, checked, told)
    except FileRefused as refusal:
        checked.refused = refusal.issue
        checked.issues.insert(0, refusal.issue)
        if isinstance(refusal, LayoutUnknown):
            checked.unmapped, checked.asks = True, options.asks_columns
            checked.issues.append(where_to_map(upload))
        checked.parts = []
        checked.counts = _refused_counts(checked)
    return checked


def results_limits() -> Limits:
    """How much a file of results may hold, by the settings."""
    return Limits(max_bytes=settings.UPLOAD_MAX_BYTES, max_rows=settings.UPLOAD_MAX_ROWS, **settings.UPLOAD_LIMITS)


def _read(upload: Upload, options: Options, checked: Checked, told: Callable[[int, int], None]) -> None:
    limits = results_limits()
    table = read_table(file_of(upload), upload.filename, limits=limits)
    checked.table = table
    checked.issues = list(table.notes)
    told(0, table.rows_read)
    specs = specs_of(upload.district)
    chosen, checked.mapping = layout_of(upload, table, options, specs)
    checked.format, checked.label = chosen.name, chosen.label
    half = file_of(upload, "students")
    hints = Hints(
        assessment=options.assessment or None,
        window=options.window or None,
        school=options.school or None,
        students=read_table(half, "students.csv", limits=limits) if half else None,
        decisions=_decisions(options),
    )
    parsed = chosen.parse(table, specs, hints)
    checked.issues += [*parsed.notes, *parsed.issues]
    checked.unused_lines = {int(line) for line in (*parsed.rejected, *parsed.ignored)}
    counts = {"rows_loaded": 0, "rows_not_tested": 0, "rows_unchanged": 0}
    counts |= {"rows_ignored": len(parsed.ignored), "rows_rejected": len(parsed.rejected)}
    checked.counts = {"rows_read": table.rows_read, **counts}
    rosters: dict[tuple[int, str, bool], Roster] = {}
    placed = [(block, _window_of(upload, block, options, parsed)) for block in parsed.blocks]
    if parsed.blocks and not any(window for _, window in placed):
        found = next((block.term for block in parsed.blocks if block.term), options.window or None)
        raise FileRefused(issue("UNKNOWN_ADMINISTRATION", value=found, known=_known_windows(upload)))
    _refuse_one_under_two_names(placed)
    for block, window in placed:
        if window is None:
            _reject_block(checked, block, upload)
        else:
            _add_part(upload, options, hints.decisions, checked, block, window, rosters)
        told(min(checked.counts["rows_read"], _settled(checked)), table.rows_read)
    _close(upload, options, checked)


def _decisions(options: Options) -> Decisions:
    chosen = options.decisions
    return Decisions(
        map_student={number: int(pk) for number, pk in chosen.get("map_student", {}).items()},
        blank=tuple((column, value) for column, value in chosen.get("blank", ())),
        keep_line={number: int(line) for number, line in chosen.get("keep_line", {}).items()},
        skip_lines=tuple(int(line) for line in chosen.get("skip_lines", ())),
    )


def _window_of(upload: Upload, block: Block, options: Options, parsed: Parsed) -> Window | None:
    """The window a block belongs to: the one chosen, which the file must not contradict, or the one it names."""
    day = _some_day(block)
    named = find_window(upload.district, block.term, year_of=day) if block.term else None
    if not options.window:
        return named
    chosen = find_window(upload.district, options.window, year_of=day or (named and named.opens))
    if chosen is None:
        raise FileRefused(issue("UNKNOWN_ADMINISTRATION", value=options.window, known=_known_windows(upload)))
    if named is not None and named != chosen:
        raise FileRefused(issue("MIXED_ADMINISTRATION", found=f"the file says {named.name}, you chose {chosen.name}"))
    return chosen


def _refuse_one_under_two_names(placed: list[tuple[Block, Window | None]]) -> None:
    """Two blocks of one administration would each be checked as if the other were not there."""
    terms: dict[tuple, str | None] = {}
    for block, window in placed:
        key = (block.assessment, block.instrument, window)
        if window is not None and terms.setdefault(key, block.term) != block.term:
            found = f'{window.name} is called both "{terms[key] or ""}" and "{block.term or ""}"'
            raise FileRefused(issue("MIXED_ADMINISTRATION", found=found))


def _some_day(block: Block):
    if block.dates is None or np.isnat(block.dates).all():
        return None
    return block.dates[~np.isnat(block.dates)].max().astype(object)


def _known_windows(upload: Upload) -> str:
    windows = Window.objects.filter(year__district=upload.district).select_related("year").order_by("-opens")[:8]
    return ", ".join(window.full_code for window in windows) or "none yet"


def _reject_block(checked: Checked, block: Block, upload: Upload) -> None:
    known = _known_windows(upload)
    checked.issues += [
        issue("UNKNOWN_ADMINISTRATION", row=int(line), value=block.term, known=known) for line in block.lines
    ]
    checked.counts["rows_rejected"] += block.rows(np.arange(len(block)))


def _add_part(
    upload: Upload,
    options: Options,
    decisions: Decisions,
    checked: Checked,
    block: Block,
    window: Window,
    rosters: dict[tuple[int, str, bool], Roster],
) -> None:
    code = block.assessment or (block.instrument and block.instrument.code)
    test = Assessment.objects.filter(district=upload.district, code=code).first()
    spec = spec_of(test) if test else _spec_of_instrument(block.instrument)
    with_names = block.last_names is not None or options.create_students
    key = (window.pk, spec.subject, with_names)
    if key not in rosters:
        rosters[key] = roster_of(upload.district, window, spec.subject, with_names=with_names)
    matched = match(
        block,
        rosters[key],
        opens=np.datetime64(window.opens),
        closes=np.datetime64(window.closes),
        retake_rule=spec.retake_rule,
        allowed_schools=frozenset([upload.school_id]) if upload.school_id else None,
        create_students=options.create_students,
        default_school=options.school or None,
        spec=spec,
        decisions=decisions,
    )
    rows = result_rows(block, matched, spec, test, window)
    held = Administration.objects.filter(assessment=test, window=window).first() if test else None
    strands = 0 if rows.strands is None else rows.strands.shape[1]
    current = ResultRows.none(len(spec.items))
    if held is not None and held.has_partition:
        current, _ = store.read(held, len(spec.items), strands)
    compared = compare(
        rows,
        Attempts.of(block, matched.keep),
        current,
        spec.retake_rule,
        decisions,
    )
    _count(checked, block, matched, rows, compared)
    checked.issues += [*matched.issues, *compared.issues]
    checked.unused_lines |= set(block.lines[np.concatenate([matched.rejected, matched.ignored])].tolist())
    untouched = ~np.isin(current.students, rows.students)
    checked.parts.append(
        Part(
            test,
            block.instrument,
            window,
            spec,
            block,
            matched,
            rows,
            compared,
            int(untouched.sum()),
            _aside(upload, options, checked, current, untouched),
            strand_names(test, block.strands),
            version=held.version if held else 0,
        )
    )


def _spec_of_instrument(instrument: Instrument) -> AssessmentSpec:
    return AssessmentSpec(
        code=instrument.code,
        name=instrument.name,
        subject=instrument.subject,
        kind=instrument.kind,
        grades=instrument.grades,
        retake_rule="vendor",
        on_scale=bool(instrument.scale),
    )


def _count(checked: Checked, block: Block, matched: Matched, rows: ResultRows, compared: Compared) -> None:
    counts, keep = checked.counts, matched.keep
    counts["rows_ignored"] += block.rows(matched.ignored) + block.rows(keep[compared.ignored])
    counts["rows_rejected"] += block.rows(matched.rejected) + block.rows(keep[compared.rejected])
    taken = ~compared.ignored & ~compared.rejected
    counts["rows_loaded"] += block.rows(keep[taken & rows.tested])
    counts["rows_not_tested"] += block.rows(keep[taken & ~rows.tested])
    counts["rows_unchanged"] += block.rows(keep[compared.same & rows.tested])


def _aside(upload: Upload, options: Options, checked: Checked, current: ResultRows, untouched: np.ndarray) -> list[int]:
    """Students of the schools this file is complete for whose results it does not name, not even in an error."""
    if not options.complete_for:
        return []
    schools = list(_complete_schools(upload, options))
    missing = set(current.students[untouched & np.isin(current.schools, schools)].tolist())
    return sorted(missing - set(options.keep_absent) - _named_in_unused(checked, missing))


def _named_in_unused(checked: Checked, students: set[int]) -> set[int]:
    """Those of `students` whose number stands anywhere in a row that is an error or left out."""
    rows = checked.table.original.rows(checked.unused_lines) if checked.unused_lines and students else {}
    words = {str(cell).strip().lstrip("0") for row in rows.values() for cell in row}
    numbers = Student.objects.filter(pk__in=students).values_list("pk", "number")
    return {pk for pk, number in numbers if number.lstrip("0") in words} if words else set()


def _complete_schools(upload: Upload, options: Options):
    wanted = upload.district.schools.filter(code__in=options.complete_for)
    found = {school.code: school.pk for school in wanted}
    for code in options.complete_for:
        if code not in found or upload.school_id not in (None, found[code]):
            raise FileRefused(issue("UNKNOWN_SCHOOL", value=code))
    return found.values()


def _settled(checked: Checked) -> int:
    return sum(checked.counts[name] for name in ("rows_loaded", "rows_not_tested", "rows_ignored", "rows_rejected"))


def _close(upload: Upload, options: Options, checked: Checked) -> None:
    """What needs the whole file: at least one valid row, the halts, and who will read it."""
    counts = checked.counts
    checked.readers = readers_of(
        places_of(part.rows, part.compared.new | part.compared.changed) for part in checked.parts
    )
    # A file of nothing but attempts that do not count changes nothing, and is no mistake.
    if not counts["rows_loaded"] + counts["rows_not_tested"] + counts["rows_ignored"]:
        first = next((one for one in checked.issues if one.level == "error"), None)
        raise FileRefused(issue("NO_VALID_ROWS", row=first and first.row, first=first and first.message))
    if counts["rows_rejected"] > MOST_ERRORS * counts["rows_read"]:
        checked.halts.append(
            f"{counts['rows_rejected']} of {counts['rows_read']} rows are errors, more than 2 %. "
            "Correct them, or say yes to publishing the others."
        )
    if options.complete_for:
        _check_absent(upload, options, checked)


def _check_absent(upload: Upload, options: Options, checked: Checked) -> None:
    """Over 5 % of the students enrolled in those schools on the window's dates are not in the file."""
    schools = list(_complete_schools(upload, options))
    for part in checked.parts:
        days = dates.overlapping(part.window.opens, part.window.closes)
        enrolled = Enrollment.objects.filter(days, school__in=schools)
        if part.spec.grades:
            enrolled = enrolled.filter(grade__in=part.spec.grades)
        expected = set(enrolled.values_list("student_id", flat=True))
        missing = expected - set(part.rows.students.tolist())
        missing -= _named_in_unused(checked, missing)
        checked.absent = sorted(set(checked.absent) | missing)
        if len(missing) > MOST_ABSENT * len(expected):
            checked.halts.append(
                f"{len(missing)} of the {len(expected)} students enrolled in these schools during {part.window.name} "
                "are not in the file, more than 5 %. Check that it is complete, or say yes."
            )


def _refused_counts(checked: Checked) -> dict[str, int]:
    """A refused file loads nothing: what was read counts as rejected."""
    read = checked.table.rows_read if checked.table else 0
    names = ("rows_loaded", "rows_not_tested", "rows_ignored", "rows_unchanged")
    return {"rows_read": read, **dict.fromkeys(names, 0), "rows_rejected": read}
