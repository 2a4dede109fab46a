"""A post as a Note, and a Note as a post's columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from markupsafe import escape

from federation import html, vocab
from federation.audience import Visibility as Audience
from federation.audience import addressed, visibility
from server.actors.tables import Actor
from server.house import House
from server.posts.kinds import NOTE, Composition, Kind, of_note
from server.posts.rules import PICTURES, Visibility
from server.posts.tables import Attachment, Boost, Post, Quote

CONTENT_LIMIT = 5_000
"""Characters of content that travel; a longer text is cut at a paragraph with a link to the rest.
"""
WARNED = frozenset({"Note", "Question"})
"""Types whose `summary` is a content warning; an Article's is an excerpt."""
HTML_LIMIT = 200_000
"""Characters of somebody else's content that are read at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a Note says besides its text."""

    author: Actor
    hub: Actor | None
    """The hub's actor, where it passes this on and is not the author."""
    parent_author: Actor | None
    mentioned: Sequence[Actor]
    attachments: Sequence[Attachment]
    hashtags: Sequence[str]
    """As they are shown, without `#`."""


def to_wire(
    post: Post, kind: Kind, composition: Composition, around: Surroundings, *, house: House
) -> vocab.Note:
    """Return the Note that everybody can show, with the structured part under the kind's term."""
    uri = post.uri or ""
    people = list({one.id: one for one in _addressed_people(around)}.values())
    to, cc = addressed(
        Audience(post.visibility),
        followers=around.author.followers or "",
        mentions=[one.uri for one in people],
    )
    if around.hub is not None and post.visibility is Visibility.PUBLIC and around.hub.followers:
        cc = (*cc, around.hub.followers)
    content = _content(post, composition, around, house=house)
    return vocab.Note(
        id=uri,
        url=uri,
        attributed_to=around.author.uri,
        content=content,
        content_map={post.language: content},
        summary=post.content_warning or None,
        sensitive=post.sensitive,
        published=post.published_at,
        updated=post.updated_at,
        to=to,
        cc=cc,
        in_reply_to=post.in_reply_to,
        conversation=post.conversation,
        tags=(*_hashtags(around, house), *(_mention(one) for one in people)),
        attachments=tuple(_image(one, house) for one in around.attachments),
        replies=f"{uri}/replies",
        likes=f"{uri}/likes",
        shares=f"{uri}/shares",
        terms={kind.term: composition.terms},
        extra={"interactionPolicy": _policy(post, around.author)},
    )


def _addressed_people(around: Surroundings) -> list[Actor]:
    parent = [around.parent_author] if around.parent_author else []
    return [*parent, *around.mentioned]


def _content(post: Post, text: Composition, around: Surroundings, *, house: House) -> str:
    uri = post.uri or ""
    title = f"<p><strong>{escape(text.title)}</strong></p>" if text.title else ""
    body = html.cut(text.html, CONTENT_LIMIT, uri)
    link = f'<p><a href="{escape(uri)}">Read and respond</a></p>' if text.title else text.ending
    if around.parent_author is not None:
        body = _spoken_to(around.parent_author, body)
    tags = " ".join(
        f'<a href="{escape(house.uri(f"/topics/{name.lower()}"))}" class="mention hashtag"'
        f' rel="tag">#<span>{escape(name)}</span></a>'
        for name in around.hashtags
        if f"#<span>{name}</span>" not in body
    )
    return title + body + link + (f"<p>{tags}</p>" if tags else "")


def _spoken_to(who: Actor, body: str) -> str:
    """Return an answer whose first line begins with whom it answers."""
    called = escape(who.username)
    name = f'<a href="{escape(who.url)}" class="u-url mention">@<span>{called}</span></a>'
    if body.startswith("<p>"):
        return f"<p>{name} {body.removeprefix('<p>')}"
    return f"<p>{name}</p>{body}"


def _hashtags(around: Surroundings, house: House) -> list[vocab.Hashtag]:
    return [
        vocab.Hashtag(name=f"#{name}", href=house.uri(f"/topics/{name.lower()}"))
        for name in around.hashtags
    ]


def _mention(actor: Actor) -> vocab.Mention:
    return vocab.Mention(href=actor.uri, name=actor.handle)


def _image(one: Attachment, house: House) -> vocab.Image:
    picture = one.picture
    if picture is None:
        raise TypeError(one)
    return vocab.Image(
        url=house.uri(picture.path()), media_type=picture.media_type, name=one.alt,
        width=picture.width, height=picture.height, blurhash=picture.blurhash,
    )  # fmt: skip


def _policy(post: Post, author: Actor) -> vocab.Json:
    """Return who may quote a post: everybody, or nobody but its author, since an empty list says
    nothing (FEP-044f).
    """
    may: list[vocab.Json] = [vocab.PUBLIC if post.visibility is Visibility.PUBLIC else author.uri]
    return {"canQuote": {"automaticApproval": may}}


def from_wire(note: vocab.Note, author: Actor) -> dict[str, Any]:
    """Return the columns of somebody else's Note: clean HTML, bounded, web addresses only."""
    kind = of_note(note)
    return {
        "uri": note.id,
        "url": note.url or note.id,
        "kind": kind.name if kind else NOTE,
        "author_id": author.id,
        "local": False,
        "visibility": Visibility(visibility(note.to, note.cc, author.followers)),
        "title": html.text_of(note.name or "")[:500],
        "html": html.clean(note.content[:HTML_LIMIT] + _choices(note)),
        "language": next(iter(note.content_map), "en")[:35],
        "content_warning": html.text_of(note.summary or "")[:500] if note.type in WARNED else "",
        "sensitive": note.sensitive,
        "published_at": note.published,
        "updated_at": note.updated,
        "in_reply_to": note.in_reply_to,
        "conversation": note.conversation,
        "document": vocab.dumps(vocab.render(note)),
    }


