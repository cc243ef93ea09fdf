"""The first page of everyone who signs in: the newest results in one sentence, and what waits for them."""

from django.shortcuts import render


def today(request):
    """Show what is new and what waits for the reader."""
    return render(request, "pop_network/today.html", {})
