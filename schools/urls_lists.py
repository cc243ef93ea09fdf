"""Addresses of the lists of a roster and of what is done with them; part of `schools.urls`."""

from django.urls import path

from schools.views import taking

list_urls = [
    path("download/", taking.download, name="download"),
]
