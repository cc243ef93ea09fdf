"""Which pages a browser visits, as whom: one a route of the policy's tables, and each further rendering by name.

A route that answers somebody 200 to a GET is visited without being named here, as the first person of READERS whom
its table lets in. What is not a page stands in NOT_PAGES with the reason.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from tests.policy.route import WHO
from tests.test_access import ROUTES

READERS = ("teacher", "principal", "admin", "operator", "rep", "auditor", "coach", "leader", "far", "outsider", "anon")
NOT_PAGES = {
    "style": "a page of parts, held by tests/look",
    "health_live": "a word for machines",
    "health_ready": "a list for machines",
    "schools:access_log_export": "a file",
    "schools:history_export": "a file",
    "assessments:setup_export": "a file",
    "assessments:upload_errors": "a file",
    "assessments:upload_file": "a file",
}


@dataclass(frozen=True)
class Visit:
    """A page to open. `address` of the town, or that of the route as its table asks it; `act` is done on the page."""

    name: str
    who: str
    route: str
    address: Callable | None = None
    status: int = 200
    act: Callable | None = None

    def path(self, town) -> str:
        if self.address:
            return self.address(town)
        return reverse(self.route, kwargs=town.kwargs[self.route])


def is_page(name: str) -> bool:
    """Whether the table says that somebody who asks for the route gets a page."""
    route = ROUTES[name]
    return "GET" in route.methods and 200 in route.answers and name not in NOT_PAGES


def reader_of(name: str) -> str:
    """Whom the page is for: whoever sees it first in the order of READERS; nobody in particular where all do."""
    lets_in = [who for who, answer in zip(WHO, ROUTES[name].answers, strict=True) if answer == 200]
    return "anon" if "anon" in lets_in else next(who for who in READERS if who in lets_in)


def at(name: str, query: str = "", **subject):
    """The address of a page about rows of the town: `pk="section"` is the key of `town.section`, a number is itself."""

    def address(town):
        kwargs = {key: _key(town, value) for key, value in subject.items()} or town.kwargs.get(name, {})
        return reverse(name, kwargs=kwargs) + (f"?{query.format(town=town)}" if query else "")

    return address


def _key(town, value):
    if not isinstance(value, str):
        return value
    row = getattr(town, value, value)
    return getattr(row, "pk", row)


def upload(state: str):
    return lambda town: reverse("assessments:upload", args=[town.uploads[state]])


def released(state: str):
    return lambda town: reverse("assessments:release", args=[town.releases[state]])


def columns(state: str):
    return lambda town: reverse("assessments:upload_mapping", args=[town.uploads[state]])


def kept(page):
    """Ask to keep a mapping that lacks something."""
    with page.expect_navigation():
        page.locator("main button[value=keep]").click()


def issues(code: str):
    return lambda town: reverse("assessments:upload_issues", args=[town.uploads["review"], code])


def sent_empty(page):
    """Empty every field of the page's form and send it, past the browser's own checks."""
    with page.expect_navigation():
        page.evaluate("""() => {
            const form = document.querySelector('main form[method=post]');
            for (const e of form.querySelectorAll('input, select, textarea')) {
                if (e.type === 'checkbox' || e.type === 'radio') e.checked = false;
                else if (e.type !== 'hidden') e.value = '';
            }
            form.submit();
        }""")


def asked(page):
    """Open the page's dialog that asks before it acts."""
    page.locator("main [data-opens]").first.click()


def several(page):
    """Tick the first row of a list and ask to change it."""
    page.locator("main input[type=checkbox]").first.check()
    with page.expect_navigation():
        page.get_by_role("button", name="Change those that are ticked").click()


def all_teachers(page):
    """Choose all teachers of the list of people."""
    with page.expect_response("**/people/?*"):
        page.get_by_label("Role").select_option("teacher")
    page.get_by_text("Change all that were found").wait_for()
    with page.expect_navigation():
        page.get_by_role("button", name="Change all that were found").click()


def letters_looked_at(page):
    """Invite all teachers, up to the look at the letter."""
    all_teachers(page)
    with page.expect_navigation():
        page.get_by_role("button", name="See who would get a letter").click()


