"""Who is answered what in the privacy centre. Subject: a student of section 501 of Ash School."""

from schools.models import DestructionCertificate
from tests.policy.route import act, form, page


def student(world):
    return {"pk": world.students[0].pk}


def rule(world):
    return {"pk": world.district.pk, "name": "notices"}


def certificate(world):
    return {"pk": DestructionCertificate.objects.filter(district=world.district).first().pk}


ROUTES = {
    #                                         anon outs teac lead prin coac admi oper rep  audi far
    "schools:privacy":                   form("302 200 200 200 200 200 200 200 200 200 200"),
    "schools:about_me":                  page("302 200 200 200 200 200 200 200 200 200 200"),
    "schools:about_me_export":            act("302 302 302 302 302 302 302 302 302 302 302"),
    "schools:retention":                 page("302 403 403 403 403 403 200 200 403 200 403"),
    "schools:retention_rule":            form("302 404 403 403 403 403 200 403 403 403 404", rule),
    "schools:certificate":               page("302 404 404 404 404 404 200 200 404 200 404", certificate),
    "schools:student_readers":           page("302 404 403 403 200 403 200 404 404 404 404", student),
    "schools:student_looks":             page("302 404 403 403 200 403 200 404 404 404 404", student),
    "schools:student_looks_export":       act("302 404 403 403 302 403 302 404 404 404 404", student),
    "schools:student_disclosures":       page("302 404 403 403 200 403 200 404 404 404 404", student),
    "schools:student_disclosures_print":  act("302 404 403 403 302 403 302 404 404 404 404", student),
    "schools:disclosure_add":            form("302 404 403 403 403 403 200 404 404 404 404", student),
}  # fmt: skip
