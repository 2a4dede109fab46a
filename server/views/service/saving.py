"""Save a view, change it, delete it."""

from server import db
from server.errors import NotYoursError
from server.house import House
from server.people.events import Closed
from server.people.tables import Person
from server.views.rules.saving import VIEWS, Saying, TooManyViewsError, free_slug
from server.views.tables import SavedView, ViewLetter


async def save(saying: Saying, *, by: Person, house: House) -> SavedView:
    """Keep a view. Raises TooManyViewsError."""
    async with db.transaction():
        await db.in_turn("views.save")
        if await SavedView.filter(made_by_id=by.id).count() >= VIEWS:
            raise TooManyViewsError
        now = house.clock.now()
        view = SavedView(made_by_id=by.id, created_at=now, changed_at=now)
        view.write(saying)
        view.slug = free_slug(saying.name, await _used(free_slug(saying.name, ())))
        await view.save()
    return view


async def _used(plain: str) -> set[str]:
    found = await SavedView.filter(slug__startswith=plain).values_list("slug", flat=True)
    return {str(one) for one in found}


async def change(view: SavedView, saying: Saying, *, by: Person, house: House) -> None:
    """Have a view say, and show, something else. Its address stays. Raises NotYoursError."""
    check_may_change(view, by)
    async with db.transaction():
        view.write(saying)
        view.changed_at = house.clock.now()
        await view.save()


async def delete(view: SavedView, *, by: Person) -> None:
    """Delete a view for good, and end the letters about it. Raises NotYoursError."""
    check_may_change(view, by)
    async with db.transaction():
        await view.delete()


def check_may_change(view: SavedView, person: Person) -> None:
    """Raise NotYoursError unless somebody saved a view, or looks after the hub."""
    if view.made_by_id != person.id and not person.is_steward:
        raise NotYoursError


async def on_closed(event: Closed, _: House) -> None:
    """Delete the views of somebody who closes their account, and end their letters."""
    person = await db.read_one(Person, "SELECT * FROM people WHERE actor_id = ?", event.actor.id)
    if person is not None:
        await SavedView.filter(made_by_id=person.id).delete()
        await ViewLetter.filter(person_id=person.id).delete()
