"""The living style page: every token, mark and component in all its states, with invented figures."""

from datetime import UTC, datetime

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments import charts
from assessments.verdicts import Change, Standing
from pop_network.navigation import Group, Link
from schools.search import Found
from schools.taking import ExportRight

COLORS = {
    "Page and ink": ["page", "wash", "ink", "ink-2", "edge", "line", "accent", "focus"],
    "Status, for the system and never for results": ["ok", "ok-bg", "warn", "warn-bg", "bad", "bad-bg"],
    "Levels": ["level-1", "level-2", "level-3", "level-4"],
    "Against the network": ["below", "same", "above"],
    "Item map": ["map-right", "map-wrong", "map-part"],
}
LEVELS = [(1, "Below Basic"), (2, "Basic"), (3, "Proficient"), (4, "Advanced")]


class SampleForm(forms.Form):
    """One of each kind of control."""

    name = forms.CharField(label="Name of the window", help_text="As families know it: Winter 1.")
    grade = forms.ChoiceField(label="Grade", choices=[("05", "Grade 5"), ("06", "Grade 6")])
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    rows = forms.ChoiceField(
        label="This file",
        choices=[("adds", "adds and corrects"), ("complete", "is complete for the schools named")],
        widget=forms.RadioSelect,
    )
    tell = forms.BooleanField(label="Tell the teachers now", required=False)
    file = forms.FileField(label="Results file", help_text="CSV or Excel, up to 64 MB.")


@login_not_required
@require_safe
def style(request: HttpRequest) -> HttpResponse:
    """Open to everyone: it shows no data of anybody."""
    return render(request, "pop_network/style.html", _context())


def _context() -> dict:
    return {
        "colors": COLORS,
        "sizes": [
            ("t-1", "h1"),
            ("t-2", "big figures"),
            ("t-3", "the sentence, h2"),
            ("t-4", "body"),
            ("t-5", "tables"),
        ],
        "levels": [{"number": number, "name": name} for number, name in LEVELS],
        "verdicts": [*Standing, Change.GREW, Change.SLIPPED],
        "standards": _standards(network=True),
        "standards_before_release": _standards(network=False),
        "level_bars": [_levels("Fall", 14, 15, 11, 3), _levels("Winter 1", 10, 17, 13, 4)],
        "growth": _growth(),
        "run": charts.run_chart(
            [4, 5, 5, 6, 5, 8, 9, 9],
            name="Exit checks on fractions, of 10",
            labels=["Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar", "Apr"],
            median=5,
            breaks=[(7, "shift")],
        ),
        "spark": charts.sparkline(
            [48, 52, None, 57, 61],
            name="At benchmark",
            labels=["Fall", "Winter 1", "Winter 2", "Spring", "Fall"],
        ),
        "standing": charts.standing_row("Adams School", -0.4, 0.3, charts.scale_for([-1, 1])),
        "map_rows": _map_rows(),
        "strip": [
            Group("Adams School", [Link("Math 5, 501", "#here", "page"), Link("Math 6, 602", "#there")]),
            Group("Baker School", [Link("Math 5, 503", "#other")]),
        ],
        "form": SampleForm(),
        "wrong_form": SampleForm({"wrong-grade": "05"}, {}, prefix="wrong"),
        "page": Paginator(range(1, 131), 25).page(2),
        "found": Found([], number=3, has_next=True),
        "table_columns": [{"label": "Section"}, {"label": "Teacher"}, {"label": "tested", "numeric": True}],
        "table_rows": [
            ["Math 5, section 501", "R. Lopez", "27 of 28"],
            ["Math 5, section 502", "D. Chen", None],
        ],
        "issues": [
            {
                "level": "error",
                "title": "Student number not in the roster",
                "count": 7,
                "advice": "match or add",
                "url": "#open",
            },
            {
                "level": "warning",
                "title": 'Question 22 has "E", choices are A-D',
                "count": 4,
                "advice": "set as blank, or fix in the file",
                "url": "#open",
            },
            {
                "level": "note",
                "title": "Leading zeros restored",
                "count": 12,
                "advice": "nothing to do",
                "url": "",
            },
        ],
        "facts": [
            {"label": "Tested", "figure": "44 of 47", "beside": "3 not tested"},
            {"label": "At benchmark", "figure": "39\u00a0%", "beside": "17 of 44 students"},
            {"label": "Network", "figure": "41\u00a0%", "beside": "of students at benchmark"},
            {"label": "English learners", "figure": None, "beside": "see the foot"},
        ],
        "checklist": [
            {"label": "Schools", "url": "#schools", "done": True, "beside": "12 schools"},
            {"label": "Roster", "url": "#roster", "done": True, "beside": "567 students"},
            {"label": "First file", "url": "#file", "done": False, "beside": "needs a test and a window"},
        ],
        "right": ExportRight(students=True, purpose=True, minutes=15),
        "viewing": {"person": "R. Lopez", "until": datetime(2026, 1, 12, 10, 30, tzinfo=UTC)},
        "tools": [{"label": "Print", "url": "#print"}, {"label": "Download", "url": "#download"}],
        "basis": ["Quarterly Math 5, Winter 1", "published Dec 4", "27 of 28 students (1 not tested)"],
        "sorts": [
            {"label": "lowest first", "url": "#lowest", "current": True},
            {"label": "in teaching order", "url": "#order"},
        ],
    }


