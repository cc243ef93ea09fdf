"""Growth of a release: since the year's first window with the series, of the network, its grades and its schools."""

from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef

from assessments.models import Administration, GrowthSummary, Result, Window
from assessments.releases.figures import Group, Growth, Place
from assessments.verdicts import standing
from schools import dates
from schools.models import District, Network, NetworkSchool


@dataclass(frozen=True)
class GrowthFound:
    """`since` is None in the year's first window; by_group has the groups whose growth could be measured."""

    since: Window | None = None
    kind: str = ""
    by_group: dict[Group, Growth] = field(default_factory=dict)

    def of(self, group: Group) -> Growth | None:
        return self.by_group.get(group)


def first_window(district: District, series: str, window: Window) -> Window | None:
    """The first window of the same year with results of the series, where it is before this one."""
    results = Result.objects.filter(administration=OuterRef("pk"), status=Result.TESTED)  # unscoped: no person asks
    given = Administration.objects.filter(  # unscoped: no person asks
        Exists(results),
        assessment__district=district,
        assessment__series=series,
        window__year=window.year_id,
        window__opens__lt=window.opens,
    )
    first = given.order_by("window__opens").select_related("window").first()
    return first.window if first else None


def growth_of(network: Network, district: District, series: str, window: Window) -> GrowthFound:
    """Growth as it was measured when the results were published.

    On a standing the network and its grades have none: their mean is zero by construction. A school that was in two
    networks is compared with the first of them, so that its verdict is not told in the other.
    """
    since = first_window(district, series, window)
    if since is None:
        return GrowthFound()
    measured = GrowthSummary.objects.filter(  # unscoped: no person asks
        district=district, series=series, first=since, last=window, mean__isnull=False
    )
    joined = NetworkSchool.objects.filter(dates.overlapping(window.opens, window.closes))  # unscoped: no person asks
    schools = set(joined.filter(network=network).values_list("school_id", flat=True))
    elsewhere = set(joined.filter(network__lt=network.pk).values_list("school_id", flat=True))
    found: dict[Group, Growth] = {}
    kind = ""
    for row in measured.filter(network=network) | measured.filter(school__in=schools, grade=""):
        kind = row.kind
        if row.school_id:
            verdict = "" if row.school_id in elsewhere else _verdict(row)
            found[Group(Place.SCHOOL, row.school_id)] = Growth(row.matched, row.mean, row.low, row.high, verdict)
        elif row.kind == GrowthSummary.Kind.SCALE:
            group = Group(Place.GRADE, grade=row.grade) if row.grade else Group(Place.NETWORK)
            found[group] = Growth(row.matched, row.mean, row.low, row.high)
    return GrowthFound(since if kind else None, kind, found)


def _verdict(row: GrowthSummary) -> str:
    """How a school stands against the network; "" where its range is not known."""
    in_deviations = row.kind == GrowthSummary.Kind.STANDING
    return str(standing(row.against_low, row.against_high, in_deviations=in_deviations) or "")
