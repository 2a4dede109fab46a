"""Follow many: subscribe."""

import asyncio
import sys
from pathlib import PurePath
from typing import Annotated, Any

import typer

from server.cli.app import Json, answer, command, opened
from server.cli.publishing import NotSetUpError, read
from server.errors import RefusedError
from server.hub import service as hub
from server.network import service as network
from server.network.formats import reading
from server.network.formats.reading import Reading
from server.network.rules.subscribing import EntryState, Wish
from server.network.rules.wording import kind_words, software_name
from server.network.tables import Batch
from server.node import Node

LOOK = 0.3
"""Seconds between two looks at how far it has come."""
WORDS = {
    EntryState.LOOKING: "not looked up yet", EntryState.FOUND: "found",
    EntryState.KNOWN: "followed before", EntryState.FAILED: "can't be followed",
    EntryState.ASKED: "asked", EntryState.ACCEPTED: "followed", EntryState.REFUSED: "they said no",
    EntryState.LIST: "a list, which stewards can follow along with",
    EntryState.LEFT: "left out", EntryState.UNDONE: "no longer followed",
}  # fmt: skip


class NoListError(RefusedError):
    """Give handles or addresses, or a list with --file."""


class StoppedError(RefusedError):
    """The work has stopped. Begin again: nothing is done twice."""


@command("subscribe")
async def subscribe(
    addresses: Annotated[
        list[str] | None, typer.Argument(help="Handles, or addresses of pages.")
    ] = None,
    file: Annotated[
        str, typer.Option("--file", help="A list: CSV, OPML or plain text; - for standard input.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Look them up, and follow nobody.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Follow many: look each of them up, and have the hub follow those that are found."""
    if bool(addresses) == bool(file):
        raise NoListError
    text = await asyncio.to_thread(read, file) if file else "\n".join(addresses or [])
    found = reading.read(text)
    title = PurePath(file).name if file else f"From the command line, {len(found.lines)}"
    async with opened() as node:
        if await hub.hub_actor(house=node.house) is None:
            raise NotSetUpError
        batch = await network.begin(
            found, title=title, by="command line", house=node.house,
            wish=Wish.LOOK if dry_run else Wish.FOLLOW,
        )  # fmt: skip
        node.work()
        await _watch(batch, node, shows=sys.stderr.isatty() and not as_json)
        listed = await _listed(batch)
    said = [*map(_line, listed), *(f"Line {o.number}: {o.reason}" for o in found.problems)]
    answer("\n".join(said), _data(batch, listed, found), as_json=as_json)


async def _watch(batch: Batch, node: Node, *, shows: bool) -> None:
    """Wait until nothing of a list waits any more, or a steward has paused it."""
    while True:
        now = (await network.progress([batch]))[batch.id]
        if shows:
            typer.echo(f"\r{now.done} of {now.total}", err=True, nl=not now.waiting)
        if not now.waiting or (await network.by_id(batch.id)).paused:
            return
        if node.broken:
            raise StoppedError
        await asyncio.sleep(LOOK)


async def _listed(batch: Batch) -> list[network.Seen]:
    found: list[network.Seen] = []
    while True:
        more = await network.entries(batch, after_id=found[-1].entry.id if found else 0)
        found += more[: network.ENTRIES]
        if len(more) <= network.ENTRIES:
            return found


def _line(one: network.Seen) -> str:
    what = f", {_kind(one)}" if one.actor else ""
    why = f": {one.entry.reason}" if one.entry.reason else ""
    return f"{one.entry.address}: {WORDS[one.entry.state]}{what}{why}"


def _kind(one: network.Seen) -> str:
    kind = kind_words(one.software, one.actor.type) if one.actor else ""
    return f"{kind} on {software_name(one.software)}" if one.software else kind


def _data(batch: Batch, listed: list[network.Seen], found: Reading) -> dict[str, Any]:
    return {
        "list": batch.id,
        "entries": [
            {
                "line": one.entry.line, "address": one.entry.address, "state": one.entry.state,
                "actor": one.actor.uri if one.actor else None,
                "name": one.actor.shown_name if one.actor else None,
                "kind": kind_words(one.software, one.actor.type) if one.actor else None,
                "software": one.software, "reason": one.entry.reason,
            }
            for one in listed
        ],
        "problems": [
            {"line": one.number, "text": one.text, "reason": one.reason} for one in found.problems
        ],
    }  # fmt: skip
