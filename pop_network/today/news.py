"""The sentence of Today: that of the page where the reader's newest results stand, and the way there."""

from dataclasses import dataclass, field, replace

from django.db.models import Exists, OuterRef, Subquery

from assessments.models import Administration, GroupSummary, Release, Result, Window
from assessments.models.releases import is_open
from assessments.queries.classes import read_sitting
from assessments.queries.network import Asked, NetworkResults
from assessments.queries.newest import Newest, newest_by_class
from assessments.queries.school import SchoolResults
from assessments.queries.school_forms import common_words
from assessments.queries.section import SectionResults
from assessments.views.network import basis
from pop_network.navigation import url_of
from schools.dates import day_words
from schools.models import School
from schools.today import Line


@dataclass(frozen=True)
class News:
    """The sentence, what it rests on, the page it was taken from, and what was learned on the way.

    newest   of each class of the reader, for the list of classes
    waiting  what that page says is still to be done
    """

    sentence: str
    url: str = ""
    label: str = ""
    basis: tuple[str, ...] = ()
    newest: dict[int, Newest] = field(default_factory=dict)
    waiting: tuple[Line, ...] = ()


def news_of(user) -> News:
    """What the reader should take away first: of their class, their school, their district, or the network."""
    held = user.standing
    newest = newest_by_class(user, held.section_ids)
    found = (_of_class(user, newest) if newest else None) or _of_school(user) or _of_district(user)
    if found is None and (held.section_ids or held.led_school_ids or held.admin_district_ids):
        found = News(_when_results_come(user))
    found = found or _of_coached(user) or _of_network(user) or News(_without_results(user))
    return replace(found, newest=newest)


# --- a class, a school -----------------------------------------------------------------------------------


def _of_class(user, newest: dict[int, Newest]) -> News:
    """The class with the newest test; of several the first by name."""
    rows = {row.section_id: row.section for row in user.standing.readable_staffing}
    in_order = sorted(newest, key=lambda pk: (rows[pk].school.name, str(rows[pk])))
    chosen = newest[max(in_order, key=lambda pk: newest[pk].sitting.age)]
    section = rows[chosen.section]
    page = SectionResults(read_sitting(user, section.pk, chosen.sitting))
    sentence = f"{section}: {page.sentence}" if len(rows) > 1 else page.sentence
    url = url_of("assessments:section_results", section.pk)
    waiting = tuple(_untested_line(rows[pk], newest[pk]) for pk in in_order if newest[pk].untested)
    return News(sentence, url, f"Open {section}", tuple(page.basis), waiting=waiting)


def _untested_line(section, one: Newest) -> Line:
    label = f"{students(one.untested)} of {section} not tested yet; {one.sitting.window} is open until "
    return Line(label + day_words(one.sitting.closes), url_of("assessments:section_results", section.pk))


def _of_school(user) -> News | None:
    """The school with the newest results among those one leads; None without any."""
    school = _newest_school(user)
    return _news_of_school(user, school, alone=len(user.standing.led_school_ids) == 1) if school else None


def _news_of_school(user, school: School, *, alone: bool) -> News | None:
    """The sentence of a school's page, with its name where it is not the reader's one school; None without results."""
    page = SchoolResults(user, school)
    if page.chosen is None:
        return None
    sentence = page.sentence if alone else f"{school}: {page.sentence}"
    url = url_of("assessments:school_results", school.pk)
    missing, window = page.enrolled - page.tested, page.chosen.window
    waiting = ()
    if missing > 0 and window.closes >= user.standing.today:
        until = day_words(window.closes)
        label = f"{students(missing)} of {school} not tested yet; {window.name} is open until {until}"
        waiting = (Line(label, url),)
    return News(sentence, url, f"Open {school}", tuple(page.basis), waiting=waiting)


