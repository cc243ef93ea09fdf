"""Addresses of the lists of a roster and of what is done with them; part of `schools.urls`."""

from django.urls import path

from schools.views import lists, students, taking, viewing

list_urls = [
    path("download/", taking.download, name="download"),
    path("people/export/", lists.people_export, name="people_export"),
    path("schools/export/", lists.schools_export, name="schools_export"),
    path("sections/", lists.sections, name="sections"),
    path("sections/export/", lists.sections_export, name="sections_export"),
    path("students/", students.students, name="students"),
    path("students/export/", students.students_export, name="students_export"),
    path("students/<int:pk>/", students.student, name="student"),
    path("people/<int:pk>/view-as/", viewing.viewing_begin, name="viewing_begin"),
    path("people/<int:pk>/viewings/", viewing.viewings, name="viewings"),
    path("viewing/end/", viewing.viewing_end, name="viewing_end"),
]
