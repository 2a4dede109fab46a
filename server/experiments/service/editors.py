"""Several people look after one experiment: those whom its author asked, and who said yes."""

from collections.abc import Sequence

from server import db
from server.actors.blocks import are_apart
from server.actors.tables import Actor
from server.errors import NotFoundError, NotYoursError, RefusedError
from server.experiments.tables import EditorRow
from server.house import House
from server.people import service as people
from server.people.events import Closed
from server.people.tables import Person
from server.posts import service as posts
from server.posts.rules import State
from server.posts.tables import Post
from server.responses.events import ThankedFor

EDITORS = 20
"""People who look after one experiment with its author."""
OFFERED = 10
"""Experiments that somebody can choose from among those they look after."""
ASKED, SAID_YES = "asked-to-edit", "edits-too"
"""Kinds of notification."""


class NobodyThereError(RefusedError):
    """Nobody here goes by the name {name}."""


class YourselfError(RefusedError):
    """You look after it already: it is yours."""


class AlreadyAskedError(RefusedError):
    """They have been asked already."""


class TooManyEditorsError(RefusedError):
    """Twenty people look after it, or have been asked. That is as many as there can be."""


async def is_editor(post: Post, person_id: int) -> bool:
    """Say whether somebody looks after an experiment: its author, or whom they asked and who said
    yes.
    """
    if not post.local:
        return False
    if post.written_by_id == person_id:
        return True
    return await EditorRow.exists(
        post_id=post.id, person_id=person_id, accepted_at__isnull=False
    )  # fmt: skip


async def require_editor(post: Post, person: Person) -> None:
    """Raise NotYoursError unless the person looks after the experiment."""
    if not await is_editor(post, person.id):
        raise NotYoursError


async def ask(post: Post, name: str, *, by: Person, house: House) -> None:
    """Ask somebody of this hub to look after an experiment too.

    Raises NotYoursError, NobodyThereError, YourselfError, AlreadyAskedError, TooManyEditorsError;
    NotFoundError where it was taken back.
    """
    posts.require_author(post, by)
    person = await people.by_name(name.strip().removeprefix("@").partition("@")[0].lower())
    if person is None or person.deactivated_at or await are_apart(person.actor_id, by.actor_id):
        raise NobodyThereError(name=name)
    if person.id == by.id:
        raise YourselfError
    async with db.transaction():
        held = await Post.filter(id=post.id).select_for_update().get()
        if held.state is not State.PUBLISHED:
            raise NotFoundError
        if await EditorRow.filter(post_id=post.id).count() >= EDITORS:
            raise TooManyEditorsError
        row = EditorRow(post_id=post.id, person_id=person.id, asked_at=house.clock.now())
        if not await db.add(row, unless="post_id, person_id"):
            raise AlreadyAskedError
        await people.notify_person(
            person.id, kind=ASKED, actor=await Actor.get(id=by.actor_id), post_id=post.id,
            text="asked you to look after an experiment with them", house=house,
        )  # fmt: skip


async def answer(post: Post, *, yes: bool, by: Person, house: House) -> None:
    """Say yes or no to being asked; after a yes, no is to leave. Raises NotFoundError where
    nobody asked.
    """
    async with db.transaction():
        row = await EditorRow.filter(post_id=post.id, person_id=by.id).select_for_update().first()
        if row is None:
            raise NotFoundError
        if not yes:
            await row.delete()
        elif row.accepted_at is None:
            row.accepted_at = house.clock.now()
            await row.save(update_fields=["accepted_at"])
            await people.notify_person(
                post.written_by_id or 0, kind=SAID_YES, actor=await Actor.get(id=by.actor_id),
                post_id=post.id, text="looks after an experiment with you now", house=house,
            )  # fmt: skip


async def dismiss(post: Post, person_id: int, *, by: Person) -> None:
    """End that somebody looks after an experiment, or was asked to. Raises NotYoursError."""
    posts.require_author(post, by)
    await EditorRow.filter(post_id=post.id, person_id=person_id).delete()


async def editors(post: Post) -> Sequence[EditorRow]:
    """Return who was asked to look after an experiment, each with their actor, in that order."""
    query = EditorRow.filter(post_id=post.id).order_by("id")
    return await query.prefetch_related("person", "person__actor")


async def looked_after_by(person_id: int, *, limit: int = OFFERED) -> list[Post]:
    """Return the newest experiments for everybody to read that somebody looks after."""
    return await db.read(
        Post,
        "SELECT p.* FROM posts p WHERE p.id IN (SELECT id FROM posts WHERE written_by_id = ?"
        " UNION SELECT post_id FROM experiment_editors WHERE person_id = ?"
        " AND accepted_at IS NOT NULL) AND p.kind = 'experiment' AND p.state = 'published'"
        " AND p.visibility IN ('public', 'unlisted') ORDER BY p.id DESC LIMIT ?",
        person_id, person_id, limit,
    )  # fmt: skip


async def asked(post: Post, person_id: int) -> EditorRow | None:
    """Return how somebody was asked to look after an experiment, None where they were not."""
    return await EditorRow.get_or_none(post_id=post.id, person_id=person_id)


async def on_thanked(event: ThankedFor, house: House) -> None:
    """Tell those too who look after an experiment with its author that somebody is thankful."""
    found = EditorRow.filter(post_id=event.post.id, accepted_at__isnull=False)
    for person_id in await found.values_list("person_id", flat=True):
        await people.notify_person(
            int(str(person_id)), kind="thanks", actor=event.by, post_id=event.post.id,
            text="thanked you for a part in " + event.text.removeprefix("thanked you for "),
            house=house,
        )  # fmt: skip


async def on_closed(event: Closed, _: House) -> None:
    """Forget what somebody looked after who closed their account."""
    await EditorRow.filter(person__actor_id=event.actor.id).delete()
