"""The experiment that a page is about, and who looks at it."""

from aiohttp import web

from server.errors import NotFoundError
from server.experiments import service
from server.people.tables import Person
from server.posts import service as posts
from server.posts.rules import State
from server.posts.tables import Post
from server.web import keys, require_visitor

ULID = "/experiments/{ulid:[0-9A-Za-z]{1,40}}"
"""Where an experiment of ours lives."""


async def person_of(request: web.Request) -> Person:
    """Return whoever is signed in. Raises SignInNeededError."""
    return await Person.get(id=require_visitor(request).id)


async def experiment_at(request: web.Request) -> Post:
    """Return the experiment of ours at the request's path, or below whose path this is, be it
    withdrawn. Raises NotFoundError.
    """
    path = f"/experiments/{request.match_info['ulid']}"
    post = await posts.by_path(path, house=request.app[keys.HOUSE])
    if post is None or post.kind != service.KIND or post.state is State.DRAFT:
        raise NotFoundError
    return post


async def looked_after(request: web.Request) -> tuple[Post, Person]:
    """Return the published experiment at the path, where the visitor looks after it. Raises
    NotFoundError.
    """
    person, post = await person_of(request), await experiment_at(request)
    if post.state is not State.PUBLISHED or not await service.is_editor(post, person.id):
        raise NotFoundError
    return post, person


async def own(request: web.Request, *, or_steward: bool = False) -> tuple[Post, Person]:
    """Return the published experiment at the path, where it is the visitor's own. Raises
    NotFoundError.
    """
    person, post = await person_of(request), await experiment_at(request)
    if post.state is not State.PUBLISHED:
        raise NotFoundError
    if post.written_by_id != person.id and not (or_steward and person.is_steward):
        raise NotFoundError
    return post, person
