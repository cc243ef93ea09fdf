"""Finding students and people by how a name, number or address begins, as fast as it is typed.

Letters are compared without case, accents and marks. Whatever is typed is looked for in a few ways ("arms": family
name, given name, last of several family names, both in either order, number or address), each of which an index
answers in order, so that the first page costs the same in a school as in a district of 118,000 students. A search by
text in the middle of a word would have to read every row.
"""

import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from math import ceil

from django.db import connection
from django.db.models import F, Func, Index, Q, QuerySet
from django.db.models.functions import Collate, Lower

from schools.composed import Composed, compose

MOST_WORDS = 4
ROWS_A_PAGE = 50
MOST_FOUND = 1000  # who looks further types another letter
SPARE = 9  # rows looked at beyond those wanted, where some turn out not to be meant
IN_ORDER = {"family": ("family", "given"), "given": ("given", "family"), "last": ("last", "given"), "code": ("code",)}
LAST_LETTER = "\U0010ffff"
# What a name is compared without: combining marks, apostrophes and dots go; what parts two names is a space.
DROPPED = "".join(map(chr, (*range(0x300, 0x314), 0x323, 0x324, 0x325, 0x326, 0x327, 0x328, 0x331))) + "'’`.,"
REPLACED = {"-": " ", "‐": " ", "–": " ", "ł": "l", "ø": "o", "đ": "d", "ı": "i", "ß": "s", "æ": "a", "œ": "o"}
FROM, TO = "".join(REPLACED) + DROPPED, "".join(REPLACED.values())
FOLDED = f"""(translate(normalize(lower(%(expressions)s), NFD), '{FROM.replace("'", "''")}', '{TO}') COLLATE "C")"""
LAST_NAME = """(substring(%(expressions)s from ' ([^ ]+)$') COLLATE "C")"""
Among = Callable[[list[int]], Collection[int]]  # which of these keys are meant
TABLE = str.maketrans(REPLACED | dict.fromkeys(DROPPED, ""))


def folded(text: str) -> str:
    """`text` as it is compared: "Żółć-O'Neill" is "zolc oneill"."""
    return " ".join(unicodedata.normalize("NFD", text.lower()).translate(TABLE).split())


def place_of(name: str) -> tuple[str, ...]:
    """Where "Family, Given" stands in a list that is put in order here: as `by_name` has it in the database."""
    return tuple(folded(part) for part in name.split(", ", 1))


class Folded(Func):
    """As `folded`, in the database, ordered letter by letter; an index may stand on it."""

    template = FOLDED
    arity = 1


class LastName(Func):
    """The last of several names in a folded one: "cruz" of "de la cruz"; NULL where there is only one."""

    template = LAST_NAME
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


def find(
    rows: Composed, words: str, code: str, among: Among = set, *, number: int = 1, size: int = ROWS_A_PAGE
) -> Found:
    """Page `number` of the `rows` (students or people) that `words` begin and that are `among` the ones meant.

    `code` is the field beside the names: "number" or "email". Who is meant (everybody, unless told) is asked of a
    page by its keys: told with every arm it would be worked out for all who begin with one letter.
    """
    last = min(number * size, MOST_FOUND)
    found = found_first(rows, words, code, among, last + 1)
    number = min(number, last_page(len(found[:last]), size))
    more = len(found) > last
    page = found[(number - 1) * size : number * size]
    return Found(page, number, more and last < MOST_FOUND, None if more else len(found))


def keys_of(rows: QuerySet, words: str, code: str, most: int) -> list[int]:
    """The keys of at most `most` of the rows that `words` begin, the likeliest first."""
    return list(_begun(compose(rows), words, code, most))


def found_first(rows: Composed, words: str, code: str, among: Among, most: int) -> list:
    """At most `most` of the rows that `words` begin and that are `among` the ones meant, the likeliest first."""
    taken = most + SPARE
    while True:
        begun = _begun(rows, words, code, taken)
        meant = among(list(begun)) if begun else ()
        found = [key for key in begun if key in meant][:most]
        if len(found) == most or len(begun) < taken:
            return [rows.model.from_db(connection.alias, rows.columns, begun[key]) for key in found]
        taken *= 10


def _begun(rows: Composed, words: str, code: str, most: int) -> dict[int, tuple]:
    """At most `most` of the rows that `words` begin, the likeliest first: their columns by key.

    Each arm leaves out what one before it finds, so that as many rows come as were asked for.
    """
    if not rows.text:
        return {}
    table = rows.model._meta.db_table
    texts, params, before = [], [], ""
    bounds: list[str] = []
    for typed in arms_of(words) or [{"family": ""}]:
        order = IN_ORDER[next(iter(typed))]
        conditions = " AND ".join(f"{column(name, table, code)} BETWEEN %s AND %s" for name in typed)
        ordered = ", ".join(column(name, table, code) for name in order)
        texts.append(f'({rows.text}{rows.joint}{conditions}{before} ORDER BY {ordered}, "{table}"."id" LIMIT %s)')
        own = [bound for text in typed.values() for bound in (text, text + LAST_LETTER)]
        params += [*rows.params, *own, *bounds, most]
        before, bounds = f"{before} AND ({conditions}) IS NOT TRUE", bounds + own
    if len(texts) > 1:  # one arm has its limit in its own text, and PostgreSQL takes no second
        texts[-1] += " LIMIT %s"
        params.append(most)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(texts), params)
        at = rows.columns.index(rows.model._meta.pk.attname)
        return {values[at]: values for values in cursor.fetchall()}


@cache
def column(name: str, table: str, code: str) -> str:
    """A column as it is compared, as the indexes hold it (`indexes_of`)."""
    family, given = (FOLDED % {"expressions": f'"{table}"."{name}"'} for name in ("family_name", "given_name"))
    last = LAST_NAME % {"expressions": family}
    return {"family": family, "given": given, "last": last, "code": f'LOWER("{table}"."{code}") COLLATE "C"'}[name]


def arms_of(words: str) -> list[dict[str, str]]:
    """The ways in which `words` may begin a row: what each of its columns begins with, the leading one first."""
    parts = folded(words).split()[:MOST_WORDS]
    text, typed = " ".join(parts), words.strip().lower()
    arms = [{"family": text}, {"given": text}] if parts else []
    if len(parts) == 1:
        arms.append({"last": text})
    for at in range(1, len(parts)):
        left, right = " ".join(parts[:at]), " ".join(parts[at:])
        arms += [{"family": left, "given": right}, {"family": right, "given": left}]
        if " " not in right:
            arms.append({"last": right, "given": left})
    if " " not in typed and any(letter.isdigit() or letter in "@._" for letter in typed):
        arms.append({"code": typed})  # a number or an address, and no name
    return arms


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
