"""The checklist of a first day, of a portal as of a school year: what each role needs. It ticks itself.

A room above adds its part for the district's office (`add_part`): columns that are asked beside the district's own row,
and the steps made of them, so that all of it is one question to the database.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from schools.effective import CountOf
from schools.models import (
    AccessLog,
    ClassListReport,
    DataAgreement,
    District,
    Membership,
    NetworkSchool,
    Role,
    School,
    Section,
    SectionStaff,
    Student,
)
from schools.today import Line
from schools.wording import how_many

FIRST_WEEKS = timedelta(days=60)  # so long after the classes began, schools and teachers are reminded on Today
CLASS_LIST = "class list"  # what the access log calls its page


@dataclass(frozen=True)
class Step:
    """One line of the checklist; it ticks itself."""

    label: str
    done: bool
    url: str
    beside: str = ""


@dataclass(frozen=True)
class Part:
    """What a room adds for the district's office: columns of the district's row, and the steps made of them."""

    columns: Callable[[object], dict]
    steps: Callable[[District], list[Step]]


_parts: list[Part] = []


def add_part(part: Part) -> None:
    """Let a room add to the checklist of a district's office."""
    if part not in _parts:
        _parts.append(part)


def checklist_of(user) -> list[Step]:
    """All steps of the person's role, done or not; none for roles that have nothing to set up."""
    held = user.standing
    if held.admin_district_ids:
        return _office_steps(user)
    if held.principal_school_ids:
        return _school_steps(user)
    return _teacher_steps(user)


def open_checklist(user) -> list[Step]:
    """The steps for Today: none once all are done, and for schools and teachers only in their first weeks."""
    held = user.standing
    if not held.admin_district_ids:
        led = any(school.newest for school in _schools(user))
        taught = any(row.section.starts >= held.today - FIRST_WEEKS for row in held.current_staffing)
        if not (led if held.principal_school_ids else taught):
            return []
    steps = checklist_of(user)
    left = [step for step in steps if not step.done]
    runs = held.admin_district_ids and steps[-1].done  # there are results: only what is missing is named
    return left if runs or not left else steps


def reports_waiting(user) -> list[Line]:
    """For Today: reports on class lists that are the person's to answer, counted where the checklist is asked."""
    office = _office(user)
    count = office.reports if office else sum(school.reports for school in _schools(user))
    if not count:
        return []
    words = how_many(count, "report on a class list waits", "reports on class lists wait")
    return [Line(f"{words} for an answer", reverse("schools:corrections"))]


# --- the district's office -------------------------------------------------------------------------------


def _office(user) -> District | None:
    """The district one administers with all columns of the checklist. Kept with the person: Today asks twice."""
    if not hasattr(user, "checklist_office"):
        ids = user.standing.admin_district_ids
        asked = _office_columns(user) if ids else {}
        for part in _parts if ids else ():
            asked |= part.columns(user)
        rows = District.objects.visible_to(user).filter(pk__in=ids).annotate(**asked)
        user.checklist_office = rows.first() if ids else None
    return user.checklist_office


def _office_columns(user) -> dict:
    today, district = user.standing.today, OuterRef("pk")
    people = Membership.objects.visible_to(user).exclude(user=user)
    classes = Section.objects.visible_to(user).filter(school__district=district, ends__gte=today)
    coached = people.on(today).filter(school__district=district, role=Role.PSI_COACH)
    run = user.standing.network_admin_ids
    joined = NetworkSchool.objects.on(today).filter(network__in=run)  # unscoped: of the networks the person runs
    staffed = SectionStaff.objects.visible_to(user).filter(section__school__district=district)
    return {
        "has_schools": Exists(School.objects.visible_to(user).filter(district=district)),
        "in_network": Exists(joined.filter(school__district=district)),
        "has_people": Exists(people.filter(Q(school__district=district) | Q(district=district))),
        "has_roster": Exists(Student.objects.visible_to(user).filter(district=district)) & Exists(classes),
        "coached": Exists(coached),
        "agreed": Exists(DataAgreement.objects.visible_to(user).on(today).filter(district=district)),
        "reports": _open_reports(user, section__school__district=district),
        **_staff_columns(staffed, today),
    }


def _office_steps(user) -> list[Step]:
    office = _office(user)
    steps = [
        Step("Schools", office.has_schools, reverse("schools:schools"), "they come with the roster, or by hand"),
        Step("People", office.has_people, reverse("schools:people"), "principals, coaches, colleagues"),
        Step("Roster", office.has_roster, reverse("schools:rosters"), "this year's classes and students"),
        _invited(office),
    ]
    for network in sorted(user.standing.network_admin_ids)[:1]:
        url, beside = reverse("schools:network", args=[network]), "which schools are in it, what it works on"
        steps.insert(1, Step("Network", office.in_network, url, beside))
    if office.coached:
        beside = "without one in force, coaches see no student"
        steps.append(Step("Data agreement", office.agreed, reverse("schools:agreements"), beside))
    return steps + [step for part in _parts for step in part.steps(office)]


