"""What the pages of releases say: where a release stands, its figures and what is not shown of them."""

from zoneinfo import ZoneInfo

from assessments.models import Release, ReleasedCell
from assessments.releases.labels import place_words
from assessments.sentences.figures import MINUS
from assessments.sentences.releases import rate_words
from schools.wording import how_many

State = Release.State
NOT_SHOWN, NOT_MEASURED, NOT_TESTED = "not shown", "not measured", "not tested"
SHAPES = {
    State.COMPUTING: "wait", State.PREPARED: "wait", State.AGREED: "wait", State.RELEASED: "ok", State.HELD: "warn",
    State.STOPPED: "bad",
}  # fmt: skip
# The ledger's rules (`suppressing.WORDS` says why) as an auditor reads them.
RULES = {
    "primary": "small group", "complementary": "beside a small group", "audit": "all figures together",
    "insider": "known at one school", "earlier": "earlier release", "rate": "rates together",
    "masked": "nearly all or none", "mean": "mean tells too much", "few_teachers": "few teachers",
    "grades": "small grade", "teachers_together": "beside few teachers", "few_matched": "few compared",
    "growth_together": "beside few compared", "frozen": "earlier figure stands",
    "frozen_together": "beside an earlier figure",
}  # fmt: skip
FIGURES = {"tested": "all figures", "rate": "students at benchmark", "mean": "mean", "growth": "growth"}


def moment_words(moment, release: Release) -> str:
    """ "Mar 4, 2026, 3:00 PM", in the district's time; "" for no moment."""
    if moment is None:
        return ""
    local = moment.astimezone(ZoneInfo(release.district.timezone))
    hour = f"{local:%I:%M %p}".lstrip("0")
    return f"{local:%b} {local.day}, {local.year}, {hour}"


def state_words(release: Release) -> str:
    """The state in two or three words; a release whose time has not come is not open yet."""
    if release.state == State.RELEASED:
        return "open" if release.is_open else "opens by the clock"
    return release.get_state_display()


def state_sentence(release: Release) -> str:
    """Where the release stands and who does what next."""
    if release.state == State.COMPUTING:
        return "The figures are being worked out."
    if release.state == State.PREPARED and not release.audit.get("clean"):
        return "The audit found figures that could be worked out from the others, so this release cannot be opened."
    if release.state == State.RELEASED:
        public = release.audience == Release.Audience.PUBLIC
        readers = "everyone" if public else "leaders, teachers and union representatives"
        begins = "Open since" if release.is_open else "It opens"
        return f"{begins} {moment_words(release.opens_at, release)}, to {readers} at once."
    return {
        State.PREPARED: "The figures are ready and the audit is clean. The district turns the first key.",
        State.AGREED: "The district turned the first key. The network turns the second.",
        State.HELD: "This release is held back. Nothing of it is open.",
        State.STOPPED: "This release was stopped before it opened. Nothing of it was shown.",
    }[State(release.state)]


def ledger_words(lines: int, hidden: int) -> str:
    """What the lines of a ledger are: of `hidden` rows nothing is shown, of other rows a single figure is not."""
    told, single = how_many(lines, "line", "lines"), lines - hidden
    if not single:
        return f"{told}, one for each row that is not shown"
    rows, figures = how_many(hidden, "row", "rows"), how_many(single, "single figure", "single figures")
    return f"{told}: {rows} not shown, and {figures} of rows that are shown"


def cell_place(cell: ReleasedCell, letters: dict[int, str] | None = None) -> str:
    """Whose figures a cell holds; a school by name, with its letter where readers see that."""
    school = cell.school.name if cell.school else ""
    if letters and cell.school_id in letters:
        school = f"{school} ({letters[cell.school_id]})"
    return place_words(cell.place, school=school, grade=cell.grade, subgroup=cell.subgroup)


def cell_subject(cell: ReleasedCell) -> str:
    """What a cell is about: the whole test, a standard, a strand, a question."""
    return str(cell.standard or cell.item or cell.strand or "the whole test")


def cell_words(cell: ReleasedCell, release: Release) -> tuple[str, ...]:
    """Tested, at benchmark, mean, growth with its range, and matched students, as readers get them."""
    if cell.tested == 0:
        return ("0", *[NOT_TESTED] * 4)
    band, place, kind = "", cell.place, release.growth_kind
    of_schools = kind == "standing" and place in (ReleasedCell.Place.NETWORK, ReleasedCell.Place.GRADE)
    if not kind or of_schools or place == ReleasedCell.Place.SUBGROUP:
        growth = band = NOT_MEASURED
    elif cell.growth is None:
        growth = band = NOT_SHOWN
    elif cell.growth_low is None:
        growth = str(_grown(cell.growth, release))
    else:
        growth = "{} ({} to {})".format(*(_grown(x, release) for x in (cell.growth, cell.growth_low, cell.growth_high)))
    return (
        NOT_SHOWN if cell.tested is None else f"{cell.tested:,}",
        rate_words(cell.rate) if cell.rate else NOT_SHOWN if release.has_levels else "no levels",
        NOT_SHOWN if cell.mean is None else str(cell.mean),
        growth,
        band or cell.matched_band or NOT_SHOWN,
    )


def _grown(value: int, release: Release) -> str:
    """Scale points, or standard deviations from hundredths of them."""
    told = f"{value / 100:.2f}" if release.growth_kind == "standing" else str(value)
    return told.replace("-", MINUS)
