"""What the ground floor keeps for a time: names of students who left, programs, packages, reports, edits, notices."""

from datetime import date

from django.db import connections
from django.db.models import Exists, OuterRef, Q, Subquery

from schools.models import (
    PROGRAMS,
    ClassListReport,
    District,
    Enrollment,
    Membership,
    Notice,
    RosterDiff,
    RosterImport,
    RosterTrace,
    SectionEnrollment,
    Student,
)
from schools.models.acts import BulkEdit, Merge
from schools.models.history import Change
from schools.retention.classes import YEAR, DataClass, Part, add_class, needed_students

# Lookups here are unscoped: the rule of the district decides, not a reader.
State = RosterImport.State
SETTLED = (State.APPLIED, State.REJECTED, State.UNDONE, State.FAILED)


def add_own_classes() -> None:
    """Name the classes of this floor."""
    add_class(
        DataClass(
            "students", "Students who left", "So that earlier results can be read, and a parent be answered.",
            7 * YEAR, "the student's last day in a school of the district", YEAR,
            "Names and numbers are taken off the students; enrollments, class lists and the history of their rows go. "
            "What is left is a key without a name, on which the access log stands.",
            students_who_left, destroy_students,
        )
    )  # fmt: skip
    add_class(
        DataClass(
            "programs", "Programs of students (English learner, IEP, economic status)",
            "For figures of groups in a year and the years after it.",
            3 * YEAR, "the last day of the enrollment", 30,
            "The marks are taken off the enrollments, and the history of those enrollments goes.",
            programs, destroy_programs,
        )
    )  # fmt: skip
    add_class(
        DataClass(
            "rosters", "Roster packages", "So that a roster can be checked against what was sent, and be undone.",
            YEAR, "the day the package came", 30,
            "The package, its lists of changes and what undoing puts back go. That it came, when and from whom, stays.",
            roster_packages, destroy_rosters,
        )
    )  # fmt: skip
    add_class(
        DataClass(
            "reports", "What teachers said of class lists", "So that the same mistake is not made again.",
            YEAR, "the day it was answered", 30, "The words and the answer go.", reports, destroy_reports,
        )
    )  # fmt: skip
    add_class(
        DataClass(
            "edits", "What was changed of many rows at once", "So that such a change can be taken back.",
            YEAR, "the day of the change", 30,
            "The rows before and after go, and with them the way back. That it was done, when and by whom stays.",
            edits, destroy_edits,
        )
    )  # fmt: skip
    add_class(
        DataClass(
            "notices", "Notices", "So that a person can read again what they were told.",
            YEAR, "the day of the notice", 7, "The notices go.", notices, destroy_notices,
        )
    )  # fmt: skip


# --- students who left -----------------------------------------------------------------------------------


def _left(district: District, before: date):
    """Students whose last day was before that day and whose name nothing needs any more."""
    stays = Enrollment.objects.filter(student=OuterRef("pk"))
    last = stays.order_by("-ends").values("ends")[:1]
    rows = Student.objects.filter(Exists(stays), ~Exists(stays.filter(ends__gte=before)), district=district)
    for needed in needed_students():
        rows = rows.exclude(pk__in=needed)
    return rows.annotate(last_day=Subquery(last))


def _merged(keys):
    """The rows that were found to be the same student as one of these; they have no enrollments of their own."""
    last = Enrollment.objects.filter(student=OuterRef("merged_into")).order_by("-ends").values("ends")[:1]
    return Student.objects.filter(merged_into__in=keys).annotate(last_day=Subquery(last))


def students_who_left(district: District, before: date) -> list[Part]:
    """The students, their enrollments and their places in classes."""
    left = _left(district, before)
    return [
        Part("students", left, "last_day"),
        Part("enrollments", Enrollment.objects.filter(student__in=left.values("pk")), "ends"),
        Part("students merged into them", _merged(left.values("pk")), "last_day"),
        Part("places in classes", SectionEnrollment.objects.filter(student__in=left.values("pk")), "starts"),
    ]


def destroy_students(district: District, before: date, database: str) -> None:
    """Take away names, numbers, enrollments and class lists of the students who left, and the history of it."""
    keys = list(_left(district, before).using(database).values_list("pk", flat=True))
    keys += _merged(keys).using(database).values_list("pk", flat=True)
    SectionEnrollment.objects.using(database).filter(student__in=keys).delete()
    Enrollment.objects.using(database).filter(student__in=keys).delete()
    with connections[database].cursor() as cursor:
        cursor.execute(
            "UPDATE schools_student SET family_name = '', given_name = '', sourced_id = '', number = 'gone ' || id "
            "WHERE id = ANY(%s)",
            [keys],
        )
    two_of_one = Merge.objects.using(database).filter(Q(kept_student__in=keys) | Q(gone_student__in=keys))
    two_of_one.update(moved={})
    forget(Change.objects.filter(student__in=keys), database)


