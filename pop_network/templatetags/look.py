"""How numbers, dates and verdicts are written, once for every page. Templates need not load it: a builtin."""

import functools
import json
from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify

from assessments.sentences.figures import grade_words, rounded, signed_words, whole_words
from assessments.verdicts import MARKS, Change, Standing, in_short

register = template.Library()

NOT_SHOWN = "not shown"
SPACE = "\u00a0"  # never breaks a line

# The color class of each verdict; shapes and words are those of `assessments.verdicts` and no others.
VERDICTS = {
    Standing.BELOW: "below",
    Standing.ABOVE: "above",
    Standing.CLOSE: "same",
    Change.SLIPPED: "below",
    Change.GREW: "above",
}
STATUSES = {"ok": "✓", "warn": "▲", "bad": "✗", "wait": "○"}


# --- numbers -------------------------------------------------------------------------------------------


@register.filter
def whole(number) -> str:
    """1234.6 -> "1,235"; None -> "not shown"."""
    if number is None:
        return NOT_SHOWN
    return whole_words(number)


@register.filter
def percent(share) -> str:
    """A share from 0 to 1 as a whole per cent: 0.615 -> "62 %"; None -> "not shown"."""
    return NOT_SHOWN if share is None else f"{rounded(round(float(share) * 100, 6))}{SPACE}%"


@register.filter
def signed(number) -> str:
    """6.2 -> "+6", -3 -> "−3", 0 -> "0"; None -> "not shown"."""
    if number is None:
        return NOT_SHOWN
    return signed_words(number)


@register.filter
def span(estimate, ends) -> str:
    """A figure with its range: `6.2|span:(4.1, 8.3)` -> "6 (4 to 8)"."""
    if estimate is None or ends is None:
        return NOT_SHOWN
    low, high = ends
    return f"{whole(estimate)}{SPACE}({whole(low)} to {whole(high)})"


@register.filter
def tied(words) -> str:
    """A sentence whose figures keep their "%" on their line."""
    return str(words).replace(" %", f"{SPACE}%")


@register.filter
def students_count(count) -> str:
    """1 -> "1 student", 28 -> "28 students"; None -> "not shown"."""
    if count is None:
        return NOT_SHOWN
    return f"{whole(count)}{SPACE}student{'' if int(count) == 1 else 's'}"


@register.filter
def count_of(count, singular: str) -> str:
    """`12|count_of:"row"` -> "12 rows"; `2|count_of:"class,classes"` -> "2 classes"."""
    if count is None:
        return NOT_SHOWN
    one, _, many = singular.partition(",")
    return f"{whole(count)}{SPACE}{one if int(count) == 1 else many or one + 's'}"


@register.filter
def out_of(count, total) -> str:
    """`5|out_of:8` -> "5 of 8": for groups too small for a per cent."""
    return NOT_SHOWN if count is None or total is None else f"{whole(count)} of {whole(total)}"


@register.filter
def shown(value):
    """The value, or "not shown" where it is None; zero stays 0."""
    return NOT_SHOWN if value is None else value


# --- dates and names -----------------------------------------------------------------------------------


@register.filter
def short_date(day) -> str:
    """Dec 4, with the year where it is not this one; a moment is told in the reader's zone. "" for None."""
    if day is None or day == "":
        return ""
    if isinstance(day, datetime):
        day = timezone.localtime(day) if timezone.is_aware(day) else day
    year = "" if day.year == timezone.localdate().year else f", {day.year}"
    return f"{day:%b} {day.day}{year}"


@register.filter
def short_time(moment: datetime) -> str:
    """Dec 4, 3:05 PM; "" for None."""
    if moment is None or moment == "":
        return ""
    local = timezone.localtime(moment)
    return f"{short_date(local)}, {local:%I}".replace(" 0", " ") + f":{local:%M} {local:%p}"


@register.filter
def grade_name(grade: str) -> str:
    """ "05" -> "Grade 5", "KG" -> "Kindergarten", "PK" -> "Pre-K", "" -> "Grade not known"."""
    return grade_words(grade)


@register.filter
def person_name(user) -> str:
    """R. Lopez: how a colleague is named beside a class."""
    return user.get_short_name()


# --- verdicts, levels, states --------------------------------------------------------------------------


@register.filter
def verdict_mark(verdict: str) -> str:
    """▼, ● or ▲."""
    return MARKS[verdict]


@register.filter
def verdict_class(verdict: str) -> str:
    """below, same or above: the end of `mark-...`, `fill-...` and `stroke-...`."""
    return VERDICTS[verdict]


@register.simple_tag
def verdict_words(verdict: str, by=None) -> str:
    """The verdict in its fixed words; with `by` (whole points) in short: "below by 17", "grew by 6"."""
    return in_short(verdict, None if by is None or by == "" else rounded(by))


