"""All settings, in one file, from the environment (or `$POP_DATA_DIR/portal.env`, which `make run` writes).

A value that must be chosen has no default, so that a wrong start fails at once and says what is missing.
"""

import os
from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF

from pop_network.embedded.environment import data_dir, load_portal_env
from pop_network.logs import LOGGING, configure_structlog  # noqa: F401  Django reads LOGGING here
from pop_network.sign_in.providers import for_allauth, providers_from

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
DATA_DIR = data_dir()
load_portal_env()

SECRET_KEY = env("SECRET_KEY")
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
PORTAL_URL = env("PORTAL_URL", default="http://localhost:8000")

# --- who is here ---------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "bootstrap",
    "django_htmx",
    "template_partials",
    "django_structlog",
    "csp",
    "pop_network",
    "schools",
    "assessments",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "schools.history.middleware.HistoryMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "pop_network.sign_in.idle.IdleMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pop_network.sign_in.middleware.SecondFactorMiddleware",
    "schools.viewing_middleware.ViewingMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
]

ROOT_URLCONF = "pop_network.urls"
WSGI_APPLICATION = "pop_network.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "pop_network.navigation.navigation",
                "pop_network.sign_in.context.sign_in",
            ],
            "builtins": ["pop_network.templatetags.look"],
        },
    }
]

# --- where things are kept -----------------------------------------------------------------------------

DATABASES = {"default": env.db("DATABASE_URL")}
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if env("DATABASE_OWNER_URL", default=""):
    # The owner makes and changes tables; the application role cannot touch what is append-only.
    DATABASES["owner"] = env.db("DATABASE_OWNER_URL") | {"TEST": {"MIRROR": "default"}}

DEFAULT_AUTO_FIELD = "django.db.models.AutoField"  # four bytes: the key stands on every result row

# The database keeps cache and sessions, so that a lost Redis loses a bell and nothing else.
# All web processes share it, so it counts sign-ins too; it has room, lest counts are thrown away in an attack.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}

STATIC_URL = "static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "pop_network.static_files.PlotlyFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": env("STATICFILES_BACKEND", default="pop_network.static_files.PortalStaticFiles")},
}
# Pages name files by their content alone; the copies under plain names would double the time of compressing.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_USE_FINDERS = env.bool("STATIC_FROM_SOURCE", default=False)

# --- signing in ----------------------------------------------------------------------------------------

AUTH_USER_MODEL = "schools.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # email is unique without regard to case: user_email_once
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60
INVITATION_DAYS = env.int("INVITATION_DAYS", default=7)  # sent on Friday, it works on Tuesday
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today"
ACCOUNT_ADAPTER = "pop_network.sign_in.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_LOGIN_BY_CODE_ENABLED = True  # a code by mail instead of a password: one factor, like it
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation already proves the address
# Roles and rosters go by address: who could take a second, unproved one would wait there for somebody else's roles.
ACCOUNT_MAX_EMAIL_ADDRESSES = 1
ACCOUNT_SESSION_REMEMBER = None  # the person says whether the device is their own
ACCOUNT_FORMS = {"login": "pop_network.sign_in.forms.SignInForm"}
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a letter when a passkey or a password changes
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # the portal writes to nobody it does not know
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)

# A second factor for everyone who sees students (pop_network/sign_in/second_factor.py).
SECOND_FACTOR = env.bool("SECOND_FACTOR", default=True)
# The invented people of the demo sign in with the printed password alone; `check --deploy` refuses it.
DEMO_SIGN_INS = env.bool("DEMO_SIGN_INS", default=False)
# Seals the secrets of authenticator apps. The first key seals, all of them open.
SECOND_FACTOR_KEYS = env.list("SECOND_FACTOR_KEYS", default=[SECRET_KEY])
MFA_ADAPTER = "pop_network.sign_in.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # as above: an invitation proves the address
MFA_TRUST_ENABLED = True
MFA_TRUST_COOKIE_AGE = timedelta(days=30)
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off

# The district's own sign-in: providers are named by the environment alone.
SIGN_IN_PROVIDERS = providers_from(env.list("SIGN_IN_PROVIDERS", default=[]), os.environ)
SOCIALACCOUNT_PROVIDERS = for_allauth(SIGN_IN_PROVIDERS)
SOCIALACCOUNT_ADAPTER = "pop_network.sign_in.adapters.SocialAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # an address at a provider opens nobody's account here
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_QUERY_EMAIL = False
SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = "district"

