"""The first page of everyone who signs in: the newest results in one sentence, what waits, and where to go."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone
from django.views.decorators.http import require_GET

from assessments.models import Administration, Assessment, Result, Standard, Upload, Window
from assessments.queries.uploads import word_of
from pop_network.navigation import url_of
from schools.models import (
    DataAgreement,
    District,
    Membership,
    Role,
    School,
    SchoolYear,
    Section,
    Student,
)
from schools.pages import render_page

UNDO = "undo"  # the dialog of an upload's page
MOST_SCHOOLS = 12  # more are a list of their own
MOST_WAITING = 5
MOST_PUBLISHED, LATELY = 3, timedelta(days=14)  # files that may still turn out to be the wrong ones
AGREEMENT_NOTICE = timedelta(days=60)


@dataclass(frozen=True)
class Line:
    """Something to open: `beside` says what is new about it, `further` are other pages about the same thing."""

    label: str
    url: str = ""
    beside: str = ""
    further: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Panel:
    """A titled list of lines, with a remark above it."""

    title: str
    lines: list[Line]
    remark: str = ""


@require_GET
def today(request):
    """What is new and what waits for the reader; never empty."""
    user = request.user
    newest = newest_results(user)
    context = {
        "sentence": opening_sentence(user, newest),
        "waiting": waiting(user),
        "steps": first_steps(user),
        "panels": [part for part in (classes(user), published(user), schools(user), further_places(user)) if part],
    }
    return render_page(request, "pop_network/today.html", context)


# --- what is new ---------------------------------------------------------------------------------------


def newest_results(user) -> Administration | None:
    """The administration published last that holds results of the reader's own classes, schools or district."""
    held = user.standing
    if not (held.section_ids or held.student_school_ids or held.admin_district_ids):
        return None
    own = Result.objects.visible_to(user).filter(administration=OuterRef("pk"))
    if not held.admin_district_ids:
        own = own.filter(Q(section__in=held.section_ids) | Q(school__in=held.student_school_ids))
    return (
        Administration.objects.visible_to(user)
        .filter(Exists(own), published_at__isnull=False)
        .select_related("assessment", "window__year")
        .order_by("-published_at")
        .first()
    )


def opening_sentence(user, newest: Administration | None) -> str:
    """What the reader should take away first."""
    held = user.standing
    if newest is not None:
        return f"The newest results are those of {newest.assessment.name}, {newest.window.name}."
    if not held.roles:
        return _no_role_sentence(user)
    if held.section_ids or held.student_school_ids or held.admin_district_ids:
        return _when_results_come(user)
    if Role.PSI_COACH in held.roles:
        return (
            "You see the staff and classes of the schools you are assigned to, and no student: "
            "no data agreement in force names your organization's people as school officials."
        )
    return "Results of the network open here when they are released, for leaders, teachers and union at once."


def _no_role_sentence(user) -> str:
    ended = [m for m in user.standing.memberships if m.ends and m.ends < user.standing.today]
    if not ended:
        return "You hold no role yet, so there is nothing to show. Ask your principal or the district's office."
    last = max(ended, key=lambda m: m.ends)
    return (
        f"You hold no role today. Your last one, {last}, ended on {_day(last.ends)}. "
        "If that is a mistake, ask the school's principal or the district's office."
    )


def _when_results_come(user) -> str:
    day = user.standing.today
    window = Window.objects.visible_to(user).filter(closes__gte=day).order_by("opens").first()
    if window is None:
        return "No results yet. They appear here when a file of them is published."
    if window.opens <= day:
        return f"No results yet. {window.name} is open until {_day(window.closes)}; its results appear after that."
    return (
        f"No results yet. {window.name} opens on {_day(window.opens)}; its results appear after {_day(window.closes)}."
    )


def _day(day: date) -> str:
    return f"{day:%b} {day.day}, {day.year}"


# --- what waits ----------------------------------------------------------------------------------------


