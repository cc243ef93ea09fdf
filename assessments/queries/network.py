"""A network as released: its schools or grades in one window, and those that may be named over the year."""

from functools import cached_property
from itertools import groupby

from assessments.exports import Table
from assessments.models import Release, ReleasedCell
from assessments.queries.beside import EXACT_RATE
from assessments.queries.network_rows import Asked, Row, Subject
from assessments.queries.released import SchoolName, cells_of, open_releases, programmes, school_names
from assessments.sentences import GrowthPicture, NetworkPicture, network_sentence, range_words, rounded
from assessments.sentences.releases import none_shown_sentence, rate_words, standard_sentence
from assessments.verdicts import Standing, change
from schools.models import Network

GROWTH, BENCHMARK, POINTS = "growth", "benchmark", "points"
LETTERS = (
    "Schools that had a letter in one of these windows stand in this window alone: letters are drawn anew for each "
    "release."
)
NOT_SHOWN, NOT_TESTED = "not shown", "not tested"
P = ReleasedCell.Place


class NetworkResults:
    """The page of a network. `user` None is the public. Raises KeyError for what is not released or not offered."""

    def __init__(self, network: Network, user, asked: Asked):
        self.network, self.user, self.asked = network, user, asked
        self.programmes = programmes(open_releases(network, user))
        self.programme = self._chosen_programme()
        self.chosen = self._chosen_release()
        self.measure = self._chosen_measure()
        self._check()

    def _chosen_programme(self):
        if not self.programmes:
            if any((self.asked.series, self.asked.window, self.asked.standard, self.asked.grade)):
                raise KeyError("nothing is released")
            return None
        if not self.asked.series:
            return self.programmes[0]
        return {key: one for one in self.programmes for key in (one.key, one.full_key)}[self.asked.series]

    def _chosen_release(self) -> Release | None:
        if self.programme is None:
            return None
        if not self.asked.window:
            return self.programme.releases[0]
        return {one.window.full_code: one for one in self.programme.releases}[self.asked.window]

    @cached_property
    def measures(self) -> tuple[str, ...]:
        """What the chosen release has a figure for, the default first. A grade has no verdict of its own."""
        if self.chosen is None:
            return ()
        if self.asked.standard:
            return (POINTS,)
        has = [(GROWTH, self.chosen.since_id), (BENCHMARK, self.chosen.has_levels), (POINTS, True)]
        return tuple(name for name, there in has if there)

    def _chosen_measure(self) -> str:
        if self.asked.measure and self.asked.measure not in self.measures:
            raise KeyError(self.asked.measure)
        return self.asked.measure or (self.measures[0] if self.measures else "")

    def _check(self) -> None:
        if self.asked.by not in ("", "grades") or (self.asked.by and self.asked.standard):
            raise KeyError(self.asked.by)
        if self.asked.grade and self.asked.grade not in self.grades:
            raise KeyError(self.asked.grade)
        if self.asked.standard and self.asked.standard not in {str(one.pk) for one in self.standards}:
            raise KeyError(self.asked.standard)

    # --- windows -------------------------------------------------------------------------------------------

    @cached_property
    def columns(self) -> list[Release]:
        """The releases of the chosen year up to the chosen window that have a figure of the measure, in order."""
        if self.chosen is None:
            return []
        year, last = self.chosen.window.year_id, self.chosen.window.opens
        rows = [r for r in self.programme.releases if r.window.year_id == year and r.window.opens <= last]
        if self.measure == GROWTH:
            rows = [row for row in rows if row.since_id]
        return rows[::-1]

    # --- cells ---------------------------------------------------------------------------------------------

    @cached_property
    def _cells(self) -> list[ReleasedCell]:
        """Of the network, its grades and schools, about the subject asked for."""
        rows = cells_of(self.columns, self.user).filter(item=None, place__in=(P.NETWORK, P.GRADE, P.SCHOOL))
        rows = rows.filter(standard=self.asked.standard or None, strand="")
        return list(rows.order_by("place", "grade", "pk"))

    @cached_property
    def _of_chosen(self) -> list[ReleasedCell]:
        """Every standard and strand of the network and its grades in the chosen release."""
        rows = cells_of([self.chosen], self.user).filter(item=None, place__in=(P.NETWORK, P.GRADE))
        return list(rows.select_related("standard").order_by("pk"))

    @cached_property
    def grades(self) -> list[str]:
        """Grades with a cell in the chosen release."""
        return sorted({cell.grade for cell in self._of_chosen if cell.grade}) if self.chosen else []

    @cached_property
    def standards(self) -> list:
        """Standards with a cell in the chosen release, by name."""
        if self.chosen is None:
            return []
        found = {cell.standard_id: cell.standard for cell in self._of_chosen if cell.standard_id}
        return sorted(found.values(), key=lambda one: (one.grade, str(one).casefold()))

    @cached_property
    def subjects(self) -> list[Subject]:
        """The standards and strands of the grade asked for, else of the network, lowest share first."""
        place = P.GRADE if self.asked.grade else P.NETWORK
        cells = [c for c in self._of_chosen if c.place == place and c.grade == self.asked.grade]
        found = [
            Subject(str(cell.standard or cell.strand), cell.standard.code if cell.standard else "",
                    cell.standard_id, cell)
            for cell in cells
            if cell.standard_id or cell.strand
        ]  # fmt: skip
        return sorted(found, key=lambda one: (one.cell.mean is None, one.cell.mean or 0, one.name))

    @property
    def subjects_gist(self) -> str:
        """The first two, for a list that is closed: "Angles 38 %, Perimeter 43 %, 50 more"."""
        shown = [
            f"{one.name} {one.cell.mean}\u00a0%" for one in self.subjects[:2] if one.pk and one.cell.mean is not None
        ]
        more = len(self.subjects) - len(shown)
        return ", ".join([*shown, f"{more} more"] if more and shown else shown)

    # --- rows ----------------------------------------------------------------------------------------------

    @cached_property
    def names(self) -> dict[int, SchoolName]:
        """Schools of the chosen release as this reader reads them."""
        return school_names(self.chosen, self.user)

    @cached_property
    def rows(self) -> list[Row]:
        """The network first, then its schools (or grades) by name. There is no other order."""
        if self.chosen is None:
            return []
        network = {cell.release_id: cell for cell in self._cells if cell.place == P.NETWORK}
        first = [Row("Network", network, network=True)] if self.has_network_row else []
        return first + (self._grade_rows() if self.asked.by == "grades" else self._school_rows())

    @property
    def has_network_row(self) -> bool:
        """By standing the network itself cannot rise or fall."""
        return not (self.measure == GROWTH and self.chosen.growth_kind == "standing")

    def _grade_rows(self) -> list[Row]:
        cells = sorted((c for c in self._cells if c.place == P.GRADE), key=lambda c: c.grade)
        grouped = groupby(cells, key=lambda c: c.grade)
        return [Row(f"Grade {grade.lstrip('0')}", {c.release_id: c for c in found}) for grade, found in grouped]

    def _school_rows(self) -> list[Row]:
        """In another window only schools that are known by name in every one: letters are of one release."""
        all_named = all(release.naming == Release.Naming.NAMED for release in self.columns)
        cells: dict[int, dict[int, ReleasedCell]] = {pk: {} for pk in self.names}
        for cell in self._cells:
            who = self.names.get(cell.school_id)
            if who and (cell.release_id == self.chosen.pk or who.known or all_named):
                cells[who.pk][cell.release_id] = cell
        rows = [
            Row(who.label, cells[who.pk], own=who.own, school=who.pk if who.opens else None,
                over_the_year=who.known or all_named)
            for who in self.names.values()
        ]  # fmt: skip
        return sorted(rows, key=lambda row: row.name.casefold())

    def cell(self, row: Row) -> ReleasedCell | None:
        """The figures of a row in the chosen window."""
        return row.cells.get(self.chosen.pk)

    @cached_property
    def none_shown(self) -> str:
        """The sentence in place of the schools or grades where nothing of any of them is shown; else ""."""
        rows = [row for row in self.rows if not row.network]
        if not rows or any(self._tells(self.cell(row)) for row in rows):
            return ""
        return none_shown_sentence("grade" if self.asked.by == "grades" else "school", len(rows))

    @property
    def pictured(self) -> list[Row]:
        """The rows that are drawn: the network alone where nothing of any other is shown."""
        return [row for row in self.rows if row.network or not self.none_shown]

    def _tells(self, cell: ReleasedCell | None) -> bool:
        return cell is not None and (cell.tested is not None or self.words(cell) != NOT_SHOWN)

    @property
    def own_rows(self) -> list[Row]:
        """The reader's own schools whose pages open to them."""
        return [row for row in self.rows if row.own and row.school]

    # --- words ---------------------------------------------------------------------------------------------

    @property
    def unit(self) -> str:
        """What growth is counted in."""
        on_scale = self.chosen.growth_kind == "scale"
        return "scale points" if on_scale else "hundredths of a standard deviation"

    def words(self, cell: ReleasedCell | None) -> str:
        """A figure of the measure as it is read; "not tested" where nobody was, else "not shown"."""
        if cell is None:
            return NOT_SHOWN
        if cell.tested == 0:
            return NOT_TESTED
        if self.measure == GROWTH:
            return NOT_SHOWN if cell.growth is None else range_words(cell.growth, cell.growth_low, cell.growth_high)
        if self.measure == BENCHMARK:
            return rate_words(cell.rate) if cell.rate else NOT_SHOWN
        if cell.mean is None:
            return NOT_SHOWN
        return str(cell.mean) if self.mean_on_scale else f"{cell.mean}\u00a0%"

    @property
    def mean_on_scale(self) -> bool:
        return self.chosen.mean_unit == "scale" and not self.asked.standard

    def share(self, cell: ReleasedCell | None) -> float | None:
        """The figure as a share from 0 to 1, for a bar; None where it is a scale score, masked or not shown."""
        if cell is None or self.measure == GROWTH:
            return None
        if self.measure == BENCHMARK:
            exact = EXACT_RATE.match(cell.rate)
            return int(exact[1]) / 100 if exact else None
        return None if cell.mean is None or self.mean_on_scale else cell.mean / 100

    def whole(self, cell: ReleasedCell | None) -> int | None:
        """The figure as a whole number: a per cent, or scale points where the mean is one; None where not shown."""
        if self.measure == POINTS and self.mean_on_scale:
            return cell.mean if cell else None
        share = self.share(cell)
        return None if share is None else rounded(share * 100)

    @cached_property
    def sentence(self) -> str:
        if self.chosen is None:
            return network_sentence(NetworkPicture(window=self._next_window, **self._waiting))
        network = next(
            (cell for cell in self._cells if cell.place == P.NETWORK and cell.release_id == self.chosen.pk), None
        )
        if self.asked.standard:
            standard = next(one for one in self.standards if str(one.pk) == self.asked.standard)
            return standard_sentence(str(standard), network.mean if network else None, self.chosen.window.name)
        counted = [row for row in self.rows if not row.network] if self.asked.by == "" else []
        verdicts = [cell.verdict for row in counted if (cell := self.cell(row)) and cell.verdict]
        growth = self.measure == GROWTH
        return network_sentence(
            NetworkPicture(
                window=self.chosen.window.name,
                released=True,
                growth=self._growth(network) if growth else None,
                above=verdicts.count(Standing.ABOVE) if growth else 0,
                below=verdicts.count(Standing.BELOW) if growth else 0,
                close=verdicts.count(Standing.CLOSE) if growth else 0,
                not_shown=len(counted) - len(verdicts) if growth else 0,
                at_benchmark=rate_words(network.rate) if self.measure == BENCHMARK and network and network.rate else "",
                mean=self._mean_words(network),
            )
        )

    def _mean_words(self, cell: ReleasedCell | None) -> str:
        """The mean with what it is of; "" where another measure is read or it is not shown."""
        if self.measure != POINTS or cell is None or cell.mean is None:
            return ""
        return f"{self.words(cell)} {self.short_words}"

    @property
    def _network_cell(self) -> ReleasedCell | None:
        mine = (cell for cell in self._cells if cell.release_id == self.chosen.pk)
        return next((cell for cell in mine if cell.place == P.NETWORK), None)

    @property
    def students(self) -> list[str]:
        """How many students the network's figures rest on: "540 students tested", "200 to 499 students compared"."""
        cell = self._network_cell
        if cell is None:
            return []
        told = [f"{cell.tested:,} students tested"] if cell.tested is not None else []
        grown = self.measure == GROWTH and cell.growth is not None
        return [*told, f"{cell.matched_band} compared"] if grown else told

    def _growth(self, cell: ReleasedCell | None) -> GrowthPicture:
        figures = (cell.growth, cell.growth_low, cell.growth_high) if cell else (None, None, None)
        mean, low, high = figures
        on_scale = self.chosen.growth_kind == "scale"
        return GrowthPicture(self.chosen.since.name, 0, mean, low, high, change(low, high), on_scale=on_scale)

    @cached_property
    def _pending(self) -> Release | None:
        if self.user is None:
            return None
        rows = Release.objects.visible_to(self.user).filter(network=self.network)
        return rows.exclude(state=Release.State.STOPPED).select_related("window").first()

    @property
    def _next_window(self) -> str:
        return self._pending.window.name if self._pending else "this year"

    @property
    def _waiting(self) -> dict:
        """When the first release opens and whose key it waits for, as far as anyone may know."""
        if self._pending is None:
            return {}
        if self._pending.state == Release.State.RELEASED:
            return {"planned": f"{self._pending.opens_at:%b} {self._pending.opens_at.day}"}
        agreed = self._pending.state == Release.State.AGREED
        return {"waits_for": ("the network",) if agreed else ("the district", "the network")}

    # --- files ---------------------------------------------------------------------------------------------

    def tables(self) -> list[Table]:
        """What the files hold: the figures of the page."""
        if self.chosen is None:
            return []
        who = "Grade" if self.asked.by == "grades" else "School"
        compared = ("Against the network",) if self.measure == GROWTH else ()
        head = (who, *(self.column_name(release) for release in self.columns), "Tested", *compared)
        rows = tuple((row.name, *self._figures(row), self._tested(row), *self._verdict(row)) for row in self.rows)
        tables = [Table(self.measure_name, head, rows)]
        if self.subjects:
            found = tuple((s.name, s.code, self._percent(s.cell)) for s in self.subjects)
            tables.append(Table("Standards", ("Standard", "Code", "Of the points"), found))
        return tables

    def _figures(self, row: Row) -> list[str]:
        return [self.in_window(row, release) for release in self.columns]

    def in_window(self, row: Row, release: Release) -> str:
        """A row's figure in one window; a school read by letter stood under another letter in the others."""
        if release.pk != self.chosen.pk and not row.over_the_year:
            return "another letter"
        return self.words(row.cells.get(release.pk))

    def _tested(self, row: Row):
        cell = self.cell(row)
        return NOT_SHOWN if cell is None or cell.tested is None else cell.tested

    def _verdict(self, row: Row) -> tuple[str, ...]:
        """How the row stands; growth alone is compared."""
        cell = self.cell(row)
        return () if self.measure != GROWTH else (cell.verdict if cell else "",)

    @staticmethod
    def _percent(cell: ReleasedCell | None) -> str:
        return NOT_SHOWN if cell is None or cell.mean is None else f"{cell.mean} %"

    @property
    def letters_note(self) -> str:
        """Why some schools stand in one window alone; "" where all stand in every window of the year."""
        return "" if len(self.columns) < 2 or all(row.over_the_year for row in self.rows) else LETTERS

    @property
    def figure_words(self) -> str:
        """What the figures of the bars are of."""
        if self.measure == BENCHMARK:
            return "of students at benchmark"
        return "scale points, mean" if self.mean_on_scale else "of the points"

    @property
    def short_words(self) -> str:
        """The same where a figure stands beside it on a phone."""
        if self.measure == BENCHMARK:
            return "at benchmark"
        return "scale points" if self.mean_on_scale else "of the points"

    def column_name(self, release: Release) -> str:
        """ "Fall to Winter 1" where growth is read, else the window."""
        return f"{release.since.name} to {release.window.name}" if self.measure == GROWTH else release.window.name

    @property
    def measure_name(self) -> str:
        names = {GROWTH: "Growth", BENCHMARK: "Students at benchmark", POINTS: "Mean"}
        return names[self.measure]
