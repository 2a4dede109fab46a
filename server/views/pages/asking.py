"""The view that a page is about, and who looks at it."""

from aiohttp import web

from server.errors import NotFoundError
from server.people.tables import Person
from server.views import service
from server.views.tables import SavedView
from server.web import require_visitor

SLUG = r"/views/{slug:[^/.]{1,100}}"
"""Where a view is."""


async def view_at(request: web.Request) -> SavedView:
    """Return the view at the request's path, or below whose path this is. Raises NotFoundError, and
    SignInNeededError where it is only for people here and nobody is signed in.
    """
    view = await service.by_slug(request.match_info["slug"])
    if view is None:
        raise NotFoundError
    if not view.is_public:
        require_visitor(request)
    return view


async def person_of(request: web.Request) -> Person:
    """Return whoever is signed in. Raises SignInNeededError."""
    return await Person.get(id=require_visitor(request).id)


async def own(request: web.Request) -> tuple[SavedView, Person]:
    """Return the view that this is about, and whoever is signed in, who may change it. Raises
    SignInNeededError, NotFoundError, NotYoursError.
    """
    person, view = await person_of(request), await view_at(request)
    service.check_may_change(view, person)
    return view, person
