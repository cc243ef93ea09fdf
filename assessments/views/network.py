"""A network as released, for everyone in it: the same figures at the same second for leaders, teachers and union."""

from collections.abc import Callable
from dataclasses import asdict, replace
from functools import partial
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from assessments import charts, figures
from assessments.documents.networks import network_document
from assessments.exports import CSV, EXCEL, table_file
from assessments.models import Release
from assessments.queries.network import BENCHMARK, GROWTH, POINTS, Asked, NetworkResults, Row
from assessments.views.asked import address, choice, window_links
from assessments.views.exports import PDF, sent
from schools.access import get_visible_or_404
from schools.audit import record_access
from schools.drawn.pages import drawn_once
from schools.models import AccessLog, Network
from schools.pages import render_page
from schools.views.listing import one_of

MEASURES = {GROWTH: "growth", BENCHMARK: "at benchmark", POINTS: "mean"}
SHARE_OF = {BENCHMARK: "of students at benchmark", POINTS: "of the points"}
BROKEN = "A share that is shown as a range, or not shown, breaks the line."
BY_CHANCE = "About 1 school in 20 would look clear by chance."


def network_page(request, of: Network, user) -> NetworkResults:
    """What the address asks of a network. Raises Http404 for anything that is not offered there."""
    given = request.POST if request.method == "POST" else request.GET
    asked = Asked(**{name: given.get(name, "") for name in asdict(Asked())})
    try:
        return NetworkResults(of, user, asked)
    except KeyError:
        raise Http404 from None


@require_GET
def network(request):
    """The reader's network; where there is none yet, the list of own results, which says so."""
    found = Network.objects.visible_to(request.user).first()
    return redirect("assessments:network_results", found.pk) if found else redirect("assessments:results")


@require_GET
@drawn_once
def network_results(request, pk):
    """Schools by growth or share at benchmark, with the network; standards; the year so far."""
    page = network_page(request, get_visible_or_404(Network, request.user, pk=pk), request.user)
    context = network_context(page, at("network_results", pk))
    about = {"label": "About the network", "url": reverse("schools:network", args=[pk])}
    context["tools"] = [*context.get("tools", []), about]
    return render_page(request, "assessments/network_results.html", context)


@require_GET
def network_explore(request, pk):
    """The same figures drawn large, with the windows of the year side by side."""
    page = network_page(request, get_visible_or_404(Network, request.user, pk=pk), request.user)
    context = network_context(page, at("network_explore", pk))
    context["charts"] = _explored(page) if page.chosen else []
    context["back_url"] = address("network_results", pk, **asdict(page.asked))
    return render_page(request, "assessments/network_explore.html", context)


@require_POST
def network_export(request, pk):
    """The figures of the page as a file: released figures alone, so nobody's right to students is asked."""
    page = network_page(request, get_visible_or_404(Network, request.user, pk=pk), request.user)
    if page.chosen is None:
        raise PermissionDenied
    what = f"released results: {page.chosen.title}, {page.chosen.window.name}"
    record_access(request, AccessLog.Action.EXPORT, what, why="Released to the network.")
    if request.POST.get("format") == PDF:
        document = partial(network_document, page, network_context(page, at("network_results", pk)))
        return sent(request, PDF, file_title(page), page.tables(), document, page.chosen.district)
    return released_file(request, page)


def released_file(request, page: NetworkResults):
    """The figures of the page as CSV or a workbook."""
    return table_file(one_of(request, "format", (CSV, EXCEL)), file_title(page), page.tables())


def file_title(page: NetworkResults) -> str:
    """What a file of the page is named after."""
    return f"{page.network.name} {page.chosen.title} {page.chosen.window.name}"


def at(name: str, *args) -> Callable[[Asked], str]:
    """The address of a page of this room for what is asked of it."""
    return lambda asked: address(name, *args, **asdict(asked))


