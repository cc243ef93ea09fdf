"""Who is answered what on the ways in, on second factors, and on where one is signed in. Everybody has their own."""

from tests.policy.route import act, form, page

EVERYONE = "200 200 200 200 200 200 200 200 200 200 200"
SIGNED_IN = "302 200 200 200 200 200 200 200 200 200 200"
AWAY = "302 302 302 302 302 302 302 302 302 302 302"
BEFORE = "200 302 302 302 302 302 302 302 302 302 302"
NOBODY = "404 404 404 404 404 404 404 404 404 404 404"
NOT_MINE = "302 404 404 404 404 404 404 404 404 404 404"
SPENT = "410 410 410 410 410 410 410 410 410 410 410"
REFUSED = "302 401 401 401 401 401 401 401 401 401 401"


def key_of_another(world):
    """A passkey that belongs to nobody of the table; whose it is, is asked after the password is."""
    return {"pk": 1}


def unknown(world):
    return {"provider_id": "nowhere"}


ROUTES = {
    "invitation":                       page(AWAY, lambda world: {"token": "dead-link"}),
    "invitation_open":                  form(SPENT),
    "second_factor":                    page(SIGNED_IN),
    "sign_in_help":                     page(EVERYONE),
    "sign_in_again":                    page(SIGNED_IN),
    "sign_in_stay":                     act("302 204 204 204 204 204 204 204 204 204 204"),
    "account_request_login_code":       form(BEFORE),
    "mfa_index":                        page(SIGNED_IN),
    "mfa_authenticate":                 form(AWAY),
    "mfa_reauthenticate":               page(AWAY),
    "mfa_trust":                        form(AWAY),
    "mfa_activate_totp":                page(AWAY),
    "mfa_deactivate_totp":              page(NOT_MINE),
    "mfa_view_recovery_codes":          page(NOT_MINE),
    "mfa_generate_recovery_codes":      page(AWAY),
    "mfa_download_recovery_codes":      page(NOT_MINE),
    "mfa_list_webauthn":                page(SIGNED_IN),
    "mfa_add_webauthn":                 page(AWAY),
    "mfa_login_webauthn":               page(AWAY),
    "mfa_reauthenticate_webauthn":      page(AWAY),
    "mfa_remove_webauthn":              page(AWAY, key_of_another),
    "mfa_edit_webauthn":                page(AWAY, key_of_another),
    "usersessions_list":                page(SIGNED_IN),
    "socialaccount_login_cancelled":    page(EVERYONE),
    "socialaccount_login_error":        page(REFUSED),
    "socialaccount_signup":             page(AWAY),
    "socialaccount_connections":        form(SIGNED_IN),
    "openid_connect_login":             form(NOBODY, unknown),
    "openid_connect_callback":          page(NOBODY, unknown),
}  # fmt: skip