def several_looked_at(page):
    """End the role of all teachers, up to the look before it is done."""
    all_teachers(page)
    ends = page.locator("section[aria-labelledby=act-end_roles]")
    ends.get_by_label("Which role").select_option("teacher")
    ends.get_by_label("Last day").fill("2025-12-31")
    ends.get_by_label("Reason").fill("the year is over")
    with page.expect_navigation():
        ends.get_by_role("button", name="See what would change").click()


def visit(name, who, route, address=None, **more) -> Visit:
    return Visit(name, who, route, address, **more)


def pages_of_routes() -> list[Visit]:
    return [Visit(name, reader_of(name), name) for name in ROUTES if is_page(name)]


RESULTS = [
    visit("class of few", "principal", "assessments:section_results",
          at("assessments:section_results", pk="other_section")),
    visit("class, adaptive", "teacher", "assessments:section_results",
          at("assessments:section_results", "administration={town.adaptive_sitting}", pk="section")),
    visit("class, first window, teaching order", "teacher", "assessments:section_results",
          at("assessments:section_results", "administration={town.fall_sitting}&order=teaching", pk="section")),
    visit("class without results", "admin", "assessments:section_results",
          at("assessments:section_results", pk="birch_section")),
    visit("class as a coach", "coach", "assessments:section_results",
          at("assessments:section_results", pk="section")),
    visit("class that was once one's own", "former", "assessments:section_results",
          at("assessments:section_results", pk="section"), status=404),
    visit("item map of few", "principal", "assessments:item_map", at("assessments:item_map", pk="other_section")),
    visit("item map, hardest first", "teacher", "assessments:item_map",
          at("assessments:item_map", "columns=hardest&rows=name", pk="section")),
    visit("question of few", "principal", "assessments:item_detail",
          at("assessments:item_detail", pk="other_section", position=1)),
    visit("question chosen right", "teacher", "assessments:item_detail",
          at("assessments:item_detail", pk="section", position=8)),
    visit("school", "principal", "assessments:school_results", at("assessments:school_results", pk="ash")),
    visit("school, adaptive", "principal", "assessments:school_results",
          at("assessments:school_results", "series=MAP", pk="ash")),
    visit("school, first window", "principal", "assessments:school_results",
          at("assessments:school_results", "series=NQ&window=2025-26/Q1", pk="ash")),
    visit("school without results", "new_principal", "assessments:school_results",
          at("assessments:school_results", pk="new_school")),
    visit("source", "principal", "assessments:source", at("assessments:source", pk="winter_sitting")),
    visit("source, adaptive", "principal", "assessments:source", at("assessments:source", pk="adaptive_sitting")),
    visit("subgroups", "principal", "assessments:subgroups", at("assessments:subgroups", pk="ash")),
    visit("subgroups without results", "new_principal", "assessments:subgroups",
          at("assessments:subgroups", pk="new_school")),
    visit("about a test", "admin", "assessments:about_test",
          at("assessments:about_test", "order=hardest&school={town.ash.pk}", pk="winter_sitting")),
    visit("about a test, adaptive", "principal", "assessments:about_test",
          at("assessments:about_test", pk="adaptive_sitting")),
    visit("class before its release", "leader", "assessments:section_results",
          at("assessments:section_results", "administration={town.adaptive_sitting}", pk="section")),
    visit("network, growth", "principal", "assessments:network_results",
          at("assessments:network_results", "series=NQ")),
    visit("network, at benchmark", "rep", "assessments:network_results",
          at("assessments:network_results", "series=NQ&measure=benchmark")),
    visit("network, grades", "admin", "assessments:network_results",
          at("assessments:network_results", "series=NQ&by=grades")),
    visit("network, a grade", "coach", "assessments:network_results",
          at("assessments:network_results", "series=NQ&grade=05")),
    visit("network, a standard", "teacher", "assessments:network_results",
          at("assessments:network_results", "series=NQ&standard={town.standards[1].pk}")),
    visit("network, a test without growth", "auditor", "assessments:network_results",
          at("assessments:network_results", "series=QM")),
    visit("network, explored over the year", "operator", "assessments:network_explore",
          at("assessments:network_explore", "series=NQ&measure=benchmark")),
    visit("results for everyone", "anon", "public_results", at("public_results", "measure=benchmark")),
    visit("schools side by side", "coach", "assessments:side_by_side", at("assessments:side_by_side")),
    visit("schools side by side, first window", "coach", "assessments:side_by_side",
          at("assessments:side_by_side", "window=2025-26/Q1")),
    visit("results of a principal", "principal", "assessments:results"),
    visit("results of an admin", "admin", "assessments:results"),
    visit("no results at all", "outsider", "assessments:results"),
]  # fmt: skip

