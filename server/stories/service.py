"""Tell, publish, edit and withdraw a story."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

import orjson

from federation import vocab
from server import db
from server.actors.tables import Actor
from server.errors import NotFoundError
from server.house import House
from server.media.tables import Picture
from server.people.tables import Person
from server.posts import markup
from server.posts import service as posts
from server.posts.events import Erased
from server.posts.kinds import Composition, Kind, register
from server.posts.rules import State, Visibility
from server.posts.tables import Post
from server.stories import wire
from server.stories.rules import HEADINGS, Story
from server.stories.tables import StoryRow

KIND = "story"


async def draft(
    person: Person, story: Story, *, visibility: Visibility = Visibility.PUBLIC, house: House
) -> Post:
    """Keep a story that only its teller sees; nothing of it has to be complete."""
    async with db.transaction():
        post = await posts.draft(
            await Actor.get(id=person.actor_id), kind=KIND, written_by=person,
            visibility=visibility, house=house,
        )  # fmt: skip
        row = StoryRow(post=post)
        row.write(story)
        await row.save()
    return post


async def change_draft(post: Post, story: Story, *, visibility: Visibility, by: Person) -> None:
    """Change a draft. Raises NotYoursError; NotFoundError where it was published meanwhile."""
    posts.require_author(post, by)
    async with db.transaction():
        held = await Post.filter(id=post.id).select_for_update().get_or_none()
        if held is None or held.state is not State.DRAFT:
            raise NotFoundError
        row = await StoryRow.get(post_id=post.id)
        row.write(story)
        await row.save()
        held.visibility = visibility
        await held.save(update_fields=["visibility"])


async def preview(post: Post, *, house: House) -> Composition:
    """Return a draft worded as it would be published now, without looking up whom it names."""
    return await _compose(post, {}, house)


async def publish(post: Post, *, by: Person, house: House) -> Post:
    """Publish a draft. Raises NotYoursError, UntitledStoryError, EmptyStoryError, TooLongError."""
    posts.require_author(post, by)
    story = (await StoryRow.get(post_id=post.id)).story()
    story.check()
    mentioned = await posts.mentioned_in(story.texts, house=house)
    async with db.transaction():
        held = await Post.filter(id=post.id).select_for_update().get()
        if held.state is not State.DRAFT:
            return held
        await posts.publish(held, mentioned=mentioned, house=house)
    return held


async def revise(post: Post, story: Story, *, by: Person, why: str = "", house: House) -> None:
    """Publish an edit; how it read before stays in the history. Raises as `publish` does."""
    posts.require_author(post, by)
    story.check()
    mentioned = await posts.mentioned_in(story.texts, house=house)
    async with db.transaction():
        held = await Post.filter(id=post.id).select_for_update().get()
        if held.state is not State.PUBLISHED:
            raise NotFoundError
        row = await StoryRow.get(post_id=post.id)
        before = row.story()
        row.write(replace(story, consent=story.consent or before.consent))
        await row.save()
        if before == replace(story, consent=before.consent):
            return  # whom it is about is nobody else's business: there is nothing to tell
        await posts.revise(held, before=_source(before), why=why, mentioned=mentioned, house=house)


async def add_picture(post: Post, picture: Picture, *, alt: str, by: Person, house: House) -> None:
    """Add a picture to a published story, and tell wherever it went. Raises NotYoursError,
    TooManyPicturesError.
    """

    async def add(held: Post) -> None:
        await posts.attach(held, picture, alt=alt, state=State.PUBLISHED)

    await _change_pictures(post, add, by=by, why="A picture was added.", house=house)


async def remove_picture(post: Post, attachment_id: int, *, by: Person, house: House) -> None:
    """Take a picture out of a published story, and tell wherever it went."""

    async def remove(held: Post) -> None:
        await posts.detach(held, attachment_id, state=State.PUBLISHED, house=house)

    await _change_pictures(post, remove, by=by, why="A picture was taken out.", house=house)


async def describe_picture(
    post: Post, attachment_id: int, *, alt: str, by: Person, house: House
) -> None:
    """Say otherwise what a picture of a published story shows, and tell wherever it went."""

    async def describe(held: Post) -> None:
        await posts.describe(held, attachment_id, alt=alt, state=State.PUBLISHED)

    why = "What a picture shows was said otherwise."
    await _change_pictures(post, describe, by=by, why=why, house=house)


async def _change_pictures(
    post: Post, change: Callable[[Post], Awaitable[None]], *, by: Person, why: str, house: House
) -> None:
    posts.require_author(post, by)
    story = (await StoryRow.get(post_id=post.id)).story()
    mentioned = await posts.mentioned_in(story.texts, house=house)
    async with db.transaction():
        held = await Post.filter(id=post.id).select_for_update().get()
        if held.state is not State.PUBLISHED:
            raise NotFoundError
        await change(held)
        await posts.revise(held, before=_source(story), why=why, mentioned=mentioned, house=house)


async def withdraw(post: Post, *, by: Person, house: House) -> None:
    """Take a story back, or throw a draft away. A steward may withdraw anybody's. Raises
    NotYoursError.
    """
    if not by.is_steward:
        posts.require_author(post, by)
    await posts.withdraw(post, house=house)


async def on_erased(event: Erased, _: House) -> None:
    """Forget what a story told that was taken back, here or elsewhere."""
    await StoryRow.filter(post_id=event.post.id).delete()


async def drafts(person: Person) -> Sequence[StoryRow]:
    """Return the person's drafts, the newest first."""
    return await (
        StoryRow.filter(post__written_by_id=person.id, post__state=State.DRAFT)
        .order_by("-id")
        .limit(posts.PAGE)
        .prefetch_related("post")
    )


