"""Numbers from programs: the key of a measure, and the one request that it opens."""

from aiohttp import web

from federation import vocab
from federation.errors import MalformedError, UnacceptableTypeError
from server.errors import KeyRefusedError
from server.experiments import service
from server.experiments.pages.finding import MEASURE, Looked, experiment_at, looked_at_measure
from server.experiments.rules.measures import POINTS, Point, TooManyPointsError
from server.experiments.wire import point_from_wire, point_to_wire
from server.web import csrf, keys, limit, read_body, render, see_other

routes = web.RouteTableDef()

LIMIT = 1024 * 1024
"""Bytes of one request."""


@routes.get(MEASURE + "/key", name="measure-key")
async def show_key(request: web.Request) -> web.Response:
    """Say whether programs may add numbers, and how."""
    return await _shown(request, await looked_at_measure(request))


async def _shown(request: web.Request, at: Looked, key: str = "") -> web.Response:
    return render(
        request, "experiments/key.html", post=at.post, one=at.one, made=key,
        row=await service.key_of(at.post, at.one.number),
        where=request.app[keys.HOUSE].uri(f"{at.path}/points"),
    )  # fmt: skip


@routes.post(MEASURE + "/key")
async def make_key(request: web.Request) -> web.Response:
    """Make a key, and show it this once."""
    at, house = await looked_at_measure(request), request.app[keys.HOUSE]
    key = await service.make_key(at.post, at.one.number, by=at.person, house=house)
    response = await _shown(request, at, key)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@routes.post(MEASURE + "/key/delete")
async def end_key(request: web.Request) -> web.Response:
    """End a key."""
    at = await looked_at_measure(request)
    await service.end_key(at.post, at.one.number, by=at.person)
    return see_other(request, f"{at.path}/key", said="The key opens nothing any more.")


@routes.post(MEASURE + "/points")
@csrf.exempt
async def take_points(request: web.Request) -> web.Response:
    """Add numbers that a program sends as JSON, in the name of whoever made its key."""
    limit(request, "points", times=120, seconds=60)
    if request.content_type != "application/json":
        raise UnacceptableTypeError(media_type=request.content_type)
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise KeyRefusedError
    post, house = await experiment_at(request), request.app[keys.HOUSE]
    number = int(request.match_info["number"])
    person = await service.holder(post, number, key.strip(), house=house)
    limit(request, "points-by-key", times=60, seconds=600, key=f"{post.id}/{number}")
    brought = _brought(vocab.load_json(await read_body(request, LIMIT)))
    if brought.text:
        limit(request, "update", times=30, seconds=600, key=str(person.id))
    entry = await service.add_points(post, number, brought, by=person, house=house)
    one = await service.measure_at(post, number)
    told = {
        "added": len(brought.points), "points": len(one.measure.points),
        "entry": entry.uri if entry else None,
    }  # fmt: skip
    return web.json_response(told, headers={"Cache-Control": "no-store"})


def _brought(terms: vocab.JsonObject) -> service.Brought:
    """Read a request. Raises MalformedError with what is wrong, TooManyPointsError."""
    told, text, instead = terms.get("points"), terms.get("text", ""), terms.get("instead", False)
    if not isinstance(told, list) or not told:
        raise MalformedError(term="points has to be a list of numbers with their days")
    if not isinstance(text, str) or not isinstance(instead, bool):
        raise MalformedError(term="text has to be words, and instead true or false")
    if len(told) > POINTS:
        raise TooManyPointsError(limit=POINTS, count=f"{len(told):,}")
    return service.Brought([_point(one, at) for at, one in enumerate(told)], text, instead)


def _point(value: vocab.Json, at: int) -> Point:
    given = value if isinstance(value, dict) else {}
    point = point_from_wire(given)
    if point is None:
        raise MalformedError(
            term=f"points[{at}] needs at, a day like 2026-11-16, and value, a finite number"
        )
    kept = point_to_wire(point)
    odd = [
        name for name, said in given.items() if said not in (None, "") and kept.get(name) != said
    ]
    if odd:
        raise MalformedError(term=f"points[{at}].{odd[0][:40]} can't be kept as it is")
    return point