def _standards(*, network: bool) -> list[dict]:
    figures = [
        ("Add unlike fractions", "CC.2.1.5.C.1", 5, 0.41, 0.58, Standing.BELOW),
        ("Volume", "CC.2.4.5.A.5", 4, 0.55, 0.61, Standing.BELOW),
        ("Place value", "CC.2.1.5.B.1", 6, 0.70, 0.69, Standing.CLOSE),
        ("Multiply whole numbers", "CC.2.1.5.B.2", 7, 0.81, 0.72, Standing.ABOVE),
        ("Line plots", "CC.2.4.5.A.4", 2, 0.50, None, ""),
    ]
    given = [charts.StandardBar(name, own, other if network else None) for name, _, _, own, other, _ in figures]
    return [
        {
            "bar": bar,
            "name": name,
            "code": code,
            "url": "#standard",
            "questions": questions,
            "share": own,
            "verdict": verdict if network else "",
            "by": None if other is None else abs(round((own - other) * 100)),
            "remark": "only 2 questions" if questions < 3 else "",
        }
        for bar, (name, code, questions, own, other, verdict) in zip(charts.standard_bars(given), figures, strict=True)
    ]


def _levels(window: str, *counts: int) -> dict:
    return charts.level_bar(
        window, [charts.LevelShare(n, name, count) for (n, name), count in zip(LEVELS, counts, strict=True)]
    )


def _growth() -> dict:
    estimates = [
        charts.Estimate("Network", 5, 4, 6),
        charts.Estimate("Adams School", 6, 4, 8, Standing.CLOSE, own=True),
        charts.Estimate("School B", 9, 7, 11, Standing.ABOVE),
        charts.Estimate("School C", None),
        charts.Estimate("School D", -1, -4, 2, Standing.BELOW),
    ]
    chart = charts.growth_rows(estimates, network=5)
    students = [540, 44, 51, None, 38]
    rows = [
        {
            "mark": mark,
            "name": e.name,
            "own": e.own,
            "students": n,
            "verdict": e.verdict,
            "network": e.name == "Network",
        }
        for mark, e, n in zip(chart["rows"], estimates, students, strict=True)
    ]
    return {"chart": chart, "rows": rows}


def _map_rows() -> list[dict]:
    """Cells as (class, text) in the item map's own terms."""
    signs = {"✓": "", "–": "b", "/": "n", "1": "p"}
    students = [
        ("Diallo F.", 12, "BD–A✓ A✓C✓"),
        ("Nguyen Q.", 24, "B✓C✓✓ ✓1✓✓"),
        ("Okafor T.", 17, "M✓0✓/ ✓✓B–"),
    ]
    return [
        {"name": name, "points": points, "cells": [(signs.get(c, "w"), c) for c in answers.replace(" ", "")]}
        for name, points, answers in students
    ]
