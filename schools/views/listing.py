"""What every list has: a page of so many rows, and a filter that never fails."""

from collections.abc import Callable

from django.core.paginator import Page, Paginator
from django.forms import Form, ModelChoiceField
from django.http import Http404

from schools.search import ROWS_A_PAGE
from schools.wording import printable

LONGEST_SEARCH = 100


def page_of(request, rows, size: int = ROWS_A_PAGE) -> Page:
    """The page the address asks for; the nearest there is where it asks for nonsense."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


def words_asked(request) -> str:
    """What a search that is no form looks for; never longer than a search is.

    A search for students is posted (as `find`): their names stand in no address.
    """
    words = request.POST.get("find", "") if request.method == "POST" else request.GET.get("q", "")
    return printable(words)[:LONGEST_SEARCH].strip()


def asked(form) -> dict:
    """What could be read of a filter; what could not is None, and the form says so beside it.

    Raises Http404 for the number of a row that the form does not offer: nobody chooses that on a page.
    """
    form.is_valid()
    for name in form.errors:
        if isinstance(form.fields[name], ModelChoiceField) and form.data.get(name, "").isdecimal():
            raise Http404
    return {name: form.cleaned_data.get(name) for name in form.fields}


def key_asked(text: str) -> int | None:
    """The key of a row that a form carries; None for what is no key, or longer than any the database holds."""
    return int(text) if text.isdecimal() and len(text) < 10 else None


def keys_asked(request, name: str) -> set[int]:
    """The keys of the rows that were ticked."""
    return {key for text in request.POST.getlist(name) if (key := key_asked(text)) is not None}


def one_of(request, name: str, choices: tuple[str, ...]) -> str:
    """The choice that a page or its address names; the first where it names none or an unknown one."""
    given = request.POST if request.method == "POST" else request.GET
    found = given.get(name, "")
    return found if found in choices else choices[0]


def number_asked(request) -> int:
    """Which page of a list that is not counted is asked for; the first for nonsense."""
    asked_for = (request.POST if request.method == "POST" else request.GET).get("page", "")
    return min(max(int(asked_for), 1), 10_000) if asked_for.isdecimal() and len(asked_for) < 9 else 1


def kept(form, wanted: dict) -> dict:
    """The filter as it was asked, for the forms that go on from the list."""
    return {name: form.data.get(name, "") for name in form.fields if wanted[name]}


def listed(request, filter_form: type[Form], rows: Callable) -> dict:
    """What a list shows: its filter, and the page asked for of `rows(user, what the filter asks)`."""
    form = filter_form(request.GET, user=request.user)
    wanted = asked(form)
    return {
        "form": form,
        "page": page_of(request, rows(request.user, wanted)),
        "kept": kept(form, wanted),
        "searched": any(wanted.values()),
    }
