"""Adding people, giving and ending roles, and what nobody may give or reach."""

from datetime import date

import pytest

from schools.models import Membership, Role, SectionStaff, Student, User
from schools.rights import grants, may_change_person, may_end
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_winter")]

EVERYONE = ["teacher", "leader", "principal", "coach", "admin", "operator", "rep", "auditor", "outsider"]


def role(number, role="", place="", starts="2025-12-10", ends="", reason=""):
    """The fields of one role on the form for a new person; today is the day the form starts with."""
    fields = {"role": role, "place": place, "starts": starts, "ends": ends, "reason": reason}
    return {f"roles-{number}-{name}": value for name, value in fields.items()}


def new_person(*roles, email="new@example.org", **more):
    """The form for a new person with these roles (dicts of `role`), the others left as they come."""
    data = {"given_name": "Nia", "family_name": "Newcomer", "email": email}
    data |= {"roles-TOTAL_FORMS": "3", "roles-INITIAL_FORMS": "0"} | more
    for number in range(3):
        data |= role(number, **(roles[number] if number < len(roles) else {}))
    return data


def at(kind, place):
    return f"{kind}:{place.pk}"


@pytest.fixture
def as_admin(client, world):
    client.force_login(world.admin)
    return client


# --- adding ----------------------------------------------------------------------------------------------


def test_a_person_with_several_dated_roles(as_admin, world):
    data = new_person(
        {"role": "psi_coach", "place": at("school", world.ash), "starts": "2025-09-01", "ends": "2026-06-30"},
        {"role": "psi_coach", "place": at("organization", world.psi), "reason": "contract of 2025"},
    )
    response = as_admin.post("/people/add/", data, follow=True)
    person = User.objects.get(email="new@example.org")
    assert response.redirect_chain[-1][0] == f"/people/{person.pk}/"
    first, second = person.memberships.order_by("starts")
    assert (first.school, first.starts, first.ends) == (world.ash, date(2025, 9, 1), date(2026, 6, 30))
    assert (second.organization, second.reason, second.granted_by) == (world.psi, "contract of 2025", world.admin)
    page = response.content.decode()
    assert "under the data agreement until Jun 30, 2030" in page  # what the new person can see stands there at once
    assert not person.has_usable_password()


def test_the_same_form_sent_twice_adds_one_person_and_one_role(as_admin, world):
    data = new_person({"role": "teacher", "place": at("school", world.ash)})
    for _ in range(2):
        assert as_admin.post("/people/add/", data).status_code == 302
    assert Membership.objects.filter(user__email="new@example.org").count() == 1


def test_a_known_address_gets_the_role_and_keeps_its_name(as_admin, world):
    data = new_person({"role": "teacher", "place": at("school", world.birch)}, email="COLLEAGUE@example.org")
    response = as_admin.post("/people/add/", data, follow=True)
    assert "already has an account, Given Colleague" in response.content.decode()
    assert world.colleague.memberships.filter(school=world.birch).exists()
    world.colleague.refresh_from_db()
    assert world.colleague.family_name == "Colleague"


@pytest.mark.parametrize("active", [True, False])
@pytest.mark.parametrize("named", [{}, {"given_name": "Given"}, {"family_name": "Farprincipal"}])
def test_a_principal_does_not_learn_whose_an_address_is(client, world, named, active):
    User.objects.filter(pk=world.far_principal.pk).update(is_active=active)
    client.force_login(world.principal)
    data = new_person({"role": "teacher", "place": at("school", world.ash)}, email="far@example.org", **named)
    text = client.post("/people/add/", data).content.decode()
    assert "this name and this address do not go together" in text
    assert "switched off" not in text and "already has an account" not in text
    assert not world.far_principal.memberships.filter(school=world.ash).exists()


def test_a_colleague_from_elsewhere_is_added_by_name_and_address(client, world):
    client.force_login(world.principal)
    named = {"given_name": "GIVEN", "family_name": "Far-Principal", "email": "far@example.org"}
    response = client.post(
        "/people/add/", new_person({"role": "teacher", "place": at("school", world.ash)}, **named), follow=True
    )
    assert "Given Farprincipal was added." in response.content.decode()
    assert world.far_principal.memberships.filter(school=world.ash, role="teacher").exists()


