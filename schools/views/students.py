"""Students: looked for as their names are typed, one by one, and as a file."""

from django.http import Http404
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from schools.access import get_visible_or_404, why_can_see
from schools.audit import record_access, student_level
from schools.forms_lists import StudentFilter
from schools.lists import (
    students_in_order,
    students_listed,
    students_page,
    students_to_take,
    why_students,
    with_stays,
)
from schools.models import AccessLog, Enrollment, SectionEnrollment, Student
from schools.pages import render_page
from schools.privacy.students import why_answers
from schools.rights import may_give_roles, may_merge_students
from schools.search import MOST_FOUND, keys_of
from schools.table_files import CSV, EXCEL, REDISCLOSURE, Table, table_file
from schools.views.listing import asked, kept, number_asked, one_of
from schools.views.taking import asks_again, checked_right, purpose_of

HEADER = ("Number", "Family name", "Given name", "School", "Grade", "From", "To", "Year")


@require_http_methods(["GET", "POST"])
@student_level("student list")
def students(request):
    """The students in the reader's sight, by name or number."""
    form = StudentFilter(request.POST if request.method == "POST" else request.GET, user=request.user)
    wanted = asked(form)
    if request.method == "GET":
        wanted["find"] = ""  # a name in an address would stand in logs and histories
    page = students_page(request.user, wanted, number_asked(request))
    record_access(
        request, AccessLog.Action.VIEW, "student list", school=wanted["school"], students=len(page.rows),
        why=why_students(request.user),
    )  # fmt: skip
    context = {
        "form": form,
        "page": page,
        "kept": kept(form, wanted),
        "searched": any(wanted.values()),
        "right": students_to_take(request.user)[0],
        "may_merge": may_merge_students(request.user),
        "may_bulk": may_give_roles(request.user),
    }
    return render_page(request, "schools/students.html", context, part="list")


@require_GET
@student_level("student", student="pk")
def student(request, pk):
    """One student: where enrolled, in which classes."""
    one = get_visible_or_404(Student.objects.select_related("district"), request.user, pk=pk)
    why = why_can_see(request.user, one)
    if why is None:
        raise Http404
    today = request.user.standing.today
    stays = Enrollment.objects.visible_to(request.user).filter(student=one).select_related("school", "year")
    seats = SectionEnrollment.objects.visible_to(request.user).filter(student=one)
    stays = list(stays.order_by("-starts"))
    record_access(request, AccessLog.Action.VIEW, "student", student=one, students=1, why=why)
    context = {
        "student": one,
        "stays": stays,
        "now": next((stay for stay in stays if stay.starts <= today <= stay.ends), None),
        "seats": seats.select_related("section__school", "section__year").order_by("-starts"),
        "why": why,
        "may_merge": may_merge_students(request.user, one),
        "answers": why_answers(request.user, one, stays[0].school if stays else None) is not None,
    }
    return render_page(request, "schools/student.html", context)


@require_POST
@student_level("student list, taken away")
def students_export(request):
    """The students on screen as a file, as far as the reader may carry their rows away."""
    right, rows = students_to_take(request.user)
    right = checked_right(request, right)
    form = StudentFilter(request.POST, user=request.user)
    wanted = asked(form)
    purpose = purpose_of(request, right)
    if purpose is None:
        return asks_again(request, right, kept(form, wanted), "Students", "/students/")
    rows = students_listed(request.user, wanted, rows)
    if wanted["find"]:
        found = keys_of(rows, wanted["find"], "number", MOST_FOUND)
        rows = rows.filter(pk__in=found)
    found = list(students_in_order(rows, wanted))
    with_stays(request.user, found)
    kind = one_of(request, "format", (CSV, EXCEL))
    record_access(
        request, AccessLog.Action.EXPORT, f"student list, {kind}", school=wanted["school"], students=len(found),
        why=why_students(request.user), purpose=purpose,
    )  # fmt: skip
    table = Table("Students", HEADER, tuple(_line(student) for student in found), students=True)
    return table_file(kind, "Students", [table], REDISCLOSURE)


def _line(student: Student) -> tuple:
    stay = student.stay
    where = (stay.school.name, stay.grade, stay.starts, stay.ends, stay.year.code) if stay else ("", "", "", "", "")
    return (student.number, student.family_name, student.given_name, *where)