def waiting(user) -> list[Line]:
    """Uploads that need the reader's yes or have failed, and agreements about to end."""
    held = user.standing
    if not (held.admin_district_ids or held.principal_school_ids):
        return []
    lines = []
    uploads = Upload.objects.editable_by(user).filter(state__in=[*Upload.WAITING, Upload.State.FAILED])
    for upload in uploads.order_by("-at")[:MOST_WAITING]:
        label = f"{upload.filename}: {word_of(upload, upload.answer.get('unmapped'))}"
        lines.append(Line(label, url_of("assessments:upload", upload.pk)))
    if held.admin_district_ids:
        soon = DataAgreement.objects.editable_by(user).filter(
            ends__gte=held.today, ends__lte=held.today + AGREEMENT_NOTICE
        )
        for agreement in soon.select_related("organization"):
            label = f"The agreement with {agreement.organization} ends on {_day(agreement.ends)}"
            lines.append(Line(label, url_of("schools:agreement", agreement.pk)))
    return lines


def published(user) -> Panel | None:
    """The files published last, for those who may undo them: the link opens the question on the file's own page."""
    held = user.standing
    if not (held.admin_district_ids or held.principal_school_ids):
        return None
    files = (
        Upload.objects.editable_by(user)
        .filter(kind=Upload.Kind.FILE, state=Upload.State.PUBLISHED, published_at__gte=timezone.now() - LATELY)
        .defer("answer", "options")
        .annotate(parts=F("answer__administrations"))
        .order_by("-published_at", "-pk")
    )
    lines = [_published_line(upload) for upload in files[:MOST_PUBLISHED]]
    return Panel("Published lately", lines) if lines else None


def _published_line(upload: Upload) -> Line:
    page = url_of("assessments:upload", upload.pk)
    what = "; ".join(part["name"] for part in upload.parts or ())
    day = timezone.localtime(upload.published_at)
    return Line(upload.filename, page, f"{what}, {day:%b} {day.day}", [("Undo", f"{page}#{UNDO}")])


# --- the first day -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """One line of the checklist; it ticks itself."""

    label: str
    done: bool
    url: str
    beside: str = ""


def first_steps(user) -> list[Step]:
    """What a district needs before its first results, for its admin; nothing once all of it is there."""
    ids = user.standing.admin_district_ids
    if not ids:
        return []
    district = District.objects.visible_to(user).filter(pk__in=ids).annotate(**_what_stands(user)).first()
    steps = [
        Step("Schools", district.has_schools, url_of("schools:schools"), "they come with the roster, or by hand"),
        Step("People", district.has_people, url_of("schools:people"), "principals, coaches, colleagues"),
        Step("Roster", district.has_roster, url_of("schools:rosters"), "classes and students, as OneRoster files"),
        Step("Standards", district.has_standards, url_of("assessments:tests"), "what the questions ask for"),
        Step("Test and item list", district.has_test, url_of("assessments:tests"), "questions, keys, cut scores"),
        Step("Window", district.has_window, url_of("assessments:tests"), "when the test is given"),
        Step("First file", district.has_results, url_of("assessments:uploads"), "published results"),
    ]
    return [] if all(step.done for step in steps) else steps


def _what_stands(user) -> dict:
    """One question to the database for the whole checklist."""
    of_district = {"district": OuterRef("pk")}
    year = {"year__district": OuterRef("pk"), "year__ends__gte": user.standing.today}
    people = Membership.objects.visible_to(user).exclude(user=user)
    tests = Assessment.objects.visible_to(user).filter(
        ~Q(kind=Assessment.Kind.FORM) | Q(items__isnull=False), **of_district
    )
    return {
        "has_schools": Exists(School.objects.visible_to(user).filter(**of_district)),
        "has_people": Exists(people.filter(Q(school__district=OuterRef("pk")) | Q(**of_district))),
        "has_roster": Exists(Student.objects.visible_to(user).filter(**of_district))
        & Exists(Section.objects.visible_to(user).filter(school__district=OuterRef("pk"))),
        "has_standards": Exists(Standard.objects.visible_to(user)),
        "has_test": Exists(tests),
        "has_window": Exists(Window.objects.visible_to(user).filter(**year)),
        "has_results": Exists(Upload.objects.visible_to(user).filter(state=Upload.State.PUBLISHED, **of_district)),
    }


