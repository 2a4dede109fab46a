"""What the tests stand on holds: nothing leaves the machine, nothing blocks the loop."""

import asyncio
import socket

import pytest
from blockbuster import BlockingError

from server.config import settings_file
from tests.conftest import OutsideError


def test_the_outside_cannot_be_reached() -> None:
    """Neither with TCP nor with UDP, whatever the spelling."""
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_INET, kind) as outgoing:
            for address in ("192.0.2.1", "10.0.0.1", "0.0.0.0", "example.org"):  # noqa: S104
                with pytest.raises(OutsideError):
                    outgoing.connect((address, 9))
    with socket.socket(socket.AF_INET6) as outgoing, pytest.raises(OutsideError):
        outgoing.connect(("2001:db8::1", 9))


async def test_the_loop_cannot_reach_the_outside() -> None:
    """asyncio goes through the same socket."""
    with pytest.raises((OutsideError, OSError)):
        await asyncio.open_connection("192.0.2.1", 9)


def test_names_of_the_outside_are_not_looked_up() -> None:
    """Only this machine's own."""
    with pytest.raises(socket.gaierror, match="don't look up"):
        socket.getaddrinfo("example.org", 443)
    assert socket.getaddrinfo("localhost", 443)


async def test_a_blocking_call_of_ours_in_the_loop_is_an_error() -> None:
    """Here a look at a file; in a thread it is welcome."""
    with pytest.raises(BlockingError):
        settings_file()
    assert await asyncio.to_thread(settings_file) is None
