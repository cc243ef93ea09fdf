"""The front door: which room answers which address."""

from django.urls import include, path

from pop_network import health, navigation, style_page, today

urlpatterns = [
    path("", today.today, name="today"),
    path("go/", navigation.go, name="go"),
    path("health/live/", health.health_live, name="health_live"),
    path("health/ready/", health.health_ready, name="health_ready"),
    path("style/", style_page.style, name="style"),
    path("accounts/", include("allauth.account.urls")),
    path("", include("schools.urls")),
    path("", include("assessments.urls")),
]
