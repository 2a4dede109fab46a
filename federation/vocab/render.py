"""Things as JSON. What `parse` could not place comes out as it came in."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import assert_never

import orjson

from federation.vocab.context import CONTEXT
from federation.vocab.types import (
    Activity,
    Actor,
    Collection,
    Document,
    Hashtag,
    Image,
    Json,
    JsonObject,
    Mention,
    Multikey,
    Note,
    PropertyValue,
    PublicKey,
    QuoteAuthorization,
    Thing,
    Tombstone,
    Unknown,
)


def render(thing: Document) -> JsonObject:
    """Return the document of a thing, with its `@context` (ours, where it has no other) at the top.

    `parse(render(thing)) == thing` within the limits of `parse`. An `Unknown` is returned as it
    came. Absent members are left out; the lists of it are not to be changed in place.
    """
    if isinstance(thing, Unknown):
        return dict(thing.raw)
    top = _ld_context(thing)
    start: JsonObject = {"@context": top} if top != [] else {}
    return start | _members(thing)


def dumps(document: JsonObject) -> bytes:
    """Return the document as compact UTF-8, the same bytes each time."""
    return orjson.dumps(document)


def timestamp(moment: datetime) -> str:
    """Return an aware time as RFC 3339 in UTC, with a fraction only where there is one."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _ld_context(thing: Document) -> Json:
    if isinstance(thing, Unknown):
        return None
    return CONTEXT if thing.ld_context is None else thing.ld_context


def _members(thing: Document) -> JsonObject:
    match thing:
        case Actor():
            return _actor(thing)
        case Note():
            return _note(thing)
        case Activity():
            return _activity(thing)
        case Collection():
            return _collection(thing)
        case Tombstone():
            return _tombstone(thing)
        case QuoteAuthorization():
            return _stamp(thing)
        case Unknown():
            return dict(thing.raw)
        case _:
            assert_never(thing)


def _embedded(thing: Thing | None, outer: Document) -> Json:
    """Return what stands inside `outer`; its `@context` is written only where it is another."""
    if thing is None or isinstance(thing, str):
        return thing
    inside = _members(thing)
    if isinstance(thing, Unknown) or _ld_context(thing) == _ld_context(outer):
        return inside
    return {"@context": _ld_context(thing), **inside}


def _present(members: Mapping[str, Json]) -> JsonObject:
    return {name: value for name, value in members.items() if value is not None}


def _when(moment: datetime | None) -> str | None:
    return None if moment is None else timestamp(moment)


def _list(values: tuple[str, ...]) -> list[Json] | None:
    return list(values) or None


def _with_rest(known: list[Json], extra: Mapping[str, Json], name: str) -> list[Json] | None:
    """Return the entries of a list, and after them those that could not be read."""
    rest = extra.get(name)
    more = rest if isinstance(rest, list) else [] if rest is None else [rest]
    return [*known, *more] or None


def _actor(actor: Actor) -> JsonObject:
    return {
        **actor.extra,
        **_present(
            {
                "id": actor.id,
                "type": actor.type.value,
                "preferredUsername": actor.preferred_username,
                "name": actor.name,
                "summary": actor.summary,
                "url": actor.url,
                "inbox": actor.inbox,
                "outbox": actor.outbox,
                "followers": actor.followers,
                "following": actor.following,
                "featured": actor.featured,
                "endpoints": _endpoints(actor),
                "icon": _picture(actor.icon),
                "image": _picture(actor.image),
                "publicKey": _public_key(actor.public_key),
                "assertionMethod": [_multikey(key) for key in actor.assertion_methods] or None,
                "attachment": _with_rest(
                    [_field(line) for line in actor.fields], actor.extra, "attachment"
                ),
                "alsoKnownAs": _list(actor.also_known_as),
                "movedTo": actor.moved_to,
                "published": _when(actor.published),
                "manuallyApprovesFollowers": actor.manually_approves,
                "discoverable": actor.discoverable,
                "indexable": actor.indexable,
                "webfinger": actor.webfinger,
            }
        ),
    }