async def latest(
    *, role: str = "", author: Actor | None = None,
    stretch: posts.Stretch = posts.FROM_THE_TOP, viewer: Actor | None = None,
) -> list[Post]:  # fmt: skip
    """Return a page of the hub's public stories, newest first, and one more; without those of whom
    the viewer blocks, or who block them.
    """
    query = Post.filter(kind=KIND, state=State.PUBLISHED, visibility=Visibility.PUBLIC)
    # An author of ours has only such posts; to ask for it would have SQLite walk all that are.
    query = query.filter(local=True) if author is None else query.filter(author_id=author.id)
    if role:
        query = query.filter(story__author_role=role)
    return await stretch.of(posts.for_viewer(query, viewer)).prefetch_related("author", "tags")


async def of_post(post: Post) -> Story | None:
    """Return what a post tells, or None where it isn't a story or was withdrawn."""
    row = await db.read_one(StoryRow, "SELECT * FROM stories WHERE post_id = ?", post.id)
    return row.story() if row else None


async def _compose(post: Post, mentioned: Mapping[str, Actor], house: House) -> Composition:
    story = (await StoryRow.get(post_id=post.id)).story()
    return Composition(
        title=story.title,
        html=_html(story, mentioned, house),
        terms=wire.to_wire(story, language=post.language, licence=post.licence),
        tags=(*markup.hashtags(story.texts), *story.topics),
    )


def _html(story: Story, mentioned: Mapping[str, Actor], house: House) -> str:
    parts = []
    for name, heading in HEADINGS:
        text = getattr(story, name)
        if text.strip():
            said = markup.to_html(text, topics=house.uri("/topics/"), mentioned=mentioned)
            parts.append((f"<p><strong>{heading}:</strong></p>" if heading else "") + said)
    return "".join(parts)


async def _received(post: Post, terms: vocab.JsonObject, house: House) -> None:
    """Keep a peer's story, and word it for our page from its own texts where it sent any."""
    story = wire.from_wire(terms)
    row = await StoryRow.get_or_none(post_id=post.id) or StoryRow(post=post)
    row.write(story)
    row.inspired = orjson.dumps(wire.inspired(terms)).decode()
    await row.save()
    post.title = story.title
    if any(story.texts):
        post.html = _html(story, {}, house)


def _source(story: Story) -> vocab.JsonObject:
    return wire.to_wire(story, language="", licence="")


register(
    Kind(
        name=KIND, path="/stories", term="fettle:story", boosted=True,
        compose=_compose, received=_received,
    )
)  # fmt: skip
