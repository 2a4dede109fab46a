"""All commands, registered."""

from server.cli import (  # noqa: F401 - they register
    checking,
    keys,
    measuring,
    people,
    publishing,
    queueing,
    receiving,
    running,
    searching,
    subscribing,
    trying,
)
from server.cli.app import app

__all__ = ["app"]
