"""What the pages of releases show: the list, what may be prepared, and one release with its figures and ledger."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q, QuerySet

from assessments.exports import Table
from assessments.models import (
    Administration,
    Release,
    ReleasedCell,
    ReleasedSchool,
    ReleaseEvent,
    Window,
    WithheldFigure,
)
from assessments.queries.school_forms import common_words
from assessments.releases.words import (
    FIGURES,
    RULES,
    cell_place,
    cell_subject,
    cell_words,
    moment_words,
    state_sentence,
)
from schools.models import District, Network, NetworkSchool

State = Release.State
P = ReleasedCell.Place
BEING_PREPARED = (State.COMPUTING, State.PREPARED, State.AGREED, State.HELD)
LEDGER_HEADER = ("Group", "About", "Not shown", "Rule", "Why")


@dataclass(frozen=True)
class Candidate:
    """A test and window that may be released."""

    network: Network
    district: District
    series: str
    window: Window
    name: str
    correction: bool

    @property
    def key(self) -> str:
        return f"{self.network.pk}/{self.window.pk}/{self.series}"

    def label(self, several: bool) -> str:
        """ "Quarterly Math, Winter 1 2026-27"; with the network and district where there are several."""
        words = f"{self.name}, {self.window.name} {self.window.year.code}"
        if several:
            words += f", {self.network.name}, {self.district.name}"
        return f"{words} (correction)" if self.correction else words


def districts_to_release(user) -> frozenset[int]:
    """Districts whose results `user` may prepare a release of: administered, or of a network that they run."""
    return user.standing.admin_district_ids | user.standing.operated_district_ids


def candidates(user) -> list[Candidate]:
    """The tests and windows with published results that `user` may prepare a release of, newest first."""
    held = user.standing
    pairs = NetworkSchool.objects.filter(  # unscoped: narrowed to what the person runs, line by line
        Q(network__in=held.network_admin_ids) | Q(school__district__in=held.admin_district_ids)
    )
    found = set(pairs.order_by().values_list("network", "school__district").distinct())
    networks = Network.objects.visible_to(user).in_bulk({network for network, _ in found})
    tests = Administration.objects.visible_to(user).filter(
        assessment__district__in=districts_to_release(user), version__gt=0
    )
    names: dict[tuple[Window, District, str], list[str]] = {}
    rows = tests.select_related("assessment__district", "window__year").order_by("-window__opens", "assessment__name")
    for test in rows:
        key = (test.window, test.assessment.district, test.assessment.series)
        names.setdefault(key, []).append(test.assessment.name)
    done = Release.objects.visible_to(user).exclude(state=State.STOPPED)
    states: dict[tuple, set[str]] = {}
    for *key, state in done.values_list("network", "series", "window", "state"):
        states.setdefault(tuple(key), set()).add(state)
    return [
        Candidate(networks[network], district, series, window, _name(titles, series),
                  State.RELEASED in states.get((network, series, window.pk), ()))
        for (window, district, series), titles in names.items()
        for network, of in sorted(found)
        if of == district.pk and network in networks
        and states.get((network, series, window.pk), set()).isdisjoint(BEING_PREPARED)
    ]  # fmt: skip


def _name(titles: list[str], series: str) -> str:
    return titles[0] if len(set(titles)) == 1 else common_words(titles) or series


def listed_releases(user) -> QuerySet[Release]:
    """The releases in a person's sight, newest window first."""
    return Release.objects.visible_to(user).select_related("window__year", "district", "network")


