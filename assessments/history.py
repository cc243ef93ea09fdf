"""What is kept of the test set-up, of files of results and of releases (`schools.history`).

Results have versions of their own; progress of a file, and figures that are worked out, are nobody's act.
"""

from django.db.models import Max, Q

from assessments import models
from assessments.queries.setup import districts_to_set_up
from schools.history.kept import Kept, keep

ITEM = "LEFT JOIN assessments_item i ON i.id = r.item_id"
TEST = "LEFT JOIN assessments_assessment a ON a.id = "
YEAR = "LEFT JOIN schools_schoolyear y ON y.id = r.year_id"
OF_TEST = {"district": "a.district_id"}
UPLOAD = ("options", "attempts", "rows_known", "rows_done", "answer", "digest", "moved_at")  # options may quote cells
IN_A_RELEASE = {
    "naming": "names of schools", "audience": "open to", "since": "growth since", "growth_kind": "growth",
    "mean_unit": "mean", "has_levels": "share at benchmark told", "number": "release number",
    "first_key_by": "first key turned by", "first_key_at": "first key turned", "second_key_by": "second key turned by",
    "second_key_at": "second key turned", "prepared_at": "prepared", "opens_at": "opens",
}  # fmt: skip
CODES_OF_A_RELEASE = {
    "growth_kind": {"scale": "in scale points", "standing": "by standing in the network", "": "not measured"},
    "mean_unit": {"scale": "in scale points", "percent": "% of the points"},
}
RELEASE = ("audit", "basis", "digest", "attempts", "moved_at", "computed_at", "notified_at")


# What rows that name a person are called on the page that tells what is kept about them.
ROWS_THAT_NAME = {
    ("columnmapping", "by"): ("Column mappings", "kept by you"),
    ("release", "prepared_by"): ("Releases", "prepared by you"),
    ("release", "first_key_by"): ("Releases", "first key turned by you"),
    ("release", "second_key_by"): ("Releases", "second key turned by you"),
    ("releaseevent", "by"): ("Steps of releases", "done by you"),
    ("upload", "by"): ("Files of results", "sent by you"),
    ("uploadevent", "by"): ("Steps of files of results", "done by you"),
}


def with_open_keys(user, tests: set[int]) -> set[int]:
    """Of these tests those whose keys and question texts `user` may read today, in one question.

    The rule of `queries.setup.key_sight` for those who read history: the district's office always, who runs the
    network once every window has ended, nobody else.
    """
    held = user.standing
    rows = models.Assessment.objects.visible_to(user).filter(pk__in=tests)
    rows = rows.annotate(last=Max("administrations__window__closes"))
    ended = Q(district__in=districts_to_set_up(user), last__lt=held.today)
    return set(rows.filter(Q(district__in=held.admin_district_ids) | ended).values_list("pk", flat=True))


def keep_tests() -> None:
    """Name the tables of this floor."""
    keep(
        Kept(models.Standard, "standard", label="r.code", page=("standard", "r.id"), everywhere=True),
        Kept(models.Assessment, "test", {"district": "r.district_id"}, label="r.name", page=("test", "r.id")),
        Kept(models.Item, "question", OF_TEST, f"{TEST}r.assessment_id", label="coalesce(nullif(r.label, ''), "
             "r.position::text)", page=("test", "r.assessment_id"),
             guarded=("key", "text", "choices"), opens=with_open_keys),
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
             page=("mapping", "r.id"), called={"fingerprint": "these columns in short", "headers": "columns"},
             inside=True),
        Kept(models.Release, "release", {"district": "r.district_id", "network": "r.network_id"}, label="r.title",
             page=("release", "r.id"), called=IN_A_RELEASE, means=CODES_OF_A_RELEASE, left_out=RELEASE),
    )  # fmt: skip
