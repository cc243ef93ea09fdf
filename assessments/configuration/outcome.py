"""What a set-up file would do, or did: row by row, and which published results it scores anew."""

import re
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from assessments.configuration.applying import apply_configuration
from assessments.configuration.exporting import export_configuration
from assessments.configuration.saving import ConfigurationRefused
from assessments.configuration.shape import shape_problems
from assessments.models import Standard, Upload
from assessments.queries.setup import codes_with_closed_keys
from schools.models import District, User

ADDED, CHANGED, REMOVED = "added", "changed", "removed"
WORDS = {
    "opens": "first day", "closes": "last day", "starts": "first day", "ends": "last day", "aliases": "other names",
    "max_score": "highest score", "retake_rule": "retake rule", "benchmark_level": "benchmark level",
    "short_name": "short name", "valid_from": "first day", "suggests": "what a wrong answer suggests",
}  # fmt: skip
KEYED = frozenset({"key", "text", "choices"})
KEY_AND_TEXTS = "key and texts"


@dataclass(frozen=True, slots=True)
class Change:
    """One row of the set-up: what it is, what happens to it, and which of its fields. Never the values: keys are
    not for everyone."""

    group: str
    what: str
    act: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rescored:
    """A published administration that is scored anew, and how many of its results come out different."""

    administration: str
    results: int

    @classmethod
    def by(cls, version: Upload) -> "Rescored":
        """As the version tells it; the year stands beside the window, for a test is given again a year later."""
        year = version.options["window"].partition("/")[0]
        return cls(f"{version.answer['administrations'][0]['name']} {year}", version.answer["rows_loaded"])


