"""Words that name a student: asked about among colleagues, refused where people read who see no student; everywhere."""

import importlib
import pkgutil
import re
import time

import pytest
from django import forms
from django.db import transaction
from django.test import Client
from django.utils import timezone

import assessments
import schools
from schools.models import AccessLog, BulkEdit, ClassListReport, Membership
from tests import make
from tests.conftest import WINTER, small_world

pytestmark = pytest.mark.django_db

NAMED = "Lopez, Ana asked for it"
ASKED = "This reads like a student: &quot;Lopez, Ana&quot;"
REFUSED = "People who see no student read this, and it reads like a student: &quot;Lopez, Ana&quot;"


@pytest.fixture(scope="module")
def rooms(django_db_setup, django_db_blocker):
    """The small world in December, where Ana Lopez sits in section 501 and the list of it is said to be wrong.

    It is made once for this file; each test takes back what it changed.
    """
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setattr(timezone, "now", lambda: WINTER)
        world = small_world()
        student = world.students[0]
        student.family_name, student.given_name = "Lopez", "Ana"
        student.save()
        world.report = ClassListReport.objects.create(
            section=world.section, by=world.teacher, kind="not_here", student=student
        )
        world.staffed = make.staff(world.leader, world.section, role="co_teacher", starts=WINTER.date())
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def at_work(client, rooms):
    """`at_work(name)`: the client of that person of the small world, who typed the password just now."""

    def of(name: str) -> Client:
        person = getattr(rooms, name)
        client.force_login(person)
        session = client.session
        session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
        session["account_authentication_methods_user"] = str(person.pk)
        session.save()
        return client

    return of


def role_of(world, name: str) -> Membership:
    return Membership.objects.get(user=getattr(world, name))


def new_person(world, words: str) -> dict:
    data = {"given_name": "Nia", "family_name": "Newcomer", "email": "new@example.org"}
    data |= {f"roles-{number}-starts": "2025-12-10" for number in range(3)}
    data |= {"roles-TOTAL_FORMS": "3", "roles-INITIAL_FORMS": "0", "roles-0-role": "teacher", "roles-0-reason": words}
    return data | {"roles-0-place": f"school:{world.ash.pk}"}


def act(name: str, **asked):
    """The fields of an act on several; what is taken from the world comes as a function of it."""
    return lambda world, words: (
        {"act": name, "reason": words}
        | {key: value(world) if callable(value) else value for key, value in asked.items()}
    )


def of_review(world, words: str) -> dict:
    kept = {"keep_until": "2027-06-15", "end_on": "2026-07-31", "reason": words, "act": "look"}
    return kept | {f"r-{role_of(world, 'leader').pk}": "end"}


def with_agreement(world, words: str) -> dict:
    return of_review(world, words) | {f"a-{world.agreement.pk}": "end"}


def purpose(_, words: str) -> dict:
    return {"purpose": words, "format": "csv"}


def student_url(page: str):
    return lambda world: f"/students/{world.students[0].pk}/{page}/"


PEOPLE, PUPILS = (lambda world: [world.colleague.pk]), (lambda world: [world.students[0].pk])
NETWORK = lambda world: f"/networks/{world.network.pk}/edit/"  # noqa: E731  a name for an address
REVIEW = lambda world: f"/years/{world.year.pk}/review/"  # noqa: E731  a name for an address