# --- a principal's schools -------------------------------------------------------------------------------


def _schools(user) -> list[School]:
    """The schools one is principal of with all columns of the checklist. Kept with the person: Today asks twice."""
    if not hasattr(user, "checklist_schools"):
        ids = user.standing.principal_school_ids
        rows = School.objects.visible_to(user).filter(pk__in=ids).annotate(**_school_columns(user)) if ids else ()
        user.checklist_schools = list(rows)
    return user.checklist_schools


def _school_columns(user) -> dict:
    today, school = user.standing.today, OuterRef("pk")
    classes = Section.objects.visible_to(user).filter(school=school, starts__lte=today, ends__gte=today)
    taught = SectionStaff.objects.visible_to(user).on(today).filter(section=OuterRef("pk"))
    looked = AccessLog.objects.visible_to(user).filter(
        section=OuterRef("pk"), what=CLASS_LIST, action=AccessLog.Action.VIEW, user__sections__section=OuterRef("pk")
    )
    return {
        "classes": CountOf(classes.order_by().values("pk")),
        "newest": Exists(classes.filter(starts__gte=today - FIRST_WEEKS)),
        "untaught": CountOf(classes.filter(~Exists(taught)).order_by().values("pk")),
        "unread": CountOf(classes.filter(~Exists(looked)).order_by().values("pk")),
        "reports": _open_reports(user, section__school=school),
        **_staff_columns(SectionStaff.objects.visible_to(user).filter(section__school=school), today),
    }


def _school_steps(user) -> list[Step]:
    steps = []
    several = len(_schools(user)) > 1
    for school in _schools(user):
        page = reverse("schools:school", args=[school.pk])
        own = [
            Step("Classes of this year", bool(school.classes), page, "they come with the district's roster"),
            Step("A teacher in every class", bool(school.classes) and not school.untaught, page,
                 _left(school.untaught, "class has", "classes have", "no teacher today")),
            _invited(school),
            Step("Class lists looked at by their teachers", bool(school.classes) and not school.unread, page,
                 _left(school.unread, "list is", "lists are", "still to be looked at")),
            Step("Reports on class lists answered", not school.reports, reverse("schools:corrections"),
                 _left(school.reports, "waits", "wait", "for an answer")),
        ]  # fmt: skip
        steps += [replace(one, label=f"{one.label}, {school}") for one in own] if several else own
    return steps


# --- a teacher's classes ---------------------------------------------------------------------------------


def _teacher_steps(user) -> list[Step]:
    held = user.standing
    if Role.TEACHER not in held.roles:
        return []
    listed = {row.section_id: row.section for row in held.current_staffing}
    looked = AccessLog.objects.visible_to(user).filter(user=user, what=CLASS_LIST, section__in=listed)
    seen = set(looked.values_list("section", flat=True).distinct()) if listed else set()
    steps = [Step("Your classes", bool(listed), "", "they arrive with the district's roster")]
    return steps + [
        Step(f"Class list of {section}", pk in seen, reverse("schools:class_list", args=[pk]),
             "look whether everybody stands on it; This is wrong tells the school")
        for pk, section in sorted(listed.items(), key=lambda pair: str(pair[1]))
    ]  # fmt: skip


# --- what they share -------------------------------------------------------------------------------------


def _staff_columns(staffed, today) -> dict:
    """How many people teach a class that is not over, and how many of them were neither invited nor ever here."""
    people = staffed.filter(section__ends__gte=today, user__is_active=True).order_by().values("user").distinct()
    return {
        "teachers": CountOf(people),
        "uninvited": CountOf(people.filter(user__invited_at=None, user__last_login=None)),
    }


def _open_reports(user, **of) -> CountOf:
    rows = ClassListReport.objects.editable_by(user).filter(state=ClassListReport.State.OPEN, **of)
    return CountOf(rows.order_by().values("pk"))


def _invited(place) -> Step:
    beside = f"{place.uninvited} of {place.teachers} are still to be invited" if place.uninvited else "those of classes"
    done = bool(place.teachers) and not place.uninvited
    return Step("Teachers invited", done, f"{reverse('schools:people')}?role=teacher", beside)


def _left(count: int, one: str, many: str, rest: str) -> str:
    return f"{how_many(count, one, many)} {rest}" if count else ""
