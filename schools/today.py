"""What other rooms add to Today: one list of panels and one of what waits, filled when the portal starts.

A room registers a provider in its `AppConfig.ready`. Where a provider has nothing to say, Today has no empty frame.
"""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Line:
    """Something to open: `beside` says what is new about it, `further` are other pages about the same thing."""

    label: str
    url: str = ""
    beside: str = ""
    further: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Panel:
    """A titled list of lines, with a remark above it."""

    title: str
    lines: list[Line]
    remark: str = ""


PanelProvider = Callable[[object], Panel | None]
WaitingProvider = Callable[[object], list[Line]]
_panels: list[PanelProvider] = []
_waiting: list[WaitingProvider] = []


def add_today_panel(provider: PanelProvider) -> None:
    """Let `provider` (user -> Panel or None) add a panel to Today; asked in the order of registration."""
    if provider not in _panels:
        _panels.append(provider)


def add_waiting(provider: WaitingProvider) -> None:
    """Let `provider` (user -> lines) add to what waits for a person."""
    if provider not in _waiting:
        _waiting.append(provider)


def added_panels(user) -> list[Panel]:
    """The panels other rooms have for this person."""
    return [panel for provider in _panels if (panel := provider(user)) is not None]


def added_waiting(user) -> list[Line]:
    """What other rooms have waiting for this person."""
    return [line for provider in _waiting for line in provider(user)]
