"""Addresses of results, uploads and test set-up. One name runs through the stack: route, view and template."""

from django.urls import path

from assessments.views import (
    about_test,
    classes,
    explore,
    exports,
    network,
    results,
    schools,
    side_by_side,
    sources,
    subgroups,
)
from assessments.views.releases_urls import releases_urls
from assessments.views.setup_urls import setup_urls
from assessments.views.uploads_urls import uploads_urls

app_name = "assessments"

result_pages = [
    path("results/", results.results, name="results"),
    path("results/names/", results.hide_names, name="hide_names"),
    path("results/sections/<int:pk>/", classes.section_results, name="section_results"),
    path("results/sections/<int:pk>/export/", exports.section_export, name="section_export"),
    path("results/sections/<int:pk>/items/", classes.item_map, name="item_map"),
    path("results/sections/<int:pk>/items/export/", exports.item_map_export, name="item_map_export"),
    path("results/sections/<int:pk>/items/<int:position>/", classes.item_detail, name="item_detail"),
    path("results/schools/<int:pk>/", schools.school_results, name="school_results"),
    path("results/schools/<int:pk>/explore/", explore.school_explore, name="school_explore"),
    path("results/schools/<int:pk>/export/", exports.school_export, name="school_export"),
    path("results/network/", network.network, name="network"),
    path("results/networks/<int:pk>/", network.network_results, name="network_results"),
    path("results/networks/<int:pk>/explore/", network.network_explore, name="network_explore"),
    path("results/networks/<int:pk>/export/", network.network_export, name="network_export"),
    path("results/schools/<int:pk>/subgroups/", subgroups.subgroups, name="subgroups"),
    path("results/schools/<int:pk>/subgroups/export/", subgroups.subgroups_export, name="subgroups_export"),
    path("results/tests/<int:pk>/about/", about_test.about_test, name="about_test"),
    path("results/tests/<int:pk>/about/export/", about_test.about_test_export, name="about_test_export"),
    path("results/side-by-side/", side_by_side.side_by_side, name="side_by_side"),
    path("results/side-by-side/export/", side_by_side.side_by_side_export, name="side_by_side_export"),
    path("results/sources/<int:pk>/", sources.source, name="source"),
]

urlpatterns = [*result_pages, *releases_urls, *setup_urls, *uploads_urls]