def test_a_switched_off_account_is_not_given_roles(as_admin, world):
    User.objects.filter(pk=world.colleague.pk).update(is_active=False)
    data = new_person({"role": "teacher", "place": at("school", world.birch)}, email=world.colleague.email)
    response = as_admin.post("/people/add/", data)
    assert "belongs to an account that is switched off" in response.content.decode()
    assert not world.colleague.memberships.filter(school=world.birch).exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "This field is required."),
        ({"role": "teacher"}, "This field is required."),
        ({"role": "district_admin", "place": "school"}, "you may give:"),
        ({"role": "teacher", "place": "school", "starts": "soon"}, "month/day/year"),
        ({"role": "teacher", "place": "school", "ends": "2025-01-01"}, "cannot be before the first day"),
    ],
)
def test_a_role_that_cannot_be_is_refused_in_words(as_admin, world, fields, words):
    if "place" in fields:
        fields = fields | {"place": at("school", world.ash)}
    response = as_admin.post("/people/add/", new_person(fields))
    assert response.status_code == 200
    assert words in response.content.decode()
    assert not User.objects.filter(email="new@example.org").exists()


# --- who may give what -----------------------------------------------------------------------------------


def test_a_principal_gives_staff_roles_in_the_own_school_and_no_others(client, world):
    client.force_login(world.principal)
    assert {str(grant.place): grant.roles for grant in grants(world.principal).values()} == {
        "Ash School": {Role.TEACHER, Role.TEACHER_LEADER}
    }
    for wrong in [
        {"role": "principal", "place": at("school", world.ash)},
        {"role": "psi_coach", "place": at("school", world.ash)},
        {"role": "teacher", "place": at("school", world.birch)},
        {"role": "district_admin", "place": at("district", world.district)},
    ]:
        assert client.post("/people/add/", new_person(wrong)).status_code == 200
    assert not User.objects.filter(email="new@example.org").exists()
    right = new_person({"role": "teacher_leader", "place": at("school", world.ash)})
    assert client.post("/people/add/", right).status_code == 302


def test_nobody_gives_the_role_of_network_admin_on_a_page(world):
    for who in EVERYONE:
        for grant in grants(getattr(world, who)).values():
            assert Role.NETWORK_ADMIN not in grant.roles


def test_a_network_admin_cannot_open_students_to_themselves(client, world):
    client.force_login(world.operator)
    wish = {"role": "teacher_leader", "place": at("school", world.ash), "starts": "2025-12-01"}
    assert client.get(f"/people/{world.operator.pk}/roles/add/").status_code == 403
    assert client.post(f"/people/{world.operator.pk}/roles/add/", wish).status_code == 403
    response = client.post("/people/add/", new_person(wish, email=world.operator.email))
    assert "Your own roles are for somebody else to give" in response.content.decode()
    assert not Student.objects.visible_to(User.objects.get(pk=world.operator.pk)).exists()


def test_a_principal_does_not_reach_the_account_of_who_holds_more(client, world):
    make.member(world.admin, "teacher", school=world.ash)
    client.force_login(world.principal)
    url = f"/people/{world.admin.pk}/"
    assert client.get(url).status_code == 200
    assert client.get(f"{url}edit/").status_code == 403
    assert client.post(f"{url}edit/", {"email": "mine@example.org"}).status_code == 403
    assert client.post(f"{url}invite/").status_code == 403
    assert client.post(f"{url}switch-off/").status_code == 403
    world.admin.refresh_from_db()
    assert (world.admin.email, world.admin.is_active) == ("admin@example.org", True)


def test_a_class_in_another_school_keeps_a_principal_from_the_account(world):
    make.staff(world.colleague, world.birch_section)
    assert not may_change_person(world.principal, User.objects.get(pk=world.colleague.pk))
    assert may_change_person(world.admin, User.objects.get(pk=world.colleague.pk))


