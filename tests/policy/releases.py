"""Two releases of the furnished world: the first district's is open to the network, the third's is not yet open."""

from datetime import UTC, datetime

from assessments.models import Release, ReleasedCell, ReleasedSchool, ReleaseEvent, WithheldFigure
from tests import make

OPENED = datetime(2025, 11, 3, 20, tzinfo=UTC)


def released(world, rings) -> None:
    """Make both, each with its process, schools, cells and one figure that is not shown, and put them into `rings`."""
    opened = _release(world, world.district, world.year.windows.first(), [world.ash, world.birch], opened=True)
    closed = _release(world, world.cedar_district, world.cedar_year.windows.first(), [world.cedar], opened=False)
    for ring in ("class", "school", "district"):
        rings[ring].rows |= {
            Release: opened,
            ReleasedCell: opened.cells.first(),
            ReleasedSchool: opened.schools.first(),
        }
        rings[ring].rows |= {ReleaseEvent: opened.events.first(), WithheldFigure: opened.withheld.first()}
    rings["network"].rows[Release] = closed


def _release(world, district, window, schools, *, opened) -> Release:
    first, second = make.user(), make.user()
    keys = {"first_key_by": first, "first_key_at": OPENED, "second_key_by": second, "second_key_at": OPENED}
    release = Release.objects.create(
        network=world.network, district=district, series="QM", window=window, number=1, prepared_by=first,
        title="Quarterly Math", mean_unit="percent",
        state="released" if opened else "prepared", **(keys | {"opens_at": OPENED} if opened else {}),
    )  # fmt: skip
    ReleaseEvent.objects.create(release=release, by=first, words="The district turned its key.")
    cell = ReleasedCell.objects.create(release=release, place="network", tested=40, rate="41%", mean=52)
    for number, school in enumerate(schools):
        ReleasedSchool.objects.create(release=release, school=school, letter=f"School {'AB'[number]}")
        cell = ReleasedCell.objects.create(release=release, place="school", school=school)
    WithheldFigure.objects.create(release=release, cell=cell, figure="tested", rule="primary", words="Under the floor.")
    return release
