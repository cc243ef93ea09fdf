import brotli
import pytest

from pop_network.management.commands import prepare
from pop_network.static_files import LARGE, PortalStaticFiles


@pytest.fixture
def source(tmp_path, settings):
    """A folder of static files, and an empty place to collect them in."""
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "large.js").write_bytes(b"let a = 1;\n" * LARGE)
    (folder / "small.css").write_text("body { color: black }\n" * 50)
    (folder / "small.css.map").write_text('{"version": 3}' * 200)
    settings.STATICFILES_DIRS = [folder]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "pop_network.static_files.PortalStaticFiles"}}
    return folder


def test_collected_files_are_compressed_whatever_their_size(source, settings):
    prepare.collect_static_files()
    collected = {path.name for path in settings.STATIC_ROOT.iterdir()}
    assert not any(".map" in name for name in collected if name.endswith(".br"))
    for name in ("large.js", "small.css"):
        stored = PortalStaticFiles().stored_name(name)
        assert stored != name and stored in collected and name not in collected
        packed = (settings.STATIC_ROOT / f"{stored}.br").read_bytes()
        assert brotli.decompress(packed) == (source / name).read_bytes()


def test_nothing_is_collected_twice(source, monkeypatch):
    prepare.collect_static_files()
    calls = []
    monkeypatch.setattr(prepare, "call_command", lambda *arguments, **_: calls.append(arguments))
    prepare.collect_static_files()
    assert calls == []
    (source / "small.css").write_text("body { color: navy }")
    prepare.collect_static_files()
    assert calls == [("collectstatic",)]
