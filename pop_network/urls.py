"""The front door: which room answers which address."""

from django.urls import include, path
from django.views.generic import RedirectView

from pop_network import health, navigation, public, style_page, today
from pop_network.sign_in import urls as sign_in

urlpatterns = [
    path("", today.today, name="today"),
    path("go/", navigation.go, name="go"),
    path("health/live/", health.health_live, name="health_live"),
    path("health/ready/", health.health_ready, name="health_ready"),
    path("public/", public.public, name="public"),
    path("public/<slug:slug>/", public.public_network, name="public_network"),
    path("public/<slug:slug>/results/", public.public_results, name="public_results"),
    path("public/<slug:slug>/results/file/", public.public_file, name="public_file"),
    path("style/", style_page.style, name="style"),
    # Nobody changes the own address: rosters and invitations know people by it. The route of allauth leads to Today.
    path("accounts/email/", RedirectView.as_view(pattern_name="today"), name="account_email"),
    *sign_in.urlpatterns,
    path("", include("schools.urls")),
    path("", include("assessments.urls")),
]
