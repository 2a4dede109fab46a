"""All commands, registered."""

from server.cli import checking, keys, people, publishing, running, trying  # noqa: F401 - they register
from server.cli.app import app

__all__ = ["app"]