# Form and field: who types it, where, and what is sent. The box of a form in a set has the form's own name before it.
AMONG_COLLEAGUES = {
    "a person added": ("admin", "/people/add/", new_person),
    "RoleForm.reason": (
        "admin", lambda w: f"/people/{w.colleague.pk}/roles/add/",
        lambda w, words: {"role": "teacher", "place": f"school:{w.birch.pk}", "starts": "2025-12-10", "reason": words},
    ),
    "EndForm.reason": (
        "admin", lambda w: f"/roles/{role_of(w, 'colleague').pk}/end/",
        lambda _, words: {"ends": "2026-01-31", "reason": words},
    ),
    "SectionStaffForm.reason": (
        "admin", lambda w: f"/sections/{w.section.pk}/staff/add/",
        lambda w, words: {"person": w.colleague.pk, "role": "co_teacher", "starts": "2025-12-10", "reason": words},
    ),
    "StaffDaysForm.reason": (
        "admin", lambda w: f"/staffing/{w.staffed.pk}/change/",
        lambda _, words: {"role": "co_teacher", "starts": "2025-12-10", "reason": words},
    ),
    "EndRolesForm.reason": ("admin", "/people/bulk/", act("end_roles", role="teacher", ends="2026-01-31", row=PEOPLE)),
    "MoveSchoolForm.reason": (
        "admin", "/people/bulk/",
        act("move_school", row=PEOPLE, starts="2026-02-02", school=lambda w: w.ash.pk, to=lambda w: w.birch.pk),
    ),
    "EndEnrollmentForm.reason": ("admin", "/students/bulk/", act("end_enrollment", ends="2026-06-01", row=PUPILS)),
    "ChangeClassForm.reason": (
        "admin", "/students/bulk/",
        act("change_class", row=PUPILS, starts="2026-02-02", section=lambda w: w.section.pk,
            to=lambda w: w.other_section.pk),
    ),
    "ViewingForm.reason": ("admin", lambda w: f"/people/{w.teacher.pk}/view-as/", lambda _, words: {"reason": words}),
    "ReviewForm.reason": ("admin", REVIEW, of_review),
    "ReportForm.text": (
        "teacher", lambda w: f"/sections/{w.section.pk}/wrong/", lambda _, words: {"kind": "other", "text": words},
    ),
    "AnswerForm.answer": (
        "principal", lambda w: f"/corrections/{w.report.pk}/answer/",
        lambda _, words: {"state": "mended", "answer": words},
    ),
}  # fmt: skip
BEFORE_ALL = {
    "a list of people": ("admin", "/people/export/", purpose),
    "a list of students": ("admin", "/students/export/", purpose),
    "who has looked": ("admin", student_url("who-has-looked/export"), purpose),
    "the record of disclosures": ("admin", student_url("disclosures/print"), purpose),
    "ExportForm.purpose": (
        "admin", "/rosters/export/", lambda w, words: {"purpose": words, "district": w.district.pk},
    ),
    "the review that ends an agreement": ("admin", REVIEW, with_agreement),
    "NetworkForm.name": ("operator", NETWORK, lambda _, words: {"name": words}),
    "NetworkForm.problem_of_practice": (
        "operator", NETWORK, lambda _, words: {"name": "Northside", "problem_of_practice": words},
    ),
    "NetworkForm.aim": ("operator", NETWORK, lambda _, words: {"name": "Northside", "aim": words}),
}  # fmt: skip


def sent(at_work, world, row, words: str, **more):
    """What comes of typing `words` there."""
    who, url, fields = row
    url = url(world) if callable(url) else url
    return at_work(who).post(url, fields(world, words) | more, follow=True)


def tick(row) -> str:
    """The box that says the words may stand, as that form names it."""
    return "roles-0-names_stand" if row[1] == "/people/add/" else "names_stand"


@pytest.mark.parametrize("place", AMONG_COLLEAGUES)
def test_among_colleagues_it_is_asked_about_and_kept_with_a_yes(at_work, rooms, place):
    row = AMONG_COLLEAGUES[place]
    page = sent(at_work, rooms, row, NAMED).content.decode()
    assert ASKED in page and f'name="{tick(row)}"' in page
    page = sent(at_work, rooms, row, NAMED, **{tick(row): "on"}).content.decode()
    assert "reads like a student" not in page and "Not saved" not in page


