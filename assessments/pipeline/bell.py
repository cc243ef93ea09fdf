"""The task that takes an upload on, by its name; `schools.bell` rings for it."""

ADVANCE = "assessments.tasks.advance"