def _endpoints(actor: Actor) -> JsonObject | None:
    others = actor.extra.get("endpoints")
    endpoints: JsonObject = dict(others) if isinstance(others, dict) else {}
    if actor.shared_inbox is not None:
        endpoints["sharedInbox"] = actor.shared_inbox
    return endpoints or None


def _public_key(key: PublicKey | None) -> Json:
    if key is None:
        return None
    return {"id": key.id, "owner": key.owner, "publicKeyPem": key.pem}


def _multikey(key: Multikey) -> JsonObject:
    return {
        "id": key.id,
        "type": "Multikey",
        "controller": key.controller,
        "publicKeyMultibase": key.public_key_multibase,
    }


def _field(line: PropertyValue) -> JsonObject:
    return {"type": "PropertyValue", "name": line.name, "value": line.value}


def _picture(image: Image | None) -> Json:
    return None if image is None else _image(image)


def _image(image: Image) -> JsonObject:
    return {
        **image.extra,
        **_present(
            {
                "type": "Image",
                "mediaType": image.media_type,
                "url": image.url,
                "name": image.name,
                "width": image.width,
                "height": image.height,
                "blurhash": image.blurhash,
                "focalPoint": None if image.focal_point is None else list(image.focal_point),
            }
        ),
    }


def _tag(tag: Hashtag | Mention) -> JsonObject:
    return _present({"type": type(tag).__name__, "href": tag.href, "name": tag.name})


def _note(note: Note) -> JsonObject:
    return {
        **note.extra,
        **_present(
            {
                "id": note.id,
                "type": note.type,
                "attributedTo": note.attributed_to,
                "name": note.name,
                "summary": note.summary,
                "sensitive": note.sensitive,
                "content": note.content,
                "contentMap": dict(note.content_map) or None,
                "published": _when(note.published),
                "updated": _when(note.updated),
                "url": note.url,
                "to": _list(note.to),
                "cc": _list(note.cc),
                "inReplyTo": note.in_reply_to,
                "context": note.conversation,
                "tag": _with_rest([_tag(tag) for tag in note.tags], note.extra, "tag"),
                "attachment": _with_rest(
                    [_image(image) for image in note.attachments], note.extra, "attachment"
                ),
                "replies": note.replies,
                "likes": note.likes,
                "shares": note.shares,
            }
        ),
        **note.terms,
    }


def _activity(activity: Activity) -> JsonObject:
    first = _embedded(activity.object, activity)
    return {
        **activity.extra,
        **_present(
            {
                "id": activity.id,
                "type": activity.type.value,
                "actor": activity.actor,
                "object": [first, *(_embedded(one, activity) for one in activity.others)]
                if activity.others
                else first,
                "target": activity.target,
                "instrument": _embedded(activity.instrument, activity),
                "result": activity.result,
                "to": _list(activity.to),
                "cc": _list(activity.cc),
                "published": _when(activity.published),
                "content": activity.content,
            }
        ),
    }


def _collection(collection: Collection) -> JsonObject:
    items: list[Json] = [_embedded(one, collection) for one in collection.items]
    is_bare = collection.first is None
    name = "orderedItems" if collection.type.startswith("Ordered") else "items"
    return {
        **collection.extra,
        **_present(
            {
                "id": collection.id,
                "type": collection.type,
                "totalItems": collection.total_items,
                "attributedTo": collection.attributed_to,
                "partOf": collection.part_of,
                "first": _embedded(collection.first, collection),
                "prev": collection.prev,
                "next": collection.next,
                name: items if items or is_bare else None,
            }
        ),
    }


def _tombstone(tombstone: Tombstone) -> JsonObject:
    return {
        **tombstone.extra,
        **_present(
            {
                "id": tombstone.id,
                "type": "Tombstone",
                "formerType": tombstone.former_type,
                "deleted": _when(tombstone.deleted),
            }
        ),
    }


def _stamp(stamp: QuoteAuthorization) -> JsonObject:
    return {
        **stamp.extra,
        "id": stamp.id,
        "type": "QuoteAuthorization",
        "attributedTo": stamp.attributed_to,
        "interactingObject": stamp.interacting_object,
        "interactionTarget": stamp.interaction_target,
    }
