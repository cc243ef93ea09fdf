"""A release made ready, into the database: cells, ledger, letters and what a later release is held against."""

import hashlib
import json
import secrets
from string import ascii_uppercase

from assessments.models import Release, ReleaseBasis, ReleasedCell, ReleasedSchool, WithheldFigure
from assessments.releases.changes import packed
from assessments.releases.figures import LiveCube
from assessments.releases.suppressing import Hidden, Ready
from schools.disclosure import stored

AT_ONCE = 2000


def write(release: Release, live: LiveCube, hidden: Hidden) -> None:
    """Replace what the release holds. The caller is inside a transaction and saves the release itself."""
    for rows in (release.withheld, release.cells, release.schools):
        rows.all().delete()  # unscoped: no person asks
    ReleaseBasis.objects.filter(release=release).delete()  # unscoped: no person asks
    ready = list(hidden.cells.values())
    cells = ReleasedCell.objects.bulk_create(
        [ReleasedCell(release=release, **cell.released(live.growth_kind)) for cell in ready], batch_size=AT_ONCE
    )
    lines = [(cell, line) for cell, one in zip(cells, ready, strict=True) for line in one.lines]
    WithheldFigure.objects.bulk_create(
        [
            WithheldFigure(release=release, cell=cell, figure=line.figure, rule=line.rule, words=line.words)
            for cell, line in lines
        ],
        batch_size=AT_ONCE,
    )
    schools = list(live.schools)
    secrets.SystemRandom().shuffle(schools)
    ReleasedSchool.objects.bulk_create(
        [
            ReleasedSchool(release=release, school_id=school, letter=f"School {letters(place)}")
            for place, school in enumerate(schools)
        ]
    )
    ReleaseBasis.objects.create(release=release, students=packed(live.prints), published=stored(hidden.published))
    release.title, release.since, release.growth_kind = live.title[:200], live.since, live.growth_kind
    release.mean_unit, release.has_levels, release.basis = live.mean_unit, live.has_levels, live.basis


def letters(place: int) -> str:
    """A, B ... Z, AA, AB ..."""
    name = ""
    place += 1
    while place:
        place, last = divmod(place - 1, len(ascii_uppercase))
        name = ascii_uppercase[last] + name
    return name


def digest_of(release: Release, figures: str) -> str:
    """What a key is turned for: the figures (by their own digest) and the choices."""
    opens = release.opens_at.isoformat() if release.opens_at else "at once"
    choices = [figures, release.naming, release.audience, opens]
    return hashlib.sha256(json.dumps(choices).encode()).hexdigest()


def figures_digest(hidden: Hidden, live: LiveCube) -> str:
    """A digest of every figure that readers will see, whichever letters the schools were given."""
    rows = sorted(_row(cell, live.growth_kind) for cell in hidden.cells.values())
    said = [live.title, live.growth_kind, live.mean_unit, live.has_levels, live.since.pk if live.since else None]
    return hashlib.sha256(json.dumps([said, rows]).encode()).hexdigest()


def _row(cell: Ready, growth_kind: str) -> list[str]:
    return [str(value) for value in cell.released(growth_kind).values()]
