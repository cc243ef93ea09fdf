"""What the tests of the upload pages share: files sent by the page, and pages as text."""

import re
from html import unescape

from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.models import Upload
from tests.assessments.sending import advanced


def text_of(response) -> str:
    """What a page says: its content without marks, on one line."""
    html = response.content.decode()
    main = html[html.find("<main") : html.find("</main>")] if "<main" in html else html
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def file_named(name: str, text) -> SimpleUploadedFile:
    data = text if isinstance(text, bytes) else text.encode()
    return SimpleUploadedFile(name, data, content_type="text/csv")


def send_by_page(client, text, *, name="results.csv", **fields) -> Upload:
    """Upload a file on the page and let the portal work on it; the upload as it is then."""
    response = client.post("/uploads/new/", {"file": file_named(name, text), **fields})
    assert response.status_code == 302, text_of(response)
    return worked_on(response)


def worked_on(response) -> Upload:
    """The upload a redirect leads to, after the portal did what waits for it."""
    pk = int(re.search(r"/uploads/(\d+)/", response.url)[1])
    return advanced(Upload.objects.get(pk=pk))
