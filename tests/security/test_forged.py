"""Ids of another district, another school, or of nothing, in every address, parameter and field; and plain garbage.

The policy's tables say who may open which page about the first district's rows. Here the same people ask the same
pages about rows that are not theirs.
"""

import os
import re
from functools import partial
from itertools import cycle

import pytest
from django.db import models, transaction
from django.test import Client
from django.urls import reverse

from assessments import models as results
from schools import models as places
from schools.models import User
from tests import make
from tests.policy.route import NAMES, WHO
from tests.policy.rows import furnish
from tests.test_access import ROUTES, named_routes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_winter")]

# What the number in an address is the key of.
SUBJECTS = {
    "schools:person": places.User, "schools:role_add": places.User, "schools:role_end": places.Membership,
    "schools:school": places.School, "schools:section": places.Section, "schools:class_list": places.Section,
    "schools:staff_add": places.Section, "schools:staff": places.SectionStaff, "schools:roster": places.RosterImport,
    "schools:roster_programs": places.District,
    "schools:agreement": places.DataAgreement, "schools:correction": places.ClassListReport,
    "schools:student": places.Student, "schools:viewing": places.User, "schools:viewings": places.User,
    "schools:bulk_edit": places.BulkEdit, "schools:merged": places.Merge,
    "schools:year": places.SchoolYear, "schools:year_act": places.YearAct, "schools:retention": places.District,
    "schools:certificate": places.DestructionCertificate, "schools:disclosure_add": places.Student,
    "schools:history_act": places.Act, "schools:network": places.Network, "schools:network_stay": places.NetworkSchool,
    "schools:district": places.District,
    "assessments:section": places.Section, "assessments:item": places.Section, "assessments:school": places.School,
    "assessments:subgroups": places.School, "assessments:network": places.Network,
    "assessments:release": results.Release, "assessments:source": results.Administration,
    "assessments:about_test": results.Administration, "assessments:setup_export": places.District,
    "assessments:test": results.Assessment, "assessments:question": results.Assessment,
    "assessments:cut_scores": results.Assessment, "assessments:year": places.SchoolYear,
    "assessments:window": results.Window, "assessments:upload": results.Upload,
    "assessments:mapping": results.ColumnMapping, "assessments:standard": results.Standard,
}  # fmt: skip
# The texts of standards are of no district; and all rows of a test are one act: tests/history/test_sight.py asks there.
EVERYONES = {results.Standard, places.Act}
ASHES = ("teacher", "leader", "principal", "coach")
SEEN = [who for who in WHO if who not in ("anon", "outsider", "far")]
IN_SHORT = ("teacher", "principal", "admin")  # who asks for rows of others in the suite; in `make long` all of them
OF_A_SCHOOL = {places.School, places.Section, places.SectionStaff, places.Membership, places.ClassListReport}
LONG = os.environ.get("POP_FAULTS") == "long"
GARBAGE = ["9" * 30, "a\x00b"] + LONG * [
    "\u0663", "-1", "0", "00", "1e3", "0x1", "1.0", "[]", "[1]", "{}", "null", "None", "true", "\x00", "' or 1=1 --",
    "../../etc/passwd", "%s%n", "{{ 7 }}", "\ud7ff\uffff", "\u202e", "a" * 5000, " ", "\r\n",
]  # fmt: skip
CURIOUS = ["principal"] + LONG * ["admin", "operator", "anon"]
PARAMETERS = (
    "series", "window", "measure", "by", "grade", "standard", "administration", "order", "columns", "rows", "school",
    "person", "role", "show", "q", "page", "sort", "since", "until", "action", "test", "to", "from", "format", "group",
    "year", "district",
)  # fmt: skip
FIELDS = (
    "purpose", "pick", "aside", "fix", "all", "school", "yes", "seen", "kind", "series", "window", "format", "next",
    "hide", "administration", "group", "act", "rows", "what", "naming", "audience", "opens_at", "place", "role",
    "starts", "ends", "reason", "person", "district", "network", "test", "layout", "grade", "tell", "tell_at", "find",
    "standard", "measure", "by", "value", "student", "code", "name", "text", "points", "key", "position",
)  # fmt: skip


