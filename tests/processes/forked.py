"""Commands of `fettle`, each a process of its own, forked from one that has imported everything:
what is imported is the same for all of them, and takes more than a second.
"""

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from select import select
from tempfile import TemporaryDirectory, TemporaryFile

from tests.interop.processes import bare_environment

LONGEST = 65_536
"""Bytes of what is asked for: words, a folder, settings."""


def run(
    words: Sequence[str], *, folder: Path, environment: Mapping[str, str], said: str, seconds: float
) -> tuple[int, str, str]:
    """Run `fettle` to its end; return its exit status, and what it printed to both outputs.

    Raises TimeoutError after so many seconds.
    """
    asked = json.dumps([words, str(folder), environment]).encode()
    with (
        socket.socket(socket.AF_UNIX) as door,
        TemporaryFile("w+") as into,
        TemporaryFile("w+") as out,
        TemporaryFile("w+") as err,
    ):
        into.write(said)
        into.seek(0)
        door.settimeout(seconds)
        door.connect(_server())
        socket.send_fds(door, [asked], [stream.fileno() for stream in (into, out, err)])
        status = json.loads(door.recv(LONGEST))
        out.seek(0)
        err.seek(0)
        return status, out.read(), err.read()


@cache
def _server() -> str:
    """Start the process that the others are forked from, and return its socket."""
    folder = TemporaryDirectory(prefix="fettle-")
    path = f"{folder.name}/door"
    process = subprocess.Popen(  # noqa: S603 - ours
        [sys.executable, "-m", __name__, path],
        cwd=Path(__file__).parents[2],
        env=bare_environment(Path(folder.name), {}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"

    def end() -> None:
        process.communicate()
        folder.cleanup()

    atexit.register(end)
    return path


def _asked(path: str) -> socket.socket:
    """Wait for somebody who asks, again and again, and return the connection in a new process;
    end with whoever started this one.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for these
    with socket.socket(socket.AF_UNIX) as doors:
        doors.bind(path)
        doors.listen(64)
        print("ready", flush=True)  # noqa: T201 - the test waits for it
        while sys.stdin not in select([doors, sys.stdin], [], [])[0]:
            door, _ = doors.accept()
            if os.fork() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                return door
            door.close()
    sys.exit()


def _become(door: socket.socket) -> None:
    """Be the process that was asked for; its parent tells how it ended, and ends."""
    asked, streams, *_ = socket.recv_fds(door, LONGEST, 3)
    if child := os.fork():
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        door.sendall(json.dumps(status).encode())
        os._exit(0)
    door.close()
    words, folder, environment = json.loads(asked)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(folder)
    os.environ.clear()  # noqa: TID251 - it is another process's now
    os.environ.update(environment)  # noqa: TID251
    sys.argv = ["fettle", *words]


if __name__ == "__main__":
    import server.cli.commands  # noqa: F401 - what takes a second
    from server.cli import main

    _become(_asked(sys.argv[1]))
    main()
