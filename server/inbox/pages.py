"""The inboxes: read within limits, verified, stored, answered with 202."""

from aiohttp import web

from federation import inbox, uris
from federation.errors import FederationError, TooLargeError, UnacceptableTypeError
from federation.signatures import Message, claims
from server.actors import service as actors
from server.actors.blocks import Blocks
from server.actors.directory import Directory
from server.errors import NotFoundError
from server.inbox.service import Intake
from server.web import csrf, keys

DIRECTORY: web.AppKey[Directory] = web.AppKey("directory")
INTAKE: web.AppKey[Intake] = web.AppKey("intake")
BLOCKS: web.AppKey[Blocks] = web.AppKey("blocks")

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


@routes.post("/people/{name}/inbox")
@csrf.exempt
async def personal(request: web.Request) -> web.Response:
    """Take in an activity for one person; 404 where there is no such person."""
    path = request.path.removesuffix("/inbox")
    if await actors.at_path(path, house=request.app[keys.HOUSE]) is None:
        raise NotFoundError
    return await _take(request)


async def _take(request: web.Request) -> web.Response:
    """Do the checks in the order of federation.md §5; nothing is stored before the last has
    passed.
    """
    house = request.app[keys.HOUSE]
    if request.content_type not in TYPES:
        raise UnacceptableTypeError(media_type=request.content_type)
    message = Message(
        method="POST",
        url=house.address + request.rel_url.raw_path_qs,
        headers=tuple(request.headers.items()),
        body=await _body(request),
    )
    await _turn_away(request, message)
    directory = request.app[DIRECTORY]
    result = await inbox.verify(message, keys=directory, clock=house.clock)
    if not isinstance(result, inbox.IgnoredDeletion):
        await request.app[BLOCKS].refuse(uris.host_of(result.actor), result.actor)
        if isinstance(result, inbox.VerifiedActivity) and result.carrier is not None:
            await request.app[BLOCKS].refuse(uris.host_of(result.carrier), result.carrier)
        await directory.write_down(result.actor)
        await request.app[INTAKE].store(result)
    return web.Response(status=202)


async def _body(request: web.Request) -> bytes:
    if (request.content_length or 0) > LIMIT:
        raise TooLargeError(limit="1 MiB")
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > LIMIT:
            raise TooLargeError(limit="1 MiB")
    return bytes(body)


async def _turn_away(request: web.Request, message: Message) -> None:
    """Refuse a blocked host by what it claims to be, before any work is done for it."""
    for claim in claims(message):
        try:
            host = uris.host_of(claim.key_id)
        except FederationError:
            continue
        await request.app[BLOCKS].refuse(host)
