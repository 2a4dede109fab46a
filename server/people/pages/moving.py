"""Move here from elsewhere, or elsewhere from here."""

from aiohttp import web

from server.people import service
from server.people.forms import AliasForm, AliasRemovedForm, BackForm, MoveForm
from server.people.rules import FieldRefusedError
from server.people.tables import Person
from server.web import keys, limit, render, require_visitor, see_other

routes = web.RouteTableDef()


@routes.get("/settings/move", name="settings-move")
async def move_page(request: web.Request) -> web.Response:
    """Show which earlier accounts are named, and the way out."""
    return await _shown(request, await service.by_id(require_visitor(request).id))


async def _shown(
    request: web.Request, person: Person, *, alias: AliasForm | None = None,
    move: MoveForm | BackForm | None = None,
) -> web.Response:  # fmt: skip
    wrong = next((form for form in (alias, move) if form is not None and form.errors), None)
    moved = await service.new_place(person.actor)
    return render(
        request, "people/move.html", status=422 if wrong is not None else 200, person=person,
        form=wrong, alias=alias or AliasForm(), move=move or (BackForm() if moved else MoveForm()),
        aliases=await service.shown_aliases(person.actor), moved=moved,
    )  # fmt: skip


async def _asker(request: web.Request) -> Person:
    """Return who asks for something that makes this hub ask another, not too often."""
    person = await service.by_id(require_visitor(request).id)
    limit(request, "move", times=20, seconds=600, key=str(person.id))
    return person


@routes.post("/settings/move/earlier", name="add-alias")
async def add_alias(request: web.Request) -> web.Response:
    """Name an earlier account."""
    person, form = await _asker(request), await AliasForm.read(request)
    if not form.errors:
        try:
            named = await service.add_alias(person.id, form.handle, house=request.app[keys.HOUSE])
        except FieldRefusedError as error:
            form.wrong(error.field, str(error))
        else:
            return see_other(request, "settings-move", f"{named.handle} can move here now.")
    return await _shown(request, person, alias=form)


@routes.post("/settings/move/earlier/remove", name="remove-alias")
async def remove_alias(request: web.Request) -> web.Response:
    """Name an earlier account no longer."""
    person, form = await _asker(request), await AliasRemovedForm.read(request)
    await service.remove_alias(person.id, form.uri, house=request.app[keys.HOUSE])
    return see_other(request, "settings-move", "That account is no longer named.")


@routes.post("/settings/move/out", name="move-out")
async def move_out(request: web.Request) -> web.Response:
    """Move away, with those who follow."""
    person, form = await _asker(request), await MoveForm.read(request)
    if not form.errors:
        try:
            target = await service.move_out(
                person.id, handle=form.handle, password=form.password,
                house=request.app[keys.HOUSE],
            )  # fmt: skip
        except FieldRefusedError as error:
            form.wrong(error.field, str(error))
        else:
            said = f"You have moved to {target.handle}. Those who follow you are being told."
            return see_other(request, "settings-move", said)
    return await _shown(request, person, move=form)


@routes.post("/settings/move/back", name="move-back")
async def come_back(request: web.Request) -> web.Response:
    """Take a move back."""
    person, form = await _asker(request), await BackForm.read(request)
    if not form.errors:
        try:
            await service.come_back(
                person.id, password=form.password, house=request.app[keys.HOUSE]
            )
        except FieldRefusedError as error:
            form.wrong(error.field, str(error))
        else:
            return see_other(request, "settings-move", "You are back, and can publish here again.")
    return await _shown(request, person, move=form)
