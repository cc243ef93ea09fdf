"""What can be done to many people or students at once: each act plans a line for every row, and changes nothing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django import forms

from schools import dates
from schools.bulk.changes import Line, added, changed
from schools.bulk.letters import invite_people
from schools.dates import day_words
from schools.forms import RoleForm
from schools.forms_bulk import ChangeClassForm, EndEnrollmentForm, EndRolesForm, InviteForm, MoveSchoolForm
from schools.models import SCOPES, Enrollment, Membership, SectionEnrollment, Student, User
from schools.rights import Grant, grants, key_of, may_end, not_over

DAY = timedelta(days=1)
STAFF = "teacher"


@dataclass(frozen=True)
class Act:
    """An act: its name, words for the button, whose rows, the form that asks, and the plan of it.

    One that `sends` letters changes no row that could be put back, and is not undone.
    """

    name: str
    words: str
    of: type
    form: type[forms.Form]
    plan: Callable[[User, list, dict], list[Line]]
    sends: bool = False


def acts_on(model: type) -> list[Act]:
    """The acts there are for people, or for students."""
    return [act for act in ACTS.values() if act.of is model]


# --- people --------------------------------------------------------------------------------------------


def _held_by(user: User, people: Iterable[User]) -> dict[int, list[Membership]]:
    """The roles of each person in the reader's sight that are not over."""
    rows = Membership.objects.visible_to(user).filter(not_over(user.standing.today), user__in=people)
    held: dict[int, list[Membership]] = {person.pk: [] for person in people}
    for row in rows.select_related(*SCOPES).order_by("starts", "pk"):
        held[row.user_id].append(row)
    return held


def end_roles(user: User, people: list[User], asked: dict) -> list[Line]:
    """End a role (in one place, or wherever it is held) after a day."""
    given, held = grants(user), _held_by(user, people)
    last, reason = asked["ends"], asked["reason"]
    lines = []
    for person in people:
        meant = [row for row in held[person.pk] if row.role == asked["role"]]
        if asked["place"]:
            meant = [row for row in meant if key_of(row) == asked["place"]]
        lines.append(_ended(user, person, meant, given, last, reason))
    return lines


def _ended(user: User, person: User, meant: list[Membership], given, last: date, reason: str) -> Line:
    if not meant:
        return Line(person.pk, refused="Holds no such role there now.")
    if not all(may_end(user, row, given) for row in meant):
        return Line(person.pk, refused="This role is for somebody else to end.")
    if any(row.starts > last for row in meant):
        return Line(person.pk, refused=f"Begins after {day_words(last)}. End it on the person's own page.")
    later = [row for row in meant if row.ends is None or row.ends > last]
    if not later:
        return Line(person.pk, refused=f"Ends on {day_words(meant[0].ends)} as it is.")
    words = "; ".join(f"{row}: last day {day_words(last)} (was {day_words(row.ends)})" for row in later)
    return Line(person.pk, words, changes=tuple(changed(row, ends=last, end_reason=reason) for row in later))


def add_role(user: User, people: list[User], asked: dict) -> list[Line]:
    """Give each the same role in one place."""
    held, grant = _held_by(user, people), grants(user)[asked["place"]]
    return [_given(user, person, held[person.pk], grant, asked) for person in people]


def _given(user: User, person: User, held: list[Membership], grant: Grant, asked: dict) -> Line:
    starts, ends = asked["starts"], asked["ends"]
    if person.pk == user.pk:
        return Line(person.pk, refused="Your own roles are for somebody else to give.")
    if not person.is_active:
        return Line(person.pk, refused="The account is switched off.")
    same = [row for row in held if row.role == asked["role"] and key_of(row) == grant.key]
    if any(row.starts <= (ends or date.max) and (row.ends or date.max) >= starts for row in same):
        return Line(person.pk, refused="Holds this role there already in those days.")
    fields = {"user_id": person.pk, "role": asked["role"], f"{grant.kind}_id": grant.place.pk, "starts": starts}
    change = added(Membership, **fields, ends=ends, reason=asked["reason"], granted_by_id=user.pk)
    role = dict(Membership._meta.get_field("role").choices)[asked["role"]]
    return Line(person.pk, f"{role}, {grant.place}: {day_words(starts)} to {day_words(ends)}", changes=(change,))


