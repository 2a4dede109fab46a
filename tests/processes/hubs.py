"""A hub of the real `fettle` command: its folder, its commands, its serving process."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.request import urlopen

from tests.interop.processes import bare_environment, free_port
from tests.processes.forked import run
from tests.support.engines import Engines

T = TypeVar("T")

FETTLE = Path(sys.executable).parent / "fettle"
PASSWORD = "seven grey kettles whistle"  # noqa: S105 - of accounts that live for one test
SECONDS = 60.0
"""How long anything may take on a busy machine."""

Process = subprocess.Popen[str]


@dataclass(frozen=True)
class Ended:
    """A command that has ended: its exit status, and what it printed."""

    status: int
    out: str
    err: str

    @property
    def answer(self) -> Any:
        """What it said with `--json`: one line, nothing around it."""
        [line] = self.out.splitlines()
        return json.loads(line)


@dataclass
class Hub:
    """A hub in development mode, in a folder of its own."""

    folder: Path
    port: int = field(default_factory=free_port)
    serving: Process | None = None
    beside: list[Process] = field(default_factory=list)
    """Other processes of it."""

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def database(self) -> Path:
        return self.folder / "data" / "fettle.db"

    def environment(self, **settings: str) -> dict[str, str]:
        """Return what its processes see: its settings, and nothing of the developer's."""
        own = {
            "FETTLE_ADDRESS": self.address,
            "FETTLE_DEVELOPMENT": "true",
            "FETTLE_DATA_DIR": str(self.folder / "data"),
            "FETTLE_PORT": str(self.port),
        }
        return bare_environment(self.folder, own | settings)

    def run(self, *words: str, said: str = "", **settings: str) -> Ended:
        """Run a command to its end, with nobody at a terminal."""
        environment = self.environment(**settings)
        return Ended(
            *run(words, folder=self.folder, environment=environment, said=said, seconds=SECONDS)
        )

    def told(self, *words: str, said: str = "") -> Any:
        """Run a command that works, and return its answer."""
        ended = self.run(*words, "--json", said=said)
        assert ended.status == 0, ended
        return ended.answer

    def refused(self, *words: str, said: str = "", **settings: str) -> str:
        """Run a command that does not work, and return its one line on why."""
        ended = self.run(*words, "--json", said=said, **settings)
        assert ended.status == 1, ended
        assert "Traceback" not in ended.err
        why = ended.answer
        assert why.keys() == {"error"}
        return str(why["error"])

    def set_up(self, name: str = "A hub under test") -> Any:
        """Set it up, with ida as its steward."""
        words = ["setup", "--name", name, "--steward", "ida", "--password-stdin"]
        return self.told(*words, said=PASSWORD)

    def serve(self, *words: str, **settings: str) -> Any:
        """Begin to serve, and return what it says once it does."""
        self.serving, said = self._begun("serve", *words, **settings)
        return said

    def work(self, *words: str, **settings: str) -> Process:
        """Begin to work in a process beside the one that serves, and return it once it does."""
        process, _ = self._begun("worker", *words, **settings)
        self.beside.append(process)
        return process

    def begin(self, *words: str, **settings: str) -> Process:
        """Begin a command, and return its process at once."""
        with (self.folder / f"{words[0]}.log").open("a") as log:
            return subprocess.Popen(  # noqa: S603 - our own command
                [FETTLE, *words],
                cwd=self.folder,
                env=self.environment(**settings),
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def _begun(self, command: str, *words: str, **settings: str) -> tuple[Process, Any]:
        process = self.begin(command, "--json", *words, **settings)
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, (self.folder / f"{command}.log").read_text()
        return process, json.loads(line)

    def signalled(self, number: signal.Signals) -> Process:
        """Send its serving process a signal."""
        assert self.serving is not None
        self.serving.send_signal(number)
        return self.serving

    def killed(self) -> None:
        """End its serving process at once, as when the power goes."""
        assert self.signalled(signal.SIGKILL).wait(SECONDS) == -signal.SIGKILL
        self._forget()

    def stopped(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask its serving process to end, and return its exit status."""
        status = self.signalled(number).wait(SECONDS)
        self._forget()
        return status

    def _forget(self) -> None:
        assert self.serving is not None
        assert self.serving.stdout is not None
        self.serving.stdout.close()
        self.serving = None

    def page(self, path: str) -> str:
        """Return a page, as a browser gets it."""
        with urlopen(self.address + path, timeout=SECONDS) as answer:  # noqa: S310 - loopback
            text: str = answer.read().decode()
            return text

    def clear_away(self) -> None:
        """Leave no process behind."""
        for process in self.beside:
            process.kill()
            process.communicate()
        if self.serving is not None:
            self.serving.kill()
            self.serving.wait()
            self._forget()


@contextmanager
def hubs(folder: Path, *names: str, engines: Engines | None) -> Iterator[list[Hub]]:
    """Return hubs that are neither set up nor served; whatever they start ends with the block.

    With `engines` they have their tables; without, nothing at all.
    """
    found = [Hub(folder / name) for name in names]
    for hub in found:
        hub.folder.mkdir(parents=True)
        if engines is not None:
            engines.furnish(hub.database)
    try:
        yield found
    finally:
        for hub in found:
            hub.clear_away()


def at_once(*works: Callable[[], Any]) -> Sequence[Any]:
    """Do everything side by side, and return what came of it, in order."""
    with ThreadPoolExecutor(len(works)) as threads:
        return [future.result() for future in [threads.submit(work) for work in works]]


def eventually(look: Callable[[], T | None], *, what: str) -> T:
    """Return what `look` finds, asking until it finds something: hubs are other processes."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.1)
    message = f"there is still no {what}"
    raise AssertionError(message)
