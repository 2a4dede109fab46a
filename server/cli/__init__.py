"""The command line: `fettle --help`."""

from server.cli import checking, people, publishing, running, trying  # noqa: F401 - they register
from server.cli.app import app

__all__ = ["app", "main"]


def main() -> None:
    """Run the command line; what goes wrong is said in one line, with a status above 0."""
    app()
