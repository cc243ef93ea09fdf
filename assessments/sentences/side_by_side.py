"""The sentence of a reader's schools side by side."""

from dataclasses import dataclass

from assessments.sentences.figures import OPENS_LATER
from assessments.verdicts import Standing


@dataclass(frozen=True, slots=True)
class SideBySidePicture:
    """Several schools in one window; `below` is how many standards stand below the network, by name of the school."""

    window: str
    released: bool
    below: tuple[tuple[str, int], ...] = ()


def side_by_side_sentence(picture: SideBySidePicture | None) -> str:
    """How many standards stand below the network in which school; nothing is added up. None: no results yet."""
    if picture is None:
        return "No results yet. This page fills itself when a file of them is published."
    if not picture.released:
        return f"The comparison with the network {OPENS_LATER}; these are the schools' own figures."
    counts = ", ".join(f"{name} {count}" for name, count in picture.below if count)
    if not counts:
        return f"No standard of your {len(picture.below)} schools is far below the network in {picture.window}."
    return f"Standards {Standing.BELOW} in {picture.window}: {counts}."
