"""Subgroups of a school: which may be shown, and the sentence above them."""

from collections.abc import Sequence
from dataclasses import dataclass

FEWEST_IN_SUBGROUP = 10


@dataclass(frozen=True, slots=True)
class SubgroupPicture:
    """A group and everybody else; figures in words ("6 (4 to 8)", "38 %"), "" where none is shown."""

    name: str
    shown: bool
    growth: str = ""
    others_growth: str = ""
    at_benchmark: str = ""
    others_at_benchmark: str = ""


def may_be_shown(group: int, others: int) -> bool:
    """Whether a figure of `group` students beside one of the `others` shows no small group.

    Either would give away the other together with the figure of all. Nobody in it is no small group.
    """
    return all(students == 0 or students >= FEWEST_IN_SUBGROUP for students in (group, others))


def subgroups_sentence(groups: Sequence[SubgroupPicture], since: str) -> str:
    """What to take away: growth of each group beside all others, with the ranges; else the shares at benchmark."""
    shown = [group for group in groups if group.shown]
    if not shown:
        least = FEWEST_IN_SUBGROUP
        return f"No group has {least} tested students or more in it and {least} or more outside it, so none is shown."
    grown = [group for group in shown if group.growth and group.others_growth]
    if grown:
        told = "; ".join(f"{one.name} {one.growth}, all others {one.others_growth}" for one in grown)
        return f"Scale points since {since}: {told}."
    reached = [group for group in shown if group.at_benchmark and group.others_at_benchmark]
    if reached:
        told = "; ".join(f"{one.name} {one.at_benchmark}, all others {one.others_at_benchmark}" for one in reached)
        return f"Students at benchmark: {told}."
    return f"{len(shown)} group{'' if len(shown) == 1 else 's'} of the school can be shown."
