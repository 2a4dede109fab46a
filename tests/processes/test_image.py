"""What the Dockerfile and the compose file do, done without a Docker engine.

The files that the Dockerfile copies are copied to a clean folder, its step is run there, and then
the commands of the compose file with its settings, as a user who may write nowhere but in the data
folder.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from compose_spec import PyCompose

from tests.architecture.sources import ROOT
from tests.interop.processes import bare_environment, free_port
from tests.processes.hubs import SECONDS
from tests.processes.test_ending import asked
from tests.support.engines import Engines, runs, unprivileged

COPY = re.compile(r"^COPY (?!--from)(.+) (\S+)$", re.MULTILINE)
STEP = re.compile(r'^RUN \["/source(\S+)", "/source", "/opt/fettle"\]$', re.MULTILINE)
PASSWORD = "four/quiet@kettles"  # noqa: S105 - of a database that lives for one test

pytestmark = [pytest.mark.long, pytest.mark.timeout(400)]


@dataclass(frozen=True)
class Image:
    """What a container would hold, below a folder."""

    folder: Path

    @property
    def fettle(self) -> Path:
        return self.folder / "opt" / "fettle" / "bin" / "fettle"

    def environment(self, database_url: str, port: int) -> dict[str, str]:
        """Return the settings of the compose file, moved to this machine."""
        given = service("web-1")["environment"] | {"FETTLE_HOST": "127.0.0.1"}
        moved = {
            "https://${HUB_HOST:?Write HUB_HOST into .env}": "https://hub.example",
            "postgres://fettle@database:5432/fettle": database_url,
        }
        settings = {name: moved.get(value, value) for name, value in given.items()}
        secrets = str(self.folder / "run" / "secrets")
        settings = {
            name: value.replace("/run/secrets", secrets) for name, value in settings.items()
        }
        data = str(self.folder / "data")
        own = {"FETTLE_DATA_DIR": data, "FETTLE_PORT": str(port), "FETTLE_DRAIN_SECONDS": "0"}
        return bare_environment(self.folder / "data", settings | own)


def service(name: str) -> dict[str, Any]:
    """Return a service of the compose file."""
    text = (ROOT / "docker-compose.yml").read_text()
    found: dict[str, Any] = PyCompose.from_yaml(text).to_dict()["services"][name]
    return found


@pytest.fixture(scope="module")
def image() -> Iterator[Image]:
    """Do what the Dockerfile does, up to its last stage, where every user may look."""
    folder = Path(tempfile.mkdtemp(prefix="fettle-image-"))
    try:
        yield Image(built(folder))
    finally:
        shutil.rmtree(folder)


def built(folder: Path) -> Path:
    """Fill the folder, and return it."""
    folder.chmod(0o755)
    dockerfile, source = (ROOT / "Dockerfile").read_text(), folder / "source"
    for names, target in COPY.findall(dockerfile):
        for name in names.split():
            copied = folder / target.lstrip("/")
            copied = copied / name if target.endswith("/") else copied
            copied.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, copied, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / name, copied)
    [step] = STEP.findall(dockerfile)
    program = f"{source}{step}"
    environment = {"PATH": f"{python_folder()}:{os.defpath}", "HOME": str(Path.home())}
    subprocess.run(  # noqa: S603 - our own script
        [program, source, folder / "opt" / "fettle"], check=True, env=environment
    )
    shutil.rmtree(source)
    for name, content in (("node_key", "a2V5" * 16), ("database_password", PASSWORD)):
        secret = folder / "run" / "secrets" / name
        secret.parent.mkdir(parents=True, exist_ok=True)
        secret.write_text(content + "\n")
        secret.chmod(0o400)
        give_away(secret)
    (folder / "data").mkdir()
    give_away(folder / "data")
    return folder


def python_folder() -> str:
    """Return where the Python is that the image is made with: the machine's own, if it can, for
    that of whoever runs the tests may be closed to others.
    """
    able = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))"
    own, ours = Path("/usr/bin/python3"), Path(sys.executable).resolve()
    checked = own.exists() and subprocess.run([own, "-c", able], check=False).returncode == 0  # noqa: S603
    return str((own if checked else ours).parent)


def user(image: Image) -> dict[str, Any]:
    """Return what makes a process run as the image's user: another one, where we may choose."""
    who = unprivileged()
    return who if who and runs(image.folder / "opt" / "fettle" / "bin" / "python", who) else {}


def give_away(path: Path) -> None:
    """Let it belong to the user whom our processes run as."""
    if who := unprivileged():
        os.chown(path, who["user"], who["group"])


@contextmanager
def running(image: Image, name: str, url: str, port: int) -> Iterator["subprocess.Popen[str]"]:
    """Run the command of a service, with --json, until the block ends."""
    words = [str(port) if word == "8000" else word for word in service(name)["command"][1:]]
    with (image.folder / f"{name}.log").open("w") as log:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [image.fettle, *words, "--json"], env=image.environment(url, port), text=True,
            cwd=image.folder / "data", stdout=subprocess.PIPE, stderr=log, **user(image),
        )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def said(process: "subprocess.Popen[str]") -> str:
    """Return the line that a command says first."""
    assert process.stdout is not None
    return process.stdout.readline()


def test_the_image_holds_nothing_that_its_user_may_change(image: Image) -> None:
    """Installed whole, by another user, with nothing left of where it was built."""
    written = [
        path
        for path in (image.folder / "opt").rglob("*")
        if not path.is_symlink() and path.stat().st_mode & 0o022
    ]
    assert written == []
    shown = subprocess.run(  # noqa: S603 - our own command
        [image.fettle, "--help"], env=bare_environment(image.folder / "data", {}), check=True,
        capture_output=True, text=True, cwd="/", **user(image),
    ).stdout  # fmt: skip
    for name in ("serve", "worker", "migrate"):
        assert name in shown
    assert list((image.folder / "opt").rglob("templates/layout.html"))


@pytest.mark.parametrize("engine", ["postgres"])
def test_the_commands_of_the_compose_file_run(image: Image, engines: Engines, engine: str) -> None:
    """Migrate, then two that serve and one that works, with secrets from files; all end well."""
    assert engine == "postgres"
    url = engines.empty("postgres")
    web, second, worker = free_port(), free_port(), free_port()
    with running(image, "web-1", url, web) as early:
        assert early.wait(SECONDS) == 1
        assert "run `fettle migrate` first" in said(early)
    with running(image, "migrate", url, web) as migrate:
        assert migrate.wait(SECONDS) == 0
        assert json.loads(said(migrate))["applied"]
    with (
        running(image, "web-1", url, web) as first,
        running(image, "web-2", url, second) as other,
        running(image, "worker-1", url, worker) as works,
    ):
        for process, port in ((first, web), (other, second), (works, worker)):
            assert json.loads(said(process))["address"] == "https://hub.example"
            assert asked(port, "/health/live")[0] == 200
            assert asked(port, "/health/ready")[0] == 200
        for process in (first, other, works):
            process.send_signal(signal.SIGTERM)
        assert [process.wait(SECONDS) for process in (first, other, works)] == [0, 0, 0]
