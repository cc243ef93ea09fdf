"""Students named in what a person types: a warning among colleagues, a refusal where everyone reads.

The one service for it: forms of every room call `names_stand`.
"""

from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_

from django import forms
from django.db.models import Q

from schools.models import Student
from schools.names_in_text import LONGEST_NAME, NUMBER, PARTICLES, Mention, Token, find, tokens_of
from schools.search import FAMILY, GIVEN, LAST, LAST_LETTER, plain

BEGINS_WITH_A_PARTICLE = f"^({'|'.join(sorted(PARTICLES))}) "
AT_ONCE = 150  # words looked up in one question
BOX = "names_stand"
MAY_STAND = "These words may stand: they name no student, or must"
TAKE_OUT = "Take it out, or write it so that no student can be known by it."


def students_named(text: str, students) -> list[Mention]:
    """Where `text` names one of `students` (rows of Student). The database is asked only for names like its words."""
    return find(text, _candidates(text, students)) if text.strip() else []


def named_in_sight(text: str, user) -> list[Mention]:
    """Where `text` names a student whom `user` sees: what a warning among colleagues goes by."""
    return students_named(text, Student.objects.visible_to(user))


def named_in_districts(text: str, districts: Iterable[int]) -> list[Mention]:
    """Where `text` names any student of these districts: what a public place refuses, whoever writes."""
    rows = Student.objects.filter(district__in=list(districts))  # unscoped: whoever is named, nobody is told who
    return students_named(text, rows)


def _candidates(text: str, students) -> Iterator[tuple[str, str, str]]:
    """The students one of whose names, or whose number, the text may hold."""
    tokens = tokens_of(text)
    words = sorted({token.word for token in tokens if len(token.word) > 1 or not token.word.isascii()})
    runs = sorted(_runs(tokens))
    numbers = sorted({found.group().lower() for found in NUMBER.finditer(text)})
    rows = students.order_by().alias(family=FAMILY, given=GIVEN, last=LAST, code=plain("number"))
    rows = rows.values_list("number", "family_name", "given_name")
    if numbers:
        yield from rows.filter(code__in=numbers)
    for some in _by(AT_ONCE, words):
        yield from rows.filter(_is_or_begins("family", some) | Q(last__in=some))
        # "de la Cruz y Soto" is known as Cruz: neither the first nor the last of its words.
        yield from rows.filter(_is_or_begins("given", some), family__regex=BEGINS_WITH_A_PARTICLE)
    for some in _by(AT_ONCE * LONGEST_NAME, runs):
        yield from rows.filter(family__in=some)


def _is_or_begins(name: str, words: list[str]) -> Q:
    """Rows whose `name` is one of the words, or begins with it as the first of several."""
    begins = (Q((f"{name}__gte", f"{word} "), (f"{name}__lt", f"{word} {LAST_LETTER}")) for word in words)
    return reduce(or_, begins, Q((f"{name}__in", words)))


def _runs(tokens: list[Token]) -> set[str]:
    """Two to five words one after the other, as a family name of several words is compared."""
    return {
        " ".join(token.word for token in tokens[at : at + length])
        for length in range(2, LONGEST_NAME + 1)
        for at in range(len(tokens) - length + 1)
    }


def _by(size: int, items: list[str]) -> Iterator[list[str]]:
    return (items[at : at + size] for at in range(0, len(items), size))


# --- in forms --------------------------------------------------------------------------------------------


def names_stand(form: forms.BaseForm, user, *fields: str, public: Iterable[int] | None = None) -> bool:
    """Whether what was typed in `fields` of a valid form may be kept.

    Where it names a student the form gets an error beside the field, and among colleagues a box: who ticks it says
    that the words may stand, and a form that is shown once more keeps the tick. With `public` (the districts whose
    students it could name) there is no such box.
    """
    if public is None and form.data.get(form.add_prefix(BOX)):
        _offer_box(form)
        return True
    found = {name: _mentions(form.cleaned_data.get(name) or "", user, public) for name in fields}
    found = {name: mentions for name, mentions in found.items() if mentions}
    for name, mentions in found.items():
        form.add_error(name, _words(mentions, public is not None))
    if found and public is None:
        _offer_box(form)
    return not found


def read_by_overseers(text: str, user) -> str:
    """What is wrong with words that stand in the access log, which people read who see no student; "" for nothing."""
    mentions = named_in_sight(text, user) or named_in_districts(text, user.standing.district_ids)
    return _words(mentions, public=True) if mentions else ""


def _offer_box(form: forms.BaseForm) -> None:
    form.fields[BOX] = forms.BooleanField(label=MAY_STAND, required=False)


def _mentions(text: str, user, public: Iterable[int] | None) -> list[Mention]:
    return named_in_sight(text, user) if public is None else named_in_districts(text, public)


def _words(mentions: list[Mention], public: bool) -> str:
    told = ", ".join(dict.fromkeys(f'"{mention.words}"' for mention in mentions))
    read = "People who see no student read this, and it" if public else "This"
    return f"{read} reads like a student: {told}. {TAKE_OUT}"
