"""One member of a document at a time: what peers really send, in one shape and within bounds.

A reader gets whatever stands in the document and returns None (or nothing) where it cannot use it;
whether that matters is for `parse.py` to say.
"""

import math
import re
from collections.abc import Iterator
from datetime import UTC, datetime

from federation.uris import is_web_uri
from federation.vocab.types import (
    PUBLIC,
    Hashtag,
    Image,
    Json,
    JsonObject,
    Mention,
    Multikey,
    PropertyValue,
    PublicKey,
)

MAX_CONTENT = 262_144
"""Characters of `content`; a Fettle Note is at most 256 KiB in all."""
MAX_SUMMARY = 20_000
MAX_ALT_TEXT = 10_000
MAX_NAME = 2_048
MAX_WORD = 255
"""Characters of a type, a media type, a language, a hashtag, a user name."""
MAX_PEM = 16_384
MAX_RECIPIENTS = 10_000
MAX_TAGS = 500
MAX_FIELDS = 50
MAX_ALIASES = 256
MAX_ATTACHMENTS = 64
MAX_LANGUAGES = 64
MAX_KEYS = 16
MAX_OPTIONS = 20
"""Choices of a Question."""
MAX_PIXELS = 1_000_000
MAX_COUNT = 2**53 - 1
"""The greatest whole number that every JSON reader takes exactly (RFC 8259 §6)."""

_CHOICES = 16
"""How many entries are looked at where one is wanted."""
_BEFORE_HASHTAG = re.compile(r"\A[#\s]++")
_PUBLIC_NAMES = frozenset({PUBLIC, "as:Public", "Public"})
_PICTURES = frozenset({"Image", "Document"})
_IMAGE_MEMBERS = frozenset(
    {"type", "url", "href", "mediaType", "name", "width", "height", "blurhash", "focalPoint"}
)


def listed(value: Json, limit: int = _CHOICES) -> list[Json]:
    """Return the first `limit` entries; a lone value counts as a list of one, null as none."""
    if value is None:
        return []
    return value[:limit] if isinstance(value, list) else [value]


def text(value: Json, limit: int) -> str | None:
    """Return a text (or the first of several), cut at `limit` characters."""
    for one in listed(value):
        if isinstance(one, str):
            return one[:limit]
    return None


def word(value: Json) -> str | None:
    """Return a short text whole; None where it is longer than a word may be."""
    found = text(value, MAX_WORD + 1)
    return found if found is not None and 0 < len(found) <= MAX_WORD else None


def kind(document: JsonObject) -> str | None:
    """Return the type; several types at once are none that is known here."""
    value = document.get("type")
    if isinstance(value, list):
        value = value[0] if len(value) == 1 else None
    return value if isinstance(value, str) and 0 < len(value) <= MAX_WORD else None


def uri(value: Json) -> str | None:
    """Return the first web address: as text, as the id of an object, as the href of a Link."""
    if isinstance(value, str):
        return value if is_web_uri(value) else None
    for one in listed(value):
        found = _named(one)
        if is_web_uri(found):
            return found
    return None


def uris(value: Json, limit: int) -> tuple[str, ...]:
    """Return the web addresses among the first `limit` entries, each once."""
    named = (_named(one) for one in listed(value, limit))
    return tuple(dict.fromkeys(one for one in named if one is not None and is_web_uri(one)))


def recipients(document: JsonObject) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return `to` and `cc`, together at most `MAX_RECIPIENTS`, with one spelling of Public."""
    to = _addressed(document.get("to"), MAX_RECIPIENTS)
    return to, _addressed(document.get("cc"), MAX_RECIPIENTS - len(to))


def _addressed(value: Json, limit: int) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for one in listed(value, limit):
        named = one if isinstance(one, str) else _named(one)
        if named in _PUBLIC_NAMES:
            found[PUBLIC] = None
        elif named is not None and is_web_uri(named):
            found[named] = None
    return tuple(found)


def _named(value: Json) -> str | None:
    if isinstance(value, dict):
        value = value.get("href") if kind(value) == "Link" else value.get("id")
    return value if isinstance(value, str) else None


def link(value: Json, media: str) -> tuple[str | None, str | None]:
    """Return a web address and its media type; of several, the first that begins with `media`."""
    found = [(one, address) for one in listed(value) if (address := _address(one)) is not None]
    typed = [
        (address, word(one.get("mediaType")) if isinstance(one, dict) else None)
        for one, address in found
    ]
    fitting = (pair for pair in typed if (pair[1] or "").startswith(media))
    return next(fitting, typed[0] if typed else (None, None))


def _address(value: Json) -> str | None:
    if isinstance(value, dict):
        value = value.get("href") or value.get("url") or value.get("id")
    return value if isinstance(value, str) and is_web_uri(value) else None


def moment(value: Json) -> datetime | None:
    """Return a time (RFC 3339, with some latitude) in UTC; without an offset it is taken as UTC."""
    if not isinstance(value, str) or len(value) > 64:
        return None
    try:
        found = datetime.fromisoformat(value.strip().upper())
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def count(value: Json, limit: int = MAX_COUNT) -> int | None:
    """Return a whole number from 0 to `limit`."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= limit else None


