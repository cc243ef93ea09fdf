"""Why two rows cannot be made one."""

from schools.models import Student


class MergeRefused(Exception):
    """The merge, or its undoing, cannot be done; the sentence says why and what to do."""


def why_not(kept, gone) -> list[str]:
    """Why these two cannot be merged, each reason a sentence; empty where they can."""
    from schools.merging.movers import movers

    if kept.pk == gone.pk:
        return ["That is one row, not two. Choose the other one."]
    if kept.merged_into_id or gone.merged_into_id:
        return ["One of the two was merged already. Undo that merge first."]
    if isinstance(kept, Student) and kept.district_id != gone.district_id:
        return ["They belong to two districts. Each district keeps its own students' records."]
    return [reason for mover in movers().values() for reason in mover.why_not(kept, gone)]
