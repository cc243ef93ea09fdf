"""What a file is, by its bytes: its name proves nothing."""

import re

from schools.files.issues import FileRefused, issue

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
SIGNATURES = (
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"II*\x00", "a picture (TIFF)"),
    (b"MM\x00*", "a picture (TIFF)"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"\x1f\x8b", "a packed file (gzip)"),
    (b"7z\xbc\xaf\x27\x1c", "a packed file (7z)"),
    (b"Rar!\x1a\x07", "a packed file (RAR)"),
    (b"\xfd7zXZ", "a packed file (xz)"),
    (b"SQLite format 3", "a database"),
    (b"PAR1", "a Parquet file"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
)
UNPACK = "Unpack it and send the table inside."
PRINTED = "A printed page cannot be read back: export the data itself as CSV or as an Excel workbook (.xlsx)."
SIGN_IN = "Often it is a sign-in page saved in place of the file: sign in, download it again, and send that."
OLD_EXCEL = 'Open it, save it as "Excel Workbook (.xlsx)", and send that.'
MARKUP = re.compile(rb"\s*<(?:!|\?|[A-Za-z])")
WEB_PAGE = re.compile(rb"<!doctype html|<html|<head|<body|<script|<meta|<table", re.IGNORECASE)
JSON = re.compile(rb'\s*(?:\{\s*"|\[\s*[\[{]|\{\s*\}\s*$)')
INSIDES = (
    ("word/", "a Word document"),
    ("ppt/", "a presentation"),
    ("xl/workbook.bin", "a binary Excel workbook (.xlsb)"),
    ("content.xml", "an OpenDocument file"),
    ("Index/", "a Numbers or Pages document"),
)


def is_zip(data: bytes) -> bool:
    """Whether the bytes begin as a zip does (a workbook is one)."""
    return data.startswith(ZIP)


def refuse_other_types(data: bytes) -> None:
    """Raises FileRefused, WRONG_TYPE or ENCRYPTED, for bytes that are neither text nor a zip."""
    if data.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise FileRefused(issue("ENCRYPTED"))
        found = (
            "a Word document (.doc)" if "WordDocument".encode("utf-16-le") in data else "an old Excel workbook (.xls)"
        )
        raise FileRefused(issue("WRONG_TYPE", found=found, instead=OLD_EXCEL))
    if b"%PDF-" in data[:1024]:
        raise FileRefused(issue("WRONG_TYPE", found="a PDF", instead=PRINTED))
    if data[4:8] == b"ftyp" or (data.startswith(b"RIFF") and data[8:12] == b"WEBP"):
        raise FileRefused(issue("WRONG_TYPE", found="a picture or a film"))
    for signature, found in SIGNATURES:
        if data.startswith(signature):
            raise FileRefused(issue("WRONG_TYPE", found=found, instead=UNPACK if "packed" in found else None))


def refuse_markup(text: bytes) -> None:
    """Raises FileRefused, WRONG_TYPE, for text that is a web page, XML or JSON instead of a table."""
    start = text[:4096]
    if MARKUP.match(start):
        if WEB_PAGE.search(start):
            raise FileRefused(issue("WRONG_TYPE", found="a web page (HTML)", instead=SIGN_IN))
        raise FileRefused(issue("WRONG_TYPE", found="an XML file"))
    if JSON.match(start):
        raise FileRefused(issue("WRONG_TYPE", found="a JSON file"))


def refuse_other_zips(names: list[str]) -> None:
    """Raises FileRefused, WRONG_TYPE, for a zip that is not an Excel workbook, given the names inside."""
    if "xl/workbook.xml" in names:
        return
    for inside, found in INSIDES:
        if any(name.startswith(inside) for name in names):
            raise FileRefused(issue("WRONG_TYPE", found=found, instead=OLD_EXCEL if "Excel" in found else None))
    raise FileRefused(issue("WRONG_TYPE", found="a zip without a workbook in it", instead=UNPACK))
