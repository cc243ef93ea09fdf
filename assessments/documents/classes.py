"""The page of a class on paper: from the same `SectionResults` as the page and its files."""

from assessments.charts import TONES
from assessments.documents.blocks import Bar, Bars, Block, Document, Dot, Dots, Heading, Names, Rows, Text, verdict_of
from assessments.queries.section import SectionResults
from assessments.sentences import rounded
from assessments.sentences.figures import OPENS_LATER, signed_words

LEFT_OUT = "Students' names and answers are left out of this print."
EARLIER = "Nobody was tested in this class yet. These are its students' results of before, as far as you may see them."
COMPARISON_LATER = f"The network comparison {OPENS_LATER}."
FEW = "Fewer than 10 students were tested, so the page counts students and shows no per cents."
WHO_IS_IN = (
    "A group holds the students who earned under half of the points of a standard with at least 3 questions; a student"
    " may be in several. Ready for more: at least 80\u00a0% of all points, and in no group."
)
RANGE = "The range says where the result would likely land if the same students took another form of the test."
GROWTH_LATER = f"The network's growth {OPENS_LATER}."
NONE_POPULAR = "No wrong answer was chosen by 5 students or more."


def class_document(page: SectionResults, *, students: bool) -> Document:
    """The class by standard; with its students' rows where the reader may take them away."""
    blocks: list[Block] = [Text(EARLIER, quiet=True)] if page.read.earlier else []
    blocks += [*_figures(page), *_aside(page), *_groups(page), *_popular(page), *_since(page), *_scores(page)]
    kept = [block for block in blocks if students or not getattr(block, "students", False)]
    return Document(page.title, page.sentence, tuple(page.basis), tuple(kept), without="" if students else LEFT_OUT)


def _figures(page: SectionResults) -> list[Block]:
    if page.by_luck:
        return [*_chart(page), Text(page.by_luck, quiet=True)]
    later = page.rows and not page.read.beside
    return [*_chart(page), Text(COMPARISON_LATER, quiet=True)] if later else _chart(page)


def _chart(page: SectionResults) -> list[Block]:
    if page.totals.shown_strands:
        return [strand_dots(page.totals.chart)]
    if not page.rows:
        return []
    if page.few:
        rows = tuple((_named(row), str(row.questions), row.remark or row.counted) for row in page.rows)
        header = ("Standard", "questions", "students under half of its points")
        return [Rows("By standard", header, rows, figures=(1,)), Text(FEW, quiet=True)]
    return [standard_bars(page.chart, own=page.legend, compared=page.compared)]


def _named(row) -> str:
    return f"{row.standard.name} {row.standard.code}" if row.standard.code != row.standard.name else row.standard.name


def standard_bars(rows: list[dict], *, own: str, compared: bool) -> Bars:
    """The rows of `charts/standards.html` as bars; `compared` says that the network's tick stands beside them."""
    network = "network, same questions" if compared else ""
    bars = []
    for row in rows:
        mark, remark = verdict_of(row)
        figure = f"{rounded(round(row['share'] * 100, 6))} %"
        bar = row["bar"]
        bars.append(
            Bar(
                row["name"], row["code"], str(row["questions"]), bar["width"], bar["tick"] or "", figure, mark, remark,
                bar["sentence"],
            )
        )  # fmt: skip
    header = ("Standard", "questions", "of the points", "against the network" if network else "")
    return Bars("By standard", own, network, header, tuple(bars))


def strand_dots(chart: dict) -> Dots:
    """Means by strand, as `Totals.chart` gives them."""
    dots = tuple(
        Dot(row["name"], row["x"], "", "", TONES.get("", "ink"), (str(row["mean"]), str(row["students"])), "", "",
            row["sentence"])
        for row in chart["rows"]
    )  # fmt: skip
    return Dots("Strand", tuple(chart["ticks"]), "", "", ("mean", "students"), dots)


def _aside(page: SectionResults) -> list[Block]:
    """Who is in the class and not in its figures."""
    read = page.read
    has_map = bool(read.form.questions)
    found = []
    if read.untested:
        found.append(f"Not tested: {_labels(read.untested)}.")
    if read.joined.people:
        where = (
            "Their results at the earlier class are in the groups and on the item map, not in the figures of the class."
            if has_map
            else "Their results at the earlier class are not in these figures."
        )
        found.append(f"{len(read.joined)} joined since: {_labels(read.joined.people)}. {where}")
    if read.elsewhere:
        told = "Their results on this test, if they took it elsewhere, are not here."
        found.append(f"{len(read.elsewhere)} joined since: {_labels(read.elsewhere)}. {told}")
    return [Text(words, quiet=True, students=True) for words in found]


def _labels(people) -> str:
    return "; ".join(person.label for person in people)


def _groups(page: SectionResults) -> list[Block]:
    if not page.groups:
        return []
    head = [Heading("Who needs what"), Text(page.groups_gist), Text(WHO_IS_IN, quiet=True)]
    return [*head, *(_group(group) for group in page.groups)]


def _group(group) -> Names:
    name = group.name[:1].upper() + group.name[1:]
    count = f"{len(group)} student{'' if len(group) == 1 else 's'}"
    return Names(name, count, (*group.labels, *(f"{label} (joined since)" for label in group.joined)))


def _popular(page: SectionResults) -> list[Block]:
    if not (page.questions and page.read.open):
        return []
    if not page.popular:
        return [Heading("Popular wrong answers"), Text(NONE_POPULAR, quiet=True)]
    header = ("Question", "of those who missed it", "the answer", "what it suggests")
    rows = tuple(
        (
            f"Question {one.label}", f"{one.students} of {one.missed} chose {one.letter}", one.text or "not on file",
            one.suggests or "not on file",
        )
        for one in page.popular
    )  # fmt: skip
    return [Heading("Popular wrong answers"), Rows("Popular wrong answers", header, rows)]


def _since(page: SectionResults) -> list[Block]:
    growth = page.growth
    if not growth:
        return []
    found = [Heading(f"Since {growth.since}"), Text(growth.sentence)]
    help_text = [RANGE] if growth.low is not None else []
    help_text.append(f"The network: {page.network_growth}." if page.network_growth else GROWTH_LATER)
    found.append(Text(" ".join(help_text), quiet=True))
    table = growth.table()
    rows = tuple((label, str(before), str(after), signed_words(change)) for label, before, after, change in table.rows)
    header = ("Student", growth.since, growth.now, "change")
    return [*found, Rows(table.name, header, rows, figures=(1, 2, 3), narrow=True, students=True)]


def _scores(page: SectionResults) -> list[Block]:
    """Each student's scores, for tests without questions."""
    if page.rows or not page.totals.rows:
        return []
    header = ("Student", "score", *page.totals.strand_names)
    rows = tuple((row.label, _score(row), *map(_whole, row.strands)) for row in page.totals.rows)
    figures = tuple(range(1, len(header)))
    return [Rows("Students", header, rows, figures=figures, students=True)]


def _score(row) -> str:
    if row.scale_score is not None:
        return _whole(row.scale_score)
    return "no score" if row.points is None else f"{row.points:g} points"


def _whole(value: float | None) -> str:
    return "none" if value is None else f"{rounded(value):,}"