def _choices(note: vocab.Note) -> str:
    """Return what a Question lets people choose as a list: it is read here, not voted on."""
    options = vocab.poll_options(note)
    return f"<ul>{''.join(f'<li>{escape(one)}</li>' for one in options)}</ul>" if options else ""


def attachments_of(note: vocab.Note) -> list[dict[str, Any]]:
    """Return the columns of the pictures that a Note from elsewhere shows, at most four."""
    return [
        {
            "position": position, "remote_url": image.url, "alt": (image.name or "")[:1500],
            "width": image.width, "height": image.height, "blurhash": image.blurhash,
        }
        for position, image in enumerate(note.attachments[:PICTURES])
    ]  # fmt: skip


def source_json(source: vocab.JsonObject) -> str:
    """Return the fields as they were written, for the history."""
    return orjson.dumps(source).decode()


def create(uri: str, note: vocab.Note, document: vocab.JsonObject) -> vocab.Activity:
    """Return the Create of a Note, addressed as the Note is, that holds its document as it is."""
    return vocab.Activity(
        id=uri, type=vocab.ActivityType.CREATE, actor=note.attributed_to,
        object=vocab.Unknown(id=note.id, type=note.type, raw=document),
        to=note.to, cc=note.cc, published=note.published,
    )  # fmt: skip


def update(uri: str, note: vocab.Note, document: vocab.JsonObject) -> vocab.Activity:
    """Return the Update of a Note, addressed as the Note is, that holds its document as it is."""
    return vocab.Activity(
        id=uri, type=vocab.ActivityType.UPDATE, actor=note.attributed_to,
        object=vocab.Unknown(id=note.id, type=note.type, raw=document),
        to=note.to, cc=note.cc, published=note.updated,
    )  # fmt: skip


def delete(
    uri: str, post: Post, author: Actor, *, spoken_to: Sequence[str], house: House
) -> vocab.Activity:
    """Return the Delete of a post: its tombstone, to those whom the post was for."""
    to, cc = addressed(
        Audience(post.visibility), followers=author.followers or "", mentions=spoken_to
    )
    return vocab.Activity(
        id=uri, type=vocab.ActivityType.DELETE, actor=author.uri, object=tombstone(post),
        to=to, cc=cc, published=house.clock.now().replace(microsecond=0),
    )  # fmt: skip


def tombstone(post: Post) -> vocab.Tombstone:
    """Return what stays of a withdrawn post."""
    return vocab.Tombstone(id=post.uri or "", former_type="Note", deleted=post.updated_at)


def announce(boost: Boost, post: Post, by: Actor, author: Actor) -> vocab.Activity:
    """Return a boost of a post by an actor of ours; as delivered, it carries the id only."""
    return vocab.Activity(
        id=boost.uri, type=vocab.ActivityType.ANNOUNCE, actor=by.uri, object=post.uri,
        to=(vocab.PUBLIC,), cc=tuple(one for one in (by.followers, author.uri) if one),
        published=boost.created_at.replace(microsecond=0),
    )  # fmt: skip


def pin(uri: str, post: Post, actor: Actor, *, house: House) -> vocab.Activity:
    """Return the Add of a post to what an actor shows first."""
    return _featured(vocab.ActivityType.ADD, uri, post, actor, house=house)


def unpin(uri: str, post: Post, actor: Actor, *, house: House) -> vocab.Activity:
    """Return the Remove of a post from what an actor shows first."""
    return _featured(vocab.ActivityType.REMOVE, uri, post, actor, house=house)


def _featured(
    kind: vocab.ActivityType, uri: str, post: Post, actor: Actor, *, house: House
) -> vocab.Activity:
    return vocab.Activity(
        id=uri, type=kind, actor=actor.uri, object=post.uri, target=actor.featured,
        to=(vocab.PUBLIC,), cc=(actor.followers,) if actor.followers else (),
        published=house.clock.now().replace(microsecond=0),
    )  # fmt: skip


def quote_request(uri: str | None, quoter: Actor, post: Post, quote_uri: str) -> vocab.Activity:
    """Return a request to quote as its answer holds it, with plain ids."""
    return vocab.Activity(
        id=uri, type=vocab.ActivityType.QUOTE_REQUEST, actor=quoter.uri, object=post.uri,
        instrument=quote_uri,
    )  # fmt: skip


def quote_answer(
    uri: str, asked: vocab.Activity, author: Actor, *, stamp: str | None
) -> vocab.Activity:
    """Return the answer to a request to quote: yes with a stamp, no without."""
    kind = vocab.ActivityType.ACCEPT if stamp else vocab.ActivityType.REJECT
    return vocab.Activity(
        id=uri, type=kind, actor=author.uri, object=asked, result=stamp, to=(asked.actor,)
    )


def stamp_document(quote: Quote) -> vocab.QuoteAuthorization:
    """Return a stamp, whose post and its author have been read with it."""
    return vocab.QuoteAuthorization(
        id=quote.uri, attributed_to=quote.post.author.uri, interacting_object=quote.quote_uri,
        interaction_target=quote.post.uri or "",
    )  # fmt: skip


def revocation(uri: str, quote: Quote, author: Actor, quoter: Actor) -> vocab.Activity:
    """Return the Delete of a stamp, to whom it was given."""
    return vocab.Activity(
        id=uri, type=vocab.ActivityType.DELETE, actor=author.uri, object=quote.uri,
        to=(quoter.uri,),
    )  # fmt: skip
