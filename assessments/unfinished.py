"""What is still open in a year of tests: files, windows, releases. Said where a year is closed."""

from django.db.models import Q

from assessments.models import Release, Upload, Window
from schools.models import SchoolYear
from schools.today import Line
from schools.years.unfinished import Part, counted, line

NOT_DONE = (*Upload.MOVING, *Upload.WAITING, Upload.State.FAILED)
ON_THE_WAY = (Release.State.COMPUTING, Release.State.PREPARED, Release.State.AGREED, Release.State.HELD)


def _columns(user, year: SchoolYear) -> dict:
    # A file says its window as "2026-27/Q2", or not at all until it is read: then it may be of any year.
    of_the_year = Q(options__window__startswith=f"{year.code}/")
    unsaid = Q(options__window__isnull=True) | ~Q(options__window__icontains="/")
    waiting = Upload.objects.visible_to(user).filter(district=year.district_id, state__in=NOT_DONE)
    files = waiting.filter(of_the_year | unsaid)
    windows = Window.objects.visible_to(user).filter(year=year, closes__gte=user.standing.today)
    releases = Release.objects.visible_to(user).filter(window__year=year, state__in=ON_THE_WAY)
    return {"files": counted(files), "open_windows": counted(windows), "releases_waiting": counted(releases)}


def _lines(row: SchoolYear) -> list[Line]:
    return [
        *line(row.files, "file of results is|files of results are", "not published", "assessments:uploads"),
        *line(row.open_windows, "window is|windows are", "still open", "assessments:tests"),
        *line(row.releases_waiting, "release is|releases are", "on the way", "assessments:releases"),
    ]


PART = Part(_columns, _lines)