@pytest.fixture
def far(world):
    """The furnished world; `far.rings` has rows of every kind by their distance from Ash, a network around the far."""
    world.rings = furnish(world)
    ring = world.rings["far"].rows
    ring[places.Network] = make.network("far-network", "Far Network")
    ring[places.NetworkSchool] = places.NetworkSchool.objects.create(
        network=ring[places.Network], school=world.far_school, starts="2025-08-01"
    )
    release = results.Release.objects.get(state="released")
    release.pk, release.network, release.district = None, ring[places.Network], world.far
    release.window = results.Window.objects.get(year=world.far_year)
    release.save()
    ring |= {
        results.Release: release, results.Window: release.window, places.SchoolYear: world.far_year,
        results.Assessment: results.Assessment.objects.get(district=world.far),
        results.Administration: results.Administration.objects.get(assessment__district=world.far),
        places.District: world.far, places.School: world.far_school,
    }  # fmt: skip
    return world


def subject_of(name: str) -> type[models.Model]:
    """What the key in a route's address is the key of: the longest beginning of its name that is known."""
    known = [start for start in SUBJECTS if re.match(rf"{start}(?![a-z])", name)]
    assert known, f"say in SUBJECTS what the number in the address of {name} is"
    return SUBJECTS[max(known, key=len)]


def with_key() -> list[str]:
    return [name for name, pattern in named_routes().items() if "pk" in pattern.pattern.converters]


def asking(world, who: str) -> Client:
    client = Client(raise_request_exception=False)
    if who != "anon":
        client.force_login(User.objects.get(pk=getattr(world, NAMES[who]).pk))
    return client


def answers(client, name: str, kwargs: dict, data: dict | None = None, methods=None) -> dict[str, int]:
    """The status of each method of a route; what a request changes is taken back at once."""
    found = {}
    for method in methods or ROUTES[name].methods:
        with transaction.atomic():
            ask = client.get if method == "GET" else client.post
            found[method] = ask(reverse(name, kwargs=kwargs), data or ROUTES[name].data).status_code
            transaction.set_rollback(True)
    return found


def test_every_number_in_an_address_is_known():
    assert len(with_key()) > 60
    assert all(subject_of(name) for name in with_key())


def long_but(short: tuple[str, ...], all_of_them) -> list:
    return [pytest.param(who, marks=() if who in short else pytest.mark.long) for who in all_of_them]


@pytest.mark.parametrize("who", long_but(IN_SHORT, SEEN))
def test_a_key_of_another_district_is_not_found(far, who):
    client, wrong = asking(far, who), []
    for name in with_key():
        if subject_of(name) in EVERYONES:
            continue
        kwargs = ROUTES[name].of(far) | {"pk": far.rings["far"].rows[subject_of(name)].pk}
        got = answers(client, name, kwargs)
        wrong += [f"{name} {method}: {status}" for method, status in got.items() if status != 404]
    assert not wrong, wrong


@pytest.mark.parametrize("who", long_but(IN_SHORT, ASHES))
def test_a_key_of_another_school_of_the_district_is_not_found(far, who):
    client, wrong = asking(far, who), []
    for name in with_key():
        if subject_of(name) in OF_A_SCHOOL:
            kwargs = ROUTES[name].of(far) | {"pk": far.rings["district"].rows[subject_of(name)].pk}
            got = answers(client, name, kwargs)
            wrong += [f"{name} {method}: {status}" for method, status in got.items() if status != 404]
    assert not wrong, wrong