@pytest.mark.parametrize("place", BEFORE_ALL)
def test_what_everyone_reads_is_refused_yes_or_no(at_work, rooms, place):
    page = sent(at_work, rooms, BEFORE_ALL[place], NAMED, names_stand="on").content.decode()
    assert REFUSED in page
    assert not AccessLog.objects.filter(purpose__contains="Lopez").exists()
    answer = sent(at_work, rooms, BEFORE_ALL[place], "asked for by the office")
    assert answer.status_code == 200 and "reads like a student" not in answer.getvalue().decode("utf-8", "replace")


def test_the_yes_goes_through_the_look_to_the_doing(at_work, rooms):
    row = AMONG_COLLEAGUES["EndRolesForm.reason"]
    page = sent(at_work, rooms, row, NAMED, names_stand="on").content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(seen|names_stand)" value="(\w+)">', page))
    sent(at_work, rooms, row, NAMED, **hidden)
    assert BulkEdit.objects.get().asked["reason"] == role_of(rooms, "colleague").end_reason == NAMED
    looked = sent(at_work, rooms, AMONG_COLLEAGUES["ReviewForm.reason"], NAMED, names_stand="on").content.decode()
    assert 'name="names_stand" id="id_names_stand" checked' in looked.replace(' class="form-check-input"', "")


# Words that are no free words about anybody, or stand nowhere.
NO_WORDS = {
    "a search is not kept": [
        "PeopleFilter.q", "AccessFilter.q", "HistoryFilter.q", "HistoryFilter.of", "StudentFilter.find",
        "SectionFilter.q", "SchoolFilter.q", "LooksFilter.q", "UploadFilter.q", "OtherStudentForm.number",
    ],
    "the name of whom or what the row is": [
        "PersonForm.given_name", "PersonForm.family_name", "NewPersonForm.given_name", "NewPersonForm.family_name",
        "SchoolForm.name", "DistrictForm.name", "AgreementForm.new_organization", "KeepForm.name", "RenameForm.name",
        "AssessmentForm.name", "AssessmentForm.subject", "AssessmentForm.series", "AssessmentForm.scale",
        "WindowForm.name", "WindowForm.aliases", "StandardForm.framework", "StandardForm.short_name",
    ],
    "a code": [
        "SchoolForm.code", "SchoolForm.state_code", "SchoolForm.nces_code", "AssessmentForm.code", "YearForm.code",
        "WindowForm.code", "StandardForm.code", "StandardForm.grade", "StandardForm.domain", "QuestionForm.key",
        "ProgramsForm.english_learner", "ProgramsForm.iep", "ProgramsForm.economically_disadvantaged",
    ],
    "what is taught and asked in a test": [
        "StandardForm.text", "QuestionForm.label", "QuestionForm.standards", "QuestionForm.text", "ItemListForm.rows",
        "SetUpFileForm.read",
    ],
}  # fmt: skip
HELD_ELSEWHERE = {  # by test_names_in_text.py, test_student_pages.py and the tests of releases
    "AgreementForm.function", "AgreementForm.reference", "DisclosureForm.party", "DisclosureForm.interest",
    "DisclosureForm.what", "DisclosureForm.onward", "ReasonForm.reason",
}  # fmt: skip


def test_every_field_for_words_is_asked_about_or_said_why_not():
    held = {place for place in [*AMONG_COLLEAGUES, *BEFORE_ALL] if "." in place} | HELD_ELSEWHERE
    held |= {name for names in NO_WORDS.values() for name in names}
    assert set(fields_for_words()) == held


def fields_for_words():
    """Every field of letters in the forms of the rooms, as "Form.field"."""
    for room in (schools, assessments):
        for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            if ".forms" not in module.name:
                continue
            for form in vars(importlib.import_module(module.name)).values():
                if isinstance(form, type) and issubclass(form, forms.BaseForm) and form.__module__ == module.name:
                    yield from (f"{form.__name__}.{name}" for name in form.base_fields if is_for_words(form, name))


def is_for_words(form, name: str) -> bool:
    field = form.base_fields[name]
    return isinstance(field, forms.CharField) and not isinstance(field, forms.EmailField)
