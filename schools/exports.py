"""Tables as files that a spreadsheet opens: UTF-8 CSV in which no cell can run as a formula."""

import csv
import io
import zipfile

from django.http import HttpResponseBase, StreamingHttpResponse

from schools.files.inert import inert

# What every file of students' records says first (34 CFR 99.33).
REDISCLOSURE = (
    "Student records: not to be passed on without the parent's consent, but as the law allows (FERPA, 34 CFR 99.33)."
)
NOTICE_FILE = "NOTICE.txt"  # beside files that can hold no notice themselves
ZIP_DAY = (1980, 1, 1, 0, 0, 0)


def safe_cell(value) -> str:
    """The cell's text; one that a spreadsheet might read as a formula gets an apostrophe in front.

    Numbers stay as they are, negative ones too: only text can carry a formula.
    """
    if value is None:
        return ""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return inert(str(value), numbers_stay=False)


def with_notice(data: bytes) -> bytes:
    """A CSV (UTF-8 with a byte order mark) with the notice as its first row, which the portal's readers pass over."""
    line = f'"# {REDISCLOSURE}"\r\n'
    return ("\ufeff" + line + data.decode("utf-8-sig")).encode()


def beside_notice(name: str, data: bytes) -> bytes:
    """A zip of the file as it is, and the notice beside it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(zipfile.ZipInfo(name, ZIP_DAY), data)
    return notice_added(out.getvalue())


def notice_added(package: bytes) -> bytes:
    """A zip with the notice as one more file in it."""
    out = io.BytesIO(package)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as files:
        files.writestr(zipfile.ZipInfo(NOTICE_FILE, ZIP_DAY), REDISCLOSURE + "\n")
    return out.getvalue()


class _Line:
    """A file that hands back what is written to it, so that rows stream."""

    def write(self, line: str) -> str:
        return line


def csv_response(filename: str, header, rows, notice: str = "") -> StreamingHttpResponse:
    """`rows` (an iterable of sequences) under `header`, as a download named `filename`; `notice` stands above it.

    It begins with a byte order mark, without which Excel reads accents wrong, and is never kept by a cache.
    """
    writer = csv.writer(_Line())

    def lines():
        yield "\ufeff"
        if notice:
            yield writer.writerow([f"# {notice}"])
        yield writer.writerow([safe_cell(name) for name in header])
        for row in rows:
            yield writer.writerow([safe_cell(value) for value in row])

    return as_file(StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8"), filename)


def as_file(response: HttpResponseBase, filename: str) -> HttpResponseBase:
    """The response as a download that no browser opens in place, guesses at, or keeps."""
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
