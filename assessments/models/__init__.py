"""Tests, the windows they are given in, the files that bring results, and what dashboards read."""

from assessments.models.instruments import (
    Administration,
    Assessment,
    CutScore,
    Item,
    Standard,
    Window,
)
from assessments.models.mappings import ColumnMapping
from assessments.models.releases import (
    Release,
    ReleaseBasis,
    ReleasedCell,
    ReleasedSchool,
    ReleaseEvent,
    WithheldFigure,
)
from assessments.models.results import Result, ResultHistory
from assessments.models.summaries import FormSummary, GroupSummary, GrowthSummary, ItemSummary
from assessments.models.uploads import Upload, UploadChunk, UploadEvent, UploadIssue

__all__ = [
    "Administration",
    "Assessment",
    "ColumnMapping",
    "CutScore",
    "FormSummary",
    "GroupSummary",
    "GrowthSummary",
    "Item",
    "ItemSummary",
    "Release",
    "ReleaseBasis",
    "ReleaseEvent",
    "ReleasedCell",
    "ReleasedSchool",
    "Result",
    "ResultHistory",
    "Standard",
    "Upload",
    "UploadChunk",
    "UploadEvent",
    "UploadIssue",
    "Window",
    "WithheldFigure",
]
