"""Pictures as files. Whatever is asked for, only pictures that we made ourselves are answered."""

from aiohttp import web

from server.house import House
from server.media import service
from server.media.rules import PictureMissingError, Size
from server.media.tables import Picture
from server.web import keys, visitor
from server.web.negotiation import has_already

routes = web.RouteTableDef()

FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_DAY = "private, max-age=86400"
NEVER = "private, no-store"
_ALWAYS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Content-Disposition": "inline",
}


@routes.get(
    r"/media/{key:[0-9a-f]{40}}/{size:large|small|square}.{extension:jpg|webp|png}", name="picture"
)
async def picture(request: web.Request) -> web.Response:
    """Show one of our pictures to those who may see it; to others it does not exist."""
    house = request.app[keys.HOUSE]
    found = await service.by_key(request.match_info["key"])
    size = Size(request.match_info["size"])
    if found.path(size) != request.path:
        raise PictureMissingError
    cache = await _cache(request, found, house=house)
    headers = {"Cache-Control": cache, "Cross-Origin-Resource-Policy": "cross-origin"}
    return await _answer(request, found.file(size), found.media_type, headers)


@routes.get(r"/proxy/{token:[\w.-]{1,6000}}/{size:large|small|square}", name="proxied-picture")
async def proxied_picture(request: web.Request) -> web.Response:
    """Show our copy of a picture from elsewhere, fetched when it is first looked at."""
    house = request.app[keys.HOUSE]
    url = service.asked_url(request.match_info["token"], house=house)
    copy = await service.remote(url, house=house)
    headers = {"Cache-Control": FOR_A_DAY, "Cross-Origin-Resource-Policy": "same-origin"}
    file = copy.file(Size(request.match_info["size"]))
    return await _answer(request, file, str(copy.media_type), headers)


async def _cache(request: web.Request, found: Picture, *, house: House) -> str:
    """Return how long an answer may be kept. Raises PictureMissingError for those who may not see
    the picture.
    """
    if await service.is_public(found, house=house):
        return FOR_EVER
    who = visitor(request)
    if who is None:
        raise PictureMissingError
    viewer = service.Viewer(person_id=who.id, actor_id=who.actor_id)
    if not await service.may_see(found, viewer, house=house):
        raise PictureMissingError
    return NEVER


async def _answer(
    request: web.Request, file: str, media_type: str, headers: dict[str, str]
) -> web.Response:
    etag = f'"{file.split("/")[-2]}"'  # what is under a key never changes
    headers = {**_ALWAYS, **headers, "ETag": etag}
    if has_already(request, etag):
        return web.Response(status=304, headers=headers)
    data = await request.app[keys.HOUSE].store.get(file)
    if data is None:
        raise PictureMissingError
    return web.Response(body=data, content_type=media_type, headers=headers)
