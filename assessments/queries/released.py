"""What readers beyond a school may read: the newest open release of each window, and its cells.

`user` None is the public. Everything here reads released cells; nothing here reads a result or a summary.
"""

from dataclasses import dataclass

from django.db.models import QuerySet

from assessments.models import Release, ReleasedCell, ReleasedSchool
from assessments.models.releases import is_open
from assessments.queries.reach import opens_school
from schools.models import Network, School


@dataclass(frozen=True, slots=True)
class Programme:
    """A series of one district: what releases of several windows have in common."""

    key: str  # how an address names it
    name: str
    releases: tuple[Release, ...]  # newest window first

    @property
    def full_key(self) -> str:
        """The same with the district, which holds whichever releases open later."""
        return full_key(self.releases[0])


def full_key(release: Release) -> str:
    """ "QM@D1": the programme of a release as an address names it."""
    return f"{release.series}@{release.district.code}"


def open_releases(network: Network, user) -> list[Release]:
    """The newest open release of each series and window, newest window first."""
    rows = Release.objects.visible_to_public() if user is None else Release.objects.all()
    opened = rows.filter(is_open(), network=network)
    found: dict[tuple, Release] = {}
    ordered = opened.select_related("window__year", "since", "district").order_by("-window__opens", "series", "-number")
    for release in ordered:
        found.setdefault((release.district_id, release.series, release.window_id), release)
    return list(found.values())


def programmes(releases: list[Release]) -> list[Programme]:
    """The releases by series; first the newest, and of those the one that says most: growth on a scale, then levels."""
    several = len({release.district_id for release in releases}) > 1
    grouped: dict[tuple, list[Release]] = {}
    for release in releases:
        grouped.setdefault((release.district_id, release.series), []).append(release)
    found = [_programme(rows, several) for rows in grouped.values()]
    return sorted(found, key=_says_most)


def _says_most(one: Programme) -> tuple:
    newest = one.releases[0]
    age = -newest.window.opens.toordinal()
    return age, newest.growth_kind != "scale", not newest.has_levels, one.name, one.key


def _programme(rows: list[Release], several: bool) -> Programme:
    first = rows[0]
    key = full_key(first) if several else first.series
    name = first.title or first.series
    return Programme(key, f"{name}, {first.district.name}" if several else name, tuple(rows))


def cells_of(releases, user) -> QuerySet[ReleasedCell]:
    """The cells of these releases that the reader may see."""
    rows = ReleasedCell.objects.visible_to_public() if user is None else ReleasedCell.objects.visible_to(user)
    return rows.filter(release__in=[release.pk for release in releases])


def is_own(user, school: School) -> bool:
    """Whether a reader works in the school or is assigned to it."""
    return user is not None and school.pk in user.standing.school_ids


def is_known(user, school: School) -> bool:
    """Whether a reader reads the school by name whatever the release says: the own one, or one they administer."""
    return is_own(user, school) or (user is not None and school.district_id in user.standing.admin_district_ids)


@dataclass(frozen=True, slots=True)
class SchoolName:
    """How a reader reads a school of a release.

    known  by name in every release; opens: its own page opens to the reader
    """

    pk: int
    label: str
    own: bool
    known: bool
    opens: bool


def school_names(release: Release, user) -> dict[int, SchoolName]:
    """The schools of a release by id: by name where it says so or the school is the reader's, else by letter."""
    rows = ReleasedSchool.objects.visible_to_public() if user is None else ReleasedSchool.objects.visible_to(user)
    by_name = release.naming == Release.Naming.NAMED
    found = {}
    for row in rows.filter(release=release).select_related("school"):
        known = is_known(user, row.school)
        label = row.school.name if known or by_name else row.letter
        opens = user is not None and opens_school(user, row.school)
        found[row.school_id] = SchoolName(row.school_id, label, is_own(user, row.school), known, opens)
    return found
