"""Following and being followed: the collections that servers read, and the pages that
people use.
"""

import functools
from collections.abc import Callable, Sequence

from aiohttp import web

from federation import uris, vocab, webfinger
from federation.errors import FederationError, MalformedError
from federation.inbox import signed_by
from federation.signatures import Message
from server import db
from server.actors import service as actors
from server.actors.pages import WHO, actor_of
from server.actors.tables import Actor
from server.errors import NotFoundError, RefusedError
from server.follows import service, synchronising
from server.follows.forms import FollowForm, OwnServerForm
from server.follows.rules import Act, FollowState
from server.follows.tables import Follow
from server.inbox import pages as inbox_pages
from server.web import (
    activity_response,
    cursor,
    keys,
    leave_for,
    limit,
    page,
    render,
    require_steward,
    require_visitor,
    see_other,
    shown_again,
)

routes = web.RouteTableDef()

HUB = "/hub"
ACTS = {"accept": Act.ACCEPT, "reject": Act.REJECT, "remove": Act.REJECT}


@routes.get(f"/{WHO}/{{which:followers|following}}")
async def collection(request: web.Request) -> web.Response:
    """Serve who follows an actor of ours, or whom it follows, in pages (federation.md §2)."""
    actor, which = await actor_of(request), request.match_info["which"]
    uri = f"{actor.uri}/{which}"
    followers, following = await service.counts(actor)
    if "page" not in request.query:
        head = vocab.Collection(
            id=uri,
            total_items=followers if which == "followers" else following,
            first=f"{uri}?page=true",
            attributed_to=actor.uri,
        )
        return activity_response(request, vocab.dumps(vocab.render(head)))
    at = cursor(request)
    rows = await _listed(actor, which, db.Span.read(at.before, at.after))
    slice_ = page(rows, at, size=service.PAGE, mark=lambda row: str(row.id))
    found = vocab.Collection(
        id=f"{uri}?page=true" + (f"&before={at.before}" if at.before else ""),
        type="OrderedCollectionPage",
        part_of=uri,
        items=tuple(_other(row, which).uri for row in slice_.items),
        next=f"{uri}?page=true&before={slice_.older}" if slice_.older else None,
    )
    return activity_response(request, vocab.dumps(vocab.render(found)))


@routes.get(f"/{WHO}/followers_synchronization")
async def synchronisation(request: web.Request) -> web.Response:
    """Serve to a host which of its actors follow one of ours. It signs its request, and is told of
    nobody else's (FEP-8fcf).
    """
    house, actor = request.app[keys.HOUSE], await actor_of(request)
    message = Message(
        "GET", house.address + request.rel_url.raw_path_qs, tuple(request.headers.items()), b""
    )
    directory = request.app[inbox_pages.DIRECTORY]
    asker = await signed_by(message, keys=directory, clock=house.clock)
    host = uris.host_of(asker)
    await request.app[inbox_pages.BLOCKS].refuse(host, asker)
    found = await synchronising.partial(actor, host=host)
    listed = vocab.Collection(
        id=f"{actor.uri}/{synchronising.PATH}", items=tuple(found), total_items=len(found)
    )
    response = activity_response(request, vocab.dumps(vocab.render(listed)))
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Vary"] = "Accept, Signature, Signature-Input"
    return response


async def _listed(actor: Actor, which: str, span: db.Span) -> Sequence[Follow]:
    if which == "followers":
        return await service.followers(actor, span=span)
    return await service.following(actor, span=span)


def _other(row: Follow, which: str) -> Actor:
    return row.follower if which == "followers" else row.followed


@routes.get("/follow", name="follow")
async def own_server(request: web.Request) -> web.Response:
    """Ask a visitor where their own account is."""
    actor = await _ours(request, request.query.get("whom", ""))
    form = OwnServerForm.filled(whom=actor.uri)
    return render(request, "follows/own_server.html", form=form, actor=actor)


@routes.post("/follow")
async def go_to_own_server(request: web.Request) -> web.Response:
    """Take a visitor to their own server, by its subscribe template, to follow from there."""
    limit(request, "own-server", times=20, seconds=600)
    form = await OwnServerForm.read(request)
    actor = await _ours(request, form.whom)
    if not form.errors:
        try:
            handle = uris.parse_handle(form.handle)
            found = await webfinger.lookup(handle, request.app[keys.HOUSE].fetcher)
            where = found.subscribe_url(actor.uri)
        except MalformedError:
            form.wrong("handle", "That does not look like a handle. It has two parts: @name@server")
        except FederationError:
            form.wrong("handle", "That account can’t be found. Check the spelling of your handle")
        else:
            if where is not None:
                return leave_for(request, where, host=handle.host)
            form.wrong(
                "handle",
                f"Your server does not say how. Search there for {actor.handle} instead",
            )
    return shown_again(request, "follows/own_server.html", form, actor=actor)


