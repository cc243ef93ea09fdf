"""Keys of another district in every field of every form: nothing over there changes, and no word of it is answered."""

import pytest
from django.db import transaction
from django.db.models import CharField, Subquery
from django.test import Client
from django.urls import reverse

from assessments import models as results
from schools import models as places
from schools.models import User
from tests import make
from tests.policy.asking import hidden_from
from tests.policy.rows import furnish
from tests.policy.rows_seen import ROWS
from tests.test_access import ROUTES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_winter")]

# What a form may call a row, by model; a field of the same name in any form gets the key of a row over there.
NAMED = {
    places.School: ("school", "schools", "move_to"),
    places.User: ("person", "user", "keep", "rows", "into", "gone"),
    places.Student: ("student", "students", "pick", "find"),
    places.Section: ("section", "class", "to"),
    places.District: ("district",),
    places.Membership: ("role_id", "membership"),
    places.DataAgreement: ("agreement",),
    results.Administration: ("administration", "test", "sitting"),
    results.Upload: ("upload",),
    results.Window: ("window", "year"),
}
ANSWERED = {"reason": "x", "text": "x", "ends": "2025-12-09", "starts": "2025-12-10", "purpose": "x", "act": "apply"}


class DigestOf(Subquery):
    """All of a queryset's rows, with every cell, as one short text."""

    template = "(SELECT md5(string_agg(kept::text, '|' ORDER BY kept::text)) FROM (%(subquery)s) AS kept)"
    output_field = CharField()


def over_there(office) -> dict:
    """What the other district's office sees, by model, in one question."""
    rows = {model._meta.label_lower.replace(".", "_"): model.objects.visible_to(office) for model in ROWS}
    columns = {name: DigestOf(found.order_by()) for name, found in rows.items()}
    return User.objects.filter(pk=office.pk).values(**columns).get()


def forged(rows) -> dict:
    """The fields of any form, each with the key of a row over there."""
    fields = dict(ANSWERED)
    for model, names in NAMED.items():
        fields |= {name: [str(rows[model].pk)] for name in names if model in rows}
    fields["place"] = f"school:{rows[places.School].pk}"
    for prefix, model in (("r", places.Membership), ("a", places.DataAgreement), ("do", places.Section)):
        fields[f"{prefix}-{rows[model].pk}"] = "end"
    return fields


@pytest.mark.parametrize(
    "who", ["admin", *(pytest.param(who, marks=pytest.mark.long) for who in ("principal", "teacher"))]
)
def test_a_key_of_another_district_in_a_field_reaches_nothing(world, who):
    rows = furnish(world)["far"].rows
    rows |= {places.District: world.far, places.School: world.far_school}
    office = make.user()
    make.member(office, "district_admin", district=world.far)
    person = User.objects.get(pk=getattr(world, who).pk)
    client = Client(raise_request_exception=False)
    client.force_login(person)
    hidden, before, wrong = hidden_from(person), over_there(office), []
    for name, route in ROUTES.items():
        if "POST" not in route.methods or name.startswith(("account", "mfa", "socialaccount", "usersessions")):
            continue
        with transaction.atomic():
            response = client.post(reverse(name, kwargs=route.of(world)), forged(rows) | route.data)
            body = b"".join(response).decode(errors="replace")
            after = over_there(User.objects.get(pk=office.pk))
            transaction.set_rollback(True)
        wrong += [f"{name}: {model} changed" for model in before if before[model] != after[model]]
        wrong += [f"{name}: {word} is answered" for word in hidden if word in body]
        wrong += [f"{name}: {response.status_code}"] if response.status_code >= 500 else []
    assert not wrong, "\n".join(wrong)


def test_a_change_over_there_would_be_found(world):
    rows = furnish(world)["far"].rows
    office = make.user()
    make.member(office, "district_admin", district=world.far)
    before = over_there(office)
    assert before["schools_student"] and before["assessments_result"]
    rows[places.SectionStaff].reason = "changed"
    rows[places.SectionStaff].save()
    after = over_there(User.objects.get(pk=office.pk))
    assert {name for name in before if before[name] != after[name]} == {"schools_sectionstaff"}
