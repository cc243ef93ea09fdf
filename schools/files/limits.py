"""How much a file may hold before it is refused."""

from dataclasses import dataclass

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes, counts and characters. `max_ratio` is unpacked to packed bytes; `max_line` and `max_field` count
    characters; the defaults hold a district's file."""

    max_bytes: int = 50 * MEGABYTE
    max_rows: int = 200_000
    max_columns: int = 2_000
    max_cells: int = 16_000_000
    max_line: int = 250_000
    max_unpacked: int = 400 * MEGABYTE
    max_ratio: int = 200
    max_members: int = 2_000
    max_field: int = 200