async def _ours(request: web.Request, uri: str) -> Actor:
    house = request.app[keys.HOUSE]
    actor = await actors.known(uri) if uri else await actors.at_path(HUB, house=house)
    if actor is None or not actor.local or actor.gone:
        raise NotFoundError
    return actor


@routes.get("/home/following", name="following")
@routes.get("/stewards/following", name="hub-following")
async def following(request: web.Request) -> web.Response:
    """Show whom the visitor, or the hub, follows, with a form to follow more."""
    actor, desk = await _whose(request)
    return await _show_following(request, actor, FollowForm(), desk=desk)


@routes.post("/home/following")
@routes.post("/stewards/following")
async def follow(request: web.Request) -> web.Response:
    """Follow somebody by handle or address."""
    actor, desk = await _whose(request)
    limit(request, "follow", times=60, seconds=600, key=str(actor.id))
    form = await FollowForm.read(request)
    house = request.app[keys.HOUSE]
    if not form.errors:
        try:
            followed = await actors.find(form.whom, house=house)
            row = await service.follow(actor, followed, house=house)
        except RefusedError as error:
            form.wrong("whom", str(error))
        except FederationError as error:
            form.wrong("whom", f"Their server could not be asked: {error}")
        else:
            return see_other(request, request.path, said=_said(row, followed))
    return await _show_following(request, actor, form, desk=desk)


def _said(row: Follow, followed: Actor) -> str:
    if row.state is FollowState.ACCEPTED:
        return f"You follow {followed.shown_name} now."
    return f"We have asked {followed.shown_name}. You will see when they say yes."


async def _show_following(
    request: web.Request, actor: Actor, form: FollowForm, *, desk: bool
) -> web.Response:
    at = cursor(request)
    states = (FollowState.ACCEPTED, FollowState.REQUESTED, FollowState.REJECTED)
    span = db.Span.read(at.before, at.after)
    rows = await service.following(actor, states=states, span=span)
    slice_ = page(rows, at, size=service.PAGE, mark=lambda row: str(row.id))
    return render(
        request, "follows/following.html", status=422 if form.errors else 200, form=form,
        actor=actor, rows=slice_, desk=desk, avatar=_avatars(request),
    )  # fmt: skip


@routes.post("/home/following/{actor_id:\\d{1,18}}/remove", name="unfollow")
@routes.post("/stewards/following/{actor_id:\\d{1,18}}/remove", name="hub-unfollow")
async def unfollow(request: web.Request) -> web.Response:
    """Stop following somebody."""
    actor, desk = await _whose(request)
    followed = await Actor.get_or_none(id=int(request.match_info["actor_id"]))
    if followed is not None:
        await service.unfollow(actor, followed, house=request.app[keys.HOUSE])
    to = "hub-following" if desk else "following"
    return see_other(request, to, said="You no longer follow them.")


@routes.get("/home/followers", name="followers")
@routes.get("/stewards/followers", name="hub-followers")
async def followers(request: web.Request) -> web.Response:
    """Show who follows the visitor, or the hub, and who asks to."""
    actor, desk = await _whose(request)
    at = cursor(request)
    requests = await service.followers(actor, state=FollowState.REQUESTED)
    rows = await service.followers(actor, span=db.Span.read(at.before, at.after))
    slice_ = page(rows, at, size=service.PAGE, mark=lambda row: str(row.id))
    return render(
        request,
        "follows/followers.html",
        actor=actor,
        rows=slice_,
        requests=requests,
        desk=desk,
        avatar=_avatars(request),
    )


@routes.post(r"/home/followers/{follow_id:\d{1,18}}/{act:accept|reject|remove}")
@routes.post(r"/stewards/followers/{follow_id:\d{1,18}}/{act:accept|reject|remove}")
async def settle(request: web.Request) -> web.Response:
    """Answer a request, or remove a follower."""
    actor, desk = await _whose(request)
    await service.settle(
        int(request.match_info["follow_id"]), followed=actor,
        act=ACTS[request.match_info["act"]], house=request.app[keys.HOUSE],
    )  # fmt: skip
    return see_other(request, "hub-followers" if desk else "followers", said="Done.")


async def _whose(request: web.Request) -> tuple[Actor, bool]:
    """Return whose follows a page is about: the hub's at the stewards' desk, else the visitor's."""
    if request.path.startswith("/stewards/"):
        require_steward(request)
        hub = await actors.at_path(HUB, house=request.app[keys.HOUSE])
        if hub is None:
            raise NotFoundError
        return hub, True
    return await Actor.get(id=require_visitor(request).actor_id), False


def _avatars(request: web.Request) -> Callable[[Actor], str | None]:
    return functools.partial(actors.avatar, house=request.app[keys.HOUSE])