def _newest_school(user) -> School | None:
    """Of the schools one leads, the one whose results were published last."""
    held = user.standing
    led = {m.school_id: m.school for m in held.active if m.school_id in held.led_school_ids}
    if len(led) < 2:
        return next(iter(led.values()), None)
    rows = GroupSummary.objects.visible_to(user).filter(school__in=led)
    newest = rows.order_by("-administration__published_at", "school__name").values_list("school", flat=True).first()
    return led.get(newest)


def _of_coached(user) -> News | None:
    """Of the schools one coaches, the first by name with results newer than the network's newest release."""
    held = user.standing
    coached = {m.school_id: m.school for m in held.active if m.school_id in held.agreed_school_ids}
    if not coached:
        return None
    rows = GroupSummary.objects.visible_to(user).filter(school__in=coached)
    newest = rows.order_by("-administration__window__opens", "school__name")
    released = Release.objects.visible_to(user).filter(is_open()).order_by("-window__opens")
    last = Subquery(released.values("window__opens")[:1])
    found = newest.values_list("school", "administration__window__opens").annotate(last=last).first()
    if found is None or (found[2] is not None and found[1] <= found[2]):
        return None
    return _news_of_school(user, coached[found[0]], alone=len(coached) == 1)


# --- a district, the network -----------------------------------------------------------------------------


def _of_district(user) -> News | None:
    """What a district's office published last, with the tests of the same series and window; None without results."""
    if not user.standing.admin_district_ids:
        return None
    own = Result.objects.visible_to(user).filter(administration=OuterRef("pk"))
    tests = Administration.objects.visible_to(user).filter(Exists(own), published_at__isnull=False)
    last = tests.order_by("-published_at", "pk")
    together = tests.filter(
        window=Subquery(last.values("window")[:1]), assessment__series=Subquery(last.values("assessment__series")[:1])
    )
    found = list(together.select_related("assessment", "window").order_by("assessment__name"))
    if not found:
        return None
    if len(found) == 1:
        return News(f"The newest results are those of {found[0]}.")
    name = common_words([one.assessment.name for one in found]) or found[0].assessment.series
    return News(f"The newest results are those of {name}, {found[0].window.name}, in {len(found)} tests.")


def _of_network(user) -> News | None:
    """The newest release of the reader's network, or when the first is to come; None for who is in no network."""
    held = user.standing
    own = next((m.network for m in held.active if m.network), None)
    network = own or next(iter(held.joined_networks.values()), None)
    if network is None:
        return None
    page = NetworkResults(network, user, Asked())
    rests_on = tuple(basis(page)) if page.chosen else ()
    return News(
        page.sentence, url_of("assessments:network_results", network.pk), "Open the network's results", rests_on
    )


# --- before there is anything ----------------------------------------------------------------------------


def _without_results(user) -> str:
    if not user.standing.roles:
        return _no_role_sentence(user)
    return "Results of the network open here when they are released, for leaders, teachers and union at once."


def _no_role_sentence(user) -> str:
    ended = [m for m in user.standing.memberships if m.ends and m.ends < user.standing.today]
    if not ended:
        return "You hold no role yet, so there is nothing to show. Ask your principal or the district's office."
    last = max(ended, key=lambda m: m.ends)
    return (
        f"You hold no role today. Your last one, {last}, ended on {day_words(last.ends)}. "
        "If that is a mistake, ask the school's principal or the district's office."
    )


def _when_results_come(user) -> str:
    now = user.standing.today
    window = Window.objects.visible_to(user).filter(closes__gte=now).order_by("opens").first()
    if window is None:
        return "No results yet. They appear here when a file of them is published."
    opens, closes = day_words(window.opens), day_words(window.closes)
    if window.opens <= now:
        return f"No results yet. {window.name} is open until {closes}; its results appear after that."
    return f"No results yet. {window.name} opens on {opens}; its results appear after {closes}."


def students(count: int) -> str:
    """ "1 student", "3 students"."""
    return "1 student" if count == 1 else f"{count:,} students"
