"""Who is answered what at the front desk, on the sign-in pages, and on what needs no account."""

from tests.policy.route import form, page

EVERYONE = "200 200 200 200 200 200 200 200 200 200 200"
SIGNED_IN = "302 200 200 200 200 200 200 200 200 200 200"
AWAY = "302 302 302 302 302 302 302 302 302 302 302"
BEFORE = "200 302 302 302 302 302 302 302 302 302 302"


def dead_link(world):
    return {"uidb36": "1", "key": "dead-link"}


def north(world):
    return {"slug": world.network.slug}


ROUTES = {
    "today":                                   page(SIGNED_IN),
    "go":                                      page(AWAY),
    "health_live":                             page(EVERYONE),
    "health_ready":                            page(EVERYONE),
    "style":                                   page(EVERYONE),
    "public":                                  page(AWAY),  # one network: its page
    "public_network":                          page(EVERYONE, north),
    "public_results":                          page(EVERYONE, north),
    "public_file":                             page("404 404 404 404 404 404 404 404 404 404 404", north),
    "account_login":                           form(BEFORE),
    "account_logout":                          page(SIGNED_IN),
    "account_inactive":                        page(EVERYONE),
    "account_signup":                          form(BEFORE),
    "account_reauthenticate":                  form(SIGNED_IN),
    "account_email":                           form(AWAY),
    "account_email_verification_sent":         page(EVERYONE),
    "account_confirm_email":                   page(EVERYONE, lambda world: {"key": "dead-link"}),
    "account_change_password":                 form(SIGNED_IN),
    "account_set_password":                    page(AWAY),
    "account_reset_password":                  form(EVERYONE),
    "account_reset_password_done":             page(EVERYONE),
    "account_reset_password_from_key":         page(EVERYONE, dead_link),
    "account_reset_password_from_key_done":    page(EVERYONE),
    "account_confirm_login_code":              page(AWAY),
}  # fmt: skip
