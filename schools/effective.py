"""What a person can see today, in words and counts: the same rules that guard the pages, asked for that person."""

from dataclasses import dataclass

from django.db.models import IntegerField, Subquery

from schools.dates import day_words
from schools.models import DataAgreement, School, Section, Student, User
from schools.wording import how_many


@dataclass(frozen=True)
class Right:
    """One kind of thing a person can see: how many, and why."""

    label: str
    count: int
    why: str


def effective_rights(person) -> list[Right]:
    """Students, classes and schools `person` can open today, each with its reason; never empty."""
    if not person.is_active:
        return [Right("Everything", 0, "The account is switched off, so the person cannot sign in.")]
    rows = (model.objects.visible_to(person) for model in (Student, Section, School))
    students, sections, schools = _counts(person, *rows)
    return [
        Right("Students' records", students, _why_students(person)),
        Right("Classes", sections, _why_classes(person)),
        Right("Schools", schools, _why_schools(person)),
    ]


class CountOf(Subquery):
    """How many rows a queryset has, as a column of another."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def _counts(person, *querysets) -> list[int]:
    """How many rows each has, in one question to the database, asked beside the person's own row."""
    columns = {f"count_{number}": CountOf(rows.order_by().values("pk")) for number, rows in enumerate(querysets)}
    counted = User.objects.filter(pk=person.pk).values(**columns).get()  # unscoped: nothing of the row is read
    return [count or 0 for count in counted.values()]  # what is empty by rule is not counted at all


def _why_students(person) -> str:
    held = person.standing
    reasons = []
    if held.admin_district_ids:
        reasons.append("all students of the district")
    if held.led_school_ids:
        reasons.append(f"students of {_names(held, held.led_school_ids)}")
    if held.agreed_school_ids:
        reasons.append(f"students of {_names(held, held.agreed_school_ids)}, {_agreement_words(person)}")
    elif held.coached_school_ids:
        reasons.append("none as a coach: no data agreement in force names the partner's people as school officials")
    if held.current_staffing:
        reasons.append(f"students of {_classes(held.current_staffing)} taught now")
    if held.past_staffing:
        reasons.append(f"students of {_classes(held.past_staffing)} taught this year or until 90 days ago")
    return _sentence(reasons, "No role gives a right to students' records.")


def _agreement_words(person) -> str:
    held = person.standing
    own = [m.organization_id for m in held.active if m.organization_id]
    agreements = DataAgreement.objects.visible_to(person).on(held.today)
    last = agreements.filter(organization__in=own, names_school_officials=True).order_by("-ends").first()
    return f"under the data agreement until {day_words(last.ends)}" if last else ""


def _why_classes(person) -> str:
    held = person.standing
    reasons = []
    if held.current_staffing:
        reasons.append("own classes")
    if held.past_staffing:
        reasons.append("own classes of before, until 90 days after the year")
    if held.led_school_ids | held.coached_school_ids:
        reasons.append(f"those of {_names(held, held.led_school_ids | held.coached_school_ids)}")
    if held.admin_district_ids:
        reasons.append("those of the district")
    if held.operated_school_ids:
        reasons.append("those of the network's schools, without students")
    return _sentence(reasons, "No role gives a right to classes.")


def _why_schools(person) -> str:
    held = person.standing
    reasons = []
    if held.school_ids:
        reasons.append("schools of an own role or class")
    if held.admin_district_ids:
        reasons.append("all schools of the district")
    if held.operated_school_ids:
        reasons.append("all schools of the network")
    return _sentence(reasons, "No role gives a right to a school.")


def _names(held, school_ids) -> str:
    names = sorted({m.school.name for m in held.active if m.school_id in school_ids})
    return ", ".join(names)


def _classes(staffing) -> str:
    return how_many(len({row.section_id for row in staffing}), "class", "classes")


def _sentence(reasons: list[str], otherwise: str) -> str:
    if not reasons:
        return otherwise
    text = "; ".join(reason for reason in reasons if reason)
    return f"{text[0].upper()}{text[1:]}."
