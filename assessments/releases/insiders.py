"""Who knows hidden figures already: people with rights to whole schools, who could take their own away from a sum.

A principal knows one school. A coach of three, a leader of two, a teacher with classes in two know several at once, and
what is left of a hidden remainder after all of theirs must still reach the floor.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from schools import dates
from schools.models import Membership, SectionStaff


def circles_of(school_ids: Iterable[int], first, last) -> tuple[frozenset[int], ...]:
    """Sets of two or more of these schools that one person works in between the two days, whatever the role.

    Whoever teaches in two schools is counted as knowing both: in a school of one class they do.
    """
    ids = set(school_ids)
    found: dict[int, set[int]] = {}
    held = Membership.objects.filter(dates.overlapping(first, last), school__in=ids)
    staffed = SectionStaff.objects.filter(dates.overlapping(first, last), section__school__in=ids)
    for user, school in [*held.values_list("user", "school"), *staffed.values_list("user", "section__school")]:
        found.setdefault(user, set()).add(school)
    several = {frozenset(schools) for schools in found.values() if len(schools) > 1}
    return tuple(sorted(several, key=sorted))


@dataclass(frozen=True)
class Insiders:
    """Who knows which keys of a sum: each key its own people, each circle of schools somebody who knows them all."""

    school_of: Mapping[str, int]
    circles: tuple[frozenset[int], ...] = ()

    def knowing(self, keys: set[str]) -> Iterator[set[str]]:
        """What single people know of `keys`: nothing, one of them, those of a circle."""
        yield set()
        yield from ({key} for key in sorted(keys))
        for circle in self.circles:
            yield {key for key in keys if self.school_of.get(key) in circle}

    def together(self, keys: set[str], key: str) -> bool:
        """Whether somebody who knows `keys` knows `key` as well."""
        theirs = {self.school_of.get(one) for one in keys}
        return bool(keys) and any(theirs <= one and self.school_of.get(key) in one for one in self.circles)


def completed(hidden: set[str], weights: Mapping[str, int], insiders: Insiders, floor: int) -> list[str]:
    """The keys to hide beside `hidden`, lightest first, so that nobody who knows some of them works out the rest.

    `weights` says how many students stand behind each key of one sum; a key of none is no hiding place. Where nothing
    is left to hide, what there is must do: the total is then for the caller to hide.
    """
    known = {key for key in hidden if weights.get(key)}
    waiting = sorted((weight, key) for key, weight in weights.items() if weight and key not in hidden)
    more: list[str] = []
    while known and waiting:
        told = next((one for one in insiders.knowing(known) if _tells(known - one, known, weights, floor)), None)
        if told is None:
            break
        place = next((n for n, (_, key) in enumerate(waiting) if not insiders.together(told, key)), 0)
        key = waiting.pop(place)[1]
        known.add(key)
        more.append(key)
    return more


def _tells(rest: set[str], known: set[str], weights: Mapping[str, int], floor: int) -> bool:
    """Whether what is left over is a group below the floor, or the one hidden group itself."""
    if len(known) < 2:
        return True
    return bool(rest) and sum(weights[key] for key in rest) < floor
