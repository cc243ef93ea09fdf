"""The test set-up file applied: years, windows, standards, tests, cut scores. The same file twice changes nothing."""

from datetime import date

from django.db import transaction

from assessments.configuration.items import apply_items
from assessments.configuration.saving import Applied, ConfigurationRefused, number_of, save_row
from assessments.configuration.shape import shape_problems
from assessments.levels import Cut, cuts_in_force
from assessments.models import Assessment, CutScore, Standard, Window
from assessments.pipeline.growing import forget_growth
from assessments.pipeline.rescoring import rescore, rescore_window
from assessments.queries.setup import asked_elsewhere
from schools.models import District, SchoolYear, User

PARTS = ("district", "school_years", "windows", "standards", "assessments")
GROWTH_FIELDS = ("series", "scale")  # a change of these changes published figures, as a key does
ASSESSMENT_FIELDS = (
    "name", "subject", "grades", "kind", "max_score", "retake_rule", "series", "scale", "benchmark_level", "strands",
)  # fmt: skip


def apply_configuration(body: dict, district: District | None, by: User | None = None) -> Applied:
    """Bring the district's set-up in line with `body` (the format of IMPORTS); parts left out are left alone.

    A changed key or cut score scores existing results anew. Raises ConfigurationRefused with every problem found.
    """
    if not isinstance(body, dict):
        raise ConfigurationRefused(["The file must be one JSON object with the parts of the set-up."])
    unknown = sorted(set(body) - set(PARTS))
    if unknown:
        raise ConfigurationRefused([f'"{unknown[0]}" is no part of a set-up file; they are {", ".join(PARTS)}.'])
    if odd := shape_problems(body):
        raise ConfigurationRefused(odd)
    with transaction.atomic():
        applied = _apply(body, district, by)
        if applied.problems:
            raise ConfigurationRefused(applied.problems)
    return applied


def _apply(body: dict, district: District | None, by: User | None) -> Applied:
    applied = Applied(district=district)
    if "district" in body:
        district = _district(applied, body["district"], district)
    if district is None:
        raise ConfigurationRefused(
            applied.problems or ["The file names no district, and there is not exactly one: add its part."]
        )
    applied.district = district
    for place, row in _rows(body, "school_years"):
        values = {name: _date(applied, f"{place}.{name}", row.get(name)) for name in ("starts", "ends")}
        save_row(applied, place, SchoolYear, {"district": district, "code": row.get("code")}, values)
    for place, row in _rows(body, "windows"):
        _window(applied, place, row, district, by)
    for place, row in _rows(body, "standards"):
        _standard(applied, place, row, by)
    for place, row in _rows(body, "assessments"):
        _assessment(applied, place, row, district, by)
    return applied


def _standard(applied: Applied, place: str, row: dict, by: User | None) -> None:
    key = {"framework": row.get("framework"), "code": _standard_code(row.get("code"))}
    values = _given(row, "grade", "domain", "short_name", "text")
    held = Standard.objects.filter(**key).first()
    other = held is not None and any(getattr(held, name) != value for name, value in values.items())
    if other and by is not None and asked_elsewhere(held, by):
        applied.problems.append(
            f"{place}: tests of another district ask {held.code} too, so the network's office changes it; "
            "leave it out, or as it stands."
        )
        return
    save_row(applied, place, Standard, key, values)


def _district(applied: Applied, row: dict, chosen: District | None) -> District | None:
    code = row.get("code")
    if chosen is not None and code not in (None, chosen.code):
        raise ConfigurationRefused([f'district: the file is for "{code}", but you chose "{chosen.code}".'])
    key = {"code": code or (chosen and chosen.code)}
    saved, _ = save_row(applied, "district", District, key, _given(row, "name", "timezone"))
    return saved


def _window(applied: Applied, place: str, row: dict, district: District, by: User | None) -> None:
    year_code, slash, code = str(row.get("code", "")).partition("/")
    year = SchoolYear.objects.filter(district=district, code=year_code).first()
    if not slash or year is None:
        applied.problems.append(
            f'{place}.code: "{row.get("code")}" must be a school year of this file and a code, as 2025-26/Q1.'
        )
        return
    values = _given(row, "name", "aliases")
    values |= {name: _date(applied, f"{place}.{name}", row.get(name)) for name in ("opens", "closes")}
    before = Window.objects.filter(year=year, code=code).values_list("opens", flat=True).first()
    window, _ = save_row(applied, place, Window, {"year": year, "code": code}, values)
    if window is not None and before not in (None, window.opens) and not applied.problems:
        applied.rescored += [version.pk for version in rescore_window(window, by)]


