"""Addresses of the lists of a roster and of what is done with them; part of `schools.urls`."""

from django.urls import path

from schools.views import bulk, lists, merging, students, taking, viewing

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
    path("students/doubles/", merging.student_doubles, name="student_doubles"),
    path("students/<int:pk>/merge/", merging.student_merge, name="student_merge"),
    path("people/doubles/", merging.person_doubles, name="person_doubles"),
    path("people/<int:pk>/merge/", merging.person_merge, name="person_merge"),
    path("merges/<int:pk>/", merging.merged, name="merged"),
    path("merges/<int:pk>/undo/", merging.merged_undo, name="merged_undo"),
    path("people/bulk/", bulk.people_bulk, name="people_bulk"),
    path("students/bulk/", bulk.students_bulk, name="students_bulk"),
    path("bulk/<int:pk>/", bulk.bulk_edit, name="bulk_edit"),
    path("bulk/<int:pk>/undo/", bulk.bulk_edit_undo, name="bulk_edit_undo"),
    path("viewing/end/", viewing.viewing_end, name="viewing_end"),
]
