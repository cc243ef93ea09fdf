"""Changes made by a page are signed by the person who is signed in."""

from django.http import HttpRequest, HttpResponse

from schools.history.signing import Who, signed


class HistoryMiddleware:
    """Stands behind AuthenticationMiddleware."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with signed(lambda: who_asks(request)):
            return self.get_response(request)


def who_asks(request: HttpRequest) -> Who:
    """The person of a request, and the name of the page they are on."""
    match = request.resolver_match
    return Who("page", match.view_name if match else request.path[:200], getattr(request, "real_user", request.user).pk)
