"""Who is answered what on the ground floor. Subjects: Ash School, section 501, and the colleague who teaches 502."""

from schools.models import (
    Change,
    ClassListReport,
    Membership,
    NetworkSchool,
    RosterImport,
    SchoolYear,
    SectionStaff,
    YearAct,
)
from tests.policy.route import act, form, page


def ash(world):
    return {"pk": world.ash.pk}


def section(world):
    return {"pk": world.section.pk}


def colleague(world):
    return {"pk": world.colleague.pk}


def role(world):
    return {"pk": Membership.objects.get(user=world.colleague).pk}


def staffing(world):
    return {"pk": SectionStaff.objects.get(user=world.teacher).pk}


def network(world):
    return {"pk": world.network.pk}


def stay(world):
    return {"pk": NetworkSchool.objects.get(school=world.ash).pk}


def agreement(world):
    return {"pk": world.agreement.pk}


def this_year(world):
    return {"pk": world.year.pk}


def classes_of_ash(world):
    """There is a year to carry them over into."""
    SchoolYear.objects.get_or_create(
        district=world.district, code="2026-27", defaults={"starts": "2026-08-24", "ends": "2027-06-15"}
    )
    return {"pk": world.year.pk, "school": world.ash.pk}


def year_act(world):
    return {"pk": YearAct.objects.get(words="Done in ring class.").pk}


def report(world):
    return {"pk": ClassListReport.objects.get(by=world.teacher).pk}


def district(world):
    return {"pk": world.district.pk}


def act_kept(world):
    return {"pk": Change.objects.filter(kind="school", school=world.ash).first().act_id}


def roster(world):
    return {"pk": RosterImport.objects.get(filename="roster-class.zip").pk}


ROUTES = {
    #                                  anon outs teac lead prin coac admi oper rep  audi far
    "schools:people":            page("302 200 200 200 200 200 200 200 200 200 200"),
    "schools:person":            page("302 404 404 200 200 200 200 200 404 200 404", colleague),
    "schools:person_add":        form("302 403 403 403 200 403 200 200 403 403 200"),
    "schools:people_invite":     form("302 403 403 403 200 403 200 200 403 403 200"),
    "schools:person_reset_sign_in": act("302 404 404 403 302 403 302 302 404 403 404", colleague),
    "schools:person_edit":       form("302 404 404 403 200 403 200 200 404 403 404", colleague),
    "schools:person_invite":      act("302 404 404 403 302 403 302 302 404 403 404", colleague),
    "schools:person_switch_off":  act("302 404 404 403 302 403 302 302 404 403 404", colleague),
    "schools:person_switch_on":   act("302 404 404 403 302 403 302 302 404 403 404", colleague),
    "schools:role_add":          form("302 404 404 403 200 403 200 200 404 403 404", colleague),
    "schools:role_end":          form("302 404 404 403 200 403 200 200 404 403 404", role),
    "schools:schools":           page("302 200 200 200 200 200 200 200 200 200 200"),
    "schools:school":            page("302 404 200 200 200 200 200 200 404 200 404", ash),
    "schools:school_add":        form("302 403 403 403 403 403 200 200 403 403 403"),
    "schools:school_edit":       form("302 404 403 403 403 403 200 200 404 403 404", ash),
    "schools:network":           page("302 404 200 200 200 200 200 200 200 200 404", network),
    "schools:network_edit":      form("302 404 403 403 403 403 403 200 403 403 404", network),
    "schools:network_join":      form("302 404 403 403 403 403 200 200 403 403 404", network),
    "schools:network_stay":      form("302 404 403 403 403 403 200 200 403 403 404", stay),
    "schools:district_edit":     form("302 404 403 403 403 403 200 403 403 403 404", district),
    "schools:section":           page("302 404 200 200 200 200 200 200 404 200 404", section),
    "schools:class_list":        page("302 404 200 200 200 200 200 404 404 404 404", section),
    "schools:class_list_wrong":  form("302 404 200 200 200 200 200 404 404 404 404", section),
    "schools:years":             page("302 403 403 403 403 403 200 403 403 403 403"),
    "schools:year":              page("302 404 403 403 403 403 200 403 403 403 404", this_year),
    "schools:year_close":         act("302 404 403 403 403 403 302 403 403 403 404", this_year),
    "schools:year_roll":         page("302 404 403 403 403 403 200 403 403 403 404", this_year),
    "schools:year_roll_school":  form("302 404 403 403 403 403 200 403 403 403 404", classes_of_ash),
    "schools:year_review":       form("302 404 403 403 403 403 200 403 403 403 404", this_year),
    "schools:year_act_undo":      act("302 404 404 404 404 404 302 404 404 404 404", year_act),
    "schools:first_day":         page("302 200 200 200 200 200 200 200 200 200 200"),
    "schools:corrections":       page("302 200 200 200 200 200 200 200 200 200 200"),
    "schools:correction":        page("302 404 200 404 200 404 200 404 404 404 404", report),
    "schools:correction_answer": form("302 404 403 404 200 404 200 404 404 404 404", report),
    "schools:staff_add":         form("302 404 403 403 200 403 200 403 404 403 404", section),
    "schools:staff_change":      form("302 404 403 403 200 403 200 403 404 403 404", staffing),
    "schools:staff_end":         form("302 404 403 403 200 403 200 403 404 403 404", staffing),
    "schools:staff_remove":       act("302 404 403 403 302 403 302 403 404 403 404", staffing),
    "schools:rosters":           page("302 403 403 403 403 403 200 403 403 403 403"),
    "schools:roster_add":        form("302 403 403 403 403 403 200 403 403 403 403"),
    "schools:roster":            page("302 404 404 404 404 404 200 404 404 404 404", roster),
    "schools:roster_apply":       act("302 404 404 404 404 404 302 404 404 404 404", roster),
    "schools:roster_undo":        act("302 404 404 404 404 404 302 404 404 404 404", roster),
    "schools:roster_changes":    form("302 404 404 404 404 404 200 404 404 404 404", roster),
    "schools:roster_export":     form("302 403 403 403 403 403 200 403 403 403 403"),
    "schools:roster_programs":   form("302 404 404 404 404 404 200 404 404 404 404", district),
    "schools:agreements":        page("302 200 200 200 200 200 200 200 200 200 200"),
    "schools:agreement":         page("302 404 200 200 200 200 200 200 200 200 404", agreement),
    "schools:agreement_add":     form("302 403 403 403 403 403 200 403 403 403 403"),
    "schools:agreement_end":     form("302 404 403 403 403 403 200 403 403 403 404", agreement),
    "schools:notices":           page("302 200 200 200 200 200 200 200 200 200 200"),
    "schools:notices_read":       act("302 302 302 302 302 302 302 302 302 302 302"),
    "schools:notices_mail":       act("302 302 302 302 302 302 302 302 302 302 302"),
    "schools:access_log":        page("302 200 200 200 200 200 200 200 200 200 200"),
    "schools:access_log_export": page("302 403 403 403 200 403 200 403 403 200 200"),
    "schools:history":           page("302 403 403 403 200 403 200 200 403 200 200"),
    "schools:history_act":       page("302 403 403 403 200 403 200 200 403 200 200", act_kept),
    "schools:history_export":    page("302 403 403 403 200 403 200 200 403 200 200"),
}  # fmt: skip
