"""The documents of our actors, as bytes: when a post is shared, a thousand servers ask for its
author's in the same second.
"""

from collections import OrderedDict
from dataclasses import dataclass

from federation import vocab
from server import db
from server.actors import service, wire
from server.errors import NotFoundError
from server.house import House

MOST = 500
"""Documents that are held, each of a few kilobytes."""
ROWS = (
    "SELECT a.*, k.* FROM actors a"
    " LEFT JOIN actor_keys k ON k.actor_id = coalesce(a.keys_of_id, a.id)"
    " WHERE a.uri = ? AND a.local = ? ORDER BY k.id"
)


@dataclass(frozen=True, slots=True)
class Document:
    """What is served at an actor's id."""

    rows: tuple[tuple[object, ...], ...]
    """All that is known of the actor and its keys, which the rest was made from."""
    body: bytes
    reduced: bytes
    """Its keys and inboxes alone, as in secure mode they are served to anybody."""
    gone: bool
    """Whether it is only a tombstone."""


class Documents:
    """Holds each as it was made last, beside the rows that it was made from.

    The rows are read for every request: while they are the same, so is the document. So whatever
    changes it, in whichever process, nobody has to be told.
    """

    def __init__(self, house: House) -> None:
        """Hold nothing yet."""
        self._house = house
        self._held: OrderedDict[str, Document] = OrderedDict()

    async def at_path(self, path: str) -> Document:
        """Return what is served at the id that is `path` on this node. Raises NotFoundError."""
        found = await db.rows(ROWS, self._house.uri(path), True)
        if not found:
            self._held.pop(path, None)
            raise NotFoundError
        rows = tuple(tuple(row.values()) for row in found)
        held = self._held.get(path)
        if held is None or held.rows != rows:
            body, reduced = await self._bodies(path)
            gone = bool(found[0]["gone"])
            held = self._held[path] = Document(rows, body, reduced, gone=gone)
            if len(self._held) > MOST:
                self._held.popitem(last=False)
        self._held.move_to_end(path)
        return held

    async def _bodies(self, path: str) -> tuple[bytes, bytes]:
        """Return the document and what is left of it for those who don't prove who they are."""
        actor = await service.at_path(path, house=self._house)
        if actor is not None:
            whole = await service.document(actor, house=self._house)
            less = wire.reduced(whole)
            return vocab.dumps(vocab.render(whole)), vocab.dumps(vocab.render(less))
        gone = await service.departed(path, house=self._house)
        if gone is None:
            raise NotFoundError
        left = vocab.Tombstone(id=gone.uri, former_type=gone.type, deleted=gone.fetched_at)
        body = vocab.dumps(vocab.render(left))
        return body, body
