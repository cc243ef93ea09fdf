"""The one-page picture of a school on paper: figures, no student's row."""

from assessments.charts import FILLS
from assessments.documents.blocks import (
    Abreast,
    Block,
    Document,
    Dot,
    Dots,
    Facts,
    Heading,
    Levels,
    Rows,
    Text,
    verdict_of,
)
from assessments.documents.classes import COMPARISON_LATER, GROWTH_LATER, RANGE
from assessments.queries.school import SchoolResults
from assessments.sentences.figures import OPENS_LATER, count_of, grade_words
from assessments.verdicts import MARKS, in_short

NAMES_LEFT_OUT = "Students' names are left out of this print."
NO_SCALE = (
    "These tests have no common scale. Growth is measured by standing in the network, and opens when results are"
    " released."
)
WHICH_STANDARDS = f"Standards with at least 3 questions, of tests that at least 10 students took. {COMPARISON_LATER}"
AGAINST = "Verdicts are against the network, a grade's against its own grade there."
COMPARES = (
    "These tests have no common scale. This measure compares schools; the network itself cannot rise or fall on it."
)
ON_SAME_QUESTIONS = (
    "Standards with at least 3 questions, of tests that at least 10 students took, against the network on the same"
    " questions."
)
FEW_TEACHERS = (
    "Levels, growth, grades and standards: not shown. With so few teachers they would tell a colleague's class."
)
FEW_IN_A_GRADE = "Not shown: with so few teachers in a grade they would tell a colleague's class."
SMALL_GROUPS = "Small groups, and numbers from which a small group could be worked out, are not shown."


def school_document(page: SchoolResults, growth: dict | None) -> Document:
    """The school's page; `growth` is the chart of the page (chart and rows), None where it has none."""
    blocks = [*_facts(page)]
    if not page.few_teachers:
        blocks += [*_levels(page), *_participation(page), *_growth(page, growth), *_standards(page), *_grades(page)]
    blocks += _classes(page)
    without = NAMES_LEFT_OUT if page.untested else ""
    return Document(page.school.name, page.sentence, tuple(page.basis), tuple(blocks), without)


def _facts(page: SchoolResults) -> list[Block]:
    if page.few_teachers:
        return [Text(FEW_TEACHERS), Text(SMALL_GROUPS, quiet=True)]
    facts = [("Tested", page.tested_words, page.enrolled_words)]
    if page.benchmark_figure:
        facts.append(("At benchmark", page.benchmark_figure, page.benchmark_words))
    if page.beside is None:
        facts.append(("Network", "", OPENS_LATER))
    elif page.network_figure:
        shown = page.network_figure != "not shown"
        facts.append(("Network", page.network_figure, "of students at benchmark" if shown else ""))
    return [Facts(tuple(facts))]


def _levels(page: SchoolResults) -> list[Block]:
    if not page.chosen.level_groups:
        return []
    found: list[Block] = [Heading("Levels")]
    for group in page.chosen.level_groups:
        fills = FILLS[len(group.levels)]
        levels = tuple((fill, f"{one['number']} {one['name']}") for fill, one in zip(fills, group.levels, strict=True))
        header = (*(str(one["number"]) for one in group.levels), "Students")
        bars = tuple(bar | {"cells": [str(figure) for figure in (*bar["counts"], bar["total"])]} for bar in group.bars)
        found.append(Levels("Levels by window", levels, header, bars))
    return found


def _participation(page: SchoolResults) -> list[Block]:
    """Tested of those enrolled, over the windows of the year."""
    if not page.participation:
        return []
    header = ("Tested of enrolled", *(one.window.name for one in page.windows))
    rows = tuple(
        (
            grade_words(row.grade) if row.grade else "The school",
            *(count_of(took.tested, took.enrolled) if took else "not tested" for took in row.windows),
        )
        for row in page.participation
    )
    figures = tuple(range(1, len(header)))
    return [Heading("Participation"), Rows("Participation", header, rows, figures=figures, narrow=True)]


