"""Results go with a student who was found to be another: with their history, and growth is measured anew."""

from django.db import connection

from assessments import store
from assessments.models import Administration, Result, ResultHistory
from assessments.pipeline.growing import measure_growth
from schools.merging import MergeRefused
from schools.models import Student


class ResultsOfStudents:
    """Moves results and their earlier versions from one student to the other."""

    tables = frozenset({Result, ResultHistory})

    def why_not(self, kept, gone) -> list[str]:
        """Two results of one test cannot both be the student's: a person says first which of them is."""
        if not isinstance(kept, Student):
            return []
        both = Administration.objects.filter(results__student=kept).filter(results__student=gone)  # unscoped: counted
        reasons = [
            f"Both have a result of {one.assessment}, {one.window}. Upload a file without one of the two first: a "
            "student has one result of a test."
            for one in both.select_related("assessment", "window").distinct()
        ]
        if not reasons and self._same_versions(kept, gone):
            reasons = [
                "Both have an earlier version of a result that one and the same upload replaced. Undo that upload."
            ]
        return reasons

    @staticmethod
    def _same_versions(kept, gone) -> bool:
        columns = ("administration", "replaced_by")
        versions = [set(ResultHistory.objects.filter(student=one).values_list(*columns)) for one in (kept, gone)]
        return bool(versions[0] & versions[1])

    def move(self, kept, gone) -> dict:
        """The results and versions of `gone` become those of `kept`; which they were."""
        if not isinstance(kept, Student):
            return {}
        held = list(Result.objects.filter(student=gone).values_list("administration", "upload"))  # unscoped: moved
        locked = store.lock([administration for administration, _ in held])
        earlier = list(ResultHistory.objects.filter(student=gone).values_list("pk", flat=True))
        self._rename(gone, kept, list(locked), earlier)
        return {"results": [list(pair) for pair in held], "earlier": earlier}

    def move_back(self, kept, gone, moved: dict) -> None:
        """As before, where each of them still stands as it went over."""
        if not moved:
            return
        keys = [administration for administration, _ in moved["results"]]
        locked = store.lock(keys)
        now = Result.objects.filter(student=kept, administration__in=keys)  # unscoped: what the merge moved
        if {tuple(pair) for pair in moved["results"]} != set(now.values_list("administration", "upload")):
            raise MergeRefused(
                "A later upload has changed a result that went over. Undo that upload first, then the merge."
            )
        self._rename(kept, gone, list(locked), moved["earlier"])

    @staticmethod
    def _rename(was: Student, to: Student, administrations: list[int], earlier: list[int]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE assessments_result SET student_id = %s WHERE student_id = %s AND administration_id = ANY(%s)",
                [to.pk, was.pk, administrations],
            )
            cursor.execute("UPDATE assessments_resulthistory SET student_id = %s WHERE id = ANY(%s)", [to.pk, earlier])
        tests = Administration.objects.filter(pk__in=administrations)  # unscoped: what the merge moved
        for administration in tests.select_related("assessment__district", "window__year"):
            measure_growth(administration)
