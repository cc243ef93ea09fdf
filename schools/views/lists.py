"""The lists of classes, and the lists of people, schools and classes as files."""

from collections.abc import Callable, Sequence

from django.views.decorators.http import require_GET, require_POST

from schools.audit import record_access
from schools.forms import PeopleFilter
from schools.forms_lists import SchoolFilter, SectionFilter
from schools.lists import list_right, schools_listed, sections_listed
from schools.models import AccessLog
from schools.pages import render_page
from schools.people_listed import people_listed
from schools.table_files import CSV, EXCEL, Table, table_file
from schools.views.listing import asked, kept, listed, one_of
from schools.views.taking import asks_again, checked_right, purpose_of

NOTICE = "From the rosters of the portal: for the work of these schools alone."
PEOPLE = ("Family name", "Given name", "Email", "Role", "Where", "From", "To", "Sign-in")
SCHOOLS = ("School", "District", "Code", "State code", "NCES code", "Networks", "Classes now")
SECTIONS = ("Class", "Code", "School", "Year", "Grade", "From", "To", "Taught by")


@require_GET
def sections(request):
    """The classes in the reader's sight."""
    context = listed(request, SectionFilter, sections_listed) | {"right": list_right(request.user)}
    return render_page(request, "schools/sections.html", context, part="list")


@require_POST
def people_export(request):
    """The people on screen with every role in sight, as a file."""
    return _file(request, PeopleFilter, "People", PEOPLE, _people, "/people/")


@require_POST
def schools_export(request):
    """The schools on screen as a file."""
    return _file(request, SchoolFilter, "Schools", SCHOOLS, _schools, "/schools/")


@require_POST
def sections_export(request):
    """The classes on screen as a file, without their students."""
    return _file(request, SectionFilter, "Classes", SECTIONS, _sections, "/sections/")


def _file(request, filter_form, title: str, header: Sequence[str], rows: Callable, back: str):
    """The list that the posted filter asks for, whole. One row in the log."""
    right = checked_right(request, list_right(request.user))
    form = filter_form(request.POST, user=request.user)
    wanted = asked(form)
    purpose = purpose_of(request, right)
    if purpose is None:
        return asks_again(request, right, kept(form, wanted), title, back)
    table = Table(title, tuple(header), tuple(rows(request.user, wanted)))
    kind = one_of(request, "format", (CSV, EXCEL))
    what = f"list of {title.lower()}, {len(table.rows)} rows, {kind}"
    record_access(request, AccessLog.Action.EXPORT, what, why="Keeps or reviews the roster.", purpose=purpose)
    return table_file(kind, title, [table], NOTICE)


def _people(user, wanted):
    for person in people_listed(user, wanted):
        who = (person.family_name, person.given_name, person.email)
        sign_in = "off" if not person.is_active else "signed in before" if person.last_login else "never signed in"
        roles = [(role.get_role_display(), str(role.place), role.starts, role.ends) for role in person.roles_in_sight]
        roles += [
            (row.get_role_display(), f"{row.section}, {row.section.school}", row.starts, row.ends or row.section.ends)
            for row in person.classes_in_sight
        ]
        for role in roles or [("", "", "", "")]:
            yield (*who, *role, sign_in)


def _schools(user, wanted):
    for school in schools_listed(user, wanted):
        networks = ", ".join(joined.network.name for joined in school.networks_now)
        codes = (school.code, school.state_code, school.nces_code)
        yield (school.name, school.district.name, *codes, networks, school.classes)


def _sections(user, wanted):
    for section in sections_listed(user, wanted):
        teachers = ", ".join(row.user.get_full_name() for row in section.staff_now)
        where = (section.school.name, section.year.code, section.grade, section.starts, section.ends)
        yield (section.title, section.code, *where, teachers)