@pytest.mark.parametrize("who", EVERYONE)
def test_a_role_that_may_be_ended_is_one_that_may_be_changed(world, who):
    user = getattr(world, who)
    others = Membership.objects.exclude(user=user)
    may = {row.pk for row in others if may_end(user, row)}
    assert may <= set(Membership.objects.editable_by(user).values_list("pk", flat=True))


# --- ending ----------------------------------------------------------------------------------------------


def test_an_ended_role_is_over_at_once_and_stays_to_be_read(client, as_admin, world):
    held = world.leader.memberships.get()
    data = {"ends": "2025-12-09", "reason": "moved to Birch"}
    response = as_admin.post(f"/roles/{held.pk}/end/", data, follow=True)
    page = response.content.decode()
    assert "Roles that have ended" in page
    assert "moved to Birch" in page
    client.force_login(world.leader)
    refused = client.get(f"/schools/{world.ash.pk}/")
    assert refused.status_code == 404
    assert "Your access to Ash School ended on Dec 9, 2025 (moved to Birch)." in refused.content.decode()
    client.force_login(world.coach)
    assert "Your access to Ash" not in client.get(f"/schools/{world.birch.pk}/").content.decode()


def test_a_role_given_by_mistake_today_stops_at_once_and_leaves_its_trace(client, as_admin, world):
    given = make.member(world.outsider, "principal", school=world.ash, starts=date(2025, 12, 10))
    assert Student.objects.visible_to(User.objects.get(pk=world.outsider.pk)).exists()
    as_admin.post(f"/roles/{given.pk}/end/", {"ends": "2025-12-09", "reason": "wrong person"})
    given.refresh_from_db()
    assert given.end_reason == "wrong person (was given from Dec 10, 2025, and taken back)"
    assert not Student.objects.visible_to(User.objects.get(pk=world.outsider.pk)).exists()


def test_a_role_cannot_be_made_longer_by_ending_it(as_admin, world):
    held = make.member(world.outsider, "teacher", school=world.ash, ends=date(2025, 12, 20))
    response = as_admin.post(f"/roles/{held.pk}/end/", {"ends": "2026-12-20", "reason": "x"})
    assert "It ends on Dec 20, 2025 as it is." in response.content.decode()
    held.refresh_from_db()
    assert held.ends == date(2025, 12, 20)


def test_nobody_ends_the_own_role_or_switches_off_the_own_account(as_admin, world):
    own = world.admin.memberships.get()
    assert as_admin.post(f"/roles/{own.pk}/end/", {"ends": "2025-12-09", "reason": "x"}).status_code == 403
    assert as_admin.post(f"/people/{world.admin.pk}/switch-off/").status_code == 403


def test_who_is_switched_off_is_out_at_the_next_click(client, as_admin, world):
    other = type(client)()
    other.force_login(world.colleague)
    assert other.get("/people/").status_code == 200
    as_admin.post(f"/people/{world.colleague.pk}/switch-off/")
    assert other.get("/people/").status_code == 302
    as_admin.post(f"/people/{world.colleague.pk}/switch-on/")
    other.force_login(world.colleague)
    assert other.get("/people/").status_code == 200


# --- changing --------------------------------------------------------------------------------------------


def test_with_a_new_address_the_old_one_opens_nothing(as_admin, world):
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(user=world.colleague, email=world.colleague.email, primary=True, verified=True)
    data = {"given_name": "Given", "family_name": "Colleague", "email": "married@example.org"}
    assert as_admin.post(f"/people/{world.colleague.pk}/edit/", data).status_code == 302
    world.colleague.refresh_from_db()
    assert world.colleague.email == "married@example.org"
    assert not EmailAddress.objects.filter(user=world.colleague).exists()


def test_an_address_that_someone_else_has_is_refused_in_words(as_admin, world):
    data = {"given_name": "Given", "family_name": "Colleague", "email": "TEACHER@example.org"}
    response = as_admin.post(f"/people/{world.colleague.pk}/edit/", data)
    assert "Someone already signs in with this e-mail address." in response.content.decode()


# --- the list --------------------------------------------------------------------------------------------