def forget(changes, database: str) -> None:
    """Take rows out of the history, by the door that its owner alone can open, for this transaction."""
    with connections[database].cursor() as cursor:
        cursor.execute("SELECT set_config('portal.history_door', 'delete', true)")
        changes.using(database)._raw_delete(database)
        cursor.execute("SELECT set_config('portal.history_door', '', true)")


# --- programs --------------------------------------------------------------------------------------------


def _marked(district: District, before: date):
    any_mark = Q()
    for program in PROGRAMS:
        any_mark |= Q((f"{program}__isnull", False))
    return Enrollment.objects.filter(any_mark, school__district=district, ends__lt=before)


def programs(district: District, before: date) -> list[Part]:
    """Enrollments that say who was in a program."""
    return [Part("enrollments with a program", _marked(district, before), "ends")]


def destroy_programs(district: District, before: date, database: str) -> None:
    """Take the marks of programs off enrollments of long ago, and the history of those rows."""
    keys = list(_marked(district, before).using(database).values_list("pk", flat=True))
    Enrollment.objects.using(database).filter(pk__in=keys).update(**dict.fromkeys(PROGRAMS))
    forget(Change.objects.filter(kind="enrollment", row__in=keys), database)


# --- roster packages -------------------------------------------------------------------------------------


def _packages(district: District, before: date):
    """Packages that are done with. The newest roster that stands is kept: packages of changes begin there."""
    rows = RosterImport.objects.filter(district=district)
    newest = rows.filter(state=State.APPLIED).exclude(standing=b"").order_by("-at").values("pk")[:1]
    done = rows.filter(state__in=SETTLED, at__date__lt=before).exclude(content=b"", standing=b"")
    return done.exclude(pk__in=newest)


def roster_packages(district: District, before: date) -> list[Part]:
    """The packages, their lists of changes, and what undoing would put back."""
    packages = _packages(district, before)
    return [
        Part("roster packages", packages, "at__date"),
        Part("lists of changes", RosterDiff.objects.filter(roster_import__in=packages.values("pk")),
             "roster_import__at__date"),
        Part("steps to undo", RosterTrace.objects.filter(roster_import__in=packages.values("pk")),
             "roster_import__at__date"),
    ]  # fmt: skip


def destroy_rosters(district: District, before: date, database: str) -> None:
    """Take away what packages hold; the row that says that one came stays."""
    keys = list(_packages(district, before).using(database).values_list("pk", flat=True))
    RosterTrace.objects.using(database).filter(roster_import__in=keys).delete()
    RosterDiff.objects.using(database).filter(roster_import__in=keys).delete()
    RosterImport.objects.using(database).filter(pk__in=keys).update(content=b"", standing=b"", answer={})


# --- reports and notices ---------------------------------------------------------------------------------


def _reports(district: District, before: date):
    rows = ClassListReport.objects.filter(section__school__district=district, answered_at__date__lt=before)
    return rows.exclude(state="open")


def reports(district: District, before: date) -> list[Part]:
    """Reports on class lists that were answered."""
    return [Part("reports", _reports(district, before), "answered_at__date")]


def destroy_reports(district: District, before: date, database: str) -> None:
    """Delete answered reports."""
    _reports(district, before).using(database).delete()


def _edits(district: District, before: date):
    return BulkEdit.objects.filter(district=district, at__date__lt=before).exclude(lines=[])


def edits(district: District, before: date) -> list[Part]:
    """Changes of many rows at once that still hold the rows."""
    return [Part("changes of many rows", _edits(district, before), "at__date")]


def destroy_edits(district: District, before: date, database: str) -> None:
    """Take away the rows before and after, and what was typed."""
    _edits(district, before).using(database).update(lines=[], asked={})


def _notices(district: District, before: date):
    here = Q(school__district=district) | Q(district=district)
    people = Membership.objects.filter(here).values("user")
    return Notice.objects.filter(user__in=people, at__date__lt=before)


def notices(district: District, before: date) -> list[Part]:
    """Notices to people who hold, or held, a role in the district."""
    return [Part("notices", _notices(district, before), "at__date")]


def destroy_notices(district: District, before: date, database: str) -> None:
    """Delete old notices."""
    _notices(district, before).using(database).delete()
