"""Six schools of one network whose students sit tests, with releases of their results."""

from random import Random

from assessments.models import Release
from assessments.releases import work
from assessments.releases.acts import prepare, turn_first_key, turn_second_key
from tests import make
from tests.assessments.sending import send_to

SIZES = {
    "A": {"05": 24, "06": 20}, "B": {"05": 6}, "C": {"05": 21, "06": 17}, "D": {"06": 30}, "E": {"05": 26},
    "F": {"06": 33},
}  # fmt: skip


class Town:
    """Schools by letter, students by school and grade, and what they answered."""

    def __init__(self, world, sizes=None, scale=""):
        """`world` has a test; `sizes` are students by school and grade; with a `scale`, scores stand beside answers."""
        sizes = sizes or SIZES
        self.world, self.chance, self.scale = world, Random(11), scale
        world.district.assessments.all().delete()
        self.tests = {
            grade: make.assessment(
                world.district, f"QM{grade[1]}", f"Quarterly Math {grade[1]}", keys="ABCDAB", grades=[grade],
                standards=[world.fractions, world.volume], scale=scale,
            )
            for grade in ("05", "06")
        }  # fmt: skip
        for grade, test in self.tests.items():
            make.cuts(test, minimums=(0, 510, 530, 560) if scale else (0, 2, 3, 5), grade=grade)
        self.schools, self.students, self.marks = {}, {}, {}
        for letter, grades in sizes.items():
            school = make.school(world.district, f"9{letter}", f"{letter} School", join=world.network)
            self.schools[letter] = school
            for grade, size in grades.items():
                self.students[letter, grade] = self._class(school, grade, size)

    def _class(self, school, grade, size):
        """Two classes of a grade, each with a teacher, so that a grade has two teachers in each of its schools."""
        sections = []
        for number in range(2):
            section = make.section(school, self.world.year, f"{grade}{number}", f"Math {grade}", grade=grade)
            make.staff(make.user(), section)
            sections.append(section)
        students = []
        for place in range(size):
            student = make.student(self.world.district)
            row = make.enroll(student, school, self.world.year, grade)
            row.english_learner, row.iep = place % 3 == 0, place % 2 == 0
            row.save()
            make.seat(student, sections[place % 2])
            students.append(student)
        return students

    def answers(self, grade, only=None):
        """A file of the grade: every student of it, or `only` these; what was answered is kept in `marks`."""
        scale = ["scale_score"] if self.scale else []
        lines = [",".join(["student_id", *scale, *"123456"])]
        for (_, theirs), students in self.students.items():
            for student in students if theirs == grade else []:
                if only is None or student in only:
                    marks = [self.chance.choice("ABCD") for _ in range(6)]
                    score = [str(500 + self.chance.randrange(80))] if self.scale else []
                    self.marks[student.number] = (marks, score)
                    lines.append(",".join([student.number, *score, *marks]))
        return "\n".join(lines) + "\n"

    def sit(self, window="2025-26/Q1", only=None, **options):
        """Everybody, or `only` these, sits the tests of a window."""
        for grade in self.tests:
            text = self.answers(grade, only)
            if text.count("\n") > 1:
                upload = send_to(
                    self.world, text, assessment=f"QM{grade[1]}", window=window, publish=True, approve=True,
                    filename=f"{grade}-{self.chance.random()}.csv", **options,
                )  # fmt: skip
                assert upload.state == "published", upload.answer

    def prepared(self, window=None, **choices) -> Release:
        """A release, worked out."""
        w = self.world
        made = prepare(w.network, w.district, "QM", window or w.fall, w.admin, wake_worker=False, **choices)
        work.compute(made.pk)
        made.refresh_from_db()
        return made

    def released(self, window=None, **choices) -> Release:
        """A release with both keys, open."""
        made = self.prepared(window, **choices)
        agreed = turn_first_key(made, self.world.admin, seen=made.digest)
        return turn_second_key(agreed, self.world.operator, seen=agreed.digest)


def sat_in_fall(w) -> None:
    """The town of `SIZES` in a world with a test; all of it has sat Fall."""
    w.town = Town(w)
    w.town.sit()
