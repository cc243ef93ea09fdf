"""Who is answered what on the pages of results. Subjects: Ash School, section 501, and the Fall test it sat."""

from assessments.models import Result
from tests.policy.route import act, page


def ash(world):
    return {"pk": world.ash.pk}


def section(world):
    return {"pk": world.section.pk}


def question(world):
    return section(world) | {"position": 1}


def northside(world):
    return {"pk": world.network.pk}


def sitting(world):
    return {"pk": Result.objects.filter(section=world.section).values_list("administration", flat=True).first()}


# A file asks for the password where it is not fresh (302); a coach takes nothing away.
ROUTES = {
    #                                      anon outs teac lead prin coac admi oper rep  audi far
    "assessments:results":           page("302 200 200 200 200 200 200 200 200 200 200"),
    "assessments:hide_names":         act("302 302 302 302 302 302 302 302 302 302 302"),
    "assessments:section_results":   page("302 404 200 200 200 200 200 404 404 404 404", section),
    "assessments:section_export":     act("302 404 302 200 302 403 302 404 404 404 404", section),
    "assessments:item_map":          page("302 404 200 200 200 200 200 404 404 404 404", section),
    "assessments:item_map_export":    act("302 404 302 200 302 403 302 404 404 404 404", section),
    "assessments:item_detail":       page("302 404 200 200 200 200 200 404 404 404 404", question),
    "assessments:school_results":    page("302 404 200 200 200 200 200 404 404 404 404", ash),
    "assessments:school_explore":    page("302 404 200 200 200 200 200 404 404 404 404", ash),
    "assessments:school_export":      act("302 404 403 200 302 403 200 404 404 404 404", ash),
    "assessments:network":           page("302 302 302 302 302 302 302 302 302 302 302"),
    "assessments:network_results":   page("302 404 200 200 200 200 200 200 200 200 404", northside),
    "assessments:network_explore":   page("302 404 200 200 200 200 200 200 200 200 404", northside),
    "assessments:network_export":     act("302 404 200 200 200 200 200 200 200 200 404", northside),
    "assessments:subgroups":         page("302 404 404 200 200 404 200 404 404 404 404", ash),
    "assessments:subgroups_export":   act("302 404 404 200 302 404 200 404 404 404 404", ash),
    "assessments:side_by_side":      page("302 404 404 404 404 404 404 404 404 404 404"),  # one school each
    "assessments:side_by_side_export": act("302 404 404 404 404 404 404 404 404 404 404"),
    "assessments:source":            page("302 404 200 200 200 200 200 404 404 404 404", sitting),
    "assessments:about_test":        page("302 404 200 200 200 200 200 404 404 404 404", sitting),
    "assessments:about_test_export":  act("302 404 403 403 403 403 200 404 404 404 404", sitting),
}  # fmt: skip
