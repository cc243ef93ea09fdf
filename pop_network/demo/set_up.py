"""The demo's test set-up, as `manage.py configure` and the Test set-up page read it."""

from pop_network.demo.calendar import TestWindow, Year
from pop_network.demo.instruments import SUBJECT, DemoItem, Form, cut_scores
from pop_network.demo.places import DISTRICT_CODE, DISTRICT_NAME, TIME_ZONE
from pop_network.demo.standards import FRAMEWORK, STANDARDS


def make_setup(years: tuple[Year, Year], forms: list[Form]) -> dict:
    """Years, windows, standards and tests."""
    return {
        "district": {"code": DISTRICT_CODE, "name": DISTRICT_NAME, "timezone": TIME_ZONE},
        "school_years": [
            {"code": year.code, "starts": year.starts.isoformat(), "ends": year.ends.isoformat()} for year in years
        ],
        "windows": [_window(year, window) for year in years for window in year.windows],
        "standards": [
            {
                "framework": FRAMEWORK,
                "code": standard.code,
                "grade": standard.grade,
                "domain": standard.domain,
                "short_name": standard.short_name,
                "text": standard.text,
            }
            for standard in STANDARDS
        ],
        "assessments": [_assessment(form, years[0]) for form in forms],
    }


def _window(year: Year, window: TestWindow) -> dict:
    return {
        "code": f"{year.code}/{window.code}",
        "name": window.name,
        "aliases": [f"{year.code} {window.code}", *([window.term] if window.term else [])],
        "opens": window.opens.isoformat(),
        "closes": window.closes.isoformat(),
    }


def _assessment(form: Form, first: Year) -> dict:
    return {
        "code": form.code,
        "name": form.name,
        "subject": SUBJECT,
        "grades": [form.grade],
        "kind": "form",
        "max_score": form.most,
        "retake_rule": "last" if form.scale else "ask",
        "series": form.series,
        "scale": form.scale,
        "items": [_item(item) for item in form.items],
        "cut_scores": cut_scores(form.grade, first.starts) if form.scale else [],
    }


def _item(item: DemoItem) -> dict:
    return {
        "position": item.position,
        "points": item.points,
        "key": item.stated_key,
        "standards": [item.standard],
        "label": "",
        "text": item.text,
        "choices": item.choices,
    }
