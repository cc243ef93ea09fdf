"""Panels that other rooms add to a school's page ("What we tried"): one list, filled when the portal starts.

A room registers a provider in its `AppConfig.ready`. With none, or where a provider has nothing to say, the page
holds no panel, and no empty frame.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Panel:
    """A titled part of the page: `template` is rendered with `context` as `panel`."""

    title: str
    template: str
    context: dict


# (user, school, window's key) -> Panel or None
Provider = Callable[[object, object, int], Panel | None]
_providers: list[Provider] = []


def add_school_panel(provider: Provider) -> None:
    """Let `provider` add a panel to every school's page; asked in the order of registration."""
    if provider not in _providers:
        _providers.append(provider)


def school_panels(user, school, window: int) -> list[Panel]:
    """The panels for this reader, school and window."""
    return [panel for provider in _providers if (panel := provider(user, school, window)) is not None]
