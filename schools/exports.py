"""Tables as files that a spreadsheet opens: UTF-8 CSV in which no cell can run as a formula."""

import csv

from django.http import StreamingHttpResponse

from schools.files.inert import inert


def safe_cell(value) -> str:
    """The cell's text; one that a spreadsheet might read as a formula gets an apostrophe in front.

    Numbers stay as they are, negative ones too: only text can carry a formula.
    """
    if value is None:
        return ""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return inert(str(value), numbers_stay=False)


class _Line:
    """A file that hands back what is written to it, so that rows stream."""

    def write(self, line: str) -> str:
        return line


def csv_response(filename: str, header, rows) -> StreamingHttpResponse:
    """`rows` (an iterable of sequences) under `header`, as a download named `filename`.

    It begins with a byte order mark, without which Excel reads accents wrong, and is never kept by a cache.
    """
    writer = csv.writer(_Line())

    def lines():
        yield "\ufeff" + writer.writerow([safe_cell(name) for name in header])
        for row in rows:
            yield writer.writerow([safe_cell(value) for value in row])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
