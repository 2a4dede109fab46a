"""The inboxes: read within limits, verified, stored, answered with 202."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import nullcontext

from aiohttp import StreamReader, web

from federation import inbox, uris
from federation.errors import FederationError, TooLargeError, UnacceptableTypeError
from federation.signatures import Message, claims
from server.actors.blocks import Blocks
from server.actors.directory import Directory
from server.actors.pages import WHO, actor_of
from server.inbox.backlog import Backlog
from server.inbox.rules import Room
from server.inbox.service import Intake
from server.web import csrf, keys

DIRECTORY: web.AppKey[Directory] = web.AppKey("directory")
INTAKE: web.AppKey[Intake] = web.AppKey("intake")
BLOCKS: web.AppKey[Blocks] = web.AppKey("blocks")
BACKLOG: web.AppKey[Backlog] = web.AppKey("backlog")
ROOM: web.AppKey[Room] = web.AppKey("room")
Heard = Callable[[Message, str], Awaitable[None]]
HEARD: web.AppKey[Heard] = web.AppKey("heard")
"""Is told of each request that was taken, and of whom it came from; set by a feature above, which
reads its headers.
"""

SECONDS = 30
"""How long a body may take to come, unless it is here already."""
LIMIT = 1024 * 1024
"""Bytes of a body, after any decompression."""
TYPES = frozenset({"application/activity+json", "application/ld+json"})

routes = web.RouteTableDef()


@routes.post("/inbox")
@routes.post("/actor/inbox")
@routes.post("/hub/inbox")
@csrf.exempt
async def shared(request: web.Request) -> web.Response:
    """Take in an activity for anybody here."""
    return await _take(request)


@routes.post(f"/{WHO}/inbox")
@csrf.exempt
async def personal(request: web.Request) -> web.Response:
    """Take in an activity for one actor; 404 where there is no such actor."""
    await actor_of(request)
    return await _take(request)


async def _take(request: web.Request) -> web.Response:
    """Do the checks in the order of federation.md §5; nothing is stored before the last has
    passed.
    """
    if (request.content_length or 0) > LIMIT:
        raise TooLargeError(limit="1 MiB")
    room, body = request.app[ROOM], bytearray()
    try:
        await _read(request.content, body, room=room)
        return await _accept(request, bytes(body))
    finally:
        room.give_back(len(body))


async def _read(content: StreamReader, body: bytearray, *, room: Room) -> None:
    """Append what comes to `body`, and what that takes to what is held of the room."""
    try:
        async with nullcontext() if content.is_eof() else asyncio.timeout(SECONDS):
            async for chunk in content.iter_any():
                room.take(len(chunk))
                body += chunk
                if len(body) > LIMIT:
                    raise TooLargeError(limit="1 MiB")
    except TimeoutError:
        raise web.HTTPRequestTimeout from None


async def _accept(request: web.Request, body: bytes) -> web.Response:
    if request.content_type not in TYPES:
        raise UnacceptableTypeError(media_type=request.content_type)
    app, house = request.app, request.app[keys.HOUSE]
    url = house.address + request.rel_url.raw_path_qs
    message = Message("POST", url, tuple(request.headers.items()), body)
    await _turn_away(app[BLOCKS], message)
    result = await inbox.verify(message, keys=app[DIRECTORY], clock=house.clock)
    if not isinstance(result, inbox.IgnoredDeletion):
        await _refuse_blocked(app[BLOCKS], result)
        host = uris.host_of(result.key_id)
        times = app[keys.SETTINGS].deliveries_of_host_per_minute
        app[keys.LIMITS].take("deliveries of a host", host, times=times, seconds=60)
        await app[BACKLOG].let_in(host)
        await app[DIRECTORY].write_down(result.actor)
        await app[INTAKE].store(result)
        await app[HEARD](message, _sender(result))
    return web.Response(status=202)


async def _refuse_blocked(
    blocks: Blocks, result: inbox.VerifiedActivity | inbox.UnreadActivity
) -> None:
    await blocks.refuse(uris.host_of(result.actor), result.actor)
    if isinstance(result, inbox.VerifiedActivity) and result.carrier is not None:
        await blocks.refuse(uris.host_of(result.carrier), result.carrier)


def _sender(result: inbox.VerifiedActivity | inbox.UnreadActivity) -> str:
    """Return who sent the request, which may be another than whose activity it is."""
    carrier = result.carrier if isinstance(result, inbox.VerifiedActivity) else None
    return carrier or result.actor


async def _turn_away(blocks: Blocks, message: Message) -> None:
    """Refuse a blocked host by what it claims to be, before any work is done for it."""
    try:
        hosts = {uris.host_of(claim.key_id) for claim in claims(message)}
    except FederationError:
        return  # what can't be read is answered in its turn
    for host in hosts:
        await blocks.refuse(host)
