"""No container engine runs in CI, so the files for one are held against settings and routes."""

import ast
import re
import subprocess
from urllib.parse import urlsplit

import pytest
import yaml
from django.urls import resolve

from pop_network.embedded.environment import REPO

BESIDE_SETTINGS = {"POP_DATA_DIR", "PORT", "DEMO"}  # read before there are settings
OF_COMPOSE_ALONE = {"DOMAIN", "POSTGRES_PASSWORD", "OWNER_PASSWORD", "APP_PASSWORD", "BROKER_PASSWORD"}
OF_THE_PORTAL = {"prepare", "web", "worker", "beat"}


def read_by_settings():
    """Every name that settings ask the environment for, and whether they have a default for it."""
    tree = ast.parse((REPO / "pop_network" / "settings.py").read_text())
    found = {}
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        reader = call.func.value if isinstance(call.func, ast.Attribute) else call.func
        if isinstance(reader, ast.Name) and reader.id == "env" and isinstance(call.args[0], ast.Constant):
            has_default = any(keyword.arg == "default" for keyword in call.keywords)
            found[call.args[0].value] = found.get(call.args[0].value, False) or has_default
    assert {"SECRET_KEY", "DATABASE_URL", "REDIS_URL", "EMAIL_URL"} <= set(found)
    return found


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((REPO / "docker-compose.yml").read_text())


@pytest.fixture(scope="module")
def dockerfile():
    """The instructions of the last stage, as (WORD, rest) pairs."""
    text = (REPO / "Dockerfile").read_text().replace("\\\n", " ")
    lines = [line.split(None, 1) for line in text.splitlines() if line.strip() and not line.startswith("#")]
    stages = [number for number, (word, _) in enumerate(lines) if word == "FROM"]
    return lines[stages[-1] :]


def instructions(dockerfile, word):
    return [rest for found, rest in dockerfile if found == word]


def example_names():
    text = (REPO / ".env.example").read_text()
    return set(re.findall(r"^#?([A-Z_]+)=", text, re.MULTILINE))


def test_every_setting_stands_in_the_example_and_nothing_else():
    assert example_names() == set(read_by_settings()) | BESIDE_SETTINGS | OF_COMPOSE_ALONE


def test_the_services(compose):
    assert set(compose["services"]) == {"db", "redis", "proxy"} | OF_THE_PORTAL
    for name, service in compose["services"].items():
        assert "healthcheck" in service, f"{name} has no healthcheck"


@pytest.mark.parametrize("name", sorted(OF_THE_PORTAL))
def test_the_portal_s_services_set_what_settings_read(compose, name):
    given, wanted = compose["services"][name]["environment"], read_by_settings()
    assert set(given) <= set(wanted), "compose sets what no setting reads"
    missing = {setting for setting, has_default in wanted.items() if not has_default} - set(given)
    assert missing <= {"DATABASE_OWNER_URL"}
    assert ("DATABASE_OWNER_URL" in given) == (name == "prepare"), "only prepare may own the tables"


def test_values_for_compose_stand_in_the_example(compose):
    text = (REPO / "docker-compose.yml").read_text()
    assert set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", text)) <= example_names()


def test_addresses_lead_to_services_and_roles(compose):
    given = compose["services"]["prepare"]["environment"]
    roles = (REPO / "deploy" / "make-roles.sh").read_text()
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"):
        address = urlsplit(re.sub(r"\$\{(\w+)[^}]*\}", r"\1", given[name]))
        assert address.hostname in compose["services"], name
        if name.startswith("DATABASE"):
            assert f"CREATE ROLE {address.username} LOGIN" in roles
            assert f"CREATE DATABASE {address.path[1:]} OWNER portal_owner" in roles
            assert address.password in compose["services"]["db"]["environment"]


def test_the_order_of_starting(compose):
    services = compose["services"]
    assert services["prepare"]["depends_on"] == {"db": {"condition": "service_healthy"}}
    assert services["prepare"]["restart"] == "no"
    for name in OF_THE_PORTAL - {"prepare"}:
        assert services[name]["depends_on"]["prepare"] == {"condition": "service_completed_successfully"}
    assert services["proxy"]["depends_on"]["web"] == {"condition": "service_healthy"}


def test_health_addresses_are_routes(compose, dockerfile):
    (image_check,) = instructions(dockerfile, "HEALTHCHECK")
    web_check = " ".join(compose["services"]["web"]["healthcheck"]["test"])
    proxy = (REPO / "deploy" / "Caddyfile").read_text()
    found = re.findall(r":8000(/[a-z/]+)", image_check + web_check) + re.findall(r"health_uri (\S+)", proxy)
    assert [resolve(path).url_name for path in found] == ["health_live", "health_ready", "health_live"]


def test_the_proxy_leads_to_the_web_service_and_lets_uploads_through(compose, dockerfile, settings):
    proxy = (REPO / "deploy" / "Caddyfile").read_text()
    service, port = re.search(r"reverse_proxy (\w+):(\d+)", proxy).groups()
    assert service == "web"
    assert instructions(dockerfile, "EXPOSE") == [port]
    assert f'"0.0.0.0:{port}"' in instructions(dockerfile, "CMD")[0]
    assert int(re.search(r"max_size (\d+)MB", proxy).group(1)) * 1_000_000 > settings.UPLOAD_MAX_BYTES


def test_the_image_runs_as_nobody_special_from_the_hashed_lock(dockerfile):
    assert instructions(dockerfile, "USER") == ["portal"]
    words = [word for word, _ in dockerfile]
    assert words.index("USER") > max(number for number, word in enumerate(words) if word in ("RUN", "COPY"))
    assert "--require-hashes" in (REPO / "Dockerfile").read_text()
    (environment,) = instructions(dockerfile, "ENV")
    set_here = set(re.findall(r"([A-Z_]+)=", environment))
    assert {"POP_DATA_DIR", "STATIC_ROOT"} <= set_here <= set(read_by_settings()) | BESIDE_SETTINGS | {
        "PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE",
    }  # fmt: skip


def test_files_that_compose_mounts_are_there(compose):
    for service in compose["services"].values():
        for mount in service.get("volumes", []):
            source = mount.split(":")[0]
            assert source in compose["volumes"] or (REPO / source).is_file(), source


def test_scripts_parse():
    for script in (".ci/run", "deploy/make-roles.sh"):
        shell = (REPO / script).read_text().splitlines()[0].rsplit("/", 1)[1].split()[-1]
        done = subprocess.run([shell, "-n", REPO / script], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


def test_make_help_lists_every_command():
    text = (REPO / "Makefile").read_text()
    phony = set(re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE).group(1).split())
    assert {"run", "test", "check", "lint", "bench", "faults"} <= phony
    listed = subprocess.run(["make", "help"], cwd=REPO, capture_output=True, text=True, check=True).stdout
    assert {line.split()[1] for line in listed.splitlines()} == phony
