"""From bytes to a document, whatever the bytes."""

import orjson

from federation.errors import MalformedError, TooLargeError
from federation.vocab.types import Json, JsonObject

MAX_BYTES = 1024 * 1024
"""1 MiB: of an inbox request and of what is fetched, after decompression (security case 21)."""
MAX_DEPTH = 64
"""Levels of objects and lists within each other."""
MAX_VALUES = 100_000
"""Members and entries in all."""
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def load_json(raw: bytes, *, limit: int = MAX_BYTES) -> JsonObject:
    """Return the JSON object in `raw`, whose size, depth and number of values are bounded.

    Raises TooLargeError over `limit` bytes, and MalformedError for everything else that is wrong:
    no JSON, no object at the top, not UTF-8, lone surrogates, NUL, numbers beyond a double, more
    than 64 levels or 100,000 values (security case 22). Never raises anything else.
    """
    if len(raw) > limit:
        raise TooLargeError(limit=f"{limit:,} bytes")
    raw = raw.removeprefix(_BYTE_ORDER_MARK)
    try:
        document: Json = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise MalformedError(term="JSON") from None
    if not isinstance(document, dict):
        raise MalformedError(term="JSON without an object at the top")
    # An escaped backslash may stand before `u0000`: then it is a text about NUL, not NUL.
    if b"\\u0000" in raw and b"\\u0000" in raw.replace(b"\\\\", b""):
        raise MalformedError(term="text with NUL")
    if len(raw) > MAX_VALUES or raw.count(b"{") + raw.count(b"[") > MAX_DEPTH:
        _measure(document)  # a shorter text can't hold too much, whatever stands in it
    return document


def _measure(document: JsonObject) -> None:
    level: list[JsonObject | list[Json]] = [document]
    values = 0
    for _ in range(MAX_DEPTH):
        deeper: list[JsonObject | list[Json]] = []
        for holder in level:
            values += len(holder)
            inner = holder.values() if isinstance(holder, dict) else holder
            deeper += [value for value in inner if isinstance(value, dict | list)]
        if values > MAX_VALUES:
            raise MalformedError(term=f"more than {MAX_VALUES:,} values")
        if not deeper:
            return
        level = deeper
    raise MalformedError(term=f"more than {MAX_DEPTH} levels")
