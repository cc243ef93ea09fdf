"""What somebody may take away as a file: with whose rows, for what they say, and how lately they signed in."""

from dataclasses import dataclass

SIGNED_IN_MINUTES = 30
FRESH_MINUTES = 5


@dataclass(frozen=True, slots=True)
class ExportRight:
    """What somebody may take away.

    students  students' rows; without it only figures of the class as a whole
    purpose   they must say what they need it for
    minutes   how long ago they may have typed their password, 0 where it does not matter
    """

    students: bool
    purpose: bool
    minutes: int
