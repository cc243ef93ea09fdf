"""The district's set-up as the file that sets it up: what is exported can be applied again and changes nothing."""

from collections import Counter

from assessments.models import Assessment, Item, Standard, Window
from schools.models import District


def export_configuration(district: District, *, with_keys: bool = True) -> dict:
    """Everything of the district in the format of IMPORTS. Without keys, keys and texts are left out."""
    tests = Assessment.objects.filter(district=district).prefetch_related("items__standards", "cut_scores")
    windows = Window.objects.filter(year__district=district).select_related("year")
    used = Standard.objects.filter(items__assessment__district=district).distinct()
    codes = Counter(Standard.objects.values_list("code", flat=True))
    shared = {code for code, count in codes.items() if count > 1}
    return {
        "district": {"code": district.code, "name": district.name, "timezone": district.timezone},
        "school_years": [
            {"code": year.code, "starts": year.starts.isoformat(), "ends": year.ends.isoformat()}
            for year in district.school_years.order_by("starts")
        ],
        "windows": [
            {
                "code": window.full_code,
                "name": window.name,
                "aliases": window.aliases,
                "opens": window.opens.isoformat(),
                "closes": window.closes.isoformat(),
            }
            for window in windows
        ],
        "standards": [
            {
                "framework": standard.framework,
                "code": standard.code,
                "grade": standard.grade,
                "domain": standard.domain,
                "short_name": standard.short_name,
                "text": standard.text,
            }
            for standard in used
        ],
        "assessments": [_test(test, with_keys, shared) for test in tests],
    }


def _test(test: Assessment, with_keys: bool, shared: set[str]) -> dict:
    body = {
        "code": test.code,
        "name": test.name,
        "subject": test.subject,
        "grades": test.grades,
        "kind": test.kind,
        "max_score": None if test.max_score is None else float(test.max_score),
        "retake_rule": test.retake_rule,
        "series": test.series,
        "scale": test.scale,
        "benchmark_level": test.benchmark_level,
        "strands": test.strands,
        "cut_scores": [
            {
                "grade": cut.grade,
                "level": cut.level,
                "name": cut.name,
                "minimum": float(cut.minimum),
                "valid_from": cut.valid_from.isoformat(),
            }
            for cut in test.cut_scores.all()
        ],
    }
    if test.kind == Assessment.Kind.FORM:
        body["items"] = [_item(item, with_keys, shared) for item in test.items.all()]
    return body


def _item(item: Item, with_keys: bool, shared: set[str]) -> dict:
    """One question; a standard's code that two frameworks share stands with its framework."""
    open_part = {
        "position": item.position,
        "points": float(item.points),
        "label": item.label,
        "standards": [
            f"{one.framework} {one.code}" if one.code in shared else one.code for one in item.standards.all()
        ],
    }
    return open_part | {"key": item.key, "text": item.text, "choices": item.choices} if with_keys else open_part
