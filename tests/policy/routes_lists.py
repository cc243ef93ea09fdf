"""Who is answered what on the lists of a roster, and by the acts that begin there."""

from tests.policy.route import act, form, page


def colleague(world):
    return {"pk": world.colleague.pk}


def student(world):
    return {"pk": world.students[0].pk}


def merged(world):
    return {"pk": world.acts[0].pk}


def edit(world):
    return {"pk": world.acts[1].pk}


ROUTES = {
    #                                  anon outs teac lead prin coac admi oper rep  audi far
    "schools:download":          page("302 302 302 302 302 302 302 302 302 302 302"),
    "schools:people_export":      act("302 403 403 403 302 403 200 200 403 200 302"),
    "schools:schools_export":     act("302 403 403 403 302 403 200 200 403 200 302"),
    "schools:sections":          page("302 200 200 200 200 200 200 200 200 200 200"),
    "schools:sections_export":    act("302 403 403 403 302 403 200 200 403 200 302"),
    "schools:students":          form("302 200 200 200 200 200 200 200 200 200 200"),
    "schools:students_export":    act("302 403 302 403 302 403 302 403 403 403 302"),
    "schools:student":           page("302 404 200 200 200 200 200 404 404 404 404", student),
    "schools:student_doubles":   page("302 403 403 403 403 403 200 403 403 403 403"),
    "schools:student_merge":     form("302 404 403 403 403 403 200 404 404 404 404", student),
    "schools:person_doubles":    page("302 403 403 403 403 403 200 200 403 403 403"),
    "schools:person_merge":      form("302 404 404 403 403 403 200 200 404 403 404", colleague),
    "schools:merged":            page("302 404 404 404 404 404 200 404 404 404 404", merged),
    "schools:merged_undo":        act("302 404 404 404 404 404 302 404 404 404 404", merged),
    "schools:people_bulk":        act("302 403 403 403 302 403 302 302 403 403 302"),
    "schools:students_bulk":      act("302 403 403 403 302 403 302 302 403 403 302"),
    "schools:bulk_edit":         page("302 404 404 404 404 404 200 404 404 404 404", edit),
    "schools:bulk_edit_undo":     act("302 404 404 404 404 404 302 404 404 404 404", edit),
    "schools:viewing_begin":     form("302 404 404 403 403 403 200 403 404 403 404", colleague),
    "schools:viewings":          page("302 404 404 200 200 200 200 200 404 200 404", colleague),
    "schools:viewing_end":        act("302 302 302 302 302 302 302 302 302 302 302"),
}  # fmt: skip
