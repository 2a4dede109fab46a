"""What is on its way out: queue."""

from datetime import datetime
from typing import Annotated, Any

import typer

from server.cli.app import Json, answer, command, opened
from server.delivery import service as delivery
from server.errors import NotFoundError, RefusedError
from server.node import Node

MOST = 200
"""Lanes, or things that wait in one, that are shown at most."""


class UnknownServerError(RefusedError):
    """Nothing was ever sent to {host}."""


class OneThingError(RefusedError):
    """Name a server, and either --retry or --drop."""


@command("queue")
async def queue(
    host: Annotated[str, typer.Argument(help="A server, such as other.example.")] = "",
    every: Annotated[bool, typer.Option("--all", help="Also what is on its way as usual.")] = False,
    retry: Annotated[bool, typer.Option("--retry", help="Try it now.")] = False,
    drop: Annotated[
        str | None, typer.Option("--drop", metavar="WHY", help="Give up what waits for it.")
    ] = None,
    withdrawals: Annotated[
        bool, typer.Option("--withdrawals", help="With --drop: also what was taken back.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List the servers that do not take what we send, or show, retry or drop one's queue."""
    if (retry and drop is not None) or ((retry or drop is not None) and not host):
        raise OneThingError
    async with opened() as node:
        if not host:
            text, data = await _listed(node, every=every)
        else:
            try:
                text, data = await _one(node, host, retry=retry, drop=drop, withdrawals=withdrawals)
            except NotFoundError:
                raise UnknownServerError(host=host) from None
    answer(text, data, as_json=as_json)


async def _listed(node: Node, *, every: bool) -> tuple[str, dict[str, Any]]:
    counted = await delivery.counts(house=node.house)
    lanes = await delivery.failing(limit=MOST, house=node.house)
    lanes += await delivery.under_way(limit=MOST, house=node.house) if every else []
    head = (
        f"{counted['waiting']} wait for {counted['lanes_waiting']} servers;"
        f" {counted['failing_hosts']} do not take it, {counted['unreachable_hosts']} for a week."
    )
    return "\n".join([head, *map(_line, lanes)]), {
        **counted,
        "lanes": [_lane(one) for one in lanes],
    }


async def _one(
    node: Node, host: str, *, retry: bool, drop: str | None, withdrawals: bool
) -> tuple[str, dict[str, Any]]:
    house = node.house
    if retry:
        await delivery.try_now(host, house=house)
        return f"{host} is being tried now.", {"host": host, "retried": True}
    if drop is not None:
        number = await delivery.drop(
            host, by="command line", reason=drop, withdrawals=withdrawals, house=house
        )
        return f"Given up for {host}: {number}.", {"host": host, "dropped": number}
    lane = await delivery.lane(host, house=house)
    waiting = await delivery.waiting_for(host, limit=MOST)
    drops = await delivery.drops(host)
    lines = [_line(lane)]
    lines += [f"  {one.type} {one.object_uri}: {one.error or 'not tried yet'}" for one in waiting]
    lines += [f"  given up, {one.number}, by {one.by}: {one.reason}" for one in drops]
    return "\n".join(lines), {
        **_lane(lane),
        "deliveries": [_delivery(one) for one in waiting],
        "drops": [
            {"at": _when(one.at), "by": one.by, "reason": one.reason, "number": one.number}
            for one in drops
        ],
    }


def _line(one: delivery.LaneView) -> str:
    since = f" since {_when(one.since)}" if one.since else ""
    then = f", next try {_when(one.next_attempt)}" if one.next_attempt else ""
    error = f": {one.last_error}" if one.last_error else ""
    return f"{one.host}: {one.state}{since}, {one.waiting} wait{then}{error}"


def _lane(one: delivery.LaneView) -> dict[str, Any]:
    return {
        "host": one.host, "state": str(one.state), "waiting": one.waiting,
        "withdrawals": one.taken_back, "oldest": _when(one.oldest), "failures": one.failures,
        "since": _when(one.since), "next_attempt": _when(one.next_attempt),
        "last_success": _when(one.last_success), "error": one.last_error,
    }  # fmt: skip


def _delivery(one: delivery.Passage) -> dict[str, Any]:
    return {
        "type": one.type, "object": one.object_uri, "inbox": one.inbox, "sent": _when(one.sent),
        "tries": one.tries, "error": one.error,
    }  # fmt: skip


def _when(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
