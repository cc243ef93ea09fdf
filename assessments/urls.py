"""Addresses of results, uploads and test set-up."""

app_name = "assessments"
urlpatterns = []
