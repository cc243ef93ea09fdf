"""What the files of a school's page hold: its figures as tables, no student's row."""

from assessments.exports import Table


def school_tables(page) -> list[Table]:
    """The tables of a `SchoolResults` with a window: levels, grades, participation, growth, standards, classes."""
    tables = [page.chosen.levels_table()]
    if page.grades:
        rows = tuple((g.grade, g.tested, g.at_benchmark, g.with_level) for g in page.grades)
        tables.append(Table("Grades", ("Grade", "Tested", "At benchmark", "With a level"), rows))
    if page.participation:
        tables.append(_participation(page))
    if page.growth:
        tables.append(_growth(page))
    if page.standards:
        tables.append(_standards(page))
    rows = tuple((line.name, line.tested) for line in page.sections)
    return [*tables, Table("Classes", ("Class", "Tested"), rows)]


def _participation(page) -> Table:
    rows = tuple(
        (one.window.name, row.grade or "School", took.tested, took.enrolled)
        for row in page.participation
        for one, took in zip(page.windows, row.windows, strict=True)
        if took
    )
    return Table("Participation", ("Window", "Group", "Tested", "Enrolled"), rows)


def _growth(page) -> Table:
    head = ("Group", "Students", f"Scale points since {page.since}", "Verdict")
    rows = [
        (row.grade or "School", row.matched, row.words or "too few students", str(row.told or ""))
        for row in page.growth
    ]
    if not page.network_growth:
        return Table("Growth", head, tuple(rows))
    told = [(*own, row.apart_words) for own, row in zip(rows, page.growth, strict=True)]
    told.append(("Network", "not shown", page.network_growth.removesuffix(" scale points"), "", ""))
    return Table("Growth", (*head, "Difference from the network"), tuple(told))


def _standards(page) -> Table:
    """With the network's released shares and the verdicts, once there are any."""
    head = ("Standard", "Code", "Grade", "Questions", "% of the points", "Points earned", "Points possible")
    rows = [
        (s.standard.name, s.standard.code, s.grade, s.questions, s.percent, s.earned, s.possible)
        for s in page.standards
    ]
    if page.beside is None:
        return Table("Standards", head, tuple(rows))
    beside = [("not shown" if s.network is None else s.network, str(s.verdict or "")) for s in page.standards]
    joined = tuple(own + more for own, more in zip(rows, beside, strict=True))
    return Table("Standards", (*head, "Network, % of the points", "Against the network"), joined)
