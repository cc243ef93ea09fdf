"""The network on paper: what the page shows to this reader, and not a figure more."""

import re

import pytest
from django.urls import reverse

from schools.models import AccessLog
from tests.assessments.pages.reading import pdf_of, tables_of, words_of

pytestmark = pytest.mark.django_db


def squeezed(text: str) -> str:
    return re.sub(r"\s|\(yourschool\)", "", text)


@pytest.mark.parametrize("asked", [{}, {"measure": "benchmark"}, {"measure": "points"}, {"by": "grades"}])
@pytest.mark.parametrize("who", ["principal", "rep", "admin"])
def test_paper_shows_what_the_page_shows(client, released, who, asked):
    client.force_login(getattr(released.world, who))
    pk = released.world.network.pk
    page = client.get(reverse("assessments:network_results", args=[pk]), asked)
    paper = client.post(reverse("assessments:network_export", args=[pk]), {"format": "pdf"} | asked)
    assert (paper.status_code, paper["Content-Type"], paper["Cache-Control"]) == (200, "application/pdf", "no-store")
    told = squeezed(" ".join(one.extract_text() for one in pdf_of(paper).pages))
    assert squeezed(page.context["page"].sentence) in told
    for rows in tables_of(page).values():
        for cell in (cell for row in rows[1:] for cell in row):
            wide = re.sub(r" (students?|of the points|at benchmark)$", "", cell)
            assert squeezed(wide).replace("(yourschool)", "") in told, cell
    shown = words_of(page)
    for letter in ("School A", "School B", "Birch School", "Ash School"):
        assert (letter in shown) or (squeezed(letter) not in told)
    assert AccessLog.objects.get().action == "export"


def test_nothing_is_set_where_nothing_is_open(client, world):
    client.force_login(world.principal)
    sent = client.post(reverse("assessments:network_export", args=[world.network.pk]), {"format": "pdf"})
    assert sent.status_code == 403
