"""Roster packages for tests: one of the two authored ones (folder `files`), with rows changed, added or left out.

Both hold the same: district D1 with Ash School (100: sections 501 and 502) and Birch School (200: section 601), ten
students a section (s-01 to s-30, numbers 1001 to 1030), a teacher each (t-1 to t-3), the year 2025-26.
"""

import csv
import io
import zipfile
from pathlib import Path

FILES = Path(__file__).parent / "files"


class Package:
    """An authored package as bytes by file name; every change returns the package."""

    def __init__(self, version: str = "v1p2"):
        self.files = {path.name: path.read_bytes() for path in sorted((FILES / version).glob("*.csv"))}

    def rows(self, name: str) -> tuple[list[str], list[dict]]:
        reader = csv.DictReader(io.StringIO(self.files[name].decode("utf-8-sig"), newline=""))
        return list(reader.fieldnames), list(reader)

    def write(self, name: str, header: list[str], rows: list[dict]) -> "Package":
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, header, restval="")
        writer.writeheader()
        writer.writerows(rows)
        self.files[name] = text.getvalue().encode()
        return self

    def change(self, name: str, where: dict, /, **cells) -> "Package":
        """Set cells of the rows that hold `where`."""
        header, rows = self.rows(name)
        found = [row for row in rows if where.items() <= row.items()]
        assert found, f"no row of {name} holds {where}"
        for row in found:
            row.update(cells)
        return self.write(name, header, rows)

    def add(self, name: str, *rows: dict) -> "Package":
        header, before = self.rows(name)
        return self.write(name, header, [*before, *rows])

    def drop(self, name: str, **where) -> "Package":
        """Leave out the rows that hold `where`; without it, all of them."""
        header, rows = self.rows(name)
        kept = [row for row in rows if not where.items() <= row.items()]
        assert len(kept) < len(rows), f"no row of {name} holds {where}"
        return self.write(name, header, kept)

    def without_student(self, student: str) -> "Package":
        for name, column in (("users.csv", "sourcedId"), ("roles.csv", "userSourcedId")):
            if name in self.files:  # 1.1 has no file of roles
                self.drop(name, **{column: student})
        return self.drop("enrollments.csv", userSourcedId=student)

    def move(self, student: str, section: str, school: str, **dates) -> "Package":
        """Put a student into another section, and school."""
        self.change("users.csv", {"sourcedId": student}, primaryOrgSourcedId=school)
        self.change("roles.csv", {"userSourcedId": student}, orgSourcedId=school)
        cells = {"classSourcedId": section, "schoolSourcedId": school, **dates}
        return self.change("enrollments.csv", {"userSourcedId": student}, **cells)

    def line(self, name: str, **where) -> int:
        """The physical line of the first row that holds `where`."""
        _, rows = self.rows(name)
        return next(line for line, row in enumerate(rows, start=2) if where.items() <= row.items())

    def zip(self, folder: str = "") -> bytes:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for name, data in self.files.items():
                archive.writestr(folder + name, data)
        return packed.getvalue()
