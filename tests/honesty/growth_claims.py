"""What the portal says of growth, in its own sentences, held against what is true."""

import numpy as np

from assessments.growth import GroupGrowth, Kind, Pairs, growth_by_group
from assessments.sentences import GrowthPicture, NetworkPicture, SchoolPicture, network_sentence, school_sentence
from assessments.sentences.figures import FEWEST_FOR_PERCENT
from assessments.verdicts import Change, Standing
from pop_network.demo.places import GRADES
from tests.honesty.expected import Changes, power_against, power_of_change
from tests.honesty.networks import WINTER, Networks, World
from tests.honesty.tally import Tally

Parts = dict[tuple[str, int], int]


def count_growth(tally: Tally, networks: Networks) -> None:
    """School, grade, class and network; Fall to Winter 1, on the common scale and as standing."""
    planted, quiet = networks.planted.pairs("QM"), networks.quiet.pairs("QM")
    changes = Changes({one.form.grade: one.form for one in networks.planted.forms("QM", WINTER)})
    for grouping, name in (("school", "school"), ("cell", "grade of a school"), ("section", "class")):
        _count_effects(tally, name, planted, grouping, changes)
        _count_nothing(tally, name, quiet, grouping)
    _count_network(tally, planted, quiet, changes)
    _count_standing(tally, networks.quiet)


def _count_effects(tally: Tally, name: str, pairs: Pairs, grouping: str, changes: Changes) -> None:
    everyone, labels = _parts(pairs, np.ones(len(pairs), bool)), _stayed(pairs, grouping)
    for found in _told(pairs, grouping):
        parts = _parts(pairs, labels == found.group)
        own, said = changes.group(parts), said_of(found)
        tally[f"{name}: grew or slipped"].effect(power_of_change(own), *_sides(said, own.change, GREW, SLIPPED))
        if grouping == "school":
            rest = changes.group({part: count - parts.get(part, 0) for part, count in everyone.items()})
            against = tally[f"{name}: above or below the network"]
            against.effect(power_against(own, rest), *_sides(said, own.change - rest.change, ABOVE, BELOW))


def _count_nothing(tally: Tally, name: str, pairs: Pairs, grouping: str) -> None:
    for found in _told(pairs, grouping):
        said = said_of(found)
        tally[f"{name}: grew or slipped"].nothing(GREW in said or SLIPPED in said)
        if grouping == "school":
            tally[f"{name}: above or below the network"].nothing(ABOVE in said or BELOW in said)


def _count_network(tally: Tally, planted: Pairs, quiet: Pairs, changes: Changes) -> None:
    """The network's own sentence; and how many of its schools look clear where all are alike."""
    claim = tally["network: grew or slipped"]
    truth = changes.group(_parts(planted, np.ones(len(planted), bool)))
    claim.effect(power_of_change(truth), *_sides(network_said(planted), truth.change, NETWORK_GREW, NETWORK_SLIPPED))
    said = network_said(quiet)
    claim.nothing(NETWORK_GREW in said or NETWORK_SLIPPED in said)
    clear = sum(one.against is not Standing.CLOSE for one in growth_by_group(quiet, "school"))
    tally["network: some school of twelve looks clear"].nothing(clear > 0)


def _count_standing(tally: Tally, quiet: World) -> None:
    """Unit Check has no common scale: each school by its standing, in the quiet world."""
    pairs = quiet.pairs("UC")
    for found in growth_by_group(pairs, "school"):
        if found.matched >= FEWEST_FOR_PERCENT:
            said = said_of(found)
            tally["school by standing: above or below the network"].nothing(ABOVE in said or BELOW in said)


GREW, SLIPPED = f"they {Change.GREW}", f"they {Change.SLIPPED}"
NETWORK_GREW, NETWORK_SLIPPED = f"the network {Change.GREW}", f"the network {Change.SLIPPED}"
ABOVE, BELOW = Standing.ABOVE, Standing.BELOW


def picture_of(found: GroupGrowth) -> GrowthPicture:
    """Growth as a page hands it to the sentence."""
    return GrowthPicture(
        "Fall", found.matched, found.mean, found.low, found.high, found.verdict, found.against,
        on_scale=found.kind is Kind.SCALE, apart=(found.against_mean, found.against_low, found.against_high),
    )  # fmt: skip


def said_of(found: GroupGrowth) -> str:
    """The sentence of a school (grade, class) with this growth."""
    students = found.matched + found.joined
    return school_sentence(SchoolPicture("Quarterly Math", "Winter 1", students, students, growth=picture_of(found)))


def network_said(pairs: Pairs) -> str:
    """The sentence of the network."""
    schools = [one.against for one in growth_by_group(pairs, "school")]
    counts = {name.lower(): schools.count(Standing[name]) for name in ("ABOVE", "BELOW", "CLOSE")}
    (whole,) = growth_by_group(pairs, "all")
    return network_sentence(NetworkPicture("Winter 1", released=True, growth=picture_of(whole), **counts))


def _told(pairs: Pairs, grouping: str) -> list[GroupGrowth]:
    """The groups of which a page says anything: ten students or more, but for a school's own row."""
    return [one for one in growth_by_group(pairs, grouping) if one.matched >= FEWEST_FOR_PERCENT]


def _sides(said: str, change: float, up: str, down: str) -> tuple[bool, bool]:
    """Whether the true side was claimed, and whether the other was."""
    true, other = (up, down) if change > 0 else (down, up)
    return true in said, other in said


def _stayed(pairs: Pairs, grouping: str) -> np.ndarray:
    earlier = pairs.before.groups[grouping][pairs.row_before]
    later = pairs.after.groups[grouping][pairs.row_after]
    return np.where(earlier == later, later, -1)


def _parts(pairs: Pairs, inside: np.ndarray) -> Parts:
    """Matched students by grade and school (that of the later window)."""
    cells = pairs.after.groups["cell"][pairs.row_after][inside]
    found, counts = np.unique(cells, return_counts=True)
    return {
        (GRADES[cell % len(GRADES)], cell // len(GRADES)): count
        for cell, count in zip(found.tolist(), counts.tolist(), strict=True)
    }
