"""What a list of the roster holds for a reader: which students and classes, and who may carry a list away."""

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from schools import dates, scopes, search
from schools.composed import composed_once
from schools.forms_lists import SectionFilter, StudentFilter
from schools.models import Enrollment, NetworkSchool, School, Section, SectionStaff, Student
from schools.rights import not_over
from schools.search import Found, folded
from schools.taking import FRESH_MINUTES, SIGNED_IN_MINUTES, ExportRight

OFFICE = frozenset({"district_admin", "network_admin", "auditor"})

# --- students ------------------------------------------------------------------------------------------


def students_listed(user, wanted: dict, rows: QuerySet | None = None) -> QuerySet:
    """The students in sight (or those of `rows`) that the filter asks for, whatever is searched for among them."""
    rows = Student.objects.visible_to(user) if rows is None else rows
    stays = _stays_asked(user, wanted["school"], wanted["grade"]).filter(student=OuterRef("pk"))
    now = stays.filter(dates.on(user.standing.today))
    if wanted["show"] == StudentFilter.LEFT:
        return rows.filter(Exists(stays), ~Exists(now))
    if wanted["show"] == StudentFilter.EVERYONE:
        return rows.filter(Exists(stays)) if wanted["school"] or wanted["grade"] else rows
    return rows.filter(Exists(now))


def _stays_asked(user, school, grade: str) -> QuerySet:
    """The enrollments in sight, of any time, by which a student is in the list."""
    stays = Enrollment.objects.visible_to(user)
    if school:
        stays = stays.filter(school=school)
    return stays.filter(grade=grade) if grade else stays


def students_page(user, wanted: dict, number: int) -> Found:
    """Page `number` of the students listed, each with `stay`: the newest enrollment in sight, or None."""
    if wanted["find"]:
        found = students_found(user, wanted, number)
    else:
        rows = students_in_order(students_listed(user, wanted), wanted)
        found = search.page_in_order(rows, number=number)
    with_stays(user, found.rows)
    return found


def students_found(user, wanted: dict, number: int) -> Found:
    """Page `number` of the students listed whose name or number begins as what is typed."""
    return search.find(
        _in_sight(user), wanted["find"], "number", lambda keys: _listed_among(user, wanted, keys), number=number
    )


@composed_once
def _in_sight(user) -> QuerySet:
    return Student.objects.visible_to(user)


def _listed_among(user, wanted: dict, keys: list[int]) -> set[int]:
    """Which of these students in sight `students_listed` holds."""
    school, grade = wanted["school"] and wanted["school"].pk, wanted["grade"]
    if wanted["show"] == StudentFilter.EVERYONE:
        return _ever(user, school, grade).values_of("student_id", keys) if school or grade else set(keys)
    now = _today(user, school, grade).values_of("student_id", keys)
    if wanted["show"] == StudentFilter.LEFT:
        return _ever(user, school, grade).values_of("student_id", keys) - now
    return now


@composed_once
def _ever(user, school: int | None, grade: str) -> QuerySet:
    return _stays_asked(user, school, grade).values_list("student", flat=True)


@composed_once
def _today(user, school: int | None, grade: str) -> QuerySet:
    return _stays_asked(user, school, grade).on(user.standing.today).values_list("student", flat=True)


def students_in_order(rows: QuerySet, wanted: dict) -> QuerySet:
    return rows.order_by("number", "pk") if wanted["sort"] == "number" else search.by_name(rows)


def with_stays(user, students: list[Student]) -> None:
    """Give each student `stay`, the newest of the enrollments that the reader sees."""
    stays = Enrollment.objects.visible_to(user).filter(student__in=[student.pk for student in students])
    newest = {stay.student_id: stay for stay in stays.select_related("school", "year").order_by("starts")}
    for student in students:
        student.stay = newest.get(student.pk)


def students_to_take(user) -> tuple[ExportRight | None, QuerySet]:
    """The right to take a list of students away, and whose rows it covers."""
    held, rows = user.standing, Student.objects.visible_to(user)
    led = Enrollment.objects.visible_to(user).filter(school__in=held.principal_school_ids).values("student")
    taught = scopes.seated_students(user)
    if held.admin_district_ids or held.principal_school_ids:
        own = Q(district__in=held.admin_district_ids) | Q(pk__in=led) | Q(pk__in=taught)
        return ExportRight(students=True, purpose=True, minutes=FRESH_MINUTES), rows.filter(own)
    if held.section_ids:
        right = ExportRight(students=True, purpose=False, minutes=SIGNED_IN_MINUTES)
        return right, rows.filter(pk__in=taught)
    return None, rows.none()


def why_students(user) -> str:
    """Why `user` sees a list of students, as a sentence for the access log."""
    held = user.standing
    reasons = [
        (held.admin_district_ids, "Administers the district."),
        (held.led_school_ids, "Leads the school."),
        (held.agreed_school_ids, "Coaches the school under a data agreement in force."),
        (held.section_ids, "Teaches the class."),
    ]
    return next((words for ids, words in reasons if ids), "Sees no student.")


# --- classes and schools -------------------------------------------------------------------------------


def sections_listed(user, wanted: dict) -> QuerySet:
    """The classes in sight that the filter asks for, each with `staff_now`: who teaches it today or is to."""
    today = user.standing.today
    staff = SectionStaff.objects.visible_to(user).filter(not_over(today)).select_related("user")
    rows = Section.objects.visible_to(user).select_related("school", "year")
    rows = rows.filter(year=wanted["year"]) if wanted["year"] else rows.filter(ends__gte=today)
    if wanted["school"]:
        rows = rows.filter(school=wanted["school"])
    if wanted["staffed"] == SectionFilter.NOBODY:
        rows = rows.exclude(Exists(staff.on(today).filter(section=OuterRef("pk"))))
    for word in (wanted["q"] or "").split():
        named = search.begins(family=folded(word)) | search.begins(given=folded(word))
        teaches = staff.alias(family=_of_user("family_name"), given=_of_user("given_name"))
        taught = Exists(teaches.filter(named, section=OuterRef("pk")))
        rows = rows.filter(Q(title__icontains=word) | Q(code__istartswith=word) | taught)
    order = ("code", "school__name") if wanted["sort"] == "code" else ("school__name", "title", "code")
    teachers = Prefetch("staff", queryset=staff.order_by("-role", "starts"), to_attr="staff_now")
    return rows.order_by(*order, "pk").prefetch_related(teachers)


def _of_user(name: str) -> search.Folded:
    return search.Folded(f"user__{name}")


def schools_listed(user, wanted: dict) -> QuerySet:
    """The schools in sight that the filter asks for, with `classes` (how many run today) and `networks_now`."""
    today = user.standing.today
    networks = NetworkSchool.objects.visible_to(user).on(today).select_related("network")
    rows = (
        School.objects.visible_to(user)
        .select_related("district")
        .annotate(classes=Count("sections", filter=dates.on(today, "sections__")))
        .prefetch_related(Prefetch("networks", queryset=networks, to_attr="networks_now"))
    )
    for word in (wanted["q"] or "").split():
        rows = rows.filter(Q(name__icontains=word) | Q(code__istartswith=word))
    return rows.order_by("code" if wanted["sort"] == "code" else "name", "pk")


def list_right(user) -> ExportRight | None:
    """The right to take a list without students away: of people, classes or schools."""
    roles = {m.role for m in user.standing.active}
    if roles & OFFICE:
        return ExportRight(students=False, purpose=False, minutes=0)
    if "principal" in roles:
        return ExportRight(students=False, purpose=True, minutes=FRESH_MINUTES)
    return None
