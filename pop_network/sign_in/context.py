"""What templates know of signing in, on every page."""

from django.conf import settings
from django.http import HttpRequest

from pop_network.sign_in.idle import is_watched


def sign_in(request: HttpRequest) -> dict:
    """Context processor: `sign_in.providers`, and `sign_in.idle_seconds` (0 where no time-out watches this session)."""
    user = getattr(request, "user", None)
    watched = user is not None and user.is_authenticated and is_watched(request)
    return {
        "sign_in": {
            "providers": list(settings.SIGN_IN_PROVIDERS.values()),
            "idle_seconds": settings.IDLE_SECONDS if watched else 0,
        }
    }
