"""The town's releases on their way: worked out for real, not clean, being worked out, agreed to, held back."""

from assessments.models import Release, ReleaseEvent
from assessments.releases import work
from assessments.releases.acts import hold, prepare

DIRTY = {
    "clean": False, "findings": ["Ash, <b>Volume</b>: the number of students can be worked out too closely."],
    "figures": "x", "shown": 4, "hidden": 2, "floor": 11, "subgroup_floor": 20,
}  # fmt: skip


def releases_on_their_way(town) -> dict[str, int]:
    """The key of a release in each state, by the word that visits use."""
    fall, winter = town.year.windows.get(code="Q1"), town.year.windows.get(code="Q2")
    ready = prepare(town.network, town.district, "MAP", fall, town.admin, wake_worker=False, naming="named")
    work.compute(ready.pk)
    ready.refresh_from_db()
    assert ready.state == Release.State.PREPARED, list(ready.events.all())
    agreed = _made(
        town, winter, "MAP", state=Release.State.AGREED, audit=ready.audit, computed_at=ready.computed_at,
        first_key_by=town.admin, first_key_at=ready.computed_at,
    )  # fmt: skip
    computing = _made(town, fall, "NQ", state=Release.State.COMPUTING)
    dirty = _made(town, winter, "NQ", state=Release.State.PREPARED, audit=DIRTY, computed_at=ready.computed_at)
    held = Release.objects.get(district=town.cedar_district)
    hold(held, town.operator, 'The <i>make-ups</i> of "Cedar" are missing')
    found = {"ready": ready, "agreed": agreed, "computing": computing, "dirty": dirty, "held": held}
    return {word: one.pk for word, one in found.items()}


def _made(town, window, series, **fields) -> Release:
    one = Release.objects.create(
        network=town.network, district=town.district, series=series, window=window, number=2, prepared_by=town.admin,
        title='Quarterly <b>Math</b> & "more"', **fields,
    )  # fmt: skip
    ReleaseEvent.objects.create(release=one, by=town.admin, words="Began release 2.")
    return one
