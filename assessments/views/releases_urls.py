"""Addresses of releases."""

from django.urls import path

from assessments.views import releases, releases_acts

releases_urls = [
    path("releases/", releases.releases, name="releases"),
    path("releases/new/", releases.release_new, name="release_new"),
    path("releases/<int:pk>/", releases.release, name="release"),
    path("releases/<int:pk>/choices/", releases.release_choices, name="release_choices"),
    path("releases/<int:pk>/first-key/", releases_acts.release_first_key, name="release_first_key"),
    path("releases/<int:pk>/second-key/", releases_acts.release_second_key, name="release_second_key"),
    path("releases/<int:pk>/hold/", releases_acts.release_hold, name="release_hold"),
    path("releases/<int:pk>/resume/", releases_acts.release_resume, name="release_resume"),
    path("releases/<int:pk>/stop/", releases_acts.release_stop, name="release_stop"),
    path("releases/<int:pk>/ledger/export/", releases.release_ledger_export, name="release_ledger_export"),
]