@dataclass(frozen=True)
class Outcome:
    """What one application of a set-up file does. With `problems` (sentences with places) it does nothing."""

    changes: tuple[Change, ...] = ()
    unchanged: int = 0
    rescored: tuple[Rescored, ...] = ()
    problems: tuple[str, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def results(self) -> int:
        return sum(one.results for one in self.rescored)

    def groups(self) -> list[dict]:
        """The changes under their heads, each with how many rows are added, changed, removed."""
        found: dict[str, dict] = {}
        for change in self.changes:
            group = found.setdefault(change.group, {"name": change.group, ADDED: [], CHANGED: [], REMOVED: []})
            group[change.act].append(change)
        return list(found.values())


def preview(body, district: District, by: User) -> Outcome:
    """What `body` would do to the set-up of `district`; afterward everything is as it was."""
    return _apply(body, district, by, keep=False)


def carry_out(body, district: District, by: User) -> Outcome:
    """Apply `body` to the set-up of `district`: whole, or not at all where the outcome has problems."""
    return _apply(body, district, by, keep=True)


def _apply(body, district: District, by: User, keep: bool) -> Outcome:
    if problems := shape_problems(body):
        return Outcome(problems=tuple(problems))
    try:
        with transaction.atomic():
            standards = _standards(body)
            stands = export_configuration(district)
            applied = apply_configuration(_lean(body, stands), district, by)
            before = _picture(stands, standards)
            district.refresh_from_db()
            after = _picture(export_configuration(district), _standards(body))
            closed = codes_with_closed_keys(by, district)
            _hide_keys(before, after, body, closed)
            # What a look would score anew tells whether a guessed key is the right one; what is done stands in the log.
            rescored = tuple(_rescored(applied.rescored, set() if keep else closed))
            if not keep:
                transaction.set_rollback(True)
    except ConfigurationRefused as refusal:
        return Outcome(problems=tuple(refusal.problems))
    changes = tuple(_changes(before, after))
    counts = {act: sum(change.act == act for change in changes) for act in (ADDED, CHANGED, REMOVED)}
    return Outcome(changes, len(after) - counts[ADDED] - counts[CHANGED], rescored, counts=counts)


def _rescored(versions: list[int], hidden: set[str]):
    rows = Upload.objects.filter(pk__in=versions).order_by("pk")  # unscoped: made in this very transaction
    return [Rescored.by(version) for version in rows if version.options["assessment"] not in hidden]


def _hide_keys(before: "Picture", after: "Picture", body: dict, closed: set[str]) -> None:
    """Take keys and texts of these tests out of both pictures. Where the file gives them they count as changed,
    right or wrong: who may not read a key could otherwise guess it, look by look."""
    groups = {f"Test {code}" for code in closed}
    for picture in (before, after):
        for (group, what), row in picture.items():
            if group in groups and what.startswith("question "):
                for name in [name for name in row if name in ("key", "text") or name.startswith("choice ")]:
                    del row[name]
    for test in body.get("assessments", []):
        for item in test.get("items", []):
            place = f"Test {test['code']}", f"question {item['position']}"
            if place[0] in groups and place in before and place in after and KEYED & item.keys():
                before[place][KEY_AND_TEXTS], after[place][KEY_AND_TEXTS] = "as it stood", "as given"


def _lean(body: dict, stands: dict) -> dict:
    """`body` without what each test of it has as it stands: a district's file mostly changes a test or two, and every
    question costs several queries. Places in the file stay the same."""
    if not isinstance(body.get("assessments"), list):
        return body
    held = {test["code"]: test for test in stands["assessments"]}
    rows = [{"code": row["code"]} if row == held.get(row.get("code")) else row for row in body["assessments"]]
    return body | {"assessments": rows}


# --- before and after ------------------------------------------------------------------------------------

Picture = dict[tuple[str, str], dict[str, Any]]


def _picture(whole: dict, standards: list[dict]) -> Picture:
    """Every row of the set-up (`whole` as exported) by its group and name, with its fields."""
    found: Picture = {("District", whole["district"]["code"]): whole["district"]}
    for year in whole["school_years"]:
        found["School years", f"Year {year['code']}"] = year
    for window in whole["windows"]:
        found["Windows", f"Window {window['code']}"] = window
    for standard in standards:
        found["Standards", f"{standard['framework']} {standard['code']}"] = standard
    for test in whole["assessments"]:
        found |= _of_test(test)
    return found


def _standards(body: dict) -> list[dict]:
    """The standards that the file names, as they stand."""
    codes = [" ".join(str(row.get("code")).split()) for row in body.get("standards", [])]
    rows = Standard.objects.filter(code__in=codes)  # unscoped: standards are public texts
    return list(rows.values("framework", "code", "grade", "domain", "short_name", "text"))


def _of_test(test: dict) -> Picture:
    group = f"Test {test['code']}"
    found: Picture = {(group, "name and rules"): {k: v for k, v in test.items() if k not in ("items", "cut_scores")}}
    for item in test.get("items", []):
        choices = {f"choice {letter}": choice for letter, choice in item.pop("choices", {}).items()}
        found[group, f"question {item['position']}"] = item | choices
    for cut in test["cut_scores"]:
        place = f"cut scores of {'grade ' + cut['grade'] if cut['grade'] else 'every grade'} from {cut['valid_from']}"
        level = {f"level {cut['level']}": (cut["name"], cut["minimum"])}
        found[group, place] = found.get((group, place), {}) | level
    return found


def _changes(before: Picture, after: Picture):
    for (group, what), row in after.items():
        if (group, what) not in before:
            yield Change(group, what, ADDED)
        elif row != before[group, what]:
            yield Change(group, what, CHANGED, tuple(_fields(before[group, what], row)))
    for group, what in before:
        if (group, what) not in after:
            yield Change(group, what, REMOVED)


def _fields(before: dict, after: dict):
    names = dict.fromkeys([*before, *after])
    return [WORDS.get(name, name) for name in names if before.get(name) != after.get(name)]


# --- problems --------------------------------------------------------------------------------------------

ROWS = {"school_years": "year", "windows": "window", "standards": "standard", "assessments": "test"}
PLACE = re.compile(r"(school_years|windows|standards|assessments)\[(\d+)\](?:\.(items|cut_scores)\[(\d+)\])?")


def named(problem: str, body: dict) -> str:
    """A problem with what its place is called: "Test QM5, question 3: assessments[0].items[2].points: ..." """
    found = PLACE.match(problem)
    if not found:
        return problem
    part, number, inner, place = found.groups()
    row = body[part][int(number)]
    if not isinstance(row, dict) or not row.get("code"):
        return problem
    name = f"{ROWS[part].capitalize()} {row['code']}"
    if inner == "items" and isinstance(row["items"][int(place)], dict):
        name += f", question {row['items'][int(place)].get('position', int(place) + 1)}"
    return f"{name}: {problem}"