UPLOADS = [
    visit("uploads", "admin", "assessments:uploads", at("assessments:uploads")),
    visit("no uploads yet", "newcomer", "assessments:uploads", at("assessments:uploads")),
    visit("uploads, nothing found", "admin", "assessments:uploads", at("assessments:uploads", "q=zzz")),
    visit("a new upload", "admin", "assessments:upload_new", at("assessments:upload_new")),
    visit("a new upload, sent empty", "admin", "assessments:upload_new", at("assessments:upload_new"), act=sent_empty),
    visit("template", "admin", "assessments:template_download", at("assessments:template_download")),
    *[
        visit(f"upload, {state}", "admin", "assessments:upload", upload(state))
        for state in (
            "queued", "checking", "ready", "review", "rejected", "publishing", "published", "undone", "failed",
            "cancelled", "complete", "unmapped", "mapped",
        )
    ],
    visit("upload over a limit as its principal", "principal", "assessments:upload", upload("review")),
    visit("undo is asked", "admin", "assessments:upload", upload("published"), act=asked),
    visit("columns of an unknown layout", "admin", "assessments:upload_mapping", columns("unmapped")),
    visit("columns, not enough said", "admin", "assessments:upload_mapping", columns("unmapped"), act=kept),
    visit("columns of a mapping", "admin", "assessments:upload_mapping", columns("mapped")),
    visit("no mappings yet", "newcomer", "assessments:mappings", at("assessments:mappings")),
    visit("a mapping as its principal", "principal", "assessments:mapping"),
    visit("upload read anew", "admin", "assessments:upload_change",
          lambda town: reverse("assessments:upload_change", args=[town.uploads["ready"]])),
    *[
        visit(f"rows to fix, {code}", "admin", "assessments:upload_issues", issues(code))
        for code in ("UNKNOWN_STUDENT", "UNKNOWN_CHOICE", "DUPLICATE_CONFLICT")
    ],
    visit("students a file changes", "admin", "assessments:upload_students",
          lambda town: reverse("assessments:upload_students", args=[town.uploads["ready"], "changed"])),
    visit("students a file leaves out", "admin", "assessments:upload_students",
          lambda town: reverse("assessments:upload_students", args=[town.uploads["complete"], "absent"])),
]  # fmt: skip

