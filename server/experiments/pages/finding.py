"""The experiment that a page is about, and who looks at it."""

from dataclasses import dataclass

from aiohttp import web

from server.errors import NotFoundError
from server.experiments import service
from server.experiments.rules.experiment import Experiment
from server.experiments.rules.measures import Numbered
from server.people.tables import Person
from server.posts import service as posts
from server.posts.cards import path_of
from server.posts.rules import State
from server.posts.tables import Post
from server.web import keys, require_visitor

ULID = "/experiments/{ulid:[0-9A-Za-z]{1,40}}"
"""Where an experiment of ours lives."""
MEASURE = ULID + r"/measures/{number:\d{1,6}}"
"""Where its measures are."""
COPY = r"/elsewhere/{post_id:\d{1,18}}"
"""Where our copy of somebody else's is."""


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


@dataclass(frozen=True, slots=True)
class Looked:
    """A measure, of an experiment that the visitor looks after."""

    post: Post
    tried: Experiment
    one: Numbered
    person: Person

    @property
    def path(self) -> str:
        """Where its numbers are."""
        return f"{path_of(self.post)}/measures/{self.one.number}"


async def looked_at_measure(request: web.Request) -> Looked:
    """Return the measure at the path, or below whose path this is, where the visitor looks after
    its experiment. Raises NotFoundError.
    """
    post, person = await looked_after(request)
    tried = await service.of_post(post)
    one = tried.measure(int(request.match_info["number"])) if tried else None
    if tried is None or one is None:
        raise NotFoundError
    return Looked(post, tried, one, person)


async def elsewhere(request: web.Request) -> Post:
    """Return our copy of somebody else's experiment, at the path or below whose path this is.
    Raises NotFoundError.
    """
    post = await posts.by_id(int(request.match_info["post_id"]))
    if post is None or post.local or post.kind != service.KIND:
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
