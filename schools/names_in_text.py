"""Finding students' names and numbers in what somebody typed. Pure: text and names in, the places found out.

A name counts where given and family name stand together, in either order, however they are written: case, accents,
hyphens and apostrophes do not matter, one of two family names is enough, and initials and middle names may stand
between. A family name or a given name alone says nothing. Nicknames and misspellings are not found.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from schools.search import folded

WORD = re.compile(r"[^\W\d_]+(?:['’`][^\W\d_]+)*")
NUMBER = re.compile(r"(?<![\w-])(?=[\w-]*\d)[\w-]{4,}(?![\w-])")
SOCIAL_SECURITY = re.compile(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])")
ONE_BY_ONE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # scripts that part no words
ENDS_A_SENTENCE = re.compile(r"[!?;:\n]")
SHORTEST_PLAIN_NUMBER = 5  # 2025 is a year
BETWEEN = 2  # words that may stand between given and family name
LONGEST_NAME = 5  # words

# Words of a name that are none by themselves.
PARTICLE_WORDS = "de la las los del da das do dos di du van von der den ter al el bin ibn abu y e i san st mc"
PARTICLES = frozenset(PARTICLE_WORDS.split())
# Names that are words too. Two of them side by side count only where both are written large.
COMMON_WORDS = """
angel april art august autumn baker bell best bill black brook brooks brown butler carter chance chase christian
church clay cook cross daily dale day dean drew early faith field fields first fish ford fox frank free french gates
gene glass grace grant gray green hall hand hill hope house hunter jack jade jay joy june justice king lake lane lee
little long love major mark marks mason may miles miller moon more north page park parks penny pearl pope price prince
ray read reed rich rivers robin rose ruby sage sharp short sky small south star stone storm strong summer sunny thorn
trinity true violet walker wall water waters way wells west white will winter wise wood woods young
"""
WORDS_TOO = frozenset(COMMON_WORDS.split())


@dataclass(frozen=True)
class Mention:
    """A place in a text that reads like a student: what kind of, as it is written, and where."""

    kind: str  # "name", "number" or "social security number"
    words: str
    start: int
    end: int


@dataclass(frozen=True)
class Token:
    """A word of the text: as it is compared, and where it stands."""

    word: str
    start: int
    end: int


def tokens_of(text: str) -> list[Token]:
    """The words of a text; letters of scripts that part no words one by one."""
    return list(_tokens(unicodedata.normalize("NFC", text)))


def _tokens(text: str) -> Iterator[Token]:
    for found in WORD.finditer(text):
        start, end = found.span()
        if ONE_BY_ONE.search(found.group()):
            yield from (Token(text[at].lower(), at, at + 1) for at in range(start, end))
            continue
        if text[start:end].endswith(("'s", "’s")):
            end -= 2
        yield Token(folded(text[start:end]), start, end)


def words_of_name(name: str) -> tuple[str, ...]:
    """A name as it is compared: "de la Cruz-Soto" is ("de", "la", "cruz", "soto")."""
    return tuple(token.word for token in tokens_of(name.replace(".", " ")))


def family_names(family: str) -> set[tuple[str, ...]]:
    """The ways a family name is written: whole, or one of several."""
    whole = words_of_name(family)
    if not whole or (len(whole[0]) < 2 and len(whole) == 1 and not ONE_BY_ONE.match(whole[0])):
        return set()
    parts = {(word,) for word in whole if len(word) > 2 and word not in PARTICLES} if len(whole) > 1 else set()
    return {whole} | parts


def given_names(given: str) -> set[tuple[str, ...]]:
    """The ways a given name is written: whole, or the first of several."""
    whole = words_of_name(given)
    if not whole:
        return set()
    first = whole[:1] if len(whole[0]) > 1 else whole[:2]
    return {whole, first} - {name for name in (whole, first) if len("".join(name)) < 2 and name[0].isascii()}


def find(text: str, students: Iterable[tuple[str, str, str]]) -> list[Mention]:
    """Where `text` names one of the `students` (number, family name, given name), in the order of the text."""
    text = unicodedata.normalize("NFC", text)
    tokens = tokens_of(text)
    places: dict[str, list[int]] = {}
    for at, token in enumerate(tokens):
        places.setdefault(token.word, []).append(at)
    typed = {found.group().lower(): found for found in reversed(list(NUMBER.finditer(text)))}
    mentions = {(one.start(), one.end()): "social security number" for one in SOCIAL_SECURITY.finditer(text)}
    for number, family, given in students:
        found = typed.get(number.strip().lower())
        if found is not None and tells(number):
            mentions[found.span()] = "number"
        for span in _spans(text, tokens, places, family_names(family), given_names(given)):
            mentions[span] = "name"
    return [Mention(kind, text[start:end], start, end) for (start, end), kind in sorted(mentions.items())]


def tells(number: str) -> bool:
    """Whether a student's number is long enough to be told from any other number."""
    plain = number.strip()
    return len(plain) >= SHORTEST_PLAIN_NUMBER or (len(plain) >= 4 and not plain.isdigit())


def _spans(text, tokens, places, families, givens) -> Iterator[tuple[int, int]]:
    """Where one of the family names stands beside one of the given names."""
    for family in families:
        for at in _standing(tokens, places, family):
            for given in givens:
                for other in _standing(tokens, places, given):
                    span = _together(text, tokens, (at, len(family)), (other, len(given)))
                    if span:
                        yield span


def _standing(tokens, places, name: tuple[str, ...]) -> list[int]:
    """Where the words of a name stand one after the other."""
    return [
        at
        for at in places.get(name[0], ())
        if tuple(token.word for token in tokens[at : at + len(name)]) == name
    ]  # fmt: skip


def _together(text, tokens, one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int] | None:
    """The span of two names that are one student's, or None where too much stands between them."""
    (first, length), (second, _) = sorted((one, other))
    between = tokens[first + length : second]
    if second < first + length or len(between) > BETWEEN:
        return None
    begins, ends = tokens[first], tokens[max(a + n for a, n in (one, other)) - 1]
    gap = text[tokens[first + length - 1].end : tokens[second].start]
    if ENDS_A_SENTENCE.search(gap) or not all(_may_stand_between(text, token) for token in between):
        return None
    if "." in gap and not any(len(token.word) == 1 for token in between):
        return None
    names = [token for at, n in (one, other) for token in tokens[at : at + n]]
    if ONE_BY_ONE.match(begins.word) and gap.strip(" ,、，"):
        return None
    if all(token.word in WORDS_TOO for token in names) and not all(text[token.start].isupper() for token in names):
        return None
    return begins.start, ends.end


def _may_stand_between(text: str, token: Token) -> bool:
    """An initial, a particle or a middle name."""
    return len(token.word) == 1 or token.word in PARTICLES or text[token.start].isupper()
