"""Why somebody may see a student, and until when somebody could: sentences made from what a person holds."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from schools.dates import READABLE_AFTER_YEAR_END, day_words

if TYPE_CHECKING:
    from schools.access import Standing


@dataclass(frozen=True)
class Reason:
    """Why somebody may see a student today: in words, and from when to when as far as it is dated."""

    words: str
    since: date | None = None
    until: date | None = None
    agreement: Any = None


def reasons_to_see(held: "Standing", student: Any, enrollments: list[Any], seats: list[Any]) -> list[Reason]:
    """Every reason why somebody may see a student today; none where they may not. Asks the database nothing.

    `enrollments` are all of the student's, with their schools; `seats` the student's places in sections, at least
    those of sections that the person teaches or taught.
    """
    found = [
        Reason(f"Administers {student.district.name}, which owns the student's records.", m.starts, m.ends)
        for m in held.active
        if m.role == "district_admin" and m.district_id == student.district_id
    ]
    here = {row.school_id for row in enrollments if row.starts <= held.today <= row.ends}
    ever = {row.school_id: row.school.name for row in enrollments}
    found += _teaching(held, seats)
    for m in held.active:
        if m.role in ("principal", "teacher_leader") and m.school_id in ever:
            when = "is" if m.school_id in here else "was"
            words = f"Leads {ever[m.school_id]}, where the student {when} enrolled."
            found.append(Reason(words, m.starts, m.ends))
    for agreement in held.agreements_in_force:
        if agreement.covered in here:
            words = f"Coaches {ever[agreement.covered]} under a data agreement in force."
            found.append(Reason(words, agreement.starts, agreement.ends, agreement))
    return found + _taught(held, seats)


def _teaching(held: "Standing", seats: list[Any]) -> list[Reason]:
    """The classes taught today in which the student sits today."""
    found = []
    for row in held.current_staffing:
        for seat in seats:
            if seat.section_id == row.section_id and seat.starts <= held.today <= (seat.ends or held.today):
                until = min(held.last_day(row), seat.ends or date.max)
                words = f"Teaches the student in {seat.section}."
                found.append(Reason(words, max(row.starts, seat.starts), until))
    return found


def _taught(held: "Standing", seats: list[Any]) -> list[Reason]:
    """The classes of before in which the student sat, readable for a while after their year."""
    return [
        Reason(
            f"Taught the student in {seat.section}; readable until 90 days after the year.",
            row.starts,
            row.section.year.ends + READABLE_AFTER_YEAR_END,
        )
        for row in held.past_staffing
        for seat in seats
        if seat.section_id == row.section_id
    ]


@dataclass(frozen=True)
class End:
    """A right that is over: its last day, to what it was, why it ended, what gave it, and whom to ask."""

    last: date
    to: str
    because: str
    gave: str = ""
    ask: str = "the school's principal or the district's office"

    @property
    def sentence(self) -> str:
        because = f" ({self.because})" if self.because else ""
        ended = f"Your access to {self.to} ended on {day_words(self.last)}{because}. "
        return f"{ended}{self.gave}If that is a mistake, ask {self.ask}."


def ended_right(user: Any, row: Any) -> str | None:
    """The sentence for a person whose right to a school, a section or a student has ended, or None.

    It says the day and the reason: of a role in the school, or for a coach of the data agreement or of the work for
    the partner. Whoever never had the right reads nothing.
    """
    if not user.is_authenticated:
        return None
    ends = [
        end
        for school_id, since in _schools_of(row)
        for end in _ends_in(user.standing, school_id)
        if since is None or since <= end.last
    ]
    return max(ends, key=lambda end: end.last).sentence if ends else None


def _schools_of(row: Any) -> list[tuple[int, date | None]]:
    """The schools a row is of: its own, or those where a student was enrolled, each with the first day there."""
    if type(row).__name__ == "Student":
        return list(row.enrollments.values_list("school_id", "starts"))
    school_id = row.pk if type(row).__name__ == "School" else getattr(row, "school_id", None)
    return [] if school_id is None else [(school_id, None)]


def _ends_in(held: "Standing", school_id: int) -> list[End]:
    """What of `held` has ended in a school."""
    here = [m for m in held.memberships if m.school_id == school_id]
    found = [End(m.ends, m.school.name, m.end_reason) for m in here if m.ends and m.ends < held.today]
    coached = next((m for m in here if m.role == "psi_coach" and m in held.active), None)
    if coached is None or school_id in held.agreed_school_ids:
        return found
    students = f"the students of {coached.school.name}"
    for agreement in held.agreements:
        if agreement.covered == school_id:
            found += _ends_of_agreement(held, agreement, students)
    return found


def _ends_of_agreement(held: "Standing", agreement: Any, students: str) -> list[End]:
    """How what an agreement gave a coach has ended: with the agreement, or with the work for its organization."""
    partner = agreement.organization.name
    if agreement.ends < held.today:
        gave = f"It was given by the data agreement with {partner}, which is over. "
        return [End(agreement.ends, students, agreement.ended_early_reason, gave, "the district's office")]
    gave = f"It came with your work for {partner}. "
    return [
        End(m.ends, students, m.end_reason, gave, "your organization")
        for m in held.memberships
        if m.role == "psi_coach" and m.organization_id == agreement.organization_id and m.ends and m.ends < held.today
    ]