def foreign_parameters(world) -> list[tuple[str, str, dict]]:
    """(who, route, parameters) where the page is the person's own and a parameter names a row that is not."""
    far = world.rings["far"].rows
    birch, school, far_test = world.rings["district"].rows, far[places.School].pk, far[results.Administration].pk
    found = [(who, name, {"administration": far_test}) for who in (*ASHES, "admin")
             for name in ("assessments:section_results", "assessments:item_map")]  # fmt: skip
    found += [("teacher", "assessments:section_export", {"administration": far_test, "format": "csv"})]
    for name in ("assessments:school_results", "assessments:school_explore", "assessments:subgroups"):
        found += [("principal", name, {"series": "FAR"}), ("principal", name, {"window": "1999-00/Q1"})]
    found += [("principal", "assessments:school_export", {"series": "FAR", "format": "csv"})]
    for name in ("assessments:network_results", "assessments:network_explore", "assessments:network_export"):
        asked = {"series": "FAR", "window": "1999-00/Q1", "measure": "sum", "by": "teachers", "grade": "12",
                 "standard": results.Standard.objects.first().pk + 1000}  # fmt: skip
        found += [(who, name, {key: value}) for key, value in asked.items() for who in ("principal", "rep")]
    for name in ("assessments:source", "assessments:about_test"):
        schools = {"principal": (school, birch[places.School].pk), "admin": (school,)}
        found += [(who, name, {"school": key}) for who, keys in schools.items() for key in keys]
        sections = {"teacher": (far[places.Section].pk, world.other_section.pk), "admin": (far[places.Section].pk,)}
        found += [(who, name, {"section": key}) for who, keys in sections.items() for key in keys]
    found += [(who, "schools:people", {"school": school}) for who in ("principal", "admin", "operator")]
    found += [("principal", "schools:people", {"school": birch[places.School].pk})]
    found += [(who, "schools:access_log", {"school": school}) for who in ("principal", "admin", "operator")]
    found += [("anon", "public_results", {key: value}) for key, value in
              (("series", "QM"), ("window", "2025-26/Q1"), ("standard", "1"), ("grade", "05"))]  # fmt: skip
    return found


def test_a_parameter_that_names_what_is_not_ones_own_is_not_found(far):
    wrong = []
    for who, name, asked in foreign_parameters(far):
        got = answers(asking(far, who), name, ROUTES[name].of(far), asked, ROUTES[name].methods[:1])
        wrong += [f"{who} {name} {asked}: {status}" for status in got.values() if status != 404]
    assert not wrong, "\n".join(wrong)


# --- garbage -----------------------------------------------------------------------------------------------


@pytest.mark.short_form
@pytest.mark.parametrize("who", CURIOUS)
def test_no_key_breaks_a_page(far, who):
    client, wrong = asking(far, who), []
    for name in with_key():
        for pk in (2**31, 10**40) + LONG * (0, 2**31 - 1, 2**63):
            got = answers(client, name, ROUTES[name].of(far) | {"pk": pk})
            wrong += [f"{name} {method} {pk}: {s}" for method, s in got.items() if s >= 500 or (s == 200 and pk)]
    assert not wrong, wrong


def broken(client, name, kwargs, method, sent) -> list[str]:
    status = answers(client, name, kwargs, sent, (method,))[method]
    return [f"{name} {method} {str(sent)[:80]}: {status}"] if status >= 500 else []


@pytest.mark.short_form
@pytest.mark.parametrize("who", CURIOUS)
def test_no_garbage_breaks_a_page(far, who):
    """All parameters at once: a page reads the ones it knows. The short form gives each of them one of two kinds."""
    client, wrong = asking(far, who), []
    own = [name for name, route in ROUTES.items() if not name.startswith("account_") and name != "health_ready"]
    for name in own:
        ask = partial(broken, client, name, ROUTES[name].of(far))
        for method, names in (("GET", PARAMETERS), ("POST", FIELDS)):
            if method not in ROUTES[name].methods:
                continue
            wrong += ask(method, dict(zip(names, cycle(GARBAGE), strict=False)))
            for junk in GARBAGE if LONG else ():
                wrong += ask(method, dict.fromkeys(names, junk))
                wrong += ask(method, {one: [junk, "1"] for one in names})
    assert not wrong, wrong[:40]
