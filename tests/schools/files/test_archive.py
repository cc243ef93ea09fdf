"""Zips are read in memory, by expected name, and never believed."""

import io
import struct
import zipfile

import pytest

from schools.files.archive import read_members
from schools.files.issues import FileRefused
from schools.files.limits import Limits
from tests.schools.files.make_files import packed

EXPECTED = {"manifest.csv", "users.csv", "orgs.csv"}


def refusal(data, expected=EXPECTED, **limits):
    with pytest.raises(FileRefused) as refused:
        read_members(data, limits=Limits(**limits), expected=expected)
    return refused.value.issue


def test_expected_files_by_name_and_nothing_else():
    data = packed({"manifest.csv": b"m", "Users.CSV": b"u", "readme.txt": b"no", "deep/er/orgs.csv": b"no"})
    assert read_members(data, expected=EXPECTED) == {"manifest.csv": b"m", "users.csv": b"u"}
    assert read_members(data, expected=lambda name: name.endswith(".txt")) == {"readme.txt": b"no"}


def test_one_folder_around_the_files_and_what_a_mac_adds():
    data = packed(
        {
            "roster/manifest.csv": b"m",
            "roster/users.csv": b"u",
            "__MACOSX/roster/._users.csv": b"x",
            "roster/.DS_Store": b"x",
        }
    )
    assert read_members(data, expected=EXPECTED) == {"manifest.csv": b"m", "users.csv": b"u"}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    "members",
    [
        [("users.csv", b"1"), ("users.csv", b"2")],
        [("users.csv", b"1"), ("USERS.csv", b"2")],
        [("users.csv", b"1"), ("roster/users.csv", b"2")],
    ],
)
def test_a_file_twice(members):
    found = refusal(packed(members))
    assert found.code == "DUPLICATE_MEMBER" and "users.csv" in found.message


@pytest.mark.parametrize(
    "name", ["../users.csv", "/etc/users.csv", "a/../../users.csv", "C:/users.csv", "..\\users.csv"]
)
def test_a_name_that_points_outside(name):
    assert refusal(packed({name: b"x"})).code == "UNSAFE_ARCHIVE_NAME"


def test_a_link_instead_of_a_file():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        link = zipfile.ZipInfo("users.csv")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert refusal(held.getvalue()).code == "ARCHIVE_SYMLINK"


def test_a_password():
    data = bytearray(packed({"users.csv": b"x" * 50}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    data[6] |= 1
    assert refusal(bytes(data)).code == "ENCRYPTED"


def test_too_many_files_and_too_much_unpacked():
    assert refusal(packed({f"{n}.csv": b"" for n in range(11)}), max_members=10).code == "TOO_MANY_FILES"
    bomb = packed({"users.csv": b"0" * 30_000_000})
    assert len(bomb) < 100_000 and refusal(bomb).code == "TOO_LARGE_UNPACKED"
    assert refusal(packed({"users.csv": b"x" * 2000}), max_unpacked=1000).code == "TOO_LARGE_UNPACKED"


def test_a_size_that_lies():
    data = bytearray(packed({"users.csv": b"0123456789" * 1000}))
    for signature, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = data.index(signature) + place
        data[start : start + 4] = struct.pack("<I", 10)
    assert refusal(bytes(data)).code == "CORRUPT_ARCHIVE"


def test_a_broken_stream_raises_zlib_error_and_is_refused_all_the_same():
    data = bytearray(packed({"users.csv": bytes(range(256)) * 40}))
    start = data.index(b"users.csv") + len("users.csv")
    data[start : start + 30] = b"\xff" * 30
    assert refusal(bytes(data)).code == "CORRUPT_ARCHIVE"


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\x03\x04", b"no zip at all", packed({"users.csv": b"x"})[:-10]])
def test_no_zip(data):
    assert refusal(data).code == "CORRUPT_ARCHIVE"


def test_another_way_of_packing():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("users.csv", "x" * 100)
    assert refusal(held.getvalue()).code == "CORRUPT_ARCHIVE"


def test_each_file_is_read_against_one_allowance():
    halves = packed({"users.csv": b"a" * 600, "orgs.csv": b"b" * 600})
    assert refusal(halves, max_unpacked=1000).code == "TOO_LARGE_UNPACKED"
    assert len(read_members(halves, limits=Limits(max_unpacked=1200), expected=EXPECTED)) == 2
