"""The task that takes an upload on, by its name; `schools.bell` rings for it."""

from schools.bell import ring

ADVANCE = "assessments.tasks.advance"

__all__ = ["ADVANCE", "ring"]
