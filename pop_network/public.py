"""What anyone may read without an account: what a network is, its schools, and what it has released to everyone."""

from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from assessments.queries.network import Asked, NetworkResults
from assessments.queries.released import Programme, open_releases, programmes
from assessments.views.network import network_context, network_page, released_file
from schools.models import Network, NetworkSchool
from schools.pages import render_page


@dataclass(frozen=True)
class Released:
    """What of a programme is open to everyone: each window with its page."""

    name: str
    windows: list[tuple[str, str]]


@login_not_required
@require_GET
def public(request):
    """The networks of this portal; where there is one, that one."""
    found = list(Network.objects.visible_to_public())
    if len(found) == 1:
        return redirect("public_network", found[0].slug)
    return render_page(request, "pop_network/public.html", {"networks": found})


@login_not_required
@require_GET
def public_network(request, slug):
    """What the network works on, which schools are in it, and what it has released this year and before."""
    network = _network(slug)
    today = timezone.localdate()
    joined = NetworkSchool.objects.visible_to_public().on(today).filter(network=network)
    context = {
        "network": network,
        "schools": sorted({row.school.name for row in joined.select_related("school")}, key=str.casefold),
        "released": [_released(network, one) for one in programmes(open_releases(network, None))],
    }
    context["sentence"] = _sentence(context)
    return render_page(request, "pop_network/public_network.html", context)


@login_not_required
@require_GET
def public_results(request, slug):
    """Released figures by school, by grade and by standard, in words and in tables."""
    page = _results(request, _network(slug))
    context = network_context(page, lambda asked: results_url(page.network, asked))
    if page.chosen:
        context["tools"] = [{"label": "Download", "url": "#take"}]
        file = reverse("public_file", args=[slug])
        context["files"] = [
            (label, f"{file}?{urlencode(context['asked'] | {'format': kind})}")
            for label, kind in (("CSV", "csv"), ("Excel", "xlsx"))
        ]
    return render_page(request, "pop_network/public_results.html", context)


@login_not_required
@require_GET
def public_file(request, slug):
    """The released file: the figures of the page, no others. Raises Http404 where nothing is released."""
    page = _results(request, _network(slug))
    if page.chosen is None:
        raise Http404
    return released_file(request, page)


def results_url(network: Network, asked: Asked) -> str:
    """The public results page for what is asked of it."""
    query = urlencode({name: value for name, value in asdict(asked).items() if value})
    return reverse("public_results", args=[network.slug]) + (f"?{query}" if query else "")


def _network(slug: str) -> Network:
    return get_object_or_404(Network.objects.visible_to_public(), slug=slug)


def _results(request, network: Network) -> NetworkResults:
    """What everyone may read, whoever asks: a person who has signed in reads the same here."""
    return network_page(request, network, None)


def _released(network: Network, programme: Programme) -> Released:
    windows = [
        (f"{one.window.name} {one.window.year.code}",
         results_url(network, Asked(series=programme.key, window=one.window.full_code)))
        for one in programme.releases
    ]  # fmt: skip
    return Released(programme.name, windows)


def _sentence(context: dict) -> str:
    """The network in one sentence."""
    count = len(context["schools"])
    schools = f"{count} school{'' if count == 1 else 's'}"
    released = sum(len(one.windows) for one in context["released"])
    if not released:
        return f"{schools} work together on one problem of practice. No results are released to everyone yet."
    results = f"Results of {released} test window{'' if released == 1 else 's'} are released to everyone."
    return f"{schools} work together on one problem of practice. {results}"
