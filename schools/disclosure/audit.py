"""The audit: a reader with all published numbers and a solver, who tries to work out what is hidden."""

from collections.abc import Hashable, Mapping

from schools.disclosure.cells import Finding, Published, Verdict
from schools.disclosure.component import Name, Range
from schools.disclosure.knowledge import count_system, rate_system, residuals, rest_of
from schools.disclosure.masks import VALUES_OF_A_RATE, band, is_exact
from schools.disclosure.releases import between

Memory = dict[Hashable, dict[Name, Range]]
Truth = Mapping[Name, int]


def audit(published: Published, previous: Published | None = None) -> Verdict:
    """Everything that a reader of all published cells together, and of an earlier release, could work out.

    Raises BadTableError where the published numbers contradict each other.
    """
    findings = [*small_shown(published), *count_findings(published), *rate_findings(published)]
    if previous is not None:
        findings += between(published, previous)
    return Verdict(tuple(findings))


def small_shown(published: Published) -> list[Finding]:
    """Cells that are shown, or can be subtracted, though their group is below the floor."""
    floors = published.set_floor
    return [
        Finding(cell.key, f"a group below the floor of {floors[cell.set]} is shown", cell.n, cell.n)
        for cell in published.cells.values()
        if cell.n is not None and 1 <= cell.n < floors[cell.set]
    ]


def count_findings(published: Published, truth: Truth | None = None, memory: Memory | None = None) -> list[Finding]:
    """Hidden numbers of students with fewer than floor - 1 possible values, given all equations together."""
    system = count_system(published)
    floors = published.set_floor
    needed = {name: floors[name[1]] - 1 for name in system.lowest}
    narrow = system.narrow(needed, truth, memory)
    return [
        Finding(cell.key, "the number of students can be worked out too closely", *narrow["n", cell.set])
        for cell in published.cells.values()
        if ("n", cell.set) in narrow
    ]


def exact_counts(published: Published) -> dict[str, Range]:
    """The exact least and greatest number of students of every hidden cell; None where there is no end."""
    hidden = {key: ("n", cell.set) for key, cell in published.cells.items() if cell.n is None}
    ranges = count_system(published).ranges(list(hidden.values()))
    return {key: ranges[name] for key, name in hidden.items()}


def rate_findings(published: Published, truth: Truth | None = None, memory: Memory | None = None) -> list[Finding]:
    """Masked and hidden numbers at benchmark that are known too closely, and hidden rests known to be at an end."""
    asked: dict[Name, tuple[str, str]] = {}
    for key, cell in published.cells.items():
        if cell.n is None and cell.rated:
            asked["k", key] = (key, "how many of a hidden group are at benchmark can be worked out")
            asked["m", key] = (key, "how many of a hidden group are not at benchmark can be worked out")
        elif cell.n and cell.rate is not None and not is_exact(cell.rate):
            asked["k", key] = (key, "the masked rate can be worked out")
    rests = residuals(published)
    system = rate_system(published)
    needed = dict.fromkeys(asked, VALUES_OF_A_RATE) | {("r", str(number)): VALUES_OF_A_RATE + 1 for number in rests}
    narrow = system.narrow(needed, truth, memory)
    findings = [Finding(*asked[name], *narrow[name]) for name in asked if name in narrow]
    for number, (equation, parts) in rests.items():
        low, high = narrow.get(("r", str(number)), (0, None))
        if high is None:
            continue
        n = rest_of(equation, published.cells)
        if 100 * high <= band(n) * n or 100 * (n - low) <= band(n) * n:
            what = "the hidden parts together are known to be nearly all, or nearly none, at benchmark"
            findings.append(Finding(equation.total, what, low, high, others=(*parts,)))
    return findings
