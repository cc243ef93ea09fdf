"""The series of a school over its windows, each with exactly what the school's page of that window shows."""

from collections import defaultdict
from dataclasses import dataclass

from assessments.figures import Run
from assessments.queries.school import SchoolResults
from assessments.queries.school_forms import WindowForms


class InWindow(SchoolResults):
    """The school in another window of a book that is already read; what may be shown is asked for that window."""

    def __init__(self, page: SchoolResults, chosen: WindowForms):
        self.user, self.school, self.whole, self.book = page.user, page.school, page.whole, page.book
        self.chosen = chosen


@dataclass(frozen=True)
class GradeRuns:
    """The standards of one grade (`grade` "" for tests of several) over the windows of the year."""

    grade: str
    windows: tuple[str, ...]
    runs: tuple[Run, ...]


def standards_over_windows(page: SchoolResults) -> list[GradeRuns]:
    """By grade, the standards that the page of any window of the year up to the chosen one shows, by name.

    Nothing where the chosen window itself shows no standards to this reader.
    """
    if page.chosen is None or not page.shows_parts:
        return []
    pages = [page if one is page.chosen else InWindow(page, one) for one in page.windows]
    by_grade: dict[str, dict] = defaultdict(lambda: defaultdict(dict))
    for place, one in enumerate(pages):
        for line in one.standards:
            by_grade[line.grade][line.standard][place] = line.percent
    windows = tuple(one.chosen.window.name for one in pages)
    return [GradeRuns(grade, windows, _runs(found, len(pages))) for grade, found in sorted(by_grade.items())]


def _runs(found: dict, windows: int) -> tuple[Run, ...]:
    runs = [
        Run(standard.name, standard.code, tuple(shares.get(place) for place in range(windows)))
        for standard, shares in found.items()
    ]
    return tuple(sorted(runs, key=lambda run: run.title.casefold()))