def move_school(user: User, people: list[User], asked: dict) -> list[Line]:
    """Teachers of one school teach in another from a day on."""
    given, held = grants(user), _held_by(user, people)
    last = asked["starts"] - DAY
    lines = []
    for person in people:
        meant = [row for row in held[person.pk] if row.role == STAFF and row.school_id == asked["school"].pk]
        end = _ended(user, person, meant, given, last, asked["reason"])
        give = {"role": STAFF, "place": f"school:{asked['to'].pk}", "ends": None} | asked
        new = _given(user, person, held[person.pk], given[give["place"]], give)
        if end.refused or new.refused:
            lines.append(Line(person.pk, refused=end.refused or new.refused))
        else:
            lines.append(Line(person.pk, f"{end.does}; {new.does}", changes=(*end.changes, *new.changes)))
    return lines


# --- students ------------------------------------------------------------------------------------------


def _stays(user: User, students: list[Student], day: date) -> dict[int, Enrollment]:
    rows = Enrollment.objects.visible_to(user).filter(dates.on(day), student__in=students)
    return {row.student_id: row for row in rows.select_related("school")}


def _seats(user: User, students: list[Student], day: date) -> dict[int, list[SectionEnrollment]]:
    seats: dict[int, list[SectionEnrollment]] = {}
    rows = SectionEnrollment.objects.visible_to(user).filter(dates.on(day), student__in=students)
    for row in rows.select_related("section__school").order_by("pk"):
        seats.setdefault(row.student_id, []).append(row)
    return seats


def end_enrollment(user: User, students: list[Student], asked: dict) -> list[Line]:
    """The students leave their school, and the classes they sit in, after a day."""
    last = asked["ends"]
    stays, seats = _stays(user, students, last), _seats(user, students, last)
    lines = []
    for student in students:
        stay = stays.get(student.pk)
        if student.district_id not in user.standing.admin_district_ids:
            lines.append(Line(student.pk, refused="Who leaves a school is for the district's office to enter."))
        elif stay is None:
            lines.append(Line(student.pk, refused=f"Not enrolled on {day_words(last)}."))
        elif stay.ends == last:
            lines.append(Line(student.pk, refused=f"Ends on {day_words(last)} as it is."))
        else:
            left = [row for row in seats.get(student.pk, []) if row.section.school_id == stay.school_id]
            words = f"{stay.school}: last day {day_words(last)} (was {day_words(stay.ends)})"
            words += f", and {len(left)} of its classes" if left else ""
            ends = [changed(row, ends=last) for row in left if row.ends != last]
            lines.append(Line(student.pk, words, changes=(changed(stay, ends=last), *ends)))
    return lines


def change_class(user: User, students: list[Student], asked: dict) -> list[Line]:
    """The students sit in another class of the school from a day on."""
    first, old, new = asked["starts"], asked["section"], asked["to"]
    stays, seats = _stays(user, students, first), _seats(user, students, first)
    return [
        _reseated(student, stays.get(student.pk), seats.get(student.pk, []), first, old, new) for student in students
    ]


def _reseated(student: Student, stay, seats: list[SectionEnrollment], first: date, old, new) -> Line:
    here = [row for row in seats if row.section_id == old.pk]
    if any(row.section_id == new.pk for row in seats):
        return Line(student.pk, refused=f"Sits in {new} already.")
    if not here:
        return Line(student.pk, refused=f"Does not sit in {old} on {day_words(first)}.")
    if stay is None or stay.school_id != new.school_id:
        return Line(student.pk, refused=f"Is not enrolled in {new.school} on {day_words(first)}.")
    if here[0].starts >= first:
        return Line(student.pk, refused=f"Joined {old} on {day_words(here[0].starts)}, not before that day.")
    seat = added(SectionEnrollment, section_id=new.pk, student_id=student.pk, starts=first, ends=None)
    words = f"{old} until {day_words(first - DAY)}, then {new}"
    return Line(student.pk, words, changes=(changed(here[0], ends=first - DAY), seat))


ACTS = {
    act.name: act
    for act in (
        Act("end_roles", "End a role", User, EndRolesForm, end_roles),
        Act("add_role", "Add a role", User, RoleForm, add_role),
        Act("move_school", "Move to another school", User, MoveSchoolForm, move_school),
        Act("invite", "Invite", User, InviteForm, invite_people, sends=True),
        Act("end_enrollment", "End the enrollment", Student, EndEnrollmentForm, end_enrollment),
        Act("change_class", "Change the class", Student, ChangeClassForm, change_class),
    )
}
