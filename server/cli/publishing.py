"""Publish, follow and look: publish, try, follow, followers, show."""

import asyncio
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from server.actors import service as actors
from server.actors.tables import Actor
from server.cli.app import Json, answer, command, opened
from server.cli.people import UnknownUserError
from server.errors import NotFoundError, RefusedError
from server.experiments import service as experiments
from server.experiments.markdown import experiment_from_markdown
from server.experiments.rules.stages import Stage
from server.follows import service as follows
from server.house import House
from server.hub import service as hub
from server.people import service as people
from server.posts import service as posts
from server.posts.tables import Post
from server.responses import service as responses
from server.stories import service as stories
from server.stories.markdown import story_from_markdown

SHOWN = 20


class NotSetUpError(RefusedError):
    """This hub is not set up yet. Run `fettle setup` first, or open the link that serve prints."""


class UnreadableFileError(RefusedError):
    """{file} can't be read: {reason}."""


As = Annotated[
    str, typer.Option("--as", help="The account to act as; the hub itself when left out.")
]


async def acting(name: str, house: House) -> Actor:
    """Return the actor that a command acts as. Raises UnknownUserError, NotSetUpError."""
    if name:
        person = await people.by_name(name)
        if person is None:
            raise UnknownUserError(name=name)
        return await Actor.get(id=person.actor_id)
    actor = await hub.hub_actor(house=house)
    if actor is None:
        raise NotSetUpError
    return actor


@command("follow")
async def follow(
    whom: Annotated[str, typer.Argument(help="A handle (@name@hub.example) or an address.")],
    by: As = "",
    undo: Annotated[bool, typer.Option("--undo", help="Stop following.")] = False,
    as_json: Json = False,
) -> None:
    """Follow a hub or a person elsewhere. The running server sends it."""
    async with opened() as node:
        follower = await acting(by, node.house)
        followed = await actors.find(whom, house=node.house)
        if undo:
            await follows.unfollow(follower, followed, house=node.house)
            state = "none"
        else:
            state = str((await follows.follow(follower, followed, house=node.house)).state)
    said = {"accepted": "followed", "requested": "asked", "none": "no longer followed"}
    answer(
        f"{followed.handle}: {said.get(state, state)}.",
        {"actor": followed.uri, "handle": followed.handle, "state": state},
        as_json=as_json,
    )


@command("followers")
async def followers(of: As = "", as_json: Json = False) -> None:
    """List who follows the hub, or an account."""
    async with opened() as node:
        actor = await acting(of, node.house)
        total, _ = await follows.counts(actor)
        rows = (await follows.followers(actor))[: follows.PAGE]
    lines = [f"{total} in all", *(row.follower.handle for row in rows)]
    found = [{"handle": row.follower.handle, "actor": row.follower.uri} for row in rows]
    answer("\n".join(lines), {"total": total, "followers": found}, as_json=as_json)


def read(file: str) -> str:
    """Return the text of a file, or of standard input for `-`. Raises UnreadableFileError."""
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        raise UnreadableFileError(file=file, reason=error.strerror) from error
    except UnicodeDecodeError as error:
        raise UnreadableFileError(file=file, reason="it is no text in UTF-8") from error


@command("publish")
async def publish(
    file: Annotated[str, typer.Argument(help="A Markdown file; - for standard input.")],
    by: Annotated[str, typer.Option("--as", help="The account that tells it.")],
    as_json: Json = False,
) -> None:
    """Publish a story from a Markdown file: `# Title`, then what happened; see docs/commands.md."""
    story = story_from_markdown(await asyncio.to_thread(read, file))
    story.check()
    async with opened() as node:
        person = await people.by_name(by)
        if person is None:
            raise UnknownUserError(name=by)
        draft = await stories.draft(person, story, house=node.house)
        post = await stories.publish(draft, by=person, house=node.house)
    answer(f"Published: {post.uri}", {"id": post.uri, "title": post.title}, as_json=as_json)


@command("try")
async def try_out(
    file: Annotated[str, typer.Argument(help="A Markdown file; - for standard input.")],
    by: Annotated[str, typer.Option("--as", help="The account that shares it.")],
    about: Annotated[str, typer.Option("--about", help="The id of a story it goes back to.")] = "",
    stage: Annotated[Stage, typer.Option("--stage", help="Where it stands.")] = Stage.IDEA,
    as_json: Json = False,
) -> None:
    """Share an experiment from a Markdown file: `# Title`, the problem; see docs/commands.md."""
    tried = experiment_from_markdown(await asyncio.to_thread(read, file))
    tried.check()
    async with opened() as node:
        person = await people.by_name(by)
        if person is None:
            raise UnknownUserError(name=by)
        named: tuple[str, ...] = ()
        if about:
            viewer = await Actor.get(id=person.actor_id)
            if await experiments.origin(about, viewer, house=node.house) is None:
                raise NotFoundError
            named = (about,)
        begun = replace(tried, stage=stage, inspired_by=named)
        draft = await experiments.draft(person, begun, house=node.house)
        post = await experiments.publish(draft, by=person, house=node.house)
    answer(f"Published: {post.uri}", {"id": post.uri, "title": post.title}, as_json=as_json)


@command("show")
async def show(
    what: Annotated[
        str, typer.Argument(help="The id of a story; without it, the newest known here.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Show a story with its replies and thanks, or list the newest, ours and others'."""
    async with opened():
        if what:
            text, data = await _one(what)
        else:
            text, data = await _newest()
    answer(text, data, as_json=as_json)


async def _one(uri: str) -> tuple[str, dict[str, object]]:
    post = await posts.by_uri(uri)
    if post is None:
        raise NotFoundError
    said = await responses.said_under(post, None)
    thanks = await responses.thanks_for(post)
    lines = [
        post.title,
        f"by {post.author.handle}, {post.state}",
        "",
        posts.plain(post),
        "",
        *(f"{one.post.author.handle}: {posts.plain(one.post)}" for one in said),
        f"Thanked by {len(thanks)}.",
    ]
    data = _facts(post) | {
        "text": posts.plain(post),
        "responses": [
            {"id": one.post.uri, "author": one.post.author.handle, "text": posts.plain(one.post)}
            for one in said
        ],
        "thanks": [one.actor.handle for one in thanks],
    }
    return "\n".join(lines), data


async def _newest() -> tuple[str, dict[str, object]]:
    rows = (
        await Post.filter(kind=stories.KIND, state="published", visibility="public")
        .order_by("-id")
        .limit(SHOWN)
        .prefetch_related("author")
    )
    lines = [
        f"{post.published_at:%Y-%m-%d}  {post.title}  ({post.author.handle})\n{'':12}{post.uri}"
        for post in rows
    ]
    return "\n".join(lines) or "Nothing yet.", {"stories": [_facts(post) for post in rows]}


def _facts(post: Post) -> dict[str, object]:
    return {
        "id": post.uri,
        "title": post.title,
        "author": post.author.handle,
        "state": str(post.state),
        "published": post.published_at,
        "updated": post.updated_at,
    }
