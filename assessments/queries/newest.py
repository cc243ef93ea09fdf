"""The newest test of each class, and how many of its students are still to take it, in one read."""

from dataclasses import dataclass

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce

from assessments.models import Result
from assessments.queries.sittings import TEST, Sitting
from schools.models import SectionEnrollment


@dataclass(frozen=True, slots=True)
class Newest:
    """The test a class sat last. `untested` counts students without it while its window is open, else 0."""

    section: int
    sitting: Sitting
    untested: int


def newest_by_class(user, section_ids) -> dict[int, Newest]:
    """By section the test it sat last, as the class's own page chooses it; classes without results are left out."""
    if not section_ids:
        return {}
    today = user.standing.today
    open_still = When(administration__window__closes__gte=today, then=Coalesce(_untested(today), 0))
    rows = (
        Result.objects.visible_to(user)
        .filter(section__in=section_ids)
        .order_by()
        .values_list("section_id", *TEST)
        .annotate(untested=Case(open_still, default=Value(0), output_field=IntegerField()))
    )
    found: dict[int, Newest] = {}
    for section, *test, untested in rows.distinct():
        one = Newest(section, Sitting(**dict(zip(TEST.values(), test, strict=True))), untested)
        if section not in found or found[section].sitting.age < one.sitting.age:
            found[section] = one
    return found


def _untested(today) -> Subquery:
    """How many students sit today in the class of a result and have not taken its test."""
    tested = Result.objects.filter(  # unscoped: whether there is a result, nothing of it
        student=OuterRef("student"),
        administration=OuterRef(OuterRef("administration")),
        status=Result.TESTED,
    )
    seats = SectionEnrollment.objects.on(today).filter(  # unscoped: of a class in sight
        ~Exists(tested), section=OuterRef("section")
    )
    counted = seats.order_by().values("section").annotate(students=Count("student", distinct=True))
    return Subquery(counted.values("students"), output_field=IntegerField())
