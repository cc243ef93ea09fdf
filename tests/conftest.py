"""What every test may use: a small known world, and the law that queries do not grow with rows."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests import make

HERE = Path(__file__).parent
WINTER = datetime(2025, 12, 10, 17, 0, tzinfo=UTC)

hypothesis_settings.register_profile(
    "quick", max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
hypothesis_settings.load_profile("quick")

# Files of these folders take longest: begun first, they leave no core idle at the end; one folder alone loads the demo
# while others begin with what does without it.
FIRST = ("attacker", "browser", "access", "security", "platform", "faults", "honesty", "independent", "demo")


def pytest_collection_modifyitems(items):
    def place(item) -> int:
        folder = item.path.relative_to(HERE).parts[0]
        return FIRST.index(folder) if folder in FIRST else len(FIRST)

    items.sort(key=place)


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """A cheap hash: tests sign people in, they do not guard them."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def flat(client):
    """Hold that a page asks the database no more often when there are more rows."""

    def queries(url):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    def check(url, add_rows, most=None):
        before = queries(url)
        add_rows()
        after = queries(url)
        assert after <= before, f"{url} asks {after} queries for more rows, {before} for few"
        if most is not None:
            assert after <= most, f"{url} asks {after} queries, more than {most}"

    return check


@pytest.fixture
def world(db):
    """The small world; see `small_world`."""
    return small_world()


def small_world():
    """Two districts. In the first: two schools of one network, Ash with sections 501 and 502, Birch with 601.

    People are named for what they may do; `other_*` are their like in the second district.
    """
    w = SimpleNamespace()
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


@pytest.fixture
def in_winter(monkeypatch):
    """It is December 10, 2025: inside the school year of the small world."""
    monkeypatch.setattr(timezone, "now", lambda: WINTER)
