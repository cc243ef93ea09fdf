"""What every list has: a page of so many rows, and a filter that never fails."""

from django.core.paginator import Page, Paginator

ROWS_A_PAGE = 50


def page_of(request, rows, size: int = ROWS_A_PAGE) -> Page:
    """The page the address asks for; the nearest there is where it asks for nonsense."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


def asked(form) -> dict:
    """What could be read of a filter; what could not is None, and the form says so beside it."""
    form.is_valid()
    return {name: form.cleaned_data.get(name) for name in form.fields}
