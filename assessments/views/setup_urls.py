"""Addresses of test set-up."""

from django.urls import path

from assessments.views.setup import calendar, files, instruments, questions, standards

setup_urls = [
    path("tests/", instruments.tests, name="tests"),
    path("tests/add/", instruments.test_add, name="test_add"),
    path("tests/import/", files.setup_import, name="setup_import"),
    path("tests/export/<int:pk>/", files.setup_export, name="setup_export"),
    path("tests/standards/", standards.standards, name="standards"),
    path("tests/standards/add/", standards.standard_add, name="standard_add"),
    path("tests/standards/<int:pk>/edit/", standards.standard_edit, name="standard_edit"),
    path("tests/years/add/", calendar.year_add, name="year_add"),
    path("tests/years/<int:pk>/edit/", calendar.year_edit, name="year_edit"),
    path("tests/windows/add/", calendar.window_add, name="window_add"),
    path("tests/windows/<int:pk>/edit/", calendar.window_edit, name="window_edit"),
    path("tests/<int:pk>/", instruments.test, name="test"),
    path("tests/<int:pk>/edit/", instruments.test_edit, name="test_edit"),
    path("tests/<int:pk>/items/", questions.test_items, name="test_items"),
    path("tests/<int:pk>/questions/add/", questions.question_add, name="question_add"),
    path("tests/<int:pk>/questions/<int:position>/", questions.question_edit, name="question_edit"),
    path("tests/<int:pk>/cut-scores/", questions.cut_scores, name="cut_scores"),
    path("tests/<int:pk>/cut-scores/remove/", questions.cut_scores_remove, name="cut_scores_remove"),
]
