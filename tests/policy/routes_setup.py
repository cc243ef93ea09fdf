"""Who is answered what on the pages of test set-up. Subject: the test QM5 of the first district, given in Fall."""

from assessments.models import Assessment, Standard, Window
from tests import make
from tests.policy.route import act, form, page


def one(world):
    return {"pk": Assessment.objects.get(district=world.district).pk}


def question(world):
    return one(world) | {"position": 1}


def window(world):
    return {"pk": Window.objects.get(year=world.year).pk}


def standard(world):
    return {"pk": (Standard.objects.first() or make.standard()).pk}


ROUTES = {
    #                                      anon outs teac lead prin coac admi oper rep  audi far
    "assessments:tests":             page("302 200 200 200 200 200 200 200 200 200 200"),
    "assessments:test":              page("302 404 200 200 200 200 200 200 200 200 404", one),
    "assessments:test_add":          form("302 403 403 403 403 403 200 200 403 403 403"),
    "assessments:test_edit":         form("302 404 403 403 403 403 200 200 403 403 404", one),
    "assessments:test_items":        form("302 404 403 403 403 403 200 200 403 403 404", one),
    "assessments:question_add":      form("302 404 403 403 403 403 200 200 403 403 404", one),
    "assessments:question_edit":     form("302 404 403 403 403 403 200 200 403 403 404", question),
    "assessments:cut_scores":        form("302 404 403 403 403 403 200 200 403 403 404", one),
    "assessments:cut_scores_remove":  act("302 404 403 403 403 403 302 302 403 403 404", one),
    "assessments:setup_import":      form("302 403 403 403 403 403 200 200 403 403 403"),
    "assessments:setup_export":      page("302 404 403 403 403 403 200 200 403 403 404",
                                          lambda world: {"pk": world.district.pk}),
    "assessments:standards":         page("302 200 200 200 200 200 200 200 200 200 200"),
    "assessments:standard_add":      form("302 403 403 403 403 403 200 200 403 403 403"),
    "assessments:standard_edit":     form("302 403 403 403 403 403 200 200 403 403 403", standard),
    "assessments:year_add":          form("302 403 403 403 403 403 200 200 403 403 403"),
    "assessments:year_edit":         form("302 404 403 403 403 403 200 200 403 403 404",
                                          lambda world: {"pk": world.year.pk}),
    "assessments:window_add":        form("302 403 403 403 403 403 200 200 403 403 403"),
    "assessments:window_edit":       form("302 404 403 403 403 403 200 200 403 403 404", window),
}  # fmt: skip
