"""Who is answered what on the pages of uploads. Subject: a published file of Ash School with one issue."""

from assessments.models import ColumnMapping, Upload
from tests.policy.route import act, form, page


def upload(world):
    return {"pk": Upload.objects.get(filename="results-class.csv").pk}


def issue(world):
    return upload(world) | {"code": "BAD_DATE"}


def students(world):
    return upload(world) | {"kind": "changed"}


def mapping(world):
    return {"pk": ColumnMapping.objects.get(name="mapping of class").pk}


#                      anon outs teac lead prin coac admi oper rep  audi far
SENDERS =             "302 403 403 403 200 403 200 403 403 403 200"  # fmt: skip
ACT =                 "302 404 404 404 302 404 302 403 404 403 404"  # fmt: skip
VALUES =              "302 404 404 404 200 404 200 403 404 403 404"  # fmt: skip
STATES =              "302 404 404 404 200 404 200 200 404 200 404"  # fmt: skip

ROUTES = {
    "assessments:uploads":           page("302 200 200 200 200 200 200 200 200 200 200"),
    "assessments:upload_new":        form(SENDERS),
    "assessments:template_download": page(SENDERS),
    "assessments:upload":            page(STATES, upload),
    "assessments:upload_issues":     page(STATES, issue),
    "assessments:upload_students":   page(VALUES, students),
    "assessments:upload_change":     page(VALUES, upload),
    "assessments:upload_mapping":    form(VALUES, upload),
    "assessments:mappings":          page("302 200 200 200 200 200 200 200 200 200 200"),
    "assessments:mapping":           page("302 404 404 404 200 404 200 404 404 404 404", mapping),
    "assessments:mapping_delete":     act("302 404 404 404 403 404 302 404 404 404 404", mapping),
    "assessments:upload_again":       act(ACT, upload),
    "assessments:upload_complete":    act(ACT, upload),
    "assessments:upload_publish":     act(ACT, upload),
    "assessments:upload_approval":    act(ACT, upload),
    "assessments:upload_cancel":      act(ACT, upload),
    "assessments:upload_undo":        act(ACT, upload),
    "assessments:upload_unfix":       act(ACT, upload),
    "assessments:upload_fix":         act(ACT, issue, {"fix": "leave_out"}),
    # Files ask for the password first where it was not typed a moment ago: 302.
    "assessments:upload_errors":     page("302 404 404 404 302 404 302 403 404 403 404", upload),
    "assessments:upload_file":        act("302 404 404 404 403 404 302 403 404 403 404", upload),
}  # fmt: skip