def network_context(page: NetworkResults, url_of: Callable[[Asked], str]) -> dict:
    """What a page of released figures prints; `url_of` leads to the same page for something else asked of it."""

    def link(**changes) -> str:
        return url_of(replace(page.asked, **changes))

    context = {"page": page, "choices": [], "asked": {key: v for key, v in asdict(page.asked).items() if v}}
    if page.chosen is None:
        return context
    return context | {
        "basis": basis(page),
        "choices": choices(page, link),
        "growth": growth_chart(page) if page.measure == GROWTH else None,
        "bars": bars(page) if page.measure != GROWTH else [],
        "year": over_the_year(page),
        "subjects": subjects(page, link),
        "grade_links": [(grade, link(grade=grade, standard="")) for grade in page.grades if grade != page.asked.grade],
        "all_url": link(standard="", grade="", measure=""),
        "tools": [
            {"label": "Explore", "url": address("network_explore", page.network.pk, **asdict(page.asked))},
            {"label": "Download", "url": "#take"},
        ],
        "by_chance": BY_CHANCE if page.measure == GROWTH and page.asked.by == "" else "",
        "export_url": reverse("assessments:network_export", args=[page.network.pk]),
    }


def basis(page: NetworkResults) -> list[str]:
    """Which figures these are, since when they are open, and to whom."""
    release = page.chosen
    opened = release.opens_at.astimezone(ZoneInfo(release.district.timezone))
    to = "everyone" if release.audience == Release.Audience.PUBLIC else "leaders, teachers and union representatives"
    year = "" if opened.year == timezone.localdate().year else f", {opened.year}"
    day, hour = f"{opened:%b} {opened.day}{year}", f"{opened:%I:%M %p}".lstrip("0")
    name, when = f"{page.programme.name}, {release.window.name}", f"released {day}, {hour}, to {to} at once"
    return [name, *page.students, when]


def choices(page: NetworkResults, link) -> list[dict]:
    """Test, window, measure and kind of row, as groups of the strip: released ones alone."""
    tests = [
        {"label": one.name, "url": link(series=one.key, window="", measure="", by="", grade="", standard=""),
         "current": "true" if one is page.programme else ""}
        for one in page.programmes
    ]  # fmt: skip
    windows = window_links(
        page.programme.releases, page.chosen,
        lambda one: link(window=one.window.full_code, measure="", standard="", grade=""),
    )  # fmt: skip
    measures = [
        {"label": MEASURES[one], "url": link(measure=one), "current": "true" if one == page.measure else ""}
        for one in page.measures
    ]
    rows = [] if page.asked.standard else [
        {"label": label, "url": link(by=by), "current": "true" if by == page.asked.by else ""}
        for label, by in (("schools", ""), ("grades", "grades"))
    ]  # fmt: skip
    return choice("Test", tests) + choice("Window", windows) + choice("Measure", measures) + choice("Rows", rows)


def estimates(page: NetworkResults) -> list[tuple[charts.Estimate, Row]]:
    """The rows of the page as dots with ranges, in their order."""
    found = []
    for row in page.pictured:
        cell = page.cell(row)
        known = cell is not None and cell.growth is not None
        figures_of = (cell.growth, cell.growth_low, cell.growth_high) if known else (None, None, None)
        found.append((charts.Estimate(row.name, *figures_of, verdict=cell.verdict if known else "", own=row.own), row))
    return found


def growth_chart(page: NetworkResults) -> dict:
    """Dots with ranges, the network's as a dashed line."""
    found = estimates(page)
    of_all = next((one.value for one, row in found if row.network), None)
    chart = charts.growth_rows([one for one, _ in found], network=of_all, unit=page.unit)
    rows = []
    for mark, (one, row) in zip(chart["rows"], found, strict=True):
        cell = page.cell(row)
        rows.append(
            {
                "mark": mark,
                "name": one.name,
                "url": school_url(row),
                "students": cell.tested if cell else None,
                "verdict": one.verdict,
                "own": row.own,
                "network": row.network,
            }
        )
    return {"chart": chart, "rows": rows}