IDLE_SECONDS = env.int("IDLE_SECONDS", default=20 * 60)  # on a shared device
SESSION_EXPIRE_AT_BROWSER_CLOSE = True  # unless the device is the person's own
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.bool("HTTPS_ONLY", default=False)
SECURE_SSL_REDIRECT = env.bool("HTTPS_ONLY", default=False)
SECURE_REDIRECT_EXEMPT = [r"^health/"]  # the proxy's own probe comes by plain HTTP
SECURE_HSTS_SECONDS = 31_536_000 if env.bool("HTTPS_ONLY", default=False) else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("HTTPS_ONLY", default=False) else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# --- work in the background ----------------------------------------------------------------------------

CELERY_BROKER_URL = env("REDIS_URL")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 25 * 60
CELERY_TASK_TIME_LIMIT = 30 * 60
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # its default gives up at 100
# Letters are printed where no mail server is set: as they are, and not as a warning for each.
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "visibility_timeout": 3600,
    "max_retries": 1,
    "interval_max": 0.2,
}
SWEEP_SECONDS = env.float("SWEEP_SECONDS", default=60)
DRAWN_PAGES = env.bool("DRAWN_PAGES", default=not DEBUG)  # dashboards are kept until what they show changes
DRAW_AHEAD_EVERY = env.float("DRAW_AHEAD_EVERY", default=20)  # seconds
DRAW_AHEAD_FOR = DRAW_AHEAD_EVERY * 0.15  # of one core at most: the rest is for those who read
CELERY_BEAT_SCHEDULE = {
    # Uploads that nobody holds and that have stopped moving are rung again.
    "sweep-uploads": {"task": "assessments.tasks.sweep", "schedule": SWEEP_SECONDS},
    "sweep-releases": {"task": "assessments.tasks.sweep_releases", "schedule": SWEEP_SECONDS},
    # Releases open by the clock; mails leave when they are due, and again where the server did not take them.
    "tell-releases": {"task": "assessments.tasks.tell_releases", "schedule": SWEEP_SECONDS},
    "mail-notices": {"task": "schools.tasks.mail_notices", "schedule": SWEEP_SECONDS},
    # Who is concerned hears of a data agreement 30 days before it ends, once.
    "warn-of-agreements": {"task": "schools.tasks.warn_of_agreements", "schedule": 3600},
    "sweep-rosters": {"task": "schools.tasks.sweep_rosters", "schedule": SWEEP_SECONDS},
    # Pages that people opened lately are drawn anew where something they show has changed.
    "draw-ahead": {
        "task": "schools.tasks.draw_pages_ahead",
        "schedule": DRAW_AHEAD_EVERY,
        "options": {"expires": DRAW_AHEAD_EVERY},
    },
    "forget-pages": {"task": "schools.tasks.forget_pages", "schedule": 3600},
    # What a district's system leaves at night is read in within a quarter of an hour.
    "sweep-drop-folder": {"task": "schools.tasks.sweep_drop_folder", "schedule": 900},
}
CELERY_TIMEZONE = "UTC"

# --- what the portal's own rules need ------------------------------------------------------------------

PUBLIC_MIN_N = env.int("PUBLIC_MIN_N", default=11)
SUBGROUP_MIN_N = env.int("SUBGROUP_MIN_N", default=20)
MIN_TEACHERS = env.int("MIN_TEACHERS", default=3)
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=50_000_000)
UPLOAD_MAX_ROWS = env.int("UPLOAD_MAX_ROWS", default=200_000)
# Characters a line and a cell, columns, cells, bytes when unpacked, unpacked to packed, members of an archive.
UPLOAD_LIMITS = {
    "max_columns": env.int("UPLOAD_MAX_COLUMNS", default=2_000),
    "max_cells": env.int("UPLOAD_MAX_CELLS", default=16_000_000),
    "max_line": env.int("UPLOAD_MAX_LINE", default=250_000),
    "max_unpacked": env.int("UPLOAD_MAX_UNPACKED", default=400_000_000),
    "max_ratio": env.int("UPLOAD_MAX_RATIO", default=200),
    "max_members": env.int("UPLOAD_MAX_MEMBERS", default=2_000),
}
ROSTER_DROP_DIR = env("ROSTER_DROP_DIR", default="")  # roster packages left there are read in; blank: nowhere
ROSTER_MAX_BYTES = env.int("ROSTER_MAX_BYTES", default=200_000_000)
UPLOAD_MAX_ATTEMPTS = 3
UPLOAD_STALE_SECONDS = env.float("UPLOAD_STALE_SECONDS", default=90)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

# --- mail, words, logs ---------------------------------------------------------------------------------

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="portal@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

LANGUAGE_CODE = "en-us"
TIME_ZONE = env("TIME_ZONE", default="America/New_York")
USE_I18N = True
USE_TZ = True

DJANGO_STRUCTLOG_CELERY_ENABLED = True
LOGGING_CONFIG = "logging.config.dictConfig"
configure_structlog()
