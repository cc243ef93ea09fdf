"""`manage.py why_can_see EMAIL STUDENT_ID`: the reason a person may see a student today, or null."""

from schools.access import why_can_see
from schools.commands import BadUsage, JsonCommand
from schools.models import District, Student, User

LONGEST_ID = 9  # digits of a four-byte key that cannot overflow


class Command(JsonCommand):
    help = "Says why a person may see a student's records today; null where they may not."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("email", help="the person's email address")
        parser.add_argument("student", help="the portal's student id, or with --district the district's")
        parser.add_argument("--district", metavar="CODE", help="read STUDENT_ID as this district's own number")

    def handle(self, *args, **options):
        person = _person(options["email"])
        student = _student(options["student"], options["district"])
        reason = why_can_see(person, student)
        body = {"email": person.email, "student_id": student.pk, "reason": reason}
        self.answer(body, words=reason or "null")


def _person(email: str) -> User:
    person = User.objects.filter(email__iexact=email).first()  # unscoped: whoever runs commands runs the portal
    if person is None:
        raise BadUsage(f"Nobody signs in with {email}.")
    return person


def _student(identifier: str, district_code: str | None) -> Student:
    students = Student.objects.select_related("district")  # unscoped: as above
    if district_code is None:
        if not identifier.isascii() or not identifier.isdecimal():
            raise BadUsage(
                f'"{identifier}" is not a student id of the portal, which is a number. '
                "For the district's own number add --district CODE."
            )
        student = students.filter(pk=int(identifier)).first() if len(identifier) <= LONGEST_ID else None
        where = "in the portal"
    else:
        if not District.objects.filter(code=district_code).exists():
            raise BadUsage(f'There is no district with the code "{district_code}".')
        student = students.filter(district__code=district_code, number=identifier).first()
        where = f"in district {district_code}"
    if student is None:
        raise BadUsage(f"There is no student {identifier} {where}.")
    return student
