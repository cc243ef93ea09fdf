"""Finding students and people by how a name, number or address begins, as fast as it is typed.

Letters are compared without case, accents and marks. Whatever is typed is looked for in a few ways ("arms": family
name, given name, last of several family names, both in either order, number or address), each of which an index
answers in order, so that the first page costs the same in a school as in a district of 118,000 students. A search by
text in the middle of a word would have to read every row.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from math import ceil

from django.db.models import F, Func, Index, Q, QuerySet
from django.db.models.functions import Collate, Lower

MOST_WORDS = 4
ROWS_A_PAGE = 50
MOST_FOUND = 1000  # who looks further types another letter
LAST_LETTER = "\U0010ffff"
# What a name is compared without: combining marks, apostrophes and dots go; what parts two names is a space.
DROPPED = "".join(map(chr, (*range(0x300, 0x314), 0x323, 0x324, 0x325, 0x326, 0x327, 0x328, 0x331))) + "'’`.,"
REPLACED = {"-": " ", "‐": " ", "–": " ", "ł": "l", "ø": "o", "đ": "d", "ı": "i", "ß": "s", "æ": "a", "œ": "o"}
FROM, TO = "".join(REPLACED) + DROPPED, "".join(REPLACED.values())
TABLE = str.maketrans(REPLACED | dict.fromkeys(DROPPED, ""))


def folded(text: str) -> str:
    """`text` as it is compared: "Żółć-O'Neill" is "zolc oneill"."""
    return " ".join(unicodedata.normalize("NFD", text.lower()).translate(TABLE).split())


def place_of(name: str) -> tuple[str, ...]:
    """Where "Family, Given" stands in a list that is put in order here: as `by_name` has it in the database."""
    return tuple(folded(part) for part in name.split(", ", 1))


class Folded(Func):
    """As `folded`, in the database, ordered letter by letter; an index may stand on it."""

    template = (
        f"""(translate(normalize(lower(%(expressions)s), NFD), '{FROM.replace("'", "''")}', '{TO}') COLLATE "C")"""
    )
    arity = 1


class LastName(Func):
    """The last of several names in a folded one: "cruz" of "de la cruz"; NULL where there is only one."""

    template = """(substring(%(expressions)s from ' ([^ ]+)$') COLLATE "C")"""
    arity = 1


def plain(field: str) -> Collate:
    """A number or an address as it is compared: in small letters."""
    return Collate(Lower(field), "C")


FAMILY, GIVEN = Folded("family_name"), Folded("given_name")
LAST = LastName(Folded("family_name"))


@dataclass(frozen=True)
class Found:
    """One page of a search: the rows in their order, and whether there are more behind them.

    `total` is None where nobody counted: to count what one letter finds would cost more than to find it.
    """

    rows: list
    number: int
    has_next: bool
    total: int | None = None

    def __iter__(self):
        return iter(self.rows)

    @property
    def has_previous(self) -> bool:
        return self.number > 1


def by_name(rows: QuerySet) -> QuerySet:
    """`rows` in the order of names that the indexes hold."""
    return rows.order_by(FAMILY, GIVEN, "pk")


def page_in_order(rows: QuerySet, *, number: int, size: int = ROWS_A_PAGE) -> Found:
    """Page `number` of all `rows`, in the order they have, counted."""
    total = rows.count()
    number = min(number, last_page(total, size))
    return Found(list(rows[(number - 1) * size : number * size]), number, total > number * size, total)


def last_page(total: int, size: int) -> int:
    return max(1, ceil(total / size))


def find(rows: QuerySet, words: str, code: str, *, number: int = 1, size: int = ROWS_A_PAGE) -> Found:
    """Page `number` of the `rows` (students or people, already narrowed to the reader's sight) that `words` begin.

    `code` is the field beside the names: "number" or "email". Two queries, whatever is found.
    """
    last = min(number * size, MOST_FOUND)
    keys = keys_of(rows, words, code, last + 1)
    number = min(number, last_page(len(keys[:last]), size))
    page = keys[(number - 1) * size : number * size]
    by_key = {row.pk: row for row in rows.filter(pk__in=page)} if page else {}
    more = len(keys) > last
    found = [by_key[key] for key in page if key in by_key]
    return Found(found, number, more and last < MOST_FOUND, None if more else len(keys))


def keys_of(rows: QuerySet, words: str, code: str, most: int) -> list[int]:
    """The keys of at most `most` of the rows that `words` begin, the likeliest first."""
    asked = rows.order_by().prefetch_related(None).select_related(None)
    asked = asked.alias(family=FAMILY, given=GIVEN, last=LAST, code_typed=plain(code))
    arms = [
        asked.filter(condition).order_by(*order, "pk").values_list("pk", flat=True)[:most]
        for condition, order in arms_of(words)
    ]
    if not arms:
        return list(by_name(asked).values_list("pk", flat=True)[:most])
    found = arms[0].union(*arms[1:], all=True)[: most + len(arms)] if len(arms) > 1 else arms[0]
    return list(islice(dict.fromkeys(found), most))


def arms_of(words: str) -> Iterator[tuple[Q, tuple[str, str]]]:
    """The ways in which `words` may begin a row: a condition, and the order in which its index gives the rows."""
    text = folded(words)
    parts = text.split()[:MOST_WORDS]
    if parts:
        text = " ".join(parts)
        yield begins(family=text), ("family", "given")
        yield begins(given=text), ("given", "family")
        yield begins(last=text), ("last", "given")
    for at in range(1, len(parts)):
        left, right = " ".join(parts[:at]), " ".join(parts[at:])
        yield begins(family=left, given=right), ("family", "given")
        yield begins(family=right, given=left), ("family", "given")
        yield begins(last=left, given=right), ("last", "given")
        yield begins(last=right, given=left), ("last", "given")
    typed = words.strip().lower()
    if typed and " " not in typed:
        yield begins(code_typed=typed), ("code_typed", "family")


def begins(**typed: str) -> Q:
    """Rows whose columns begin with what was typed, as ranges that an index holds."""
    return Q(*(Q((f"{name}__gte", text), (f"{name}__lt", text + LAST_LETTER)) for name, text in typed.items()))


def indexes_of(model: str, code: str, *before: str) -> list:
    """The indexes that `find` needs, named after the `model`; `before` are fields that narrow every search."""

    lead = [F(name) for name in before]
    return [
        Index(*lead, FAMILY, GIVEN, F("id"), name=f"{model}_by_family"),
        Index(*lead, GIVEN, FAMILY, F("id"), name=f"{model}_by_given"),
        Index(*lead, LAST, GIVEN, F("id"), name=f"{model}_by_last"),
        Index(*lead, plain(code), name=f"{model}_by_{code}"),
    ]
