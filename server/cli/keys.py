"""New keys: rotate-keys."""

from collections.abc import AsyncIterator
from typing import Annotated

import typer

from server.actors import service as actors
from server.actors.tables import Actor
from server.cli.app import Json, answer, command, opened
from server.cli.publishing import acting
from server.people import service as people


@command("rotate-keys")
async def rotate_keys(
    name: Annotated[
        str, typer.Argument(help="The account's name; the hub itself when left out.")
    ] = "",
    everybody: Annotated[bool, typer.Option("--all", help="Of all actors here.")] = False,
    revoke: Annotated[
        bool, typer.Option("--revoke", help="Have the old keys believed no more: they were stolen.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Give the hub, or an account, new keys, and tell those who follow. A server may be running."""
    rotated: list[str] = []
    async with opened() as node:
        if everybody:
            async for actor in _all():
                await people.rotate_keys(actor, revoke=revoke, house=node.house)
                rotated.append(actor.handle)
        else:
            actor = await acting(name, node.house)
            await people.rotate_keys(actor, revoke=revoke, house=node.house)
            rotated.append(actor.handle)
    answer(
        f"New keys for {', '.join(rotated)}.",
        {"rotated": rotated, "revoked": revoke},
        as_json=as_json,
    )


async def _all() -> AsyncIterator[Actor]:
    actor = await actors.next_local()
    while actor is not None:
        yield actor
        actor = await actors.next_local(after=actor.id)
