"""Where to go from Today: one's classes and schools, files published lately, and the places of other roles."""

from django.utils import timezone

from assessments.models import Upload
from assessments.queries.newest import Newest
from pop_network.navigation import url_of
from schools.dates import day_words
from schools.models import Role, School, SchoolYear, Section
from schools.today import Line, Panel

UNDO = "undo"  # the dialog of an upload's page
MOST_SCHOOLS = 12  # more are a list of their own
MOST_PUBLISHED = 3
NO_AGREEMENT = (
    "You see the staff and classes of the schools you are assigned to, and no student: "
    "no data agreement in force names your organization's people as school officials."
)


def classes(user, newest: dict[int, Newest]) -> Panel | None:
    """The teacher's classes with what is new in each; in summer those of the year that ended."""
    held = user.standing
    if not held.readable_staffing:
        if Role.TEACHER not in held.roles:
            return None
        return Panel("Your classes", [], _when_classes_come(user))
    rows = held.current_staffing or held.past_staffing
    seen, lines = set(), []
    for row in sorted(rows, key=lambda row: (row.section.school.name, str(row.section))):
        if row.section_id not in seen:
            seen.add(row.section_id)
            lines.append(_class_line(row.section, newest.get(row.section_id)))
    if held.current_staffing:
        return Panel("Your classes", lines)
    year = rows[0].section.year.code
    return Panel(f"{year}, closed", lines, _when_classes_come(user))


def _class_line(section: Section, newest: Newest | None) -> Line:
    results, listing = url_of("assessments:section_results", section.pk), url_of("schools:class_list", section.pk)
    beside = f"{newest.sitting.test}, {newest.sitting.window}" if newest else "no results yet"
    return Line(f"{section}, {section.school}", results or listing, beside, [("Class list", listing)])


def _when_classes_come(user) -> str:
    today = user.standing.today
    following = SchoolYear.objects.visible_to(user).filter(starts__gt=today).order_by("starts").first()
    if following:
        return f"Your classes arrive with the new roster, about {day_words(following.starts)}."
    return "Your classes arrive with the district's roster. If they should be here by now, tell your principal."


def schools(user) -> Panel | None:
    """The schools one leads, coaches or administers, with their results."""
    held = user.standing
    found = held.own_schools
    lines = [_school_line(user, school) for school in found[:MOST_SCHOOLS]]
    if len(found) > MOST_SCHOOLS:
        lines.append(Line("All schools", url_of("schools:schools")))
    if len(held.led_school_ids | held.agreed_school_ids) > 1:
        lines.append(Line("Your schools side by side", url_of("assessments:side_by_side")))
    remark = NO_AGREEMENT if held.coached_school_ids and not held.agreed_school_ids else ""
    return Panel("Your schools" if len(found) != 1 else "Your school", lines, remark) if lines else None


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


def published(files: list[Upload]) -> Panel | None:
    """The files published last, for those who may undo them: the link opens the question on the file's own page."""
    done = [upload for upload in files if upload.state == Upload.State.PUBLISHED]
    lines = [_published_line(upload) for upload in done[:MOST_PUBLISHED]]
    return Panel("Published lately", lines) if lines else None


def _published_line(upload: Upload) -> Line:
    page = url_of("assessments:upload", upload.pk)
    what = "; ".join(part["name"] for part in upload.parts or ())
    when = timezone.localtime(upload.published_at)
    return Line(upload.filename, page, f"{what}, {when:%b} {when.day}", [("Undo", f"{page}#{UNDO}")])
