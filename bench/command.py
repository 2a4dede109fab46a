"""The real command, `fettle serve`, as a newcomer starts it: how soon it serves, and its memory."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

FETTLE = Path(sys.executable).parent / "fettle"
PATIENCE = 60.0
LOOPBACK = "127.0.0.1"


class NotServingError(Exception):
    """The command ended, or did not serve in time."""


@dataclass(frozen=True, slots=True)
class Started:
    """One start of the command."""

    seconds: float
    """From exec to the first answer."""
    cpu: float
    """CPU seconds until then."""
    memory: float
    """MiB resident when it had answered one request for a page and rested."""


def starts(folder: Path, number: int, *, rest: float) -> list[Started]:
    """Set a hub up in an empty folder and start it so many times; after a first answer each may
    rest for so many seconds before its memory is read.
    """
    port = _free_port()
    environment = _environment(folder, port)
    words: list[str | Path] = [
        FETTLE,
        "setup",
        "--name",
        "A hub at rest",
        "--steward",
        "ida",
        "--password-stdin",
    ]
    subprocess.run(  # noqa: S603 - our own command
        words, env=environment, cwd=folder, input=b"nine quiet herons at dusk\n", check=True,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return [_start(folder, environment, port, rest) for _ in range(number)]


def _environment(folder: Path, port: int) -> dict[str, str]:
    return {
        "PATH": os.defpath, "HOME": str(folder), "LANG": "C.UTF-8",
        "FETTLE_ADDRESS": f"http://localhost:{port}", "FETTLE_DEVELOPMENT": "true",
        "FETTLE_DATA_DIR": str(folder / "data"), "FETTLE_PORT": str(port),
    }  # fmt: skip


def _start(folder: Path, environment: Mapping[str, str], port: int, rest: float) -> Started:
    began = time.perf_counter()
    with _serving(folder, environment) as process:
        _wait(process, port)
        seconds, cpu = time.perf_counter() - began, cpu_of(process.pid)
        _ask(port, "/")
        time.sleep(rest)
        return Started(seconds, cpu, _memory(process.pid))


@contextmanager
def _serving(folder: Path, environment: Mapping[str, str]) -> "Iterator[subprocess.Popen[bytes]]":
    with (folder / "output.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [FETTLE, "serve"], env=environment, cwd=folder, stdout=log, stderr=log
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if _ask(port, "/health/ready") == 200:
                return
        except OSError:
            time.sleep(0.01)
    raise NotServingError


def _ask(port: int, path: str) -> int:
    with closing(http.client.HTTPConnection(LOOPBACK, port, timeout=5)) as connection:
        connection.request("GET", path, headers={"Host": f"localhost:{port}"})
        answer = connection.getresponse()
        answer.read()
        return answer.status


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def cpu_of(pid: int) -> float:
    """Return the CPU seconds that a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    [kib] = [line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(kib) / 1024