# --- where to go ---------------------------------------------------------------------------------------


def classes(user) -> Panel | None:
    """The teacher's classes with what is new in each; in summer those of the year that ended."""
    held = user.standing
    if not held.readable_staffing:
        if Role.TEACHER not in held.roles:
            return None
        return Panel("Your classes", [], _when_classes_come(user))
    rows = held.current_staffing or held.past_staffing
    newest = _newest_by_section(user, {row.section_id for row in rows})
    seen, lines = set(), []
    for row in sorted(rows, key=lambda row: (row.section.school.name, str(row.section))):
        if row.section_id not in seen:
            seen.add(row.section_id)
            lines.append(_class_line(row.section, newest.get(row.section_id)))
    if held.current_staffing:
        return Panel("Your classes", lines)
    year = rows[0].section.year.code
    return Panel(f"{year}, closed", lines, _when_classes_come(user))


def _class_line(section: Section, newest: Administration | None) -> Line:
    results, listing = url_of("assessments:section_results", section.pk), url_of("schools:class_list", section.pk)
    beside = f"{newest.assessment.name}, {newest.window.name}" if newest else "no results yet"
    return Line(f"{section}, {section.school}", results or listing, beside, [("Class list", listing)])


def _newest_by_section(user, section_ids) -> dict[int, Administration]:
    pairs = Result.objects.visible_to(user).filter(section__in=section_ids, status=Result.TESTED)
    counted = pairs.order_by().values("section_id", "administration_id").annotate(tested=Count("student_id"))
    sections_of = {}
    for row in counted:
        sections_of.setdefault(row["administration_id"], []).append(row["section_id"])
    published = Administration.objects.visible_to(user).filter(pk__in=sections_of, published_at__isnull=False)
    newest = {}
    for administration in published.select_related("assessment", "window").order_by("window__opens", "published_at"):
        newest.update(dict.fromkeys(sections_of[administration.pk], administration))
    return newest


def _when_classes_come(user) -> str:
    day = user.standing.today
    following = SchoolYear.objects.visible_to(user).filter(starts__gt=day).order_by("starts").first()
    if following:
        return f"Your classes arrive with the new roster, about {_day(following.starts)}."
    return "Your classes arrive with the district's roster. If they should be here by now, tell your principal."


def schools(user) -> Panel | None:
    """The schools one leads, coaches or administers, with their results."""
    held = user.standing
    ids = held.led_school_ids | held.coached_school_ids
    if not (ids or held.admin_district_ids):
        return None
    own = School.objects.visible_to(user).filter(Q(pk__in=ids) | Q(district__in=held.admin_district_ids))
    found = list(own.order_by("name")[: MOST_SCHOOLS + 1])
    lines = [_school_line(user, school) for school in found[:MOST_SCHOOLS]]
    if len(found) > MOST_SCHOOLS:
        lines.append(Line("All schools", url_of("schools:schools")))
    return Panel("Your schools" if len(found) != 1 else "Your school", lines) if lines else None


def _school_line(user, school: School) -> Line:
    held = user.standing
    page, results = url_of("schools:school", school.pk), url_of("assessments:school_results", school.pk)
    sees = school.pk in held.student_school_ids or school.district_id in held.admin_district_ids
    if sees and results:
        return Line(school.name, results, "", [("People and classes", page)])
    return Line(school.name, page)


def further_places(user) -> Panel | None:
    """Where those go whose work is not in a class or a school."""
    roles = user.standing.roles
    lines = []
    if Role.NETWORK_ADMIN in roles:
        lines += [
            Line("Schools", url_of("schools:schools"), "of the network"),
            Line("People", url_of("schools:people"), "roles and invitations"),
        ]
    if Role.AUDITOR in roles:
        lines += [
            Line("Access log", url_of("schools:access_log"), "who looked at students' records, and why they could"),
            Line("People", url_of("schools:people"), "roles given and ended"),
        ]
    if roles & {Role.NETWORK_ADMIN, Role.AUDITOR, Role.UNION_REP}:
        lines.append(Line("Data agreements", url_of("schools:agreements"), "who works with which schools"))
    return Panel("Where to go", lines) if lines else None
