"""Publish and withdraw: each writes the post, its activity and what is delivered in one
transaction.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from federation import vocab
from federation.audience import Inbox
from federation.errors import FederationError
from server import db
from server.actors import service as actors
from server.actors.blocks import are_apart
from server.actors.proving import proven
from server.actors.tables import Actor
from server.delivery import service as delivery
from server.delivery.reach import Reach
from server.delivery.tables import OutgoingActivity
from server.errors import NotYoursError, RefusedError
from server.follows import service as follows
from server.house import House
from server.hub import service as hubs
from server.media import service as media
from server.people import service as people
from server.people.tables import Person
from server.posts import kinds, markup, wire
from server.posts.events import Erased, Published
from server.posts.kinds import ENTRY, Composition, Kind
from server.posts.rules import NOTE_LIMIT, OPEN, State, Visibility
from server.posts.service.linking import unlink
from server.posts.service.listing import PAGE
from server.posts.service.placing import place
from server.posts.service.quotes import revoke
from server.posts.service.sending import (
    call_back,
    enlist,
    order_key,
    pass_on,
    passed_on_by,
    send,
    sent_to,
    takers,
)
from server.posts.tables import (
    Attachment,
    Boost,
    Mention,
    Pin,
    Place,
    Post,
    Revision,
    Tag,
    Tombstone,
)

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
NOBODY: Mapping[str, Actor] = MappingProxyType({})
MENTIONS = 10
"""Handles in one text that are looked up."""


class TooLongError(RefusedError):
    """This is too long to travel. Shorten it by about {surplus} characters, or move a part to a
    second story.
    """


class MovedAwayError(RefusedError):
    """You have moved to another account, so nothing more is published from this one. You can take
    the move back in your settings.
    """


async def draft(
    author: Actor,
    *,
    kind: str,
    written_by: Person,
    visibility: Visibility = Visibility.PUBLIC,
    parent: Post | None = None,
    house: House,
) -> Post:
    """Begin a post that only its writer sees."""
    return await Post.create(
        kind=kind, author_id=author.id, written_by_id=written_by.id, local=True, state=State.DRAFT,
        visibility=visibility, licence=LICENCE, created_at=house.clock.now(),
        in_reply_to=parent.uri if parent else None, parent=parent,
        root_id=(parent.root_id or parent.id) if parent else None,
    )  # fmt: skip


async def drafts(person: Person) -> list[Post]:
    """Return what a person has not published yet, of every kind, the newest first."""
    query = Post.filter(written_by_id=person.id, state=State.DRAFT)
    return await query.order_by("-id").limit(PAGE)


def require_author(post: Post, person: Person) -> None:
    """Raise NotYoursError unless the person wrote the post here."""
    if not post.local or post.written_by_id != person.id:
        raise NotYoursError


async def mentioned_in(texts: Sequence[str], *, house: House) -> dict[str, Actor]:
    """Look up the handles in texts, by handle. Goes to the network: never inside a transaction.

    A handle that leads nowhere stays plain text.
    """
    found: dict[str, Actor] = {}
    for handle in markup.handles(texts)[:MENTIONS]:
        try:
            found[handle] = await actors.find(handle, house=house)
        except (FederationError, RefusedError):
            continue
    return found


async def mentioned_already(post: Post) -> dict[str, Actor]:
    """Return whom a post of ours speaks to, by handle, as they were found when it was written: for
    what is said again without going to the network.
    """
    found = await Actor.filter(mentioned_in__post_id=post.id)
    return {one.handle.removeprefix("@"): one for one in found}


async def publish(post: Post, *, mentioned: Mapping[str, Actor] = NOBODY, house: House) -> None:
    """Publish a draft: mint its id, word it, and send its Create; the hub passes on what is public.

    Raises TooLongError, MovedAwayError.
    """
    kind = kinds.named(post.kind)
    async with db.transaction():
        if (await Actor.get(id=post.author_id)).moved_to is not None:
            raise MovedAwayError
        now = house.clock.now().replace(microsecond=0)
        post.uri = post.url = house.uri(f"{kind.path}/{(ulid := house.ulid())}")
        post.state, post.published_at = State.PUBLISHED, now
        post.conversation = await _conversation(post, ulid, house=house)
        note, document, around = await word(post, kind, mentioned, house=house)
        await post.save()
        await mention(post, around)
        activity = wire.create(house.activity_uri(), note, document)
        reach = reach_of(post, around.author, _spoken_to(around), hub=around.hub)
        if post.kind == ENTRY:
            reach |= _holders(post)
        await send(post, activity, around.author, reach, house=house)
        if kind.boosted and post.visibility is Visibility.PUBLIC:
            if around.hub is not None:
                reach = follows.follower_inboxes(around.hub, author=around.author)
                await pass_on(post, around.author, by=around.hub, reach=reach, house=house)
            await house.hooks.tell(Published(post=post, author=around.author), house)


async def _conversation(post: Post, ulid: str, *, house: House) -> str:
    if post.parent_id is not None:
        parent = await Post.get(id=post.parent_id)
        if parent.conversation:
            return parent.conversation
    return house.uri(f"/contexts/{ulid}")


async def word(
    post: Post, kind: Kind, mentioned: Mapping[str, Actor], *, house: House
) -> tuple[vocab.Note, vocab.JsonObject, wire.Surroundings]:
    """Compose a post and keep what follows from its words: title, HTML, tags, the Note's bytes,
    which have a proof where it is for everybody.
    """
    composition = await kind.compose(post, mentioned, house)
    post.title, post.html = composition.title, composition.html
    post.facet = composition.facet
    tags = await _tag(post, composition)
    await place(post, composition.places)
    around = await _surroundings(post, kind, list(mentioned.values()), tags, house=house)
    note = wire.to_wire(post, kind, composition, around, house=house)
    document = vocab.render(note)
    if post.visibility in OPEN:
        made_at = note.updated or note.published or house.clock.now()
        document = await proven(document, by=around.author.id, created=made_at, house=house)
    post.document = vocab.dumps(document)
    surplus = len(post.document) - NOTE_LIMIT
    if surplus > 0:
        raise TooLongError(surplus=surplus)
    return note, document, around


async def _tag(post: Post, composition: Composition) -> list[str]:
    shown = {name.lower(): name for name in composition.tags}
    await Tag.filter(post_id=post.id).delete()
    await Tag.bulk_create(
        [
            Tag(post_id=post.id, name=name, shown=written, published_at=post.published_at)
            for name, written in shown.items()
        ]
    )
    return list(shown.values())


async def _surroundings(
    post: Post, kind: Kind, mentioned: Sequence[Actor], tags: list[str], *, house: House
) -> wire.Surroundings:
    author = await Actor.get(id=post.author_id)
    parent = await Post.get(id=post.parent_id).select_related("author") if post.parent_id else None
    return wire.Surroundings(
        author=author,
        hub=await passing_on(kind, author, house=house),
        parent_author=parent.author if parent and parent.author_id != author.id else None,
        mentioned=[one for one in mentioned if not await are_apart(author.id, one.id)],
        attachments=await Attachment.filter(post_id=post.id)
        .order_by("position")
        .select_related("picture"),
        hashtags=tags,
    )


async def passing_on(kind: Kind, author: Actor, *, house: House) -> Actor | None:
    """Return the hub's actor where it passes on what an author says of a kind."""
    hub = await hubs.hub_actor(house=house) if kind.boosted else None
    return hub if hub is not None and hub.id != author.id else None