class ReleasePage:
    """One release, as its reader may see it: state and date for all, the process for those who turn keys or audit."""

    def __init__(self, user, release: Release):
        self.user, self.release = user, release
        held = user.standing
        self.district_key = release.district_id in held.admin_district_ids
        self.network_key = release.network_id in held.network_admin_ids
        self.audits = release.network_id in held.audited_network_ids

    @property
    def may_act(self) -> bool:
        return self.district_key or self.network_key

    @property
    def sees_process(self) -> bool:
        return self.may_act or self.audits

    @property
    def computing(self) -> bool:
        return self.release.state == State.COMPUTING

    @property
    def clean(self) -> bool:
        return bool(self.release.audit.get("clean"))

    @property
    def title(self) -> str:
        name = self.release.title or self.release.series
        return f"{name}, {self.release.window.name} {self.release.window.year.code}"

    @property
    def sentence(self) -> str:
        return state_sentence(self.release)

    @property
    def basis(self) -> list[str]:
        network, district = self.release.network.name, self.release.district.name
        return [f"Release {self.release.number}", network, district]

    # --- acts ---

    @property
    def turns_first(self) -> bool:
        return self.release.state == State.PREPARED and self.clean and self.district_key

    @property
    def turns_second(self) -> bool:
        """The second key is the network's, and another person's than the first."""
        mine = self.release.first_key_by_id == self.user.pk
        return self.release.state == State.AGREED and self.clean and self.network_key and not mine

    @property
    def may_hold(self) -> bool:
        return self.may_act and self.release.state in (State.COMPUTING, State.PREPARED, State.AGREED)

    @property
    def may_resume(self) -> bool:
        return self.may_act and self.release.state == State.HELD

    @property
    def may_stop(self) -> bool:
        waits = self.release.state == State.RELEASED and not self.release.is_open
        return self.may_act and (self.release.state in BEING_PREPARED or waits)

    @property
    def may_choose(self) -> bool:
        return self.may_act and self.release.state in BEING_PREPARED

    @property
    def keys(self) -> list[tuple[str, str]]:
        """Who turned which key, and when."""
        one = self.release
        first = _turned(one.first_key_by, one.first_key_at, one) or "not turned"
        second = _turned(one.second_key_by, one.second_key_at, one) or "not turned"
        return [("First key, the district", first), ("Second key, the network", second)]

    @property
    def choices(self) -> list[tuple[str, str]]:
        one = self.release
        opens = moment_words(one.opens_at, one) or "at once, when the second key is turned"
        return [("Schools", one.get_naming_display()), ("Open to", one.get_audience_display()), ("Opens", opens)]

    # --- figures ---

    @cached_property
    def _letters(self) -> dict[int, str]:
        rows = ReleasedSchool.objects.visible_to(self.user).filter(release=self.release)
        return dict(rows.values_list("school_id", "letter"))

    @property
    def schools_by_letter(self) -> bool:
        return self.release.naming == Release.Naming.LETTERED

    @cached_property
    def tables(self) -> list[Table]:
        """The figures as readers will see them: of the whole test, then by standard or strand."""
        rows = ReleasedCell.objects.visible_to(self.user).filter(release=self.release, item=None)
        whole = rows.filter(standard=None, strand="")
        parts = rows.exclude(standard=None, strand="").filter(place__in=(P.NETWORK, P.GRADE))
        unit = "scale points" if self.release.mean_unit == "scale" else "% of the points"
        header = ("Group", "Tested", "At benchmark", f"Mean, {unit}", "Growth (range)", "Students compared")
        letters = self._letters if self.schools_by_letter else None
        found = sorted(whole.select_related("school"), key=_in_order)
        lines = tuple((cell_place(cell, letters), *cell_words(cell, self.release)) for cell in found)
        said = sorted(parts.select_related("standard"), key=lambda cell: (_in_order(cell), cell_subject(cell)))
        by_part = tuple(
            (cell_place(cell), cell_subject(cell), *cell_words(cell, self.release)[::2][:2]) for cell in said
        )
        part_unit = "Mean, scale points" if any(cell.strand for cell in said) else "% of the points"
        tables = [Table("The whole test", header, lines)]
        if by_part:
            tables.append(Table("By standard or strand", ("Group", "About", "Students asked", part_unit), by_part))
        return tables

    # --- what is not shown ---

    @property
    def ledger(self) -> QuerySet[WithheldFigure]:
        """The auditor's ledger."""
        rows = WithheldFigure.objects.visible_to(self.user).filter(release=self.release)
        return rows.select_related("cell__school", "cell__standard", "cell__item").order_by("pk")

    @property
    def events(self) -> QuerySet[ReleaseEvent]:
        rows = ReleaseEvent.objects.visible_to(self.user).filter(release=self.release)
        return rows.select_related("by").order_by("-at", "-pk")


def ledger_row(line: WithheldFigure) -> tuple[str, ...]:
    """One line of the ledger in words."""
    return (cell_place(line.cell), cell_subject(line.cell), FIGURES[line.figure], RULES[line.rule], line.words)


def _in_order(cell: ReleasedCell) -> tuple:
    """The network, its grades, its schools by name, then programs."""
    name = cell.school.name.casefold() if cell.school_id else ""
    return (list(P).index(P(cell.place)), cell.grade, name, cell.subgroup)


def _turned(by, at, release: Release) -> str:
    return f"{by.given_name} {by.family_name}, {moment_words(at, release)}" if by else ""
