"""Addresses of the privacy centre; part of `schools.urls`."""

from django.urls import path

from schools.views import privacy
from schools.views import privacy_kept as kept
from schools.views import privacy_students as students

privacy_urls = [
    path("privacy/", privacy.privacy, name="privacy"),
    path("privacy/me/", kept.about_me, name="about_me"),
    path("privacy/me/export/", kept.about_me_export, name="about_me_export"),
    path("privacy/retention/", kept.retention, name="retention"),
    path("privacy/retention/<int:pk>/<slug:name>/", kept.retention_rule, name="retention_rule"),
    path("privacy/certificates/<int:pk>/", kept.certificate, name="certificate"),
    path("students/<int:pk>/who-can-see/", students.student_readers, name="student_readers"),
    path("students/<int:pk>/who-has-looked/", students.student_looks, name="student_looks"),
    path("students/<int:pk>/who-has-looked/export/", students.student_looks_export, name="student_looks_export"),
    path("students/<int:pk>/disclosures/", students.student_disclosures, name="student_disclosures"),
    path("students/<int:pk>/disclosures/print/", students.student_disclosures_print, name="student_disclosures_print"),
    path("students/<int:pk>/disclosures/add/", students.disclosure_add, name="disclosure_add"),
]
