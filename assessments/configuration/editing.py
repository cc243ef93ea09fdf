"""One change made on a page: a question, a list of questions, a set of cut scores, a date. What it touches among
published results is scored anew, in the same transaction."""

import re
from collections.abc import Mapping
from datetime import date

from django.db import transaction

from assessments.configuration.outcome import Outcome, Rescored, carry_out, preview
from assessments.models import Assessment, Item, Standard, Window
from assessments.pipeline.rescoring import rescore, rescore_window
from schools.models import User

# Rows are locked and read here without a scope: the view has asked whether the person may change the test.


def items_of(test: Assessment, *, with_keys: bool = True) -> list[dict]:
    """The questions of `test` as a set-up file lists them; a code that two frameworks share is written with its own."""
    items = list(test.items.prefetch_related("standards").order_by("position"))
    codes = {standard.code for item in items for standard in item.standards.all()}
    frameworks: dict[str, int] = {}
    for code in Standard.objects.filter(code__in=codes).values_list("code", flat=True):  # unscoped: public texts
        frameworks[code] = frameworks.get(code, 0) + 1
    return [_item(item, frameworks, with_keys) for item in items]


def _item(item: Item, frameworks: Mapping[str, int], with_keys: bool) -> dict:
    codes = [
        f"{standard.framework} {standard.code}" if frameworks[standard.code] > 1 else standard.code
        for standard in item.standards.all()
    ]
    row = {"position": item.position, "points": float(item.points), "label": item.label, "standards": codes}
    return row | {"key": item.key, "text": item.text, "choices": item.choices} if with_keys else row


@transaction.atomic
def change_question(test: Assessment, row: dict, by: User) -> Outcome:
    """Save one question (`row` as in a set-up file, with its position and points), new or not; the others stay."""
    _lock(test)
    others = [
        {"position": position, "points": float(points)}
        for position, points in test.items.exclude(position=row["position"]).values_list("position", "points")
    ]
    return carry_out(_body(test, items=[row, *others]), test.district, by)


def change_questions(test: Assessment, rows: list[dict], by: User, *, keep: bool) -> Outcome:
    """Make `rows` the questions of `test`; only look at what that would do where not `keep`."""
    with transaction.atomic():
        _lock(test)
        return (carry_out if keep else preview)(_body(test, items=rows), test.district, by)


@transaction.atomic
def set_cut_scores(
    test: Assessment, grade: str, valid_from: date, levels: list[tuple[str, float]], by: User
) -> Outcome:
    """Make `levels` (name and lowest score, from level 1 up) the set of `grade` from that day on."""
    _lock(test)
    rows = [
        {"grade": grade, "level": level, "name": name, "minimum": minimum, "valid_from": valid_from.isoformat()}
        for level, (name, minimum) in enumerate(levels, 1)
    ]
    return carry_out(_body(test, cut_scores=rows), test.district, by)


@transaction.atomic
def remove_cut_scores(test: Assessment, grade: str, valid_from: date, by: User) -> list[Rescored]:
    """Take the set of `grade` from that day away; what was scored by it is scored by what is in force then."""
    _lock(test)
    _lock(test)
    gone, _ = test.cut_scores.filter(grade=grade, valid_from=valid_from).delete()
    return rescored_of(test, by) if gone else []


@transaction.atomic
def rescored_of(test: Assessment, by: User) -> list[Rescored]:
    """Score the published results of `test` anew after it changed; which of them came out different."""
    return _told(rescore(test, by, f"test set-up of {test.code}"))


@transaction.atomic
def rescored_in(window: Window, by: User) -> list[Rescored]:
    """As `rescored_of` for every test given in `window`, whose first day says which cut scores are in force."""
    return _told(rescore_window(window, by))


def _told(versions) -> list[Rescored]:
    return [Rescored.by(version) for version in versions]


def _lock(test: Assessment) -> None:
    """Two people changing one test wait for each other."""
    Assessment.objects.select_for_update().get(pk=test.pk)  # unscoped: see above


def _body(test: Assessment, **parts) -> dict:
    return {"assessments": [{"code": test.code, **parts}]}


# --- problems as a page says them ------------------------------------------------------------------------

PLACE = re.compile(r"assessments\[0\](?:\.(items|cut_scores)(?:\[(\d+)\])?)?\.?(\w*): ")


def in_words(problem: str, positions: list[int]) -> str:
    """A problem of a body of one test without its path: "Question 3, points: ..." (`positions` of its items)."""
    found = PLACE.match(problem)
    if not found:
        return problem
    part, number, field = found.groups()
    words = []
    if part == "items" and number:
        words.append(f"question {positions[int(number)]}")
    elif number:
        words.append(f"level {int(number) + 1}")
    words += [field.replace("_", " ")] if field else []
    sentence = problem[found.end() :]
    return f"{', '.join(words).capitalize()}: {sentence}" if words else f"{sentence[:1].upper()}{sentence[1:]}"