def _growth(page: SchoolResults, growth: dict | None) -> list[Block]:
    if not (page.growth or page.by_standing):
        return []
    found: list[Block] = [Heading(f"Growth since {page.since}")]
    if page.by_standing:
        return [*found, *_by_standing(page)]
    if growth:
        found.append(growth_dots(growth))
    for row in page.growth:
        if not row.enough:
            name = grade_words(row.grade) if row.grade else "The school"
            compared = f"{row.matched} student{'' if row.matched == 1 else 's'} compared"
            found.append(Text(f"{name}: {compared}, too few for a figure.", quiet=True))
    if not page.network_growth:
        return [*found, Text(f"{RANGE} {GROWTH_LATER}" if growth else GROWTH_LATER, quiet=True)]
    apart = [Text(page.apart_line, quiet=True)] if page.apart_line else []
    return [*found, *apart, Text(f"{RANGE} Dashed: the network, {page.network_growth}. {AGAINST}", quiet=True)]


def _by_standing(page: SchoolResults) -> list[Block]:
    row = page.standing_row
    if row is None:
        return [Text(NO_SCALE, quiet=True)]
    stand = f"By their standing in the network they are {MARKS[row.verdict]} {row.verdict}."
    return [Text(stand), Text(f"{row.words}. {COMPARES}", quiet=True)]


def growth_dots(growth: dict) -> Dots:
    """The rows of `charts/growth.html` as dots with ranges."""
    chart, dots = growth["chart"], []
    for row in growth["rows"]:
        mark, remark = verdict_of(row)
        place = row["mark"]
        figures = place["figures"] if place["dot"] else "not shown"
        students = "not shown" if row["students"] is None else str(row["students"])
        name = f"{row['name']} ◆" if row.get("own") else row["name"]
        dots.append(
            Dot(
                name, place["dot"] or "", place.get("low") or "", place.get("high") or "", place.get("tone", "ink"),
                (figures, students), mark, remark, place["sentence"],
            )
        )  # fmt: skip
    header = (chart["unit"], "students")
    return Dots("", tuple(chart["ticks"]), chart["zero"], chart["network"] or "", header, tuple(dots))


def _standards(page: SchoolResults) -> list[Block]:
    if not page.shows_parts:
        return [Heading("Grades and standards"), Text(FEW_IN_A_GRADE), Text(SMALL_GROUPS, quiet=True)]
    if page.beside and page.standards:
        return _against_network(page)
    if not page.lowest:
        return []
    columns = (_lines("Lowest standards", page.lowest), _lines("Highest standards", page.highest))
    return [Abreast(columns), Text(WHICH_STANDARDS, quiet=True)]


def _against_network(page: SchoolResults) -> list[Block]:
    """The standards furthest from the network, on either side."""
    columns = (
        _lines("Standards furthest below the network", page.below),
        _lines("Standards furthest above the network", page.above),
    )
    if not (page.below or page.above):
        return [Heading("Standards"), Text("No standard is far from the network."), Text(ON_SAME_QUESTIONS, quiet=True)]
    return [Abreast(columns), Text(ON_SAME_QUESTIONS, quiet=True)]


def _lines(title: str, lines) -> tuple[Block, ...]:
    rows = tuple((_standard(line), _share(line)) for line in lines)
    return (Heading(title), Rows(title, ("Standard", "of the points"), rows, figures=(1,))) if rows else ()


def _share(line) -> str:
    """ "41 %", with its verdict where the network stands beside it."""
    if line.verdict is None:
        return f"{line.percent} %"
    return f"{line.percent} % {MARKS[line.verdict]} {in_short(line.verdict, line.by)}"


def _standard(line) -> str:
    grade = grade_words(line.grade) if line.grade else ""
    return " ".join(word for word in (line.standard.name, grade, line.standard.code) if word)


def _grades(page: SchoolResults) -> list[Block]:
    if not page.grades:
        return []
    rows = tuple((grade_words(row.grade), str(row.tested), row.words) for row in page.grades)
    return [Heading("Grades"), Rows("Grades", ("Grade", "tested", "at benchmark"), rows, figures=(1,), narrow=True)]


def _classes(page: SchoolResults) -> list[Block]:
    if not page.sections:
        return []
    rows = tuple((line.name, str(line.tested)) for line in page.sections)
    title = page.sections_title
    return [Heading(title), Rows(title, ("Class", "tested"), rows, figures=(1,), narrow=True)]
