"""The portal's roster as a OneRoster 1.2 bulk package."""

from pathlib import Path

from schools.commands import BadUsage, JsonCommand, district_named
from schools.models import SchoolYear
from schools.oneroster.export import whole_package


class Command(JsonCommand):
    help = "Write a district's roster of one school year as a OneRoster 1.2 package; read in again, it changes nothing."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("path", help="the zip to write")
        parser.add_argument("--district", metavar="CODE")
        parser.add_argument("--year", metavar="CODE", help="instead of the year with classes nearest to today")

    def handle(self, *, path, district, year, **given):
        of = district_named(district)
        chosen = None
        if year:
            chosen = SchoolYear.objects.filter(district=of, code=year).first()  # unscoped: the operator
            if chosen is None:
                raise BadUsage(f'{of} has no school year "{year}".')
        try:
            data = whole_package(of, chosen)
            Path(path).write_bytes(data)
        except ValueError as problem:
            raise BadUsage(str(problem)) from None
        except OSError as problem:
            raise BadUsage(f"{path} cannot be written: {problem.strerror}.") from None
        self.answer({"status": "written", "path": path, "bytes": len(data)}, 0, words=f"{path}: {len(data):,} bytes")
