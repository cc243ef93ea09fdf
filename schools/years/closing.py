"""Closing a year: what stood open gets its last day, and from then on nobody changes hands in its classes."""

from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Greatest

from schools.dates import READABLE_AFTER_YEAR_END, day_words
from schools.models import SchoolYear, Section, SectionEnrollment, SectionStaff, User, YearAct
from schools.years.acts import NotDone, lock_year, record
from schools.years.unfinished import counted


def columns(user, year: SchoolYear) -> dict:
    """What closing `year` touches, as columns of its row: classes, and seats and postings without a last day."""
    return {
        "classes": counted(Section.objects.visible_to(user).filter(year=year)),
        "open_seats": counted(_open(SectionEnrollment.objects.visible_to(user), year)),
        "open_postings": counted(_open(SectionStaff.objects.visible_to(user), year)),
        "closed": Exists(YearAct.objects.visible_to(user).filter(year=year, kind=YearAct.Kind.CLOSE, undone_at=None)),
    }


def _open(rows, year: SchoolYear):
    return rows.filter(section__year=year, ends=None)


def readable_until(year: SchoolYear):
    """The last day on which teachers read the classes of the year."""
    return year.ends + READABLE_AFTER_YEAR_END


@transaction.atomic
def close_year(*, year: SchoolYear, by: User) -> YearAct:
    """Close the year. Pressed twice it is closed once. Raises NotDone before its last day is over."""
    year = lock_year(year)
    standing = YearAct.objects.filter(year=year, kind=YearAct.Kind.CLOSE, undone_at=None).first()  # unscoped: own
    if standing:
        return standing
    if by.standing.today <= year.ends:
        raise NotDone(
            f"{year.code} runs until {day_words(year.ends)}. It can be closed from the day after. "
            "If it ended earlier, change its last day first."
        )
    changed = [line for model in (SectionEnrollment, SectionStaff) for line in _ended(model, year)]
    words = f"{year.code} was closed: {Section.objects.filter(year=year).count():,} classes."  # unscoped: counted
    return record(YearAct.Kind.CLOSE, year, by, words, changed=changed)


def _ended(model, year: SchoolYear) -> list[list]:
    """Give the open rows of the year's classes the last day of their class; the lines that the act keeps."""
    rows = _open(model.objects.all(), year)  # unscoped: the whole year of the district
    last = rows.annotate(last=Greatest("starts", "section__ends")).order_by("pk").values_list("pk", "last")
    lines = [[model._meta.model_name, pk, {"ends": None}, {"ends": day.isoformat()}] for pk, day in last]
    of_class = Section.objects.filter(pk=OuterRef("section")).values("ends")  # unscoped: as above
    rows.update(ends=Greatest("starts", Subquery(of_class)))
    return lines
