"""Zip files, read in memory and by expected name: a roster's CSV files, the inside of a workbook.

Nothing in a zip is believed: names may point outside, sizes may lie, a kilobyte may unpack to gigabytes, and a
broken stream raises zlib.error rather than BadZipFile. Every way it can go wrong ends in FileRefused.
"""

import io
import lzma
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator

from schools.files.issues import FileRefused, issue
from schools.files.limits import MEGABYTE, Limits

CHUNK = 1 << 20
RATIO_COUNTS_FROM = 10 * MEGABYTE  # a small file may well be a thousand times the same byte
READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
    IndexError,
)
UNSAFE = re.compile(r"^(?:[/\\]|[A-Za-z]:)|(?:^|[/\\])\.\.(?:[/\\]|$)|\\|[\x00-\x1f]")
BY_THE_WAY = re.compile(r"^__MACOSX/|(?:^|/)(?:\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*)$")
CENTRAL_ENTRY = b"PK\x01\x02"


class Archive:
    """A zip whose list of members has been checked: what they say they unpack to is within the limits in all."""

    def __init__(self, data: bytes, limits: Limits):
        """Raises FileRefused: CORRUPT_ARCHIVE, TOO_MANY_FILES, UNSAFE_ARCHIVE_NAME, ARCHIVE_SYMLINK,
        DUPLICATE_MEMBER, ENCRYPTED, TOO_LARGE_UNPACKED."""
        count = data.count(CENTRAL_ENTRY)
        if count > limits.max_members:
            raise FileRefused(issue("TOO_MANY_FILES", count=count, limit=limits.max_members))
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except BROKEN as problem:
            raise FileRefused(issue("CORRUPT_ARCHIVE", reason="its list of files cannot be read")) from problem
        self._allowed = allowance(len(data), limits)
        self._members: dict[str, zipfile.ZipInfo] = {}
        for member in self._zip.infolist():
            self._check(member)
        if sum(member.file_size for member in self._members.values()) > self._allowed:
            raise self._too_large()

    @property
    def names(self) -> list[str]:
        """The names of the files inside, folders and what operating systems add left out."""
        return list(self._members)

    def read(self, name: str) -> bytes:
        """One whole file. Raises FileRefused: CORRUPT_ARCHIVE, TOO_LARGE_UNPACKED."""
        return b"".join(self.chunks(name))

    def chunks(self, name: str) -> Iterator[bytes]:
        """One file in pieces of a megabyte at most; refused as `read` is."""
        left = self._allowed
        try:
            with self._zip.open(self._members[name]) as stream:
                while piece := stream.read(CHUNK):
                    left -= len(piece)
                    if left < 0:
                        raise self._too_large(name)
                    yield piece
        except BROKEN as problem:
            raise FileRefused(issue("CORRUPT_ARCHIVE", reason=f"{name} is broken")) from problem

    def _check(self, member: zipfile.ZipInfo) -> None:
        name = member.orig_filename
        if UNSAFE.search(name):
            raise FileRefused(issue("UNSAFE_ARCHIVE_NAME", file=repr(name)))
        if stat.S_ISLNK(member.external_attr >> 16):
            raise FileRefused(issue("ARCHIVE_SYMLINK", file=name))
        if member.is_dir() or BY_THE_WAY.search(name):
            return
        if member.flag_bits & 0x1:
            raise FileRefused(issue("ENCRYPTED", file=name))
        if member.compress_type not in READABLE:
            raise FileRefused(issue("CORRUPT_ARCHIVE", reason=f"{name} is packed in a way that is not read"))
        if name in self._members:
            raise FileRefused(issue("DUPLICATE_MEMBER", file=name))
        self._members[name] = member

    def _too_large(self, name: str | None = None) -> FileRefused:
        return FileRefused(issue("TOO_LARGE_UNPACKED", limit=self._allowed // MEGABYTE, file=name))


def allowance(packed: int, limits: Limits) -> int:
    """How many bytes a zip of that many bytes may unpack to."""
    return min(limits.max_unpacked, max(RATIO_COUNTS_FROM, packed * limits.max_ratio))


def read_members(
    data: bytes, *, limits: Limits | None = None, expected: Callable[[str], bool] | Collection[str]
) -> dict[str, bytes]:
    """The expected files of a zip by name; others are not read. They may lie in one folder, which is left out.

    `expected` is a collection of names, compared without case and given back as written there, or a function that
    says whether a name is wanted. Raises FileRefused with the codes of `Archive`.
    """
    archive = Archive(data, limits or Limits())
    found: dict[str, str] = {}
    for path in archive.names:
        folder, _, name = path.rpartition("/")
        wanted = _wanted(name, expected)
        if wanted is None or "/" in folder:
            continue
        if wanted in found:
            raise FileRefused(issue("DUPLICATE_MEMBER", file=wanted))
        found[wanted] = path
    return {name: archive.read(path) for name, path in found.items()}


def _wanted(name: str, expected: Callable[[str], bool] | Collection[str]) -> str | None:
    if callable(expected):
        return name if expected(name) else None
    return next((wanted for wanted in expected if wanted.casefold() == name.casefold()), None)
