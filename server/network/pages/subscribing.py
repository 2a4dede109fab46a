"""Follow many at once: a list is looked up, shown, followed, and its progress is watched."""

from aiohttp import web

from server import db
from server.errors import RefusedError
from server.network import service
from server.network.forms import GatherForm, SubscribeForm, TakeUpForm
from server.network.rules import wording
from server.network.rules.subscribing import Act, EntryState, Wish
from server.network.tables import Batch
from server.web import (
    body_limit,
    cursor,
    keys,
    limit,
    page,
    render,
    require_steward,
    see_other,
)

routes = web.RouteTableDef()

LISTS = "/stewards/subscriptions"
ONE = LISTS + r"/{batch_id:\d{1,18}}"
BODY = 2 * 1024 * 1024
PARTS = {
    "found": (EntryState.FOUND,),
    "followed": (EntryState.ASKED, EntryState.ACCEPTED),
    "known": (EntryState.KNOWN,),
    "lists": (EntryState.LIST,),
    "failed": (EntryState.FAILED, EntryState.REFUSED),
    "left": (EntryState.LEFT, EntryState.UNDONE),
}
"""Parts of a list that can be shown by themselves."""


@routes.get(LISTS, name="subscriptions")
async def listed(request: web.Request) -> web.Response:
    """Show the lists that were given, and a form to give another."""
    require_steward(request)
    return await _listed(request, SubscribeForm(), TakeUpForm())


async def _listed(request: web.Request, form: SubscribeForm, taking: TakeUpForm) -> web.Response:
    at = cursor(request)
    rows = await service.listed(db.Span.read(at.before, at.after))
    slice_ = page(rows, at, size=service.PAGE, mark=lambda row: str(row.id))
    return render(
        request, "network/subscriptions.html",
        status=422 if form.errors or taking.errors else 200,
        form=taking if taking.errors else form, giving=form, taking=taking, slice=slice_,
        taken=await service.taken_of(slice_.items), progress=await service.progress(slice_.items),
    )  # fmt: skip


@routes.post(LISTS)
@body_limit(BODY)
async def begin(request: web.Request) -> web.Response:
    """Take a list and begin to look up whom it names."""
    steward = require_steward(request)
    limit(request, "subscribe", times=30, seconds=3600, key=str(steward.actor_id))
    form = await SubscribeForm.read(request)
    if form.errors:
        return await _listed(request, form, TakeUpForm())
    batch = await service.begin(
        form.read_list, title=form.title, by=steward.name, house=request.app[keys.HOUSE]
    )
    return see_other(request, "subscription", batch_id=batch.id)


@routes.post(LISTS + "/lists")
async def take_up(request: web.Request) -> web.Response:
    """Take up a list that another hub shares, and begin to look up whom it names."""
    steward = require_steward(request)
    limit(request, "subscribe", times=30, seconds=3600, key=str(steward.actor_id))
    form = await TakeUpForm.read(request)
    if not form.errors:
        try:
            batch = await service.take_up(form.uri, by=steward.name, house=request.app[keys.HOUSE])
        except RefusedError as error:
            form.wrong("uri", str(error))
        else:
            return see_other(request, "subscription", batch_id=batch.id)
    return await _listed(request, SubscribeForm(), form)


@routes.get(ONE, name="subscription")
async def show(request: web.Request) -> web.Response:
    """Show how far a list has come, and whom it names, part by part if asked."""
    require_steward(request)
    batch = await service.by_id(int(request.match_info["batch_id"]))
    return await _shown(request, batch, GatherForm(options=await _lists()))


async def _shown(request: web.Request, batch: Batch, form: GatherForm) -> web.Response:
    part, mark = request.query.get("part", ""), cursor(request).after
    found = await service.entries(
        batch, states=PARTS.get(part, ()), after_id=int(mark) if mark else 0
    )
    shown = found[: service.ENTRIES]
    return render(
        request, "network/subscription.html", status=422 if form.errors else 200, form=form,
        batch=batch, part=part if part in PARTS else "",
        progress=(await service.progress([batch]))[batch.id], entries=shown,
        further=shown[-1].entry.id if len(found) > len(shown) else None,
        problems=service.problems_of(batch), parts=PARTS, kind=wording.kind_words,
        software=wording.software_name, taken=(await service.taken_of([batch])).get(batch.id),
    )  # fmt: skip


@routes.post(ONE + "/{act:follow|undo|pause|resume|again}")
async def act(request: web.Request) -> web.Response:
    """Follow all that were found, take that back, rest, go on, or look up once more."""
    require_steward(request)
    house, batch_id = request.app[keys.HOUSE], int(request.match_info["batch_id"])
    match request.match_info["act"]:
        case "follow":
            await service.wished(batch_id, Wish.FOLLOW, house=house)
        case "undo":
            await service.wished(batch_id, Wish.UNDO, house=house)
        case "pause":
            await service.pause(batch_id, house=house)
        case "resume":
            await service.resume(batch_id, house=house)
        case _:
            await service.look_again(batch_id, house=house)
    return see_other(request, "subscription", batch_id=batch_id)


@routes.post(ONE + "/gather")
async def gather(request: web.Request) -> web.Response:
    """Put everybody whom a list has reached into a list that this hub shares."""
    require_steward(request)
    batch = await service.by_id(int(request.match_info["batch_id"]))
    form = await GatherForm.read(request, options=await _lists())
    if form.errors:
        return await _shown(request, batch, form)
    shared = await service.by_slug(form.slug)
    try:
        await service.put_in_reached(shared, batch, house=request.app[keys.HOUSE])
    except RefusedError as error:
        form.wrong("slug", str(error))
        return await _shown(request, batch, form)
    return see_other(request, "own-list", said="They are in the list.", slug=shared.slug)


async def _lists() -> dict[str, list[tuple[str, str]]]:
    """Return what there is to choose from: the lists of this hub."""
    return {"slug": [(one.slug, one.title) for one, _ in await service.all_shared()]}


@routes.post(ONE + "/stop")
async def leave_list(request: web.Request) -> web.Response:
    """No longer follow along with a list elsewhere."""
    require_steward(request)
    batch_id = int(request.match_info["batch_id"])
    await service.leave_list(batch_id)
    said = "This hub no longer follows along with the list."
    return see_other(request, "subscription", said=said, batch_id=batch_id)


@routes.post(ONE + r"/entries/{entry_id:\d{1,18}}/{act:leave|again}")
async def leave_out(request: web.Request) -> web.Response:
    """Leave one address out, or take it in again."""
    require_steward(request)
    batch_id = int(request.match_info["batch_id"])
    await service.leave_out(
        batch_id, int(request.match_info["entry_id"]), Act(request.match_info["act"]),
        house=request.app[keys.HOUSE],
    )  # fmt: skip
    return see_other(request, "subscription", batch_id=batch_id)
