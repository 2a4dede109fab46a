"""What holds for every test: the loop is not blocked, the outside not reached, both engines run."""

import gc
import socket
from collections.abc import Generator, Iterator
from ipaddress import ip_address
from typing import Any

import hypothesis
import pytest
from blockbuster import blockbuster_ctx

from server.cli.app import GARBAGE
from tests.support.engines import (
    ENGINES,
    database,
    database_url,
    empty_database_url,
    engines,
)
from tests.support.keys import dealt_keys
from tests.support.opening import tables_made_once
from tests.support.passwords import quick_passwords, real_passwords

__all__ = [
    "database", "database_url", "dealt_keys", "empty_database_url", "engines", "quick_passwords",
    "real_passwords", "tables_made_once",
]  # fmt: skip


MAY_BLOCK = {
    # looks for a password file and for certificates, once a connection
    "asyncpg/connect_utils.py": {"_parse_connect_dsn_and_args"},
    # reads migrations and sources, before anything is served
    "server/db/steps.py": {"__init__", "run"},
    "server/db/make.py": {"__init__", "next_migration"},
}


ENGINE_MARKS = {
    "sqlite": pytest.param("sqlite"),
    "postgres": pytest.param("postgres", marks=pytest.mark.postgres),
}


# How long an example takes says more about the machine than about the code.
hypothesis.settings.register_profile("fettle", deadline=None)
hypothesis.settings.load_profile("fettle")


class OutsideError(AssertionError):
    """A test tried to leave the machine."""


INSIDE = ("localhost", "localhost.", "")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--engine",
        choices=(*ENGINES, "both"),
        default="both",
        help="the database engine that tests run on",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    marks = metafunc.definition.iter_markers("parametrize")
    fixed = any("engine" in str(mark.args[0]).replace(" ", "").split(",") for mark in marks)
    if "engine" in metafunc.fixturenames and not fixed:
        asked = metafunc.config.getoption("engine")
        chosen_engines = ENGINES if asked == "both" else (asked,)
        metafunc.parametrize("engine", [ENGINE_MARKS[one] for one in chosen_engines])


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "postgres: needs PostgreSQL (see --engine)")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Nothing that is imported is ever let go of: to look through it again and again for what
    could be takes a sixth of the run. And then as seldom as our commands do.
    """
    gc.disable()
    gc.set_threshold(GARBAGE)
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Within a file, tests on one engine come first, then those on the other."""
    files = {path: number for number, path in enumerate(dict.fromkeys(one.path for one in items))}
    items.sort(key=lambda one: (files[one.path], _engine_of(one)))


def _engine_of(item: pytest.Item) -> str:
    parameters: dict[str, object] = getattr(getattr(item, "callspec", None), "params", {})
    return str(parameters.get("engine", ""))


@pytest.fixture(autouse=True, scope="session")
def no_blocking_calls() -> Iterator[None]:
    """A blocking call of our code inside the event loop fails the test."""
    with blockbuster_ctx(["federation", "server"]) as blockbuster:
        for function in blockbuster.functions.values():
            for file, names in MAY_BLOCK.items():
                function.can_block_in(file, names)
        yield


@pytest.fixture(autouse=True, scope="session")
def no_outside() -> Iterator[None]:
    """Nothing but loopback can be reached or looked up."""
    patch = pytest.MonkeyPatch()
    for name in ("connect", "connect_ex"):
        patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
    lookup = socket.getaddrinfo

    def inside_only(host: Any, *arguments: Any, **options: Any) -> Any:
        if not _is_inside(host):
            raise socket.gaierror(socket.EAI_NONAME, f"the tests don't look up {host!r}")
        return lookup(host, *arguments, **options)

    patch.setattr(socket, "getaddrinfo", inside_only)
    yield
    patch.undo()


def _guarded(connect: Any) -> Any:
    def connect_inside(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_inside(address[0]):
            raise OutsideError(address)
        return connect(self, address)

    return connect_inside


def _is_inside(host: str | bytes | None) -> bool:
    name = host.decode() if isinstance(host, bytes) else host or ""
    if name in INSIDE or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False