def _spoken_to(around: wire.Surroundings) -> list[Actor]:
    parent = [around.parent_author] if around.parent_author is not None else []
    return list({one.id: one for one in (*parent, *around.mentioned)}.values())


async def mention(post: Post, around: wire.Surroundings) -> None:
    """Keep whom a post speaks to: they may read it. Who was once spoken to stays."""
    await Mention.bulk_create(
        [Mention(post_id=post.id, actor_id=one.id) for one in _spoken_to(around)],
        ignore_conflicts=True,
    )


def reach_of(
    post: Post, author: Actor, spoken_to: Iterable[Actor], *, hub: Actor | None
) -> Reach:  # fmt: skip
    """Return where a post goes: to whom it speaks, its author's followers, and the Fettle hubs that
    follow ours, where ours passes it on.
    """
    reach = Reach.of(Inbox(one.shared_inbox or one.inbox) for one in spoken_to if not one.local)
    if post.visibility is Visibility.DIRECT:
        return reach
    reach |= follows.follower_inboxes(author)
    if hub is not None and post.visibility is Visibility.PUBLIC:
        reach |= follows.follower_inboxes(hub, software="fettle", author=author)
    return reach


def _holders(post: Post) -> Reach:
    """Return the Fettle hubs that hold what a post is part of: they want the whole log, though
    nobody there may follow its author.
    """
    return Reach(
        "SELECT i.url AS url FROM sent s JOIN inboxes i ON i.id = s.inbox_id"
        " JOIN hosts h ON h.host = i.host WHERE s.post_id = ? AND h.software = ?",
        (post.parent_id, "fettle"),
    )


async def withdraw(post: Post, *, house: House) -> None:
    """Take a post back: its words, pictures and history go, a tombstone stays, a Delete goes
    wherever it went. Twice changes nothing more.
    """
    async with db.transaction():
        post = await Post.filter(id=post.id).select_for_update().get()
        if post.state is State.WITHDRAWN:
            return
        author = await Actor.get(id=post.author_id)
        published = post.state is State.PUBLISHED
        spoken_to = await Actor.filter(mentioned_in__post_id=post.id).values_list("uri", flat=True)
        await OutgoingActivity.filter(object_uri=post.uri, type__in=["Create", "Update"]).delete()
        knowing = [author.id, *(one.id for one in await passed_on_by(post))]
        await call_back(post, author, house=house)
        quoting = [Inbox(url) for url in await revoke(post, author, house=house)]
        await erase(post, house=house)
        if not published:
            await post.delete()
            return
        await Tombstone.get_or_create(
            uri=post.uri,
            defaults={"actor_uri": author.uri, "deleted_at": house.clock.now(), "known": True},
        )
        activity = wire.delete(
            house.activity_uri(), post, author, spoken_to=list(map(str, spoken_to)), house=house
        )
        reach = sent_to(post) | Reach.of(quoting)
        if post.visibility in OPEN:
            reach |= takers(knowing)
        sent = await delivery.send(
            activity, by=author, inboxes=reach, order_key=order_key(post), house=house
        )
        await enlist(sent, knowing, thing=False)


async def erase(post: Post, *, house: House) -> None:
    """Empty a post of all that was said, there and wherever else it is kept, and mark it
    withdrawn.
    """
    await house.hooks.tell(Erased(post=post), house)
    await unlink(post, house=house)
    await people.forget_post(post.id)
    for shown in await Attachment.filter(post_id=post.id, picture_id__isnull=False):
        await media.delete(shown.picture_id or 0, house=house)
    for table in (Revision, Tag, Place, Attachment, Boost, Mention, Pin):
        await table.filter(post_id=post.id).delete()
    post.state, post.document = State.WITHDRAWN, None
    post.title = post.html = post.content_warning = ""
    post.updated_at, post.untold_since = house.clock.now().replace(microsecond=0), None
    post.version += 1
    await post.save()
