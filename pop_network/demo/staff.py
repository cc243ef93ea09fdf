"""Who works in the network: teachers and their sections, leaders, coaches, and those who run and watch it."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from pop_network.demo.calendar import LAST_YEAR, THIS_YEAR, Year
from pop_network.demo.chance import source
from pop_network.demo.names import Name, Names
from pop_network.demo.places import BELLWETHER, CINDER, DOVECOTE, FOXGLOVE, JUNIPER, KETTLE, LANTERN, SCHOOLS
from pop_network.demo.roster import SectionKey

TOUR_SCHOOL = CINDER  # the school of the people one may sign in as
CO_TAUGHT = (CINDER, "501")
LEAVES = {LAST_YEAR: (FOXGLOVE, "701"), THIS_YEAR: (KETTLE, "602")}
LEAVE_DAYS = {LAST_YEAR: (150, 215), THIS_YEAR: (40, None)}  # days into the year: from, to
ONE_TEACHER = [  # sections with one teacher between them; the first pair is in two schools
    ((DOVECOTE, "501"), (LANTERN, "301")),
    ((JUNIPER, "801"), (JUNIPER, "802")),
]
COACHED = 3  # schools a coach looks after
FORMER_COACH_LEFT = timedelta(13)  # before today


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who works in the network; `sign_in` where the demo gives out a password for them."""

    email: str
    name: Name
    sign_in: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A role held in one place: ("school", its code), or "district", "network", "partner" or "union" with ""."""

    person: Person
    role: str
    where: tuple[str, str]
    starts: date
    ends: date | None = None
    end_reason: str = ""


@dataclass(frozen=True, slots=True)
class Teaching:
    """A person's time with a section."""

    person: Person
    section: SectionKey
    role: str
    starts: date
    ends: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Staff:
    """Everybody, what they hold, and whom they teach."""

    people: tuple[Person, ...]
    places: tuple[Place, ...]
    teaching: tuple[Teaching, ...]

    def signing_in(self) -> list[Person]:
        """Those one may sign in as, in the order of the tour."""
        return [person for person in self.people if person.sign_in]


def make_staff(seed: int, years: tuple[Year, Year], today: date) -> Staff:
    """The staff of both years."""
    return _Hiring(seed, years, today).staff()


