"""A package's files become one roster: places, people, seats, with a verdict on every row."""

from schools.oneroster.package import Package
from schools.oneroster.people import read_people
from schools.oneroster.places import read_places
from schools.oneroster.programs import read_programs
from schools.oneroster.records import DistrictOrg, Roster
from schools.oneroster.seats import read_seats


def read_roster(package: Package, district: DistrictOrg | None, today: int) -> Roster:
    """The roster of `district` (of the whole package where it is None) as of `today`, a day number.

    Verdicts and issues are left on the package's parts. Raises PackageRefused where nothing of it can be used.
    """
    places = read_places(package, district)
    people = read_people(package, places, today)
    seats, staff, protected = read_seats(package, places, people)
    return Roster(
        schools=places.schools,
        years=places.years,
        sections=places.sections,
        students=people.students,
        people=people.people,
        seats=seats,
        staff=staff,
        posts=people.posts,
        student_of_user=people.student_of_user,
        person_of_user=people.person_of_user,
        user_of_role=people.user_of_role,
        protected=protected,
        programs=read_programs(package, people.student_of_user),
    )