def names(response) -> list[str]:
    return [person.family_name for person in response.context["page"]]


def test_the_list_is_searched_filtered_and_sorted(as_admin, world):
    everyone = names(as_admin.get("/people/"))
    assert everyone == sorted(everyone)
    assert "Farprincipal" not in everyone
    assert names(as_admin.get("/people/?sort=-name")) == everyone[::-1]
    assert names(as_admin.get("/people/?q=coll")) == ["Colleague"]
    assert names(as_admin.get("/people/?role=principal")) == ["Principal"]
    assert names(as_admin.get(f"/people/?school={world.birch.pk}")) == []
    assert names(as_admin.get("/people/?q=nobody+of+that+name")) == []
    assert set(names(as_admin.get("/people/?role=nonsense&school=x&page=99"))) == set(everyone)


def test_an_ended_person_is_found_among_the_ended(as_admin, world):
    world.leader.memberships.update(ends=date(2025, 11, 1))
    assert "Leader" not in names(as_admin.get("/people/"))
    assert names(as_admin.get("/people/?show=ended")) == ["Leader"]
    assert "Leader" in names(as_admin.get("/people/?show=everyone"))


def test_who_only_teaches_a_class_is_listed(as_admin, world):
    someone = make.user(family_name="Rosterteacher")
    make.staff(someone, world.birch_section, source="roster")
    assert names(as_admin.get("/people/?q=Rosterteacher")) == ["Rosterteacher"]
    assert names(as_admin.get(f"/people/?school={world.birch.pk}&role=teacher")) == ["Rosterteacher"]
    assert "teacher, Math 6, section 601, Birch School" in as_admin.get("/people/?q=Rosterteacher").content.decode()


def test_the_list_asks_no_more_for_more_people(as_admin, world, flat):
    def more():
        for _ in range(10):
            make.member(make.user(), "teacher", school=world.ash)

    flat("/people/", more, most=12)


def test_htmx_gets_the_list_alone(as_admin, world):
    response = as_admin.get("/people/?q=coll", headers={"HX-Request": "true"})
    page = response.content.decode()
    assert page.lstrip().startswith('<section id="people"')
    assert "HX-Request" in response["Vary"]


def test_names_are_shown_escaped(as_admin, world):
    make.member(make.user(given_name="<b>Bo</b>", family_name="O'Hara & Son"), "teacher", school=world.ash)
    page = as_admin.get("/people/?q=o'hara").content.decode()
    assert "O&#x27;Hara &amp; Son, &lt;b&gt;Bo&lt;/b&gt;" in page


# --- what a person can see -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "students", "why"),
    [
        ("teacher", 2, "Students of 1 class taught now."),
        ("leader", 3, "Students of Ash School."),
        ("coach", 3, "Students of Ash School, under the data agreement until Jun 30, 2030."),
        ("auditor", 0, "No role gives a right to students"),
    ],
)
def test_effective_rights_in_words_and_counts(as_admin, world, who, students, why):
    reader = as_admin
    if who == "auditor":
        reader.force_login(world.auditor)
    response = reader.get(f"/people/{getattr(world, who).pk}/")
    right = response.context["rights"][0]
    assert right.count == students
    assert right.why.startswith(why.rstrip("."))


def test_a_coach_without_agreement_sees_no_student_and_the_page_says_why(as_admin, world):
    world.agreement.delete()
    right = as_admin.get(f"/people/{world.coach.pk}/").context["rights"][0]
    assert right.count == 0
    assert "no data agreement in force" in right.why


def test_colleagues_of_a_leader_do_not_learn_what_others_can_see(client, world):
    client.force_login(world.leader)
    assert client.get(f"/people/{world.colleague.pk}/").context["rights"] is None
    assert client.get(f"/people/{world.leader.pk}/").context["rights"] is not None


def test_the_classes_of_a_person_stand_on_their_page(as_admin, world):
    SectionStaff.objects.filter(user=world.colleague).update(role="co_teacher")
    page = as_admin.get(f"/people/{world.colleague.pk}/").content.decode()
    assert "Math 5, section 502</a>, Ash School: co-teacher" in page
