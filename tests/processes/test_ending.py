"""Ending: what is under way is finished, and what stalls does not hold it up."""

import json
import signal
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection

import pytest

from federation.keys import SigningKey, generate_rsa
from federation.ports import SystemClock
from federation.testing import an_activity, an_actor, signed_request
from federation.vocab import ActivityType
from server.actors import hosts
from tests.interop.processes import free_port
from tests.processes.hubs import SECONDS, Hub, eventually

STALLED = (
    b"POST /inbox HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/activity+json\r\n"
    b"Content-Length: 900\r\nExpect: 100-continue\r\n\r\n"
)


@contextmanager
def connected(port: int) -> Iterator[socket.socket]:
    """A connection to a port of this machine, with patience."""
    with closing(socket.create_connection(("127.0.0.1", port), SECONDS)) as connection:
        yield connection


def takes_nobody(port: int) -> bool:
    """Say whether a new connection is refused."""
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def follow_by(sender: str, *, of: Hub) -> bytes:
    """Return a signed request whose key has to be asked for at `sender`."""
    key = SigningKey(f"{sender}/actor#main-key", generate_rsa())
    asking = an_activity(ActivityType.FOLLOW, f"{sender}/actor", an_actor(f"{of.address}/hub"))
    message = signed_request(f"{of.address}/inbox", asking, key, now=SystemClock().now())
    fields = [*message.headers, ("Content-Length", str(len(message.body)))]
    head = [f"{name}: {value}" for name, value in fields]
    return "\r\n".join(["POST /inbox HTTP/1.1", *head, "", ""]).encode() + message.body


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_request_under_way_is_answered_before_the_end(hub: Hub, number: signal.Signals) -> None:
    """SIGTERM and Ctrl+C close the door, finish what is inside, and end with status 0."""
    hub.serve()
    with closing(socket.create_server(("127.0.0.1", 0))) as sender, connected(hub.port) as peer:
        sender.settimeout(SECONDS)
        peer.sendall(follow_by(f"http://localhost:{sender.getsockname()[1]}", of=hub))
        asked, _ = sender.accept()
        process = hub.signalled(number)
        eventually(lambda: takes_nobody(hub.port), what="end of listening")
        assert process.poll() is None
        with closing(asked):
            asked.sendall(b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n")
            assert peer.recv(100).startswith(b"HTTP/1.1 401")
    assert process.wait(SECONDS) == 0
    assert "Traceback" not in (hub.folder / "serve.log").read_text()


def test_a_stalled_upload_does_not_hold_up_the_end(hub: Hub) -> None:
    """Whoever sends half a request and waits is cut off long before a service manager kills."""
    hub.serve()
    with connected(hub.port) as peer:
        peer.sendall(STALLED)
        assert peer.recv(100).startswith(b"HTTP/1.1 100")
        assert hub.stopped() == 0
    log = (hub.folder / "serve.log").read_text()
    assert "Traceback" not in log
    assert "Task was destroyed" not in log


def asked(port: int, path: str) -> tuple[int, str | None]:
    """Return the status of a page, and whether its connection is kept."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=SECONDS)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.headers["Connection"]


def test_a_proxy_is_told_before_the_door_closes(hub: Hub) -> None:
    """For as long as the settings say it is not ready, and still answers; then it ends."""
    hub.serve(FETTLE_DRAIN_SECONDS="8")
    assert asked(hub.port, "/health/ready") == (200, None)
    process = hub.signalled(signal.SIGTERM)
    eventually(lambda: asked(hub.port, "/health/ready") == (503, "close"), what="notice")
    assert asked(hub.port, "/health/live")[0] == 200
    assert asked(hub.port, "/about") == (200, "close")
    assert process.wait(SECONDS) == 0
    assert takes_nobody(hub.port)


def test_a_worker_that_ends_gives_back_what_it_had_taken(hub: Hub) -> None:
    """A job under way may finish for a while; then it is anybody's, at once, and not a try. On
    SQLite too, where a worker beside the serving process waits its turn to write.
    """
    hub.serve("--no-worker")
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        silent.settimeout(SECONDS)
        host = f"localhost:{silent.getsockname()[1]}"
        with closing(sqlite3.connect(hub.database)) as database:
            database.execute(
                "INSERT INTO hosts (host, blocked, turned_away, block_reason, kinds)"
                " VALUES (?, 0, 0, '', '')",
                [host],
            )
            database.execute(
                "INSERT INTO jobs (kind, payload, due_ms, attempts, created_ms)"
                " VALUES (?, ?, 0, 0, 0)",
                [hosts.JOB, json.dumps({"host": host, "tries": 0})],
            )
            database.commit()
            port = free_port()
            worker = hub.work("--health-port", str(port))
            waits, _ = silent.accept()
            assert asked(port, "/health/ready")[0] == 200
            assert asked(port, "/")[0] == 404
            jobs = "SELECT attempts, leased_by IS NULL FROM jobs WHERE kind = ?"
            assert database.execute(jobs, [hosts.JOB]).fetchall() == [(1, 0)]
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(SECONDS) == 0
            waits.close()
            assert database.execute(jobs, [hosts.JOB]).fetchall() == [(0, 1)]
