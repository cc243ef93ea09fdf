"""The one door for numbers that leave a school: what of a table may be shown, and whether a reader could undo it.

`suppress` takes a cube of true figures and answers what readers get, with a ledger for the auditor. `audit` takes what
is published, and an earlier release of it, and answers what could be worked out. The rules stand in
`docs/disclosure.md`. Pure: no database, no Django.
"""

from schools.disclosure.audit import audit
from schools.disclosure.cells import (
    BadTableError,
    Cell,
    Cube,
    Entry,
    Equation,
    Finding,
    Floors,
    Mean,
    Published,
    Shown,
    Suppressed,
    Verdict,
)
from schools.disclosure.decisions import Levels, needs_suppression, shown_change, shown_levels
from schools.disclosure.reading import restored, stored
from schools.disclosure.releases import frozen
from schools.disclosure.suppression import suppress

__all__ = [
    "BadTableError",
    "Cell",
    "Cube",
    "Entry",
    "Equation",
    "Finding",
    "Floors",
    "Levels",
    "Mean",
    "Published",
    "Shown",
    "Suppressed",
    "Verdict",
    "audit",
    "frozen",
    "needs_suppression",
    "restored",
    "shown_change",
    "shown_levels",
    "stored",
    "suppress",
]
