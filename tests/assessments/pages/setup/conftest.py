"""Test set-up on a day of its own, and its pages asked as different people."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from tests.assessments.pages.setup.typed import SECRET, points
from tests.assessments.pipeline.conftest import send, tested  # noqa: F401  fixtures
from tests.assessments.sending import wide


@pytest.fixture
def setup(tested, client, monkeypatch):  # noqa: F811
    """`tested` on a day of its own: the key of question 1 is A, its choices have a telling text."""
    w = tested
    item = w.math.items.get(position=1)
    item.text, item.choices = (
        f"What is a {SECRET}?",
        {"A": {"text": f"{SECRET} a", "suggests": "guessed"}, "B": {"text": "no", "suggests": ""}},
    )
    item.save()

    def on(year, month, day):
        monkeypatch.setattr(timezone, "now", lambda: datetime(year, month, day, 17, 0, tzinfo=UTC))

    def get(who, path, status=200):
        client.force_login(who)
        response = client.get(path)
        assert response.status_code == status, response.content[:300]
        return response.content.decode()

    def post(who, path, status=302, **data):
        client.force_login(who)
        response = client.post(path, data)
        assert response.status_code == status, response.content.decode()
        return response.content.decode()

    w.on, w.get, w.post = on, get, post
    w.page = f"/tests/{w.math.pk}/"
    on(2025, 10, 1)  # Fall is open
    return w


@pytest.fixture
def fall(setup, send):  # noqa: F811
    """Results of two students of section 501 in Fall: three and one of four right."""
    first, second = setup.students[:2]
    send(wide((first, "A", "B", "C", "A"), (second, "A", "A", "A", "A")), publish=True)
    assert points() == {first.pk: 3.0, second.pk: 1.0}
    return setup
