"""The page of a network on paper: released figures alone, as everyone in it reads them."""

from assessments.documents.blocks import Bar, Bars, Block, Document, Heading, Rows, Text
from assessments.documents.schools import SMALL_GROUPS, growth_dots
from assessments.queries.network import NetworkResults
from assessments.sentences.figures import grade_words

NO_NETWORK_ROW = "This measure compares schools; the network itself cannot rise or fall on it."


def network_document(page: NetworkResults, shown: dict) -> Document:
    """The network as the page shows it: `shown` holds its basis, growth or bars, year and subjects."""
    blocks = [*_picture(page, shown), *_year(page, shown["year"]), *_subjects(page, shown["subjects"])]
    blocks.append(Text(SMALL_GROUPS, quiet=True))
    return Document(page.network.name, page.sentence, tuple(shown["basis"]), tuple(blocks))


def _picture(page: NetworkResults, shown: dict) -> list[Block]:
    none = [Text(page.none_shown)] if page.none_shown else []
    if not shown["growth"]:
        who = "Grade" if page.asked.by else "School"
        bars = tuple(_bar(_name(line["row"]), "", line, line["cell"] and line["cell"].tested) for line in shown["bars"])
        network = "the network" if any(bar.tick for bar in bars) else ""
        header = (who, "students", page.figure_words, "")
        return [_drawn(Bars(page.measure_name, page.measure_name, network, header, bars)), *none]
    dots = [growth_dots(shown["growth"])] if shown["growth"]["rows"] else []
    found: list[Block] = [Text("the same students, with the range", quiet=True), *dots, *none]
    if shown["by_chance"]:
        found.append(Text(shown["by_chance"], quiet=True))
    return found if page.has_network_row else [*found, Text(NO_NETWORK_ROW, quiet=True)]


def _name(row) -> str:
    return f"{row.name} ◆" if row.own else row.name


def _bar(name: str, code: str, line: dict, tested: int | None) -> Bar:
    """A share with its bar; in words alone where it is masked, a scale score or not shown."""
    students = "not shown" if tested is None else str(tested)
    bar = line["bar"] or {"width": "", "tick": "", "sentence": f"{name}: {line['words']}"}
    return Bar(name, code, students, bar["width"], bar["tick"] or "", line["words"], "", "", bar["sentence"])


def _year(page: NetworkResults, year: dict | None) -> list[Block]:
    if not year:
        return []
    header = tuple(column["label"] for column in year["columns"])
    rows = Rows(page.measure_name, header, tuple(map(tuple, year["rows"])), figures=tuple(range(1, len(header))))
    found = [Heading("Over the year"), rows]
    return [*found, Text(page.letters_note, quiet=True)] if page.letters_note else found


def _subjects(page: NetworkResults, subjects: list[dict]) -> list[Block]:
    if not subjects:
        return []
    title = f"Standards, {grade_words(page.asked.grade).lower()}" if page.asked.grade else "Standards"
    bars = tuple(_bar(one["name"], one["code"], one, one["tested"]) for one in subjects)
    own = "the network's share of the points"
    return [Heading(title), _drawn(Bars(title, own, "", ("Standard", "students", "of the points", ""), bars))]


def _drawn(bars: Bars) -> Bars | Rows:
    """The bars; where none can be drawn (scale scores, figures not shown), their figures as a table."""
    if any(bar.width for bar in bars.bars):
        return bars
    name, students, figure, _ = bars.header
    rows = tuple((" ".join(filter(None, (bar.name, bar.code))), bar.beside, bar.figure) for bar in bars.bars)
    return Rows(bars.name, (name, students, figure), rows, figures=(1, 2), narrow=True)
