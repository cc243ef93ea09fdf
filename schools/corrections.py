"""This is wrong: what a teacher says about a class list reaches those who keep the roster, and its answer comes back.

The report stands in the portal. Notices and mails say only that there is one: no student stands in them.
"""

from datetime import date

import structlog
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from schools.models import ClassListReport, Membership, Notice, Role, Section, User
from schools.notices import tell
from schools.years.acts import closed_years

logger = structlog.get_logger("schools")
State = ClassListReport.State


class NobodyToTell(Exception):
    """No account keeps the roster of this school; the text says whom to ask instead."""


class AlreadyAnswered(Exception):
    """Somebody else was first; the text says who."""


def why_not_reported(section: Section, today: date) -> str:
    """Why a class list takes no reports: its year is closed. "" where it takes them. `section` with its year."""
    if section.year.ends >= today or not closed_years([section.year_id]):  # a year that runs is never closed
        return ""
    return (
        f"The year {section.year.code} is closed: its class lists stay as they are. If something in them has to be put "
        "right, ask the district's office, which can open the year again."
    )


@transaction.atomic
def report_class_list(*, section: Section, by: User, kind: str, student=None, text: str = "") -> ClassListReport:
    """Keep the report and tell the keepers of the roster. The same one again, while it is open, counts once.

    Raises NobodyToTell.
    """
    Section.objects.select_for_update().get(pk=section.pk)  # unscoped: two presses come one after the other
    same = ClassListReport.objects.filter(  # unscoped: one's own
        section=section, by=by, kind=kind, student=student, text=text, state=State.OPEN
    ).first()
    if same:
        return same
    keepers = keepers_of(section.school, by)
    if not keepers:
        raise NobodyToTell(
            "Nobody keeps this school's roster in the portal yet. Please tell the district's office by phone."
        )
    report = ClassListReport(section=section, by=by, kind=kind, student=student, text=text)
    report.full_clean()
    report.save()
    words = f"A class list is said to be wrong: {section}, {section.school}."
    tell(Notice.Kind.ROSTER, _about(report), words, dict.fromkeys(keepers, _page_of(report)))
    logger.info("class_list_reported", report=report.pk, section=section.pk, by=by.pk, told=len(keepers))
    return report


@transaction.atomic
def answer_report(*, report: ClassListReport, by: User, state: str, answer: str) -> ClassListReport:
    """Close the report as mended or answered, and tell who made it. Raises AlreadyAnswered for one that is closed."""
    rows = ClassListReport.objects.select_for_update(of=("self",)).select_related("section__school", "answered_by")
    locked = rows.get(pk=report.pk)  # unscoped: the view has checked the right
    if not locked.is_open:
        raise AlreadyAnswered(f"{locked.answered_by} has closed this report already: {locked.get_state_display()}.")
    locked.state, locked.answer, locked.answered_by, locked.answered_at = state, answer, by, timezone.now()
    locked.full_clean()
    locked.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    what = "has been mended" if state == State.MENDED else "is answered"
    words = f"What you said about the class list of {locked.section}, {locked.section.school} {what}."
    tell(Notice.Kind.ROSTER, f"{_about(locked)} closed", words, {locked.by_id: _page_of(locked)})
    logger.info("class_list_report_closed", report=locked.pk, state=state, by=by.pk)
    return locked


def keepers_of(school, by: User) -> list[int]:
    """Ids of those who can mend a class list of `school`: its principals, or where there are none the district's
    office; never the person who reports."""
    active = Membership.objects.on(by.standing.today).filter(user__is_active=True).exclude(user=by)  # unscoped: to tell
    principals = active.filter(school=school, role=Role.PRINCIPAL)
    admins = active.filter(district=school.district_id, role=Role.DISTRICT_ADMIN)
    return sorted(set(principals.values_list("user", flat=True)) or set(admins.values_list("user", flat=True)))


def _about(report: ClassListReport) -> str:
    return f"class list report {report.pk}"


def _page_of(report: ClassListReport) -> str:
    return reverse("schools:correction", args=[report.pk])
