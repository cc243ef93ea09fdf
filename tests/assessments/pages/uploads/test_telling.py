"""When those concerned are told is chosen with the publish button: now, or at a time on the district's clock."""

from datetime import UTC, datetime

import pytest

from assessments.models import Upload
from assessments.pipeline.uploads import Options
from tests.assessments.sending import wide

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_winter")]


@pytest.fixture
def ready(w, send):
    return send(wide((w.students[0], "A", "B", "C", "A")), filename="fall.csv")


def published(client, upload, **said) -> Upload:
    client.post(f"/uploads/{upload.pk}/publish/", {"seen": upload.digest, **said})
    upload.refresh_from_db()
    return upload


@pytest.mark.parametrize(
    "said", [{}, {"tell": "now"}, {"tell": "now", "tell_at": "2025-12-24T08:30"}, {"tell": "now", "tell_at": "noon"}]
)
def test_told_at_once(admin, ready, said):
    upload = published(admin, ready, **said)
    assert upload.state == "publishing"
    assert Options.of(upload).tell_at == ""


def test_told_at_a_time_of_the_district(admin, ready):
    upload = published(admin, ready, tell="later", tell_at="2025-12-24T08:30")
    assert upload.state == "publishing"
    assert datetime.fromisoformat(Options.of(upload).tell_at) == datetime(2025, 12, 24, 13, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "words"), [("", "Say at what time"), ("soon", "Say at what time"), ("2025-12-01T08:30", "has passed")]
)
def test_a_time_that_cannot_be_publishes_nothing(admin, ready, typed, words):
    assert published(admin, ready, tell="later", tell_at=typed).state == "ready"
    page = admin.get(f"/uploads/{ready.pk}/").content.decode()
    assert "Nothing was published." in page and words in page