def flag(value: Json) -> bool | None:
    """Return a truth value."""
    return value if isinstance(value, bool) else None


def languages(value: Json) -> dict[str, str]:
    """Return a text by language, such as `contentMap`, at most `MAX_CONTENT` characters in all."""
    if not isinstance(value, dict):
        return {}
    found: dict[str, str] = {}
    left = MAX_CONTENT
    for language, one in list(value.items())[:MAX_LANGUAGES]:
        if isinstance(one, str) and 0 < len(language) <= MAX_WORD and not language.startswith("@"):
            found[language] = one[:left]
            left -= len(found[language])
    return found


def image(value: Json) -> Image | None:
    """Return the first picture: an Image, a Document that is one, or a bare address."""
    for one in listed(value):
        found = _image(one) if isinstance(one, dict) else None
        if found is None and is_web_uri(one) and isinstance(one, str):
            found = Image(url=one)
        if found is not None:
            return found
    return None


def _image(value: JsonObject) -> Image | None:
    url, linked_type = link(value.get("url") or value.get("href"), "image/")
    if url is None:
        return None
    return Image(
        url=url,
        media_type=word(value.get("mediaType")) or linked_type,
        name=text(value.get("name"), MAX_ALT_TEXT) or text(value.get("summary"), MAX_ALT_TEXT),
        width=count(value.get("width"), MAX_PIXELS),
        height=count(value.get("height"), MAX_PIXELS),
        blurhash=word(value.get("blurhash")),
        focal_point=_focal_point(value.get("focalPoint")),
        extra={name: one for name, one in value.items() if name not in _IMAGE_MEMBERS},
    )


def _focal_point(value: Json) -> tuple[float, float] | None:
    match value:
        case [int() | float() as x, int() | float() as y]:
            point = float(x), float(y)
            return point if all(math.isfinite(one) and -1 <= one <= 1 for one in point) else None
        case _:
            return None


def attachments(value: Json) -> tuple[tuple[Image, ...], list[Json]]:
    """Return the pictures, and apart from them what else is attached (sound, films, links)."""
    pictures: list[Image] = []
    others: list[Json] = []
    for one in listed(value, MAX_ATTACHMENTS):
        found = _image(one) if isinstance(one, dict) and kind(one) in _PICTURES else None
        if found is not None and (found.media_type or "image/").startswith("image/"):
            pictures.append(found)
        else:
            others.append(one)
    return tuple(pictures), others


def tags(value: Json) -> tuple[tuple[Hashtag | Mention, ...], list[Json]]:
    """Return the hashtags and mentions, and apart from them the other tags (emoji and the like)."""
    known: list[Hashtag | Mention] = []
    others: list[Json] = []
    for one in listed(value, MAX_TAGS):
        found = _tag(one) if isinstance(one, dict) else None
        if found is None:
            others.append(one)
        else:
            known.append(found)
    return tuple(known), others


def _tag(value: JsonObject) -> Hashtag | Mention | None:
    href = uri(value.get("href"))
    name = word(value.get("name"))
    match kind(value):
        case "Hashtag" if name is not None and (bare := _BEFORE_HASHTAG.sub("", name).rstrip()):
            return Hashtag(name=f"#{bare}"[:MAX_WORD], href=href)
        case "Mention" if href is not None:
            return Mention(href=href, name=name)
        case _:
            return None


def fields(value: Json) -> tuple[tuple[PropertyValue, ...], list[Json]]:
    """Return the lines of a profile, and apart from them what else is attached to it."""
    lines: list[PropertyValue] = []
    others: list[Json] = []
    for one in listed(value, MAX_FIELDS):
        if not isinstance(one, dict) or kind(one) != "PropertyValue":
            others.append(one)
        elif (name := text(one.get("name"), MAX_NAME)) is not None:
            lines.append(PropertyValue(name=name, value=text(one.get("value"), MAX_NAME) or ""))
    return tuple(lines), others


def public_keys(value: Json, owner: str | None) -> Iterator[PublicKey]:
    """Yield the RSA keys; where `owner` is given, only that actor's own."""
    for one in listed(value, MAX_KEYS):
        if isinstance(one, dict):
            key_id, pem = uri(one.get("id")), text(one.get("publicKeyPem"), MAX_PEM)
            named = uri(one.get("owner")) or uri(one.get("controller")) or owner
            if key_id and pem and named and owner in {None, named}:
                yield PublicKey(id=key_id, owner=named, pem=pem)


def multikeys(value: Json, controller: str) -> tuple[Multikey, ...]:
    """Return the Multikeys that `controller` has in its own name (FEP-521a)."""
    found: list[Multikey] = []
    for one in listed(value, MAX_KEYS):
        if isinstance(one, dict) and kind(one) == "Multikey":
            key_id, key = uri(one.get("id")), word(one.get("publicKeyMultibase"))
            if key_id and key and uri(one.get("controller")) == controller:
                found.append(Multikey(id=key_id, controller=controller, public_key_multibase=key))
    return tuple(found)