PLACES = [
    visit("today of a principal", "principal", "today"),
    visit("today of an admin", "admin", "today"),
    visit("today on the first day", "newcomer", "today"),
    visit("today before the roster", "waiting_teacher", "today"),
    visit("today without a role", "outsider", "today"),
    visit("today of a coach", "coach", "today"),
    visit("today of the network", "operator", "today"),
    visit("today of a union representative", "rep", "today"),
    visit("today of an auditor", "auditor", "today"),
    visit("nobody found", "admin", "schools:people", at("schools:people", "q=zzz")),
    visit("people", "admin", "schools:people"),
    visit("several people, what to do", "admin", "schools:people", act=several),
    visit("several people, a look before it is done", "admin", "schools:people", act=several_looked_at),
    visit("several people, a look at the letters", "admin", "schools:people", act=letters_looked_at),
    visit("several students, what to do", "admin", "schools:students", act=several),
    visit("two students side by side", "admin", "schools:student_merge",
          lambda town: reverse("schools:student_merge", args=[town.class_501[0].pk])
          + f"?other={town.class_501[1].pk}"),
    visit("two people side by side", "admin", "schools:person_merge",
          lambda town: reverse("schools:person_merge", args=[town.teacher.pk]) + f"?other={town.colleague.pk}"),
    visit("a person with roles", "admin", "schools:person", at("schools:person", pk="teacher")),
    visit("schools of a district", "admin", "schools:schools"),
    visit("a school in an outside eye", "auditor", "schools:school"),
    visit("a network as a teacher", "teacher", "schools:network"),
    visit(
        "a class list that ended", "former", "schools:class_list", at("schools:class_list", pk="section"), status=404
    ),
    visit("nothing in the access log", "newcomer", "schools:access_log"),
    visit("the district's access log", "admin", "schools:access_log"),
    visit("no such change", "admin", "schools:history", at("schools:history", "q=zzz")),
    visit("history of a class", "principal", "schools:history", at("schools:history", "of=section-{town.section.pk}")),
    visit("no rosters yet", "newcomer", "schools:rosters"),
    visit("a roster that waits", "admin", "schools:roster",
          lambda town: reverse("schools:roster", args=[town.rosters["waiting"]])),
    visit("a roster that was refused", "admin", "schools:roster",
          lambda town: reverse("schools:roster", args=[town.rosters["refused"]])),
    visit("no agreements yet", "newcomer", "schools:agreements"),
    visit("tests of a district", "admin", "assessments:tests"),
    visit("no tests yet", "newcomer", "assessments:tests"),
    visit("a form", "admin", "assessments:test", at("assessments:test", pk="form")),
    visit("an adaptive test", "admin", "assessments:test", at("assessments:test", pk="adaptive")),
    visit("a question", "admin", "assessments:question_edit",
          at("assessments:question_edit", pk="form", position=1)),
    visit("cut scores", "admin", "assessments:cut_scores", at("assessments:cut_scores", pk="form")),
    visit("no standard found", "admin", "assessments:standards", at("assessments:standards", "q=zzz")),
    visit("not for you", "teacher", "schools:rosters", status=403),
    visit("out of sight", "teacher", "schools:school", at("schools:school", pk="far_school"), status=404),
]  # fmt: skip

FORMS = [
    visit(f"{route}, sent empty", who, route, act=sent_empty)
    for who, route in [
        ("anon", "account_login"),
        ("teacher", "account_change_password"),
        ("anon", "account_reset_password"),
        ("admin", "schools:person_add"),
        ("admin", "schools:role_add"),
        ("admin", "schools:role_end"),
        ("admin", "schools:school_add"),
        ("operator", "schools:network_edit"),
        ("admin", "schools:network_join"),
        ("admin", "schools:staff_add"),
        ("admin", "schools:agreement_add"),
        ("admin", "schools:agreement_end"),
        ("admin", "schools:roster_add"),
        ("teacher", "schools:class_list_wrong"),
        ("admin", "assessments:test_add"),
        ("admin", "assessments:test_items"),
        ("admin", "assessments:cut_scores"),
        ("admin", "assessments:standard_add"),
        ("admin", "assessments:window_add"),
        ("admin", "assessments:year_add"),
        ("admin", "assessments:setup_import"),
    ]
]
RELEASES = [
    visit("release that waits for the district", "admin", "assessments:release", released("ready")),
    visit("release, asked for the first key", "admin", "assessments:release", released("ready"), act=asked),
    visit("release that waits for the network", "operator", "assessments:release", released("agreed")),
    visit("release being worked out", "operator", "assessments:release", released("computing")),
    visit("release that is not clean", "operator", "assessments:release", released("dirty")),
    visit("release held back", "operator", "assessments:release", released("held")),
    visit("release and what it does not show", "auditor", "assessments:release", released("ready")),
    visit("releases as an auditor", "auditor", "assessments:releases"),
    visit("release with nothing chosen", "operator", "assessments:release_choices", act=sent_empty),
]  # fmt: skip

VISITS = [*pages_of_routes(), *RELEASES, *RESULTS, *UPLOADS, *PLACES, *FORMS]
