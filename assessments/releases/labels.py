"""The names of a release's groups and subjects, for those who turn its keys and for the auditor."""

from assessments.models import Item, ReleasedCell, Standard
from assessments.releases.figures import LiveCube
from schools.models import School

GRADE_WORDS = {"KG": "Kindergarten", "PK": "Pre-kindergarten"}
SUBGROUP_WORDS = {
    "el": "English learners",
    "el:no": "Students who are not English learners",
    "iep": "Students with an IEP",
    "iep:no": "Students without an IEP",
    "economic": "Economically disadvantaged students",
    "economic:no": "Students who are not economically disadvantaged",
}


def place_words(place: str, *, school: str = "", grade: str = "", subgroup: str = "") -> str:
    """ "The network", "Grade 5", a school's name, "English learners"."""
    if place == ReleasedCell.Place.SCHOOL:
        return school
    if place == ReleasedCell.Place.GRADE:
        return GRADE_WORDS.get(grade, f"Grade {grade.lstrip('0')}")
    return SUBGROUP_WORDS.get(subgroup, subgroup) if place == ReleasedCell.Place.SUBGROUP else "The network"


def labels_of(live: LiveCube) -> dict[str, str]:
    """The names of all figures, by key."""
    schools = dict(School.objects.filter(pk__in=live.schools).values_list("pk", "name"))  # unscoped: no person asks
    subjects = [figure.subject for figure in live.figures.values()]
    standards = Standard.objects.in_bulk({one.standard for one in subjects if one.standard})
    items = Item.objects.in_bulk({one.item for one in subjects if one.item})  # unscoped: no person asks
    found = {}
    for key, figure in live.figures.items():
        group, subject = figure.group, figure.subject
        name = place_words(
            group.place, school=schools.get(group.school, ""), grade=group.grade, subgroup=group.subgroup
        )
        what = standards.get(subject.standard) or items.get(subject.item) or subject.strand
        found[key] = f"{name}, {what}" if what else name
    return found
