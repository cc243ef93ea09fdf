"""The questions of a test, as the set-up file lists them. A test with results keeps its questions and their order."""

from assessments.configuration.saving import Applied, number_of, save_row
from assessments.models import Assessment, Item, Standard
from assessments.responses import UNITS_PER_POINT


def apply_items(applied: Applied, place: str, test: Assessment, rows: list) -> bool:
    """Bring the questions in line with `rows`; whether existing results must be scored anew."""
    if test.kind != Assessment.Kind.FORM and rows:
        applied.problems.append(f"{place}.items: only a form has questions; this test is {test.get_kind_display()}.")
        return False
    held = {item.position: item for item in test.items.prefetch_related("standards")}
    wanted = [row.get("position") for row in rows]
    if problem := _order_problem(wanted) or _frozen_problem(test, set(held), set(wanted)):
        applied.problems.append(f"{place}.items: {problem}")
        return False
    test.items.exclude(position__in=wanted).delete()
    stale = [_apply_item(applied, f"{place}.items[{n}]", test, row, held) for n, row in enumerate(rows)]
    return any(stale)


def _order_problem(wanted: list) -> str | None:
    if not all(isinstance(position, int) and position > 0 for position in wanted):
        return "every question needs its position, a whole number from 1."
    if len(set(wanted)) != len(wanted):
        return "two questions have the same position."
    return None


def _frozen_problem(test: Assessment, held: set, wanted: set) -> str | None:
    if held == wanted or not test.administrations.filter(has_partition=True).exists():
        return None
    return (
        "this test has results, so no question can be added or taken out. "
        "Set the changed form up as a test of its own, in the same series."
    )


def _apply_item(applied: Applied, place: str, test: Assessment, row: dict, held: dict) -> bool:
    """Save one question; whether its key, points or standards changed."""
    values = {name: row[name] for name in ("key", "label", "text") if name in row}
    if "choices" in row:
        values["choices"] = _choices(row["choices"])
    values["points"] = number_of(applied, f"{place}.points", row.get("points", 1))
    if values["points"] is None:
        return False
    if (values["points"] * UNITS_PER_POINT) % 1:
        applied.problems.append(f"{place}.points: points are kept in quarters; {values['points']} is none.")
        return False
    problem = _key_problem(values)
    if problem:
        applied.problems.append(f"{place}.key: {problem}")
        return False
    before = held.get(row["position"])
    scored_by = before and (before.key, before.points)
    item, _ = save_row(applied, place, Item, {"assessment": test, "position": row["position"]}, values)
    if item is None:
        return False
    moved = _set_standards(applied, place, item, row["standards"]) if "standards" in row else False
    return before is not None and (scored_by != (item.key, item.points) or moved)


def _key_problem(values: dict) -> str | None:
    key, choices = values.get("key"), values.get("choices")
    if key and choices and key not in choices:
        return f'"{key}" is not one of the choices {", ".join(choices)}.'
    return None


def _choices(choices) -> dict:
    """Choices by letter, each with its text and what choosing it suggests."""
    return {
        str(letter).upper(): {"text": choice.get("text", ""), "suggests": choice.get("suggests", "")}
        for letter, choice in sorted(choices.items())
    }


def _set_standards(applied: Applied, place: str, item: Item, codes: list) -> bool:
    """Whether the standards of the question changed. A code may be plain, or "framework code" where two share it."""
    found = []
    for code in codes:
        standard = _standard(str(code))
        if standard is None:
            applied.problems.append(f'{place}.standards: no standard has the code "{code}"; add it to "standards".')
            return False
        found.append(standard)
    before = {standard.pk for standard in item.standards.all()}
    if before == {standard.pk for standard in found}:
        return False
    item.standards.set(found)
    return True


def _standard(code: str) -> Standard | None:
    matches = list(Standard.objects.filter(code=code)[:2])
    if len(matches) == 1:
        return matches[0]
    framework, _, rest = code.rpartition(" ")
    return Standard.objects.filter(framework=framework, code=rest).first()
