"""Addresses of uploads; `assessments/urls.py` takes them up."""

from django.urls import path

from assessments.views.uploads import acts, files, issues, mapping, mappings, pages

uploads_urls = [
    path("uploads/", pages.uploads, name="uploads"),
    path("uploads/new/", pages.upload_new, name="upload_new"),
    path("uploads/template/", files.template_download, name="template_download"),
    path("uploads/mappings/", mappings.mappings, name="mappings"),
    path("uploads/mappings/<int:pk>/", mappings.mapping, name="mapping"),
    path("uploads/mappings/<int:pk>/delete/", mappings.mapping_delete, name="mapping_delete"),
    path("uploads/<int:pk>/", pages.upload, name="upload"),
    path("uploads/<int:pk>/change/", acts.upload_change, name="upload_change"),
    path("uploads/<int:pk>/mapping/", mapping.upload_mapping, name="upload_mapping"),
    path("uploads/<int:pk>/again/", acts.upload_again, name="upload_again"),
    path("uploads/<int:pk>/complete/", acts.upload_complete, name="upload_complete"),
    path("uploads/<int:pk>/publish/", acts.upload_publish, name="upload_publish"),
    path("uploads/<int:pk>/approval/", acts.upload_approval, name="upload_approval"),
    path("uploads/<int:pk>/cancel/", acts.upload_cancel, name="upload_cancel"),
    path("uploads/<int:pk>/undo/", acts.upload_undo, name="upload_undo"),
    path("uploads/<int:pk>/unfix/", acts.upload_unfix, name="upload_unfix"),
    path("uploads/<int:pk>/issues/<str:code>/", issues.upload_issues, name="upload_issues"),
    path("uploads/<int:pk>/issues/<str:code>/fix/", issues.upload_fix, name="upload_fix"),
    path("uploads/<int:pk>/students/<str:kind>/", issues.upload_students, name="upload_students"),
    path("uploads/<int:pk>/rows-to-correct/", files.upload_errors, name="upload_errors"),
    path("uploads/<int:pk>/file/", files.upload_file, name="upload_file"),
]
