"""Who is answered what on the pages of releases. Subject: the first district's release of Fall, which is open."""

from assessments.models import Release
from tests.policy.route import act, form, page


def opened(world):
    return {"pk": Release.objects.get(district=world.district).pk}


# State and date are everyone's in the network; keys, choices and stops the two offices'; the ledger the auditor's.
ROUTES = {
    #                                           anon outs teac lead prin coac admi oper rep  audi far
    "assessments:releases":               page("302 200 200 200 200 200 200 200 200 200 200"),
    "assessments:release_new":            form("302 403 403 403 403 403 200 200 403 403 403"),
    "assessments:release":                page("302 404 200 200 200 200 200 200 200 200 404", opened),
    "assessments:release_choices":        form("302 404 403 403 403 403 200 200 403 403 404", opened),
    "assessments:release_first_key":       act("302 404 403 403 403 403 302 403 403 403 404", opened),
    "assessments:release_second_key":      act("302 404 403 403 403 403 403 302 403 403 404", opened),
    "assessments:release_hold":            act("302 404 403 403 403 403 302 302 403 403 404", opened),
    "assessments:release_resume":          act("302 404 403 403 403 403 302 302 403 403 404", opened),
    "assessments:release_stop":            act("302 404 403 403 403 403 302 302 403 403 404", opened),
    "assessments:release_ledger_export":   act("302 404 403 403 403 403 403 403 403 200 404", opened),
}  # fmt: skip
