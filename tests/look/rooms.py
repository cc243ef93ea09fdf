"""Addresses as the portal has them, without the views behind: navigation only needs their names."""

from django.http import HttpResponse
from django.urls import include, path


def page(request, **kwargs):
    return HttpResponse()


results = [
    path("results/", page, name="results"),
    path("results/sections/<int:pk>/", page, name="section_results"),
    path("results/sections/<int:pk>/items/", page, name="item_map"),
    path("results/schools/<int:pk>/", page, name="school_results"),
    path("uploads/", page, name="uploads"),
    path("tests/", page, name="tests"),
]
ground = [
    path("people/", page, name="people"),
    path("people/<int:pk>/", page, name="person"),
    path("schools/", page, name="schools"),
    path("agreements/", page, name="agreements"),
    path("access-log/", page, name="access_log"),
]
urlpatterns = [
    path("", page, name="today"),
    path("go/", page, name="go"),
    path("", include((results, "assessments"))),
    path("", include((ground, "schools"))),
]
