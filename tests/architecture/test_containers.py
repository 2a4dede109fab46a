"""The files that start a node in containers are sound, as far as can be told without an engine.

What the image holds, and that its commands run, is tried in tests/processes/test_image.py; what the
topology does, in tests/journeys/cluster.
"""

import re
from typing import Any

from compose_spec import PyCompose

from tests.architecture.sources import ROOT
from tests.architecture.test_documented import settings

SERVICES = {"database", "migrate", "web-1", "web-2", "worker-1", "worker-2", "proxy"}
OURS = SERVICES - {"database", "proxy"}


def text(name: str) -> str:
    """Return a file at the top of the tree."""
    return (ROOT / name).read_text()


def compose() -> PyCompose:
    """Return the compose file, read as the specification says."""
    return PyCompose.from_yaml(text("docker-compose.yml"))


def service(name: str) -> dict[str, Any]:
    """Return a service of the compose file."""
    found: dict[str, Any] = compose().to_dict()["services"][name]
    return found


def test_the_compose_file_follows_the_specification() -> None:
    """It parses, and names no network, volume, secret or config that it does not define."""
    found = compose()
    found.validate()
    assert set(found.service_names()) == SERVICES


def test_containers_name_only_settings_that_exist() -> None:
    """A misspelt FETTLE_ variable would stop the start."""
    named = set(re.findall(r"\bFETTLE_[A-Z_]+", text("docker-compose.yml") + text("Dockerfile")))
    assert named
    assert named - settings() == set()


def test_the_image_and_make_use_the_same_uv() -> None:
    """One version of uv writes and reads the lock file."""
    pins = {
        *re.findall(r"UV_VERSION := (\S+)", text("Makefile")),
        *re.findall(r"uv_version=(\S+)", text(".ci/image/install")),
    }
    assert len(pins) == 1


def test_two_serve_and_two_work_once_the_tables_are_up_to_date() -> None:
    """`migrate` ends well before anybody else starts, at the first start and at each update."""
    for name in OURS - {"migrate"}:
        needed = service(name)["depends_on"]
        assert needed["migrate"]["condition"] == "service_completed_successfully"
        assert needed["database"]["condition"] == "service_healthy"
    commands = {name: service(name)["command"] for name in OURS}
    assert commands.pop("migrate") == ["fettle", "migrate"]
    for number in (1, 2):
        assert commands[f"web-{number}"] == ["fettle", "serve", "--no-worker"]
        assert commands[f"worker-{number}"] == ["fettle", "worker", "--health-port", "8000"]


def test_every_container_is_bounded_and_closed() -> None:
    """Limits for all; ours, and the proxy, can write nowhere but where they must."""
    for name in SERVICES:
        assert set(service(name)["deploy"]["resources"]["limits"]) == {"cpus", "memory"}, name
    for name in SERVICES - {"database"}:
        found = service(name)
        assert found["read_only"] is True, name
        assert found["cap_drop"] == ["ALL"], name
        assert found["security_opt"] == ["no-new-privileges:true"], name
    assert re.search(r"^USER fettle$", text("Dockerfile"), re.MULTILINE)


def test_nothing_is_secret_in_the_compose_file() -> None:
    """Secrets come from files, and there is no default for any."""
    assert set(compose().to_dict()["secrets"]) == {"database_password", "node_key"}
    assert not re.search(r"PASSWORD: |NODE_KEY: |:[^@\s/]+@", text("docker-compose.yml"))
    for name in OURS:
        assert set(service(name)["secrets"]) == {"database_password", "node_key"}


def test_only_the_proxy_is_reached_from_outside() -> None:
    """The database is on a network without a way out."""
    open_to_all = {name for name in SERVICES if service(name).get("ports")}
    assert open_to_all == {"proxy"}
    assert set(service("database")["networks"]) == {"inside"}
    assert compose().to_dict()["networks"]["inside"]["internal"] is True
