"""Starting, waiting for and ending programs that are not ours to import."""

import asyncio
import os
import socket
import ssl
import subprocess
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.error import URLError
from urllib.request import urlopen

import trustme

T = TypeVar("T")

SECONDS_TO_START = 30.0
SECONDS_TO_END = 10.0


@dataclass(frozen=True)
class Certificate:
    """A certificate for localhost, as files: the authority's, the chain and its private key."""

    authority: Path
    chain: Path
    key: Path

    def trust(self) -> ssl.SSLContext:
        """Return a client's TLS that trusts the authority and nobody else."""
        return ssl.create_default_context(cafile=str(self.authority))


def certified(folder: Path) -> Certificate:
    """Write a new certificate for localhost into the folder, the key for its owner alone."""
    authority = trustme.CA()
    issued = authority.issue_cert("localhost")
    made = Certificate(folder / "authority.pem", folder / "chain.pem", folder / "key.pem")
    authority.cert_pem.write_to_path(str(made.authority))
    for part in issued.cert_chain_pems:
        part.write_to_path(str(made.chain), append=True)
    made.key.touch(mode=0o600)
    issued.private_key_pem.write_to_path(str(made.key))
    return made


def free_port() -> int:
    """Return a port on loopback that nothing listens on at this moment."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def bare_environment(home: Path, settings: Mapping[str, str]) -> dict[str, str]:
    """Return an environment that inherits nothing of the developer's, but the search path."""
    return {"PATH": os.defpath, "HOME": str(home), "LANG": "C.UTF-8", **settings}


@contextmanager
def running(
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    folder: Path,
    ready: str,
    trust: ssl.SSLContext | None = None,
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a program until the block ends; enter it once `ready`, a URL, answers.

    Its output goes to `output.log` in `folder`, and into the error when it does not start.
    """
    log = folder / "output.log"
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 - commands are written in these tests
            command, cwd=folder, env=dict(environment), stdout=output, stderr=subprocess.STDOUT
        )
    try:
        wait_until_it_answers(ready, process, log, trust=trust)
        yield process
    finally:
        end(process)


def wait_until_it_answers(
    url: str, process: "subprocess.Popen[bytes]", log: Path, *, trust: ssl.SSLContext | None
) -> None:
    """Return once the URL answers with 2xx; raise with the program's output if it never does."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(url, timeout=2, context=trust):  # noqa: S310 - a loopback address of ours
                return
        except (URLError, OSError):
            time.sleep(0.05)
    state = "ended" if process.poll() is not None else "does not answer"
    message = f"{process.args!r} {state}; its output:\n{log.read_text()[-4000:]}"
    raise AssertionError(message)


def end(process: "subprocess.Popen[bytes]") -> None:
    """Ask the program to end, and make it if it does not."""
    process.terminate()
    try:
        process.wait(timeout=SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


PATIENCE = 90.0
"""Seconds: a delivery that fails once, on a busy machine, is tried again after one minute."""


async def eventually(
    look: Callable[[], Awaitable[T | None]], *, what: str, within: float = PATIENCE
) -> T:
    """Return what `look` finds, asking until it finds something; `within` is in seconds.

    The programs under test are other processes: asking is the only way to learn of them.
    """
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        found = await look()
        if found:
            return found
        await asyncio.sleep(0.1)
    message = f"after {within:.0f} s there is still no {what}"
    raise AssertionError(message)
