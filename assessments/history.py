"""What is kept of the test set-up, of files of results and of releases (`schools.history`).

Results have versions of their own; progress of a file, and figures that are worked out, are nobody's act.
"""

from assessments import models
from schools.history.kept import Kept, keep

ITEM = "LEFT JOIN assessments_item i ON i.id = r.item_id"
TEST = "LEFT JOIN assessments_assessment a ON a.id = "
YEAR = "LEFT JOIN schools_schoolyear y ON y.id = r.year_id"
OF_TEST = {"district": "a.district_id"}
UPLOAD = ("options", "attempts", "rows_known", "rows_done", "answer", "digest", "moved_at")  # options may quote cells
RELEASE = ("audit", "basis", "digest", "attempts", "moved_at", "computed_at", "notified_at")


def keep_tests() -> None:
    """Name the tables of this floor."""
    keep(
        Kept(models.Standard, "standard", label="r.code", page=("standard", "r.id"), everywhere=True),
        Kept(models.Assessment, "test", {"district": "r.district_id"}, label="r.name", page=("test", "r.id")),
        Kept(models.Item, "question", OF_TEST, f"{TEST}r.assessment_id", label="coalesce(nullif(r.label, ''), "
             "r.position::text)", page=("test", "r.assessment_id")),
        Kept(models.Item.standards.through, "standard of a question", OF_TEST, f"{ITEM} {TEST}i.assessment_id",
             label="coalesce(nullif(i.label, ''), i.position::text)", page=("test", "i.assessment_id")),
        Kept(models.CutScore, "cut score", OF_TEST, f"{TEST}r.assessment_id",
             label="r.name || CASE r.grade WHEN '' THEN '' ELSE ', grade ' || r.grade END",
             page=("test", "r.assessment_id")),
        Kept(models.Window, "window", {"district": "y.district_id"}, YEAR, label="r.name", page=("window", "r.id")),
        Kept(models.Administration, "test in a window", OF_TEST, f"{TEST}r.assessment_id",
             page=("test", "r.assessment_id"), left_out=("version", "has_partition")),
        Kept(models.Upload, "file of results", {"district": "r.district_id", "school": "r.school_id"},
             label="r.filename", page=("upload", "r.id"), left_out=UPLOAD),
        Kept(models.ColumnMapping, "meaning of columns", {"district": "r.district_id"}, label="r.name",
             page=("mapping", "r.id"), inside=True),
        Kept(models.Release, "release", {"district": "r.district_id", "network": "r.network_id"}, label="r.title",
             page=("release", "r.id"), left_out=RELEASE),
    )  # fmt: skip
