"""The small world, and what is added to it where a test asks by a fixture of that name."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

from tests import make
from tests.assessments.classes import sit, teach
from tests.assessments.town import sat_in_fall

WINTER = datetime(2025, 12, 10, 17, 0, tzinfo=UTC)


def small_world():
    """Two districts. In the first: two schools of one network, Ash with sections 501 and 502, Birch with 601.

    People are named for what they may do; `other_*` are their like in the second district.
    """
    w = SimpleNamespace(steps=[])
    w.district = make.district()
    w.year = make.year(w.district)
    w.network = make.network()
    w.ash = make.school(w.district, "100", "Ash School", join=w.network)
    w.birch = make.school(w.district, "200", "Birch School", join=w.network)
    w.psi = make.partner()
    w.union = make.union()

    w.teacher = make.user("teacher@example.org", family_name="Teacher")
    w.colleague = make.user("colleague@example.org", family_name="Colleague")
    w.leader = make.user("leader@example.org", family_name="Leader")
    w.principal = make.user("principal@example.org", family_name="Principal")
    w.coach = make.user("coach@example.org", family_name="Coach")
    w.admin = make.user("admin@example.org", family_name="Admin")
    w.operator = make.user("operator@example.org", family_name="Operator")
    w.rep = make.user("rep@example.org", family_name="Rep")
    w.auditor = make.user("auditor@example.org", family_name="Auditor")
    w.outsider = make.user("outsider@example.org", family_name="Outsider")
    make.member(w.teacher, "teacher", school=w.ash)
    make.member(w.colleague, "teacher", school=w.ash)
    make.member(w.leader, "teacher_leader", school=w.ash)
    make.member(w.principal, "principal", school=w.ash)
    make.member(w.coach, "psi_coach", school=w.ash)
    make.member(w.coach, "psi_coach", organization=w.psi)
    make.member(w.admin, "district_admin", district=w.district)
    make.member(w.operator, "network_admin", network=w.network)
    make.member(w.rep, "union_rep", organization=w.union)
    make.member(w.rep, "union_rep", network=w.network)
    make.member(w.auditor, "auditor", network=w.network)
    w.agreement = make.agreement(w.psi, w.district, [w.ash])

    w.section = make.section(w.ash, w.year, "501")
    w.other_section = make.section(w.ash, w.year, "502")
    w.birch_section = make.section(w.birch, w.year, "601", "Math 6", grade="06")
    make.staff(w.teacher, w.section)
    make.staff(w.colleague, w.other_section)
    w.students = []
    for section, school, grade in [
        (w.section, w.ash, "05"), (w.section, w.ash, "05"), (w.other_section, w.ash, "05"),
        (w.birch_section, w.birch, "06"),
    ]:  # fmt: skip
        student = make.student(w.district)
        make.enroll(student, school, w.year, grade)
        make.seat(student, section)
        w.students.append(student)

    w.far = make.district("D2", "Second District")
    w.far_year = make.year(w.far)
    w.far_school = make.school(w.far, "100", "Far School")
    w.far_section = make.section(w.far_school, w.far_year, "501")
    w.far_principal = make.user("far@example.org", family_name="Farprincipal")
    make.member(w.far_principal, "principal", school=w.far_school)
    w.far_student = make.student(w.far)
    make.enroll(w.far_student, w.far_school, w.far_year)
    make.seat(w.far_student, w.far_section)
    return w


def set_a_test(w):
    """Standards, a keyed test of four questions with cut scores, and the windows Fall and Winter 1."""
    w.fractions = make.standard()
    w.volume = make.standard("CC.2.4.5.A.5", "Volume")
    w.math = make.assessment(w.district, keys="ABCD", standards=[w.fractions, w.volume])
    make.cuts(w.math)
    w.fall = make.window(w.year)
    w.winter = make.window(w.year, "Q2", "Winter 1", opens=date(2025, 11, 17), closes=date(2025, 12, 5))


# By the name of the fixture, in the order of who is asked first: what is done to the small world.
WORLDS = {
    "town": (set_a_test, sat_in_fall),
    "sat": (teach, sit),
    "taught": (teach,),
    "tested": (set_a_test,),
    "world": (),
}


def furnish(w, name: str):
    """Do to a world what its name says, as far as it was not done."""
    for step in WORLDS[name]:
        if step not in w.steps:
            step(w)
            w.steps.append(step)
    return w
