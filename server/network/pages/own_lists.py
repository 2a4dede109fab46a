"""Stewards make lists of hubs and change them."""

from aiohttp import web

from server.errors import RefusedError
from server.network import service
from server.network.forms import AddForm, ListForm
from server.network.pages.sharing import told
from server.network.tables import HubList
from server.web import keys, render, require_steward, see_other

routes = web.RouteTableDef()

LISTS = "/stewards/lists"
ONE = LISTS + "/{slug:[a-z0-9-]{1,64}}"


@routes.get(LISTS, name="own-lists")
async def listed(request: web.Request) -> web.Response:
    """Show the lists of this hub, and a form to make one."""
    require_steward(request)
    return await _listed(request, ListForm())


async def _listed(request: web.Request, form: ListForm) -> web.Response:
    return render(
        request, "network/own_lists.html", status=422 if form.errors else 200, form=form,
        lists=await service.all_shared(),
    )  # fmt: skip


@routes.post(LISTS)
async def share(request: web.Request) -> web.Response:
    """Make a list."""
    require_steward(request)
    form = await ListForm.read(request)
    if not form.errors:
        try:
            made = await service.share(form.title, form.words, house=request.app[keys.HOUSE])
        except RefusedError as error:
            form.wrong("title", str(error))
        else:
            return see_other(request, "own-list", slug=made.slug)
    return await _listed(request, form)


@routes.get(ONE, name="own-list")
async def one(request: web.Request) -> web.Response:
    """Show a list, to be changed."""
    require_steward(request)
    return await _one(request, await _shared(request))


async def _one(
    request: web.Request, shared: HubList, *, form: ListForm | None = None,
    adding: AddForm | None = None,
) -> web.Response:  # fmt: skip
    form = form or ListForm.filled(title=shared.title, words=shared.words)
    adding = adding or AddForm()
    return render(
        request, "network/own_list.html", status=422 if form.errors or adding.errors else 200,
        form=form if form.errors else adding, words=form, adding=adding,
        **await told(request, shared, await service.hubs_of(shared)),
    )  # fmt: skip


@routes.post(ONE)
async def reword(request: web.Request) -> web.Response:
    """Call a list otherwise."""
    require_steward(request)
    shared, form = await _shared(request), await ListForm.read(request)
    if form.errors:
        return await _one(request, shared, form=form)
    await service.reword(shared, title=form.title, words=form.words, house=request.app[keys.HOUSE])
    return see_other(request, "own-list", said="It is changed.", slug=shared.slug)


@routes.post(ONE + "/hubs")
async def put_in(request: web.Request) -> web.Response:
    """Put hubs into a list, by their handles or addresses."""
    require_steward(request)
    shared, form = await _shared(request), await AddForm.read(request)
    house = request.app[keys.HOUSE]
    if not form.errors:
        try:
            found = await service.find_all(form.read_list, house=house)
            new = await service.put_in(shared, found, house=house)
        except RefusedError as error:
            form.wrong("addresses", str(error))
        else:
            said = "It is in the list." if new == 1 else f"{new} more are in the list."
            return see_other(request, "own-list", said=said, slug=shared.slug)
    return await _one(request, shared, adding=form)


@routes.post(ONE + r"/hubs/{actor_id:\d{1,18}}/remove")
async def take_out(request: web.Request) -> web.Response:
    """Take somebody out of a list."""
    require_steward(request)
    shared = await _shared(request)
    await service.take_out(
        shared, int(request.match_info["actor_id"]), house=request.app[keys.HOUSE]
    )
    return see_other(request, "own-list", said="They are taken out.", slug=shared.slug)


@routes.post(ONE + "/remove")
async def unshare(request: web.Request) -> web.Response:
    """Take a list away."""
    require_steward(request)
    await service.unshare(await _shared(request))
    return see_other(request, "own-lists", said="The list is taken away.")


async def _shared(request: web.Request) -> HubList:
    return await service.by_slug(request.match_info["slug"])