class _Hiring:
    def __init__(self, seed: int, years: tuple[Year, Year], today: date):
        self.years, self.today = years, today
        self.names = Names(source(seed, "staff names"), own_scripts=False)
        self.since = years[LAST_YEAR].starts - timedelta(14)
        self.people: dict[str, Person] = {}
        self.places: list[Place] = []
        self.teaching: list[Teaching] = []

    def staff(self) -> Staff:
        for school in SCHOOLS:
            here = school.code == TOUR_SCHOOL
            self.appoint("principal", school.code, "principal" if here else "")
            self.appoint("teacher_leader", school.code, "teacher leader" if here else "")
        self.teachers()
        self.substitutes()
        self.coaches()
        self.offices()
        return Staff(tuple(self.people.values()), tuple(self.places), tuple(self.teaching))

    def hire(self, sign_in: str = "", email: str = "") -> Person:
        name = self.names.next()
        person = Person(email or self.free_address(name), name, sign_in)
        self.people[person.email] = person
        return person

    def free_address(self, name: Name) -> str:
        plain = ".".join(_ascii(part) for part in (name.given, name.family))
        taken = sum(email.startswith(plain) for email in self.people)
        return f"{plain}{taken + 1 if taken else ''}@example.org"

    def hold(self, person: Person, role: str, kind: str, code: str = "", **dates) -> None:
        self.places.append(Place(person, role, (kind, code), **({"starts": self.since} | dates)))

    def appoint(self, role: str, school: str, sign_in: str = "") -> Person:
        email = {"principal": "principal@example.org", "teacher leader": "leader@example.org"}.get(sign_in, "")
        person = self.hire(sign_in, email)
        self.hold(person, role, "school", school)
        return person

    def teachers(self) -> None:
        shared = {section: pair for pair in ONE_TEACHER for section in pair}
        hired: dict[tuple, Person] = {}
        for school in SCHOOLS:
            for each in school.classes:
                section = (school.code, each.code)
                pair = shared.get(section, (section,))
                if pair not in hired:
                    on_tour = section == CO_TAUGHT
                    hired[pair] = self.hire("teacher", "teacher@example.org") if on_tour else self.hire()
                self.join(hired[pair], school.code)
                self.teach_both_years(hired[pair], section, "teacher")
        helper = self.hire()
        self.join(helper, CO_TAUGHT[0])
        self.teach_both_years(helper, CO_TAUGHT, "co_teacher")

    def join(self, person: Person, school: str) -> None:
        held = {(place.person, place.where) for place in self.places}
        if (person, ("school", school)) not in held:
            self.hold(person, "teacher", "school", school)

    def teach_both_years(self, person: Person, section: tuple[str, str], role: str) -> None:
        for year in self.years:
            self.teaching.append(Teaching(person, SectionKey(year.index, *section), role, year.starts))

    def substitutes(self) -> None:
        """A teacher on leave in each year: the section goes to a substitute, and back where the leave is over."""
        for year in self.years:
            away, back = (days if days is None else year.day(days) for days in LEAVE_DAYS[year.index])
            if away > self.today:
                continue
            section = SectionKey(year.index, *LEAVES[year.index])
            place = next(place for place, row in enumerate(self.teaching) if row.section == section)
            teacher, last = self.teaching[place].person, away - timedelta(1)
            self.teaching[place] = Teaching(teacher, section, "teacher", year.starts, last, "on leave")
            until = back - timedelta(1) if back else None
            person = self.hire()
            self.hold(
                person,
                "teacher",
                "school",
                section.school,
                starts=away,
                ends=until,
                end_reason="leave is over" if until else "",
            )
            self.teaching.append(Teaching(person, section, "substitute", away, until, "for a teacher on leave"))
            if back and back <= self.today:
                self.teaching.append(Teaching(teacher, section, "teacher", back, None, "back from leave"))

    def coaches(self) -> None:
        """A coach for every three schools; the tour's has the tour's school, which a colleague has just left."""
        others = [school.code for school in SCHOOLS if school.code not in (BELLWETHER, CINDER, DOVECOTE)]
        rounds = [[BELLWETHER, CINDER, DOVECOTE]]
        rounds += [others[first : first + COACHED] for first in range(0, len(others), COACHED)]
        for number, schools in enumerate(rounds):
            coach = self.hire("PSI coach", "coach@example.org") if number == 0 else self.hire()
            self.hold(coach, "psi_coach", "partner")
            for school in schools:
                self.hold(coach, "psi_coach", "school", school)
        former = self.hire("PSI coach whose assignment ended", "former.coach@example.org")
        self.hold(former, "psi_coach", "partner")
        left = {"ends": self.today - FORMER_COACH_LEFT, "end_reason": "assignment ended"}
        self.hold(former, "psi_coach", "school", CINDER, **left)

    def offices(self) -> None:
        """The people beyond the schools."""
        for email, sign_in, role, places in [
            ("district@example.org", "district admin", "district_admin", ["district"]),
            ("network@example.org", "network admin", "network_admin", ["network"]),
            ("union@example.org", "union representative", "union_rep", ["union", "network"]),
            ("auditor@example.org", "auditor", "auditor", ["network"]),
        ]:
            person = self.hire(sign_in, email)
            for kind in places:
                self.hold(person, role, kind)


def _ascii(text: str) -> str:
    """Letters for an address: "O'Neill" becomes oneill."""
    bare = unicodedata.normalize("NFKD", text.translate(str.maketrans("đĐıøØłŁ", "dDioOlL")))
    return re.sub(r"[^a-z]", "", bare.encode("ascii", "ignore").decode().lower())
