"""The files that start a node in containers are sound, as far as can be told without an engine."""

import re

from compose_spec import PyCompose

from tests.architecture.sources import ROOT
from tests.architecture.test_documented import settings


def text(name: str) -> str:
    """Return a file at the top of the tree."""
    return (ROOT / name).read_text()


def test_the_compose_file_follows_the_specification() -> None:
    """It parses, and names no network, volume or secret that it does not define."""
    compose = PyCompose.from_yaml(text("docker-compose.yml"))
    compose.validate()
    assert set(compose.service_names()) == {"database", "migrate", "hub"}


def test_containers_name_only_settings_that_exist() -> None:
    """A misspelt FETTLE_ variable would be ignored in silence."""
    named = set(re.findall(r"\bFETTLE_[A-Z_]+", text("docker-compose.yml") + text("Dockerfile")))
    assert named
    assert named - settings() == set()


def test_containers_and_make_use_the_same_uv() -> None:
    """One version of uv writes and reads the lock file."""
    pins = {
        *re.findall(r"UV_VERSION := (\S+)", text("Makefile")),
        *re.findall(r"uv==([0-9.]+)", text("Dockerfile")),
    }
    assert len(pins) == 1
