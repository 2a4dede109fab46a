"""Tell, publish, edit and withdraw a story."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

import orjson

from federation import uris, vocab
from server import db
from server.actors.blocks import are_apart
from server.actors.tables import Actor
from server.errors import NotFoundError
from server.follows import service as follows
from server.house import House
from server.media.tables import Picture
from server.people import service as people
from server.people.tables import Person
from server.posts import markup
from server.posts import service as posts
from server.posts.events import Erased, Linked
from server.posts.kinds import Composition, Kind, register
from server.posts.rules import Relation, State, Visibility
from server.posts.tables import Post
from server.posts.terms import MANY
from server.responses import service as responses
from server.stories import wire
from server.stories.rules import HEADINGS, Story
from server.stories.tables import StoryRow

KIND = "story"
INSPIRED = "inspired"
"""The kind of notification that tells of an experiment."""
TOLD = 200
"""Followers here who are told of an experiment, at most."""


async def draft(
    person: Person, story: Story, *, visibility: Visibility = Visibility.PUBLIC, house: House
) -> Post:
    """Keep a story that only its teller sees; nothing of it has to be complete."""
    async with db.transaction():
        post = await posts.draft(
            await Actor.get(id=person.actor_id), kind=KIND, written_by=person,
            visibility=visibility, house=house,
        )  # fmt: skip
        post.title = story.title
        await _write(post, StoryRow(post=post), story)
    return post


async def _write(post: Post, row: StoryRow, story: Story) -> None:
    row.write(story)
    await row.save()
    post.content_warning, post.sensitive = story.warning, bool(story.warning)
    await post.save(update_fields=["title", "visibility", "content_warning", "sensitive"])


async def change_draft(post: Post, story: Story, *, visibility: Visibility, by: Person) -> None:
    """Change a draft. Raises NotYoursError; NotFoundError where it was published meanwhile."""
    posts.require_author(post, by)
    async with db.transaction():
        held = await Post.filter(id=post.id).select_for_update().get_or_none()
        if held is None or held.state is not State.DRAFT:
            raise NotFoundError
        held.visibility, held.title = visibility, story.title
        await _write(held, await StoryRow.get(post_id=post.id), story)


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
        before = replace(row.story(), warning=held.content_warning)
        await _write(held, row, replace(story, consent=story.consent or before.consent))
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


async def latest(
    *, role: str = "", author: Actor | None = None,
    stretch: posts.Stretch = posts.FROM_THE_TOP, viewer: Actor | None = None,
) -> list[Post]:  # fmt: skip
    """Return a page of the hub's public stories, newest first, and one more; without those of whom
    the viewer blocks, or who block them.
    """
    query = posts.latest(KIND, author=author, viewer=viewer)
    return await stretch.of(query.filter(facet=role) if role else query)


async def of_post(post: Post) -> Story | None:
    """Return what a post tells, or None where it isn't a story or was withdrawn."""
    row = await db.read_one(StoryRow, "SELECT * FROM stories WHERE post_id = ?", post.id)
    return replace(row.story(), warning=post.content_warning) if row else None


async def _compose(post: Post, mentioned: Mapping[str, Actor], house: House) -> Composition:
    story = (await StoryRow.get(post_id=post.id)).story()
    return Composition(
        title=story.title,
        html=_html(story, mentioned, house),
        terms=wire.to_wire(
            story, language=post.language, licence=post.licence, inspired=await _inspired(post)
        ),
        tags=(*markup.hashtags(story.texts), *story.topics),
        places=story.places,
        facet=story.author_role or "",
    )


async def _inspired(post: Post) -> list[str]:
    """Return the ids of the experiments that go back to a story of ours, the first ones."""
    if post.uri is None:
        return []
    found = await posts.linked_to(post, Relation.INSPIRED_BY, limit=MANY)
    return [str(one.uri) for one in found]


async def on_linked(event: Linked, house: House) -> None:
    """Tell the writer of a story of ours, and who follows them here, that somebody tries something
    about it; its Note says so, with the edits that follow soon.
    """
    if event.relation is not Relation.INSPIRED_BY:
        return
    query = Post.filter(uri=event.target_uri, local=True, kind=KIND, state=State.PUBLISHED)
    story = await query.select_for_update().get_or_none()
    if story is None or await are_apart(story.author_id, event.post.author_id):
        return
    if not event.gone:
        await _tell_of(story, event.post, house=house)
    if house.quiet:
        return  # its Note will say so when it is next edited
    if event.gone or event.post.uri in await _inspired(story):
        mentioned = await posts.mentioned_already(story)
        await posts.reissue(story, mentioned=mentioned, house=house)


async def _tell_of(story: Post, tried: Post, *, house: House) -> None:
    by, text = await Actor.get(id=tried.author_id), f"is trying something about “{story.title}”"
    what = responses.Happened(INSPIRED, by, tried.id, text)
    await responses.tell_writer(story, what, house=house)
    author = await Actor.get(id=story.author_id)
    for follower_id in await follows.local_followers(author, limit=TOLD):
        await people.notify(
            follower_id, kind=INSPIRED, actor=by, post_id=tried.id, text=text, house=house
        )


async def inspired_elsewhere(post: Post) -> list[str]:
    """Return the ids of what a story from elsewhere says it inspired and is not known here."""
    if post.local:
        return []
    row = await StoryRow.get_or_none(post_id=post.id)
    named = orjson.loads(row.inspired) if row else []
    known = await Post.filter(uri__in=named).values_list("uri", flat=True)
    return [uri for uri in named if uri not in set(known) and uris.is_web_uri(uri)]


def _html(story: Story, mentioned: Mapping[str, Actor], house: House) -> str:
    parts = []
    for name, heading in HEADINGS:
        text = getattr(story, name)
        if text.strip():
            said = markup.to_html(text, topics=house.uri("/topics/"), mentioned=mentioned)
            parts.append((f"<p><strong>{heading}:</strong></p>" if heading else "") + said)
    return "".join(parts)


async def _received(post: Post, terms: vocab.JsonObject, house: House) -> None:
    """Keep a peer's story."""
    story = wire.from_wire(terms)
    held = None
    if post.version > 1:
        held = await db.read_one(StoryRow, "SELECT * FROM stories WHERE post_id = ?", post.id)
    row = held or StoryRow(post_id=post.id)
    row.write(story)
    row.inspired = orjson.dumps(wire.inspired(terms)).decode()
    await (row.save() if held else db.add(row))
    if held or story.places:
        await posts.place(post, story.places)


def _worded(post: Post, terms: vocab.JsonObject, house: House) -> None:
    """Word a peer's story for our page from its own texts where it sent any."""
    story = wire.from_wire(terms)
    post.title = story.title
    if any(story.texts):
        post.html = _html(story, {}, house)


def _source(story: Story) -> vocab.JsonObject:
    return wire.to_wire(story, language="", licence="")


register(
    Kind(
        name=KIND, path="/stories", term="fettle:story", boosted=True, drafts="/drafts",
        compose=_compose, received=_received, worded=_worded,
    )
)  # fmt: skip