@register.filter
def status_mark(state: str) -> str:
    """The shape beside the word of a state: ok, warn, bad or wait."""
    return STATUSES[state]


@register.filter
def level_fill(step: int, steps: int = 4) -> int:
    """Which of the fills 0 to 4 level `step` of `steps` has: three levels are 1, 3, 4; five begin with 0."""
    return {2: (1, 4), 3: (1, 3, 4), 4: (1, 2, 3, 4), 5: (0, 1, 2, 3, 4)}[int(steps)][int(step) - 1]


@register.filter
def message_kind(level_tag: str) -> str:
    """The kind of note for a level of Django's messages."""
    return {"success": "ok", "warning": "warn", "error": "bad"}.get(level_tag, "wait")


@register.filter
def kind_word(kind: str) -> str:
    """The word beside the shape of a note."""
    return {"ok": "Done", "warn": "Check", "bad": "Error", "wait": "Note"}[kind]


@register.filter
def issue_state(level: str) -> str:
    """The status of an issue of an upload: error, warning or note."""
    return {"error": "bad", "warning": "warn", "note": "wait"}[level]


@register.filter
def access_ended(exception) -> bool:
    """Whether the words of a 404 are those for a person whose right has ended (`schools.access.ended_right`)."""
    return str(exception).startswith("Your access to ")


# --- markup --------------------------------------------------------------------------------------------


@register.filter
def json_attribute(value) -> str:
    """Strict JSON for an attribute (`hx-vals='{{ values|json_attribute }}'`); autoescape does the rest."""
    return json.dumps(value, allow_nan=False, separators=(",", ":"))


@register.filter
def words_of(text: str) -> list[str]:
    """The words of a text, for a loop."""
    return text.split()


@register.filter
def at(items, index: int):
    """The item at `index` of a list (a loop over one list that needs its fellow in another)."""
    return items[index]


@register.filter
def id_of(prefix: str, number: int) -> str:
    """`"growth"|id_of:3` -> "growth-3": the id of a part of a repeated thing."""
    return f"{prefix}-{number}"


@register.filter
def slug(text) -> str:
    """Text as part of an id."""
    return slugify(text) or "x"


@register.filter
def described_by(field) -> str:
    """The ids of a form field's error and help, in the order they are read out."""
    ids = [f"{field.auto_id}_error"] if field.errors else []
    if field.help_text:
        ids.append(f"{field.auto_id}_helptext")
    return " ".join(ids)


@register.simple_tag
def widget(field, **attributes) -> SafeString:
    """The control of a form field, tied to its error and help, and marked where it is wrong."""
    attributes = {name.replace("_", "-"): value for name, value in attributes.items()}
    if described_by(field):
        attributes["aria-describedby"] = described_by(field)
    if field.errors:
        attributes["aria-invalid"] = "true"
    return field.as_widget(attrs=attributes)


@register.simple_block_tag
def panel(content, title, level=2):
    """A framed part of a page: {% panel "What we tried" %}...{% endpanel %}."""
    return format_html(
        '<section class="panel" aria-labelledby="panel-{0}"><h{1} id="panel-{0}">{2}</h{1}>{3}</section>',
        slug(title), int(level), title, content,
    )  # fmt: skip


@register.simple_block_tag
def more(content, title, beside="", is_open=False):
    """What a reader may open, its gist beside the title: {% more "Since Fall" beside=text %}..."""
    return format_html(
        '<details class="more"{}><summary><span class="title">{}</span> '
        '<span class="quiet">{}</span></summary><div class="inside">{}</div></details>',
        SafeString(" open" if is_open else ""), title, beside, content,
    )  # fmt: skip


@register.simple_block_tag
def note(content, kind="plain", word=""):
    """A remark in the page: {% note "warn" "Check" %}...{% endnote %}; kinds plain, ok, warn, bad."""
    status = format_html('<span class="status status-{}">{} {}</span> ', kind, STATUSES[kind], word) if word else ""
    return format_html('<div class="note note-{}">{}{}</div>', kind, status, content)


@register.filter
def map_cells(cells) -> SafeString:
    """The cells of one row of the item map, pairs of class and text: 28 x 40 are too many for a template's loop."""
    return SafeString("".join(_map_cell(kind, text) for kind, text in cells))


@functools.cache  # a dozen classes and as many answers
def _map_cell(kind: str, text: str) -> SafeString:
    return format_html('<td class="{}">{}', kind, text) if kind else format_html("<td>{}", text)


@register.simple_block_tag
def map_region(content, label):
    """The one thing that scrolls sideways, focusable and named: {% map_region "Item map" %}..."""
    return format_html('<div class="map-region" role="region" tabindex="0" aria-label="{}">{}</div>', label, content)
