"""Every model is kept, or it is said why not."""

from django.apps import apps

from schools.history.kept import kept

OWN = {"schools", "assessments", "sessions_pd", "coaching", "community", "partnership", "pop_network"}
ROWS_ADDED_ONCE = "its rows are themselves the record of who did what and when"
FIGURES = "worked out from what is kept, anew each time"
NOT_KEPT = {
    "Act": "the history itself",
    "Change": "the history itself",
    "AccessLog": ROWS_ADDED_ONCE,
    "BulkEdit": ROWS_ADDED_ONCE,
    "Merge": ROWS_ADDED_ONCE,
    "Viewing": ROWS_ADDED_ONCE,
    "YearAct": ROWS_ADDED_ONCE,
    "UploadEvent": ROWS_ADDED_ONCE,
    "ReleaseEvent": ROWS_ADDED_ONCE,
    "DisclosureRecord": ROWS_ADDED_ONCE,
    "DestructionCertificate": ROWS_ADDED_ONCE,
    "ClassListReport": "a message and its answer, each signed in the row",
    "Notice": "what a person is told, and whether they read it",
    "RosterDiff": "what a package would change, worked out from it",
    "RosterTrace": "what an undo puts back, kept with its roster",
    "UploadChunk": "the bytes of a file, never changed",
    "UploadIssue": "what was found in a file, worked out from it",
    "Result": "earlier versions stand in ResultHistory",
    "ResultHistory": "earlier versions of results",
    "ReleaseBasis": FIGURES,
    "DrawnPage": FIGURES,
    "ChangedTable": "marks of the database for drawn pages",
    "ReleasedSchool": FIGURES,
    "ReleasedCell": FIGURES,
    "WithheldFigure": FIGURES,
    "GroupSummary": FIGURES,
    "FormSummary": FIGURES,
    "ItemSummary": FIGURES,
    "GrowthSummary": FIGURES,
}


def test_every_model_is_kept_or_says_why_not():
    own = {m for m in apps.get_models(include_auto_created=True) if m.__module__.split(".")[0] in OWN}
    assert {model.__name__ for model in own if model._meta.model_name not in kept()} == NOT_KEPT.keys(), (
        "keep it in rooms.py or assessments/history.py, or say here why not"
    )


def test_no_column_is_called_by_a_programmer_s_word():
    for one in kept().values():
        for column in one.model._meta.concrete_fields:
            if column.column not in one.left_out and not column.primary_key:
                words = set(one.name_of(column).split())
                assert not words & {"sha256", "slug", "sourced", "has", "is", "iep", "nces", "user", "id"}, column
