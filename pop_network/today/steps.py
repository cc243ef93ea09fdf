"""The checklist of a district's first day: what its first results need. It ticks itself."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from assessments.models import Assessment, Standard, Upload, Window
from pop_network.navigation import url_of
from schools.models import District, Membership, School, Section, Student


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
