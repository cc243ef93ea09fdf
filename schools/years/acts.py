"""What is done when a year turns is kept with the rows it added and changed, so that it can be taken back exactly."""

from collections.abc import Iterable

import structlog
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from schools.kept_rows import exchanged, kept
from schools.models import School, SchoolYear, User, YearAct

logger = structlog.get_logger("schools")


class NotDone(Exception):
    """The act cannot be done; the text says why and what to do."""


class NotUndone(Exception):
    """The act cannot be taken back; the text says why."""


def lock_year(year: SchoolYear) -> SchoolYear:
    """Wait for whoever turns the same year; held to the end of the transaction."""
    rows = SchoolYear.objects.select_for_update(of=("self",)).select_related("district")  # unscoped: the caller's own
    return rows.get(pk=year.pk)


def record(
    kind: str, year: SchoolYear, by: User, words: str, *, school: School | None = None,
    made: dict[str, list[int]] | None = None, changed: list | None = None,
) -> YearAct:  # fmt: skip
    """Keep what was done. The caller is inside the transaction that did it."""
    act = YearAct.objects.create(
        kind=kind, year=year, by=by, words=words[:300], school=school, made=made or {}, changed=changed or []
    )
    logger.info("year_act", act=act.pk, kind=kind, year=year.pk, by=by.pk)
    return act


def change(row: models.Model, **after) -> list | None:
    """Set fields of a row and return the line that an act keeps of it; None where nothing changes."""
    before = {name: getattr(row, name) for name in after}
    if before == after:
        return None
    for name, value in after.items():
        setattr(row, name, value)
    row.save(update_fields=list(after))
    return [row._meta.model_name, row.pk, kept(before), kept(after)]


def closed_years(year_ids: Iterable[int]) -> frozenset[int]:
    """Those of the years that an office has closed."""
    rows = YearAct.objects.filter(kind=YearAct.Kind.CLOSE, undone_at=None, year__in=year_ids)  # unscoped: dates
    return frozenset(rows.values_list("year", flat=True))


@transaction.atomic
def undo_act(act: YearAct, by: User) -> YearAct:
    """Take an act back: rows it added go, rows it changed get what they had. Raises NotUndone."""
    lock_year(act.year)
    act = YearAct.objects.select_related("year", "school").get(pk=act.pk)  # unscoped: the caller has checked the right
    if act.undone_at:
        return act
    _refuse(act)
    for model_name, pk, before, after in reversed(act.changed):
        model = apps.get_model("schools", model_name)
        if not exchanged(model, pk, after, before):
            raise NotUndone(
                f"Since then somebody has changed a {model._meta.verbose_name} that this step had changed. "
                "Change single rows on their own pages."
            )
    try:
        with transaction.atomic():
            for model_name, ids in reversed(act.made.items()):
                apps.get_model("schools", model_name).objects.filter(pk__in=ids).delete()  # unscoped: rows of the act
    except (ProtectedError, IntegrityError) as stands:
        raise NotUndone(
            "Results, students or teachers have come to stand on the classes that this step made. End or correct "
            "single classes on their own pages."
        ) from stands
    act.undone_at, act.undone_by = timezone.now(), by
    act.save(update_fields=["undone_at", "undone_by"])
    logger.info("year_act_undone", act=act.pk, by=by.pk)
    return act


def _refuse(act: YearAct) -> None:
    """A year stays closed while a later one is."""
    later = SchoolYear.objects.filter(district=act.year.district_id, starts__gt=act.year.starts)  # unscoped: dates
    closed = later.filter(pk__in=closed_years(later.values("pk"))).order_by("starts").first()
    if act.kind == YearAct.Kind.CLOSE and closed:
        raise NotUndone(f"{closed.code} is closed too, and stands on this year. Open {closed.code} again first.")
