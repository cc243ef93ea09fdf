"""How far along a data agreement is, who works under it, and the warning before it ends."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from schools.dates import day_words
from schools.models import DataAgreement, District, Membership, Notice, Role
from schools.notices import tell
from schools.today import Line

WARNS_BEFORE = timedelta(days=30)
# The words of a state, and the mark that stands beside them (`components/status.html`).
MARKS = {"in force": "ok", "ends soon": "warn", "not begun": "wait", "ended": "bad"}


def state_of(agreement: DataAgreement, today: date) -> str:
    """One of MARKS."""
    if agreement.ends < today:
        return "ended"
    if agreement.starts > today:
        return "not begun"
    return "ends soon" if agreement.ends <= today + WARNS_BEFORE else "in force"


def people_under(agreement: DataAgreement, on: date):
    """The roles of the organization's people in the schools that the agreement covers, on a day."""
    of_partner = Membership.objects.filter(  # unscoped: narrowed by who asks
        organization=agreement.organization_id, role=Role.PSI_COACH
    ).on(on)
    return Membership.objects.filter(  # unscoped: as above
        user__in=of_partner.values("user"), role=Role.PSI_COACH, school__in=agreement.schools.values("pk")
    ).on(on)


def warn_of_ends() -> int:
    """Tell the district's office and the organization's people, once, of each agreement that ends soon; how many."""
    told = 0
    for district in District.objects.all():  # unscoped: no person asks
        today = timezone.now().astimezone(ZoneInfo(district.timezone)).date()
        for agreement in _ending(today).filter(district=district).select_related("organization"):
            told += _tell(agreement, today)
    return told


def _ending(today: date):
    return DataAgreement.objects.on(today).filter(ends__lte=today + WARNS_BEFORE)  # unscoped: narrowed by the caller


@transaction.atomic
def _tell(agreement: DataAgreement, today: date) -> int:
    roles = Membership.objects.on(today).filter(user__is_active=True)  # unscoped: those concerned
    office = roles.filter(role=Role.DISTRICT_ADMIN, district=agreement.district_id)
    partner = roles.filter(role=Role.PSI_COACH, organization=agreement.organization_id)
    page = reverse("schools:agreement", args=[agreement.pk])
    to = dict.fromkeys([*office.values_list("user", flat=True), *partner.values_list("user", flat=True)], page)
    words = (
        f"The data agreement with {agreement.organization} ends on {day_words(agreement.ends)}. "
        "Without a new one its people see no student from the day after."
    )
    return tell(Notice.Kind.AGREEMENT, f"agreement {agreement.pk} ends {agreement.ends}", words, to)


def ends_for_partner(user) -> list[Line]:
    """What a partner's person reads on Today: the agreements they work under that end soon."""
    held = user.standing
    soon = {
        agreement.pk: agreement
        for agreement in (held.agreements_in_force if held.coached_school_ids else ())
        if agreement.ends <= held.today + WARNS_BEFORE
    }
    return [
        Line(
            f"The data agreement of {one.organization} ends on {day_words(one.ends)}: from then on you see no student",
            reverse("schools:agreement", args=[pk]),
        )
        for pk, one in soon.items()
    ]
