"""The demo's places, people and rosters into the database, in bulk and in one transaction."""

import hashlib
import json
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from pop_network.demo import places
from pop_network.demo.network import DemoNetwork
from pop_network.demo.places import SCHOOLS
from pop_network.demo.roster import SectionKey, sections_of
from pop_network.demo.staff import Place
from schools.models import (
    DataAgreement,
    District,
    Enrollment,
    Membership,
    Network,
    NetworkSchool,
    Organization,
    RosterImport,
    School,
    SchoolAlias,
    SchoolYear,
    Section,
    SectionEnrollment,
    SectionStaff,
    Student,
    User,
)

ROSTER_FILE = "demo-network.json"
SUBJECT = "Mathematics"
AGREEMENT_YEARS = 3


def anchor_of(district: District) -> dict | None:
    """The seed and the day that this district's demo was made from; None where no demo roster was loaded.

    The two are kept as the content of a roster import: they are what the roster was made from.
    """
    kept = RosterImport.objects.filter(district=district, filename=ROSTER_FILE).first()  # unscoped: no person asks
    return None if kept is None else json.loads(bytes(kept.content))


def load_roster(network: DemoNetwork, district: District) -> None:
    """Everybody and every place. The district and its school years are there already; the caller commits."""
    _Rostering(network, district).load()


class _Rostering:
    """What was made so far, by the generator's own names for it."""

    def __init__(self, network: DemoNetwork, district: District):
        self.network, self.district = network, district
        self.since = network.years[0].starts - timedelta(14)
        self.year_rows = {year.code: year for year in SchoolYear.objects.filter(district=district)}  # unscoped
        self.school_rows: dict[str, School] = {}
        self.user_rows: dict[str, User] = {}
        self.section_rows: dict[SectionKey, Section] = {}
        self.student_rows: list[Student] = []

    def load(self) -> None:
        self.schools()
        self.offices()
        self.users()
        self.memberships()
        self.agreement()
        self.sections()
        self.staffing()
        self.students()
        self.seats()
        self.note()

    def year_of(self, index: int) -> SchoolYear:
        return self.year_rows[self.network.years[index].code]

    def schools(self) -> None:
        self.portal_network = Network.objects.create(
            slug=places.NETWORK_SLUG,
            name=places.NETWORK_NAME,
            problem_of_practice=places.PROBLEM_OF_PRACTICE,
            aim=places.AIM,
            starts=self.since,
        )
        made = School.objects.bulk_create(
            School(district=self.district, code=school.code, name=school.name) for school in SCHOOLS
        )
        self.school_rows = {school.code: school for school in made}
        SchoolAlias.objects.bulk_create(
            SchoolAlias(district=self.district, school=self.school_rows[school.code], name=school.vendor_name)
            for school in SCHOOLS
        )
        NetworkSchool.objects.bulk_create(
            NetworkSchool(network=self.portal_network, school=school, starts=self.since) for school in made
        )

    def offices(self) -> None:
        self.partner = Organization.objects.create(kind=Organization.Kind.PARTNER, name=places.PARTNER_NAME)
        self.union = Organization.objects.create(kind=Organization.Kind.UNION, name=places.UNION_NAME)

    def users(self) -> None:
        """All are invited and nobody has a password yet: those one may sign in as get theirs from `sign_ins`."""
        made = User.objects.bulk_create(
            User(
                email=person.email,
                given_name=person.name.given,
                family_name=person.name.family,
                password=make_password(None),
                invited_at=timezone.now(),
            )
            for person in self.network.staff.people
        )
        self.user_rows = {user.email: user for user in made}

    def memberships(self) -> None:
        Membership.objects.bulk_create(
            Membership(
                user=self.user_rows[place.person.email],
                role=place.role,
                starts=place.starts,
                ends=place.ends,
                end_reason=place.end_reason,
                **self.held_in(place),
            )
            for place in self.network.staff.places
        )

    def held_in(self, place: Place) -> dict:
        kind, code = place.where
        return {
            "school": lambda: {"school": self.school_rows[code]},
            "district": lambda: {"district": self.district},
            "network": lambda: {"network": self.portal_network},
            "partner": lambda: {"organization": self.partner},
            "union": lambda: {"organization": self.union},
        }[kind]()

    def agreement(self) -> None:
        admin = next(place.person for place in self.network.staff.places if place.role == "district_admin")
        made = DataAgreement.objects.create(
            organization=self.partner,
            district=self.district,
            function=places.AGREEMENT,
            names_school_officials=True,
            starts=self.since,
            ends=self.since.replace(year=self.since.year + AGREEMENT_YEARS),
            signed_by=self.user_rows[admin.email],
        )
        made.schools.set(self.school_rows.values())

    def sections(self) -> None:
        for year in self.network.years:
            keys = sections_of(year.index)
            made = Section.objects.bulk_create(
                Section(
                    school=self.school_rows[key.school],
                    year=self.year_of(year.index),
                    code=key.code,
                    title=plan.title,
                    subject=SUBJECT,
                    grade=plan.grade,
                    starts=year.starts,
                    ends=year.ends,
                )
                for key, plan in keys
            )
            self.section_rows |= dict(zip((key for key, _ in keys), made, strict=True))

    def staffing(self) -> None:
        SectionStaff.objects.bulk_create(
            SectionStaff(
                section=self.section_rows[row.section],
                user=self.user_rows[row.person.email],
                role=row.role,
                starts=row.starts,
                ends=row.ends,
                reason=row.reason,
                source=SectionStaff.Source.PORTAL if row.reason else SectionStaff.Source.ROSTER,
            )
            for row in self.network.staff.teaching
        )

    def students(self) -> None:
        self.student_rows = Student.objects.bulk_create(
            Student(
                district=self.district,
                number=student.number,
                family_name=student.name.family,
                given_name=student.name.given,
            )
            for student in self.network.roster.students
        )

    def seats(self) -> None:
        roster = self.network.roster
        Enrollment.objects.bulk_create(
            Enrollment(
                student=self.student_rows[seat.student],
                school=self.school_rows[seat.section.school],
                year=self.year_of(seat.section.year),
                grade=seat.grade,
                starts=seat.starts,
                ends=seat.ends,
                english_learner=roster.students[seat.student].english_learner,
                iep=roster.students[seat.student].iep,
                economically_disadvantaged=roster.students[seat.student].economically_disadvantaged,
            )
            for seat in roster.seats
        )
        SectionEnrollment.objects.bulk_create(
            SectionEnrollment(
                student=self.student_rows[seat.student],
                section=self.section_rows[seat.section],
                starts=seat.starts,
                ends=seat.ends,
            )
            for seat in roster.seats
        )

    def note(self) -> None:
        """Keep what the roster was made from, so that a second run makes the same."""
        anchor = {"seed": self.network.seed, "today": self.network.today.isoformat()}
        content = json.dumps(anchor).encode()
        rows = len(self.network.roster.seats)
        RosterImport.objects.create(
            district=self.district,
            network=self.portal_network,
            filename=ROSTER_FILE,
            sha256=hashlib.sha256(content).hexdigest(),
            content=content,
            state=RosterImport.State.APPLIED,
            answer={"status": "published", "format": "demo", "rows_read": rows, "rows_loaded": rows},
        )
