"""The ways in. Routes of allauth keep their names; ours stand before those they replace."""

from django.urls import include, path

from pop_network.sign_in import views

urlpatterns = [
    path("invitations/open/", views.invitation_open, name="invitation_open"),
    path("invitations/<str:token>/", views.invitation, name="invitation"),
    path("accounts/second-factor/", views.second_factor, name="second_factor"),
    path("accounts/help/", views.sign_in_help, name="sign_in_help"),
    path("accounts/again/", views.sign_in_again, name="sign_in_again"),
    path("accounts/stay/", views.sign_in_stay, name="sign_in_stay"),
    path("accounts/security/totp/activate/", views.mfa_activate_totp, name="mfa_activate_totp"),
    path("accounts/security/totp/deactivate/", views.mfa_deactivate_totp, name="mfa_deactivate_totp"),
    path("accounts/security/webauthn/add/", views.mfa_add_webauthn, name="mfa_add_webauthn"),
    path("accounts/security/webauthn/keys/<int:pk>/remove/", views.mfa_remove_webauthn, name="mfa_remove_webauthn"),
    path("accounts/security/", include("allauth.mfa.urls")),
    path("accounts/sessions/", include("allauth.usersessions.urls")),
    path("accounts/district/<str:provider_id>/login/", views.openid_connect_login, name="openid_connect_login"),
    path("accounts/", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("accounts/linked/", include("allauth.socialaccount.urls")),
    path("accounts/", include("allauth.account.urls")),
]
