"""See it alive: demo."""

from pathlib import Path
from typing import Annotated

import typer

from server.cli.app import Json, command

FIRST_PORT = 8001


@command("demo")
async def demo(
    home: Annotated[Path, typer.Option("--folder", help="Where the four hubs are kept.")] = Path(
        "data/demo"
    ),
    base_port: Annotated[
        int, typer.Option(min=1024, max=65532, help="The first of four ports in a row.")
    ] = FIRST_PORT,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Throw the last demonstration away, and begin anew.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Start four hubs on this machine that follow each other, with made-up people and stories."""
    from server.cli.demo.showing import show  # no other command needs the script

    await show(home, base_port=base_port, fresh=fresh, as_json=as_json)