def bars(page: NetworkResults) -> list[dict]:
    """Shares as bars with the network's tick; a masked share or a scale score stands in words alone."""
    of_all = next((page.share(page.cell(row)) for row in page.rows if row.network), None)
    found = []
    for row in page.pictured:
        share = page.share(page.cell(row))
        bar = None
        if share is not None:
            tick = None if row.network else of_all
            bar = charts.share_bar(row.name, share, tick, of=SHARE_OF[page.measure])
        cell = page.cell(row)
        found.append({"row": row, "url": school_url(row), "bar": bar, "words": page.words(cell), "cell": cell})
    return found


def school_url(row: Row) -> str:
    """The school's own page, for those with rights there; "" for others, who read the name as plain text."""
    return address("school_results", row.school) if row.school else ""


def over_the_year(page: NetworkResults) -> dict | None:
    """The network and the schools that may be named, a column a window; none where there is one window alone."""
    rows = [row for row in page.rows if row.over_the_year]
    if len(page.columns) < 2 or not rows:
        return None
    columns = [{"label": "School" if page.asked.by == "" else "Grade"}]
    columns += [{"label": page.column_name(release), "numeric": True} for release in page.columns]
    told = [[row.name, *(page.words(row.cells.get(release.pk)) for release in page.columns)] for row in rows]
    return {"columns": columns, "rows": told}


def subjects(page: NetworkResults, link) -> list[dict]:
    """Standards and strands of the network or of the grade asked for; a standard opens its schools."""
    return [
        {
            "name": one.name,
            "code": one.code,
            "url": link(standard=one.pk, grade="", by="", measure="") if one.pk else "",
            "bar": charts.share_bar(one.name, one.cell.mean / 100, None, of=SHARE_OF[POINTS])
            if one.pk and one.cell.mean is not None
            else None,
            "words": mean_words(page, one),
            "tested": one.cell.tested,
            "current": str(one.pk) == page.asked.standard,
        }
        for one in page.subjects
    ]


def mean_words(page: NetworkResults, subject) -> str:
    """A standard's share of the points, a strand's scale score."""
    if subject.cell.mean is None:
        return "not shown"
    return f"{subject.cell.mean}\u00a0%" if subject.pk else str(subject.cell.mean)


def _explored(page: NetworkResults) -> list[dict]:
    """The chart of the page drawn large, with its table; none where no figure of it can be drawn."""
    figure = _growth_figure(page) if page.measure == GROWTH else _share_figure(page)
    if figure is None:
        return []
    table = page.tables()[0]
    return [
        figure
        | {
            "id": page.measure,
            "help": " ".join(part for part in (figure["help"], page.letters_note) if part),
            "sentence": page.sentence,
            "columns": [{"label": label, "numeric": place > 0} for place, label in enumerate(table.header)],
            "rows": [list(row) for row in table.rows],
        }
    ]


def _growth_figure(page: NetworkResults) -> dict | None:
    found = [one for one, _ in estimates(page)]
    if all(one.value is None for one in found):
        return None
    return {
        "title": f"Growth since {page.chosen.since.name}",
        "help": f"The same students in both windows, with the range. {BY_CHANCE}",
        "figure": figures.growth_figure(found, unit=page.unit),
    }


def _share_figure(page: NetworkResults) -> dict | None:
    """Shares or means over the windows of the year: a line a row, one point for a school that is read by letter."""
    windows = tuple(release.window.name for release in page.columns)
    runs = [
        figures.Run(row.name, "", tuple(page.whole(row.cells.get(release.pk)) for release in page.columns))
        for row in page.rows
    ]
    runs = [run for run in runs if any(share is not None for share in run.shares)]
    if not runs:
        return None
    on_scale = page.measure == POINTS and page.mean_on_scale
    unit = "scale points" if on_scale else f"% {SHARE_OF[page.measure]}"
    of = "Mean in scale points." if on_scale else f"Per cent {SHARE_OF[page.measure]}."
    broken = "What is not shown breaks the line." if on_scale else BROKEN
    return {
        "title": f"{page.measure_name} over the year",
        "help": f"{of} {broken}",
        "figure": figures.runs_figure(windows, runs, unit=unit),
    }
