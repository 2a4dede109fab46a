"""Lists of hubs as collections, both ways (federation.md §8)."""

from collections.abc import Sequence

from federation import html, uris, vocab
from server.actors.tables import Actor
from server.network.rules.sharing import TITLE_LIMIT
from server.network.tables import HubList


def to_wire(uri: str, shared: HubList, hubs: Sequence[Actor], *, by: str) -> vocab.Collection:
    """Return a list of ours as others read it: whole, and ids only."""
    said: vocab.JsonObject = {"name": shared.title}
    if shared.words:
        said["summary"] = html.from_markdown(shared.words)
    return vocab.Collection(
        id=uri, total_items=len(hubs), items=tuple(one.uri for one in hubs), attributed_to=by,
        extra=said,
    )  # fmt: skip


def title_of(collection: vocab.Collection) -> str:
    """Return what a list elsewhere calls itself; empty where it does not."""
    name = collection.extra.get("name")
    return " ".join(html.text_of(name).split())[:TITLE_LIMIT] if isinstance(name, str) else ""


def names_in(things: Sequence[vocab.Thing]) -> list[str]:
    """Return the ids of whom a part of a list names."""
    ids = [vocab.id_of(thing) for thing in things]
    return [one for one in ids if one is not None and uris.is_web_uri(one)]
