"""While an admin looks at the portal as somebody else, pages are answered as to that person, and nothing is changed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from schools.models import User
from schools.viewing import WAY_OUT, is_closed, viewing_of

VIEWING = "viewing_as"  # in the session: the key of the viewing


class ViewingMiddleware:
    """Stands behind the second factor, which the one who looks has shown.

    A request has then `viewing`, and as `real_user` the one who looks; `user` is the one they look as.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "viewing", None):
            response["Cache-Control"] = "no-store"
        return response

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        if not request.user.is_authenticated or VIEWING not in request.session:
            return None
        name = request.resolver_match.view_name or ""
        if name in WAY_OUT:
            return None
        row = viewing_of(request.user, request.session[VIEWING])
        if row is None:
            del request.session[VIEWING]
            messages.info(request, "You see the portal as yourself again: the time to look as somebody else is over.")
            return redirect("today")
        request.viewing, request.real_user = row, request.user
        request.user = User.objects.get(pk=row.person_id)  # with a standing of its own request
        request.user.viewed_by = request.real_user
        if is_closed(view, name, request.method):
            raise PermissionDenied(
                f"You see the portal as {row.person.get_full_name()}: to look, not to change, to take away or to read "
                "what is that person's alone. Go back to yourself first."
            )
        return None
