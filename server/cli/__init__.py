"""The command line: `fettle --help`."""

import gc

__all__ = ["main"]


def main() -> None:
    """Run the command line; what goes wrong is said in one line, with a status above 0."""
    # Nothing of what is imported is ever let go of: looking for what could be is a tenth of
    # starting, and later would be a pause of a tenth of a second, again and again.
    gc.disable()
    from server.cli.commands import app

    gc.freeze()
    gc.enable()
    app()