def _assessment(applied: Applied, place: str, row: dict, district: District, by: User | None) -> None:
    values = _given(row, *ASSESSMENT_FIELDS)
    if values.get("max_score") is not None:
        values["max_score"] = number_of(applied, f"{place}.max_score", values["max_score"])
    key = {"district": district, "code": row.get("code")}
    # Locked: a file that is being published has read its questions and cut scores.
    held = Assessment.objects.select_for_update(no_key=True).filter(**key)
    before = held.values_list(*GROWTH_FIELDS).first()
    if before is None:
        values.setdefault("series", row.get("code"))
    if problem := _strands_problem(key, values):
        applied.problems.append(f"{place}.strands: {problem}")
        return
    test, _ = save_row(applied, place, Assessment, key, values)
    if test is None:
        return
    stale = before is not None and before != tuple(getattr(test, name) for name in GROWTH_FIELDS)
    if "items" in row:
        stale |= apply_items(applied, place, test, row["items"])
    if "cut_scores" in row:
        stale |= _cut_scores(applied, place, test, row["cut_scores"])
    if before is not None and before[0] != test.series:
        forget_growth(test.district, before[0])
    if stale and not applied.problems:
        applied.rescored += [version.pk for version in rescore(test, by, f"test set-up of {test.code}")]


def _strands_problem(key: dict, values: dict) -> str | None:
    """Results keep a score for each strand in the test's order: with results, strands may only be added at the end."""
    held = Assessment.objects.filter(**key, administrations__has_partition=True).first()
    if held is None or "strands" not in values or values["strands"][: len(held.strands)] == held.strands:
        return None
    return f"this test has results, so its strands stay as they are, in their order: {', '.join(held.strands)}."


def _cut_scores(applied: Applied, place: str, test: Assessment, rows: list) -> bool:
    """Whether the cut scores changed. Those of a (grade, day) the file names are replaced as a set."""
    before = set(test.cut_scores.values_list("grade", "level", "name", "minimum", "valid_from"))
    named, kept = set(), set()
    for number, row in enumerate(rows):
        spot = f"{place}.cut_scores[{number}]"
        day = _date(applied, f"{spot}.valid_from", row.get("valid_from"))
        grade = row.get("grade") or ""
        key = {"assessment": test, "grade": grade, "level": row.get("level"), "valid_from": day}
        values = {"name": row.get("name"), "minimum": number_of(applied, f"{spot}.minimum", row.get("minimum"))}
        saved, _ = save_row(applied, spot, CutScore, key, values)
        if saved is not None:
            named.add((grade, day))
            kept.add(saved.pk)
    for grade, day in named:
        test.cut_scores.filter(grade=grade, valid_from=day).exclude(pk__in=kept).delete()
    _check_order(applied, place, test)
    return before != set(test.cut_scores.values_list("grade", "level", "name", "minimum", "valid_from"))


def _check_order(applied: Applied, place: str, test: Assessment) -> None:
    cuts = [Cut(cut.grade, cut.level, cut.name, float(cut.minimum), cut.valid_from) for cut in test.cut_scores.all()]
    for grade, day in sorted({(cut.grade, cut.valid_from) for cut in cuts}):
        try:
            cuts_in_force(cuts, grade, day)
        except ValueError as problem:
            applied.problems.append(f"{place}.cut_scores: {problem}.")


def _rows(body: dict, part: str):
    rows = body.get(part, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ConfigurationRefused([f"{part}: must be a list of objects."])
    return [(f"{part}[{number}]", row) for number, row in enumerate(rows)]


def _given(row: dict, *names: str) -> dict:
    return {name: row[name] for name in names if name in row}


def _date(applied: Applied, place: str, text) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        applied.problems.append(f'{place}: "{text}" is not a date like 2025-09-15.')
        return None


def _standard_code(code) -> str | None:
    return " ".join(str(code).split()) if code else None
