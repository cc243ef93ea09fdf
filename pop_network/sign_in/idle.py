"""Shared devices: who walks away from one is signed out. An own device stays signed in for half a day.

A session that ends with the browser is one of a shared device; it is so unless the person says "my own device" at
sign-in, or comes in by a passkey.
"""

import time

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest

SEEN = "seen_at"
EXPIRY = "_session_expiry"  # where Django keeps what `set_expiry` was told
NOTE_EVERY = 60  # seconds: the row of a session is written once a minute at most


def begin(request: HttpRequest, *, own_device: bool) -> None:
    """Note at a sign-in when the person was seen, and whether the device is their own."""
    request.session[SEEN] = int(time.time())
    if own_device:
        request.session.set_expiry(settings.SESSION_COOKIE_AGE)


def is_watched(request: HttpRequest) -> bool:
    """Whether this session ends when nobody uses it."""
    return SEEN in request.session and request.session.get_expire_at_browser_close()


class IdleMiddleware:
    """Ends a session of a shared device that was left alone; the next page is the sign-in, and leads back."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest):
        if request.user.is_authenticated and is_watched(request):
            now = int(time.time())
            idle = now - request.session[SEEN]
            if idle > settings.IDLE_SECONDS:
                logout(request)
                minutes = settings.IDLE_SECONDS // 60
                messages.info(request, f"You were signed out: nobody used this device for {minutes} minutes.")
            elif idle > NOTE_EVERY:
                request.session[SEEN] = now
        return self.get_response(request)
