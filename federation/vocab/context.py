"""JSON-LD, as far as it is read here: one pinned context, none ever fetched, nothing clever."""

from functools import lru_cache

import orjson

from federation.errors import MalformedError
from federation.vocab.types import Json, JsonObject

FETTLE_NS = "https://w3id.org/fettle#"
FETTLE = "fettle:"
"""How our terms begin where the context maps `fettle` to `FETTLE_NS`."""

_SECURITY = "https://w3id.org/security#"

CONTEXT: list[Json] = [
    "https://www.w3.org/ns/activitystreams",
    "https://w3id.org/security/v1",
    "https://w3id.org/security/data-integrity/v2",
    {
        "toot": "http://joinmastodon.org/ns#",
        "schema": "http://schema.org#",
        "gts": "https://gotosocial.org/ns#",
        "sensitive": "as:sensitive",
        "Hashtag": "as:Hashtag",
        "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
        "alsoKnownAs": {"@id": "as:alsoKnownAs", "@type": "@id"},
        "movedTo": {"@id": "as:movedTo", "@type": "@id"},
        "blurhash": "toot:blurhash",
        "focalPoint": {"@id": "toot:focalPoint", "@container": "@list"},
        "featured": {"@id": "toot:featured", "@type": "@id"},
        "featuredTags": {"@id": "toot:featuredTags", "@type": "@id"},
        "discoverable": "toot:discoverable",
        "indexable": "toot:indexable",
        "attributionDomains": {"@id": "toot:attributionDomains", "@type": "@id"},
        "PropertyValue": "schema:PropertyValue",
        "value": "schema:value",
        "interactionPolicy": {"@id": "gts:interactionPolicy", "@type": "@id"},
        "canQuote": {"@id": "gts:canQuote", "@type": "@id"},
        "automaticApproval": {"@id": "gts:automaticApproval", "@type": "@id"},
        "manualApproval": {"@id": "gts:manualApproval", "@type": "@id"},
        "interactingObject": {"@id": "gts:interactingObject", "@type": "@id"},
        "interactionTarget": {"@id": "gts:interactionTarget", "@type": "@id"},
        "QuoteRequest": "https://w3id.org/fep/044f#QuoteRequest",
        "QuoteAuthorization": "https://w3id.org/fep/044f#QuoteAuthorization",
        "webfinger": "https://purl.archive.org/socialweb/webfinger#webfinger",
        "Multikey": f"{_SECURITY}Multikey",
        "assertionMethod": {
            "@id": f"{_SECURITY}assertionMethod",
            "@type": "@id",
            "@container": "@set",
        },
        "controller": {"@id": f"{_SECURITY}controller", "@type": "@id"},
        "publicKeyMultibase": {
            "@id": f"{_SECURITY}publicKeyMultibase",
            "@type": f"{_SECURITY}multibase",
        },
        "fettle": FETTLE_NS,
        "fettle:story": {"@id": "fettle:story", "@type": "@json"},
        "fettle:experiment": {"@id": "fettle:experiment", "@type": "@json"},
        "fettle:update": {"@id": "fettle:update", "@type": "@json"},
        "fettle:response": {"@id": "fettle:response", "@type": "@json"},
    },
]
"""The `@context` of everything that is ours, inlined in each document. Not to be changed."""

_HOLDERS = (dict, list)
_USUAL = 8_192
"""Bytes of a context that is remembered once it was read."""
_RESTRUCTURING = frozenset({"@graph", "@included", "@import", "@nest", "@reverse"})
_ALIASES = {"id": "@id", "type": "@type"}


def maps_fettle(ld_context: Json) -> bool:
    """Tell whether an inline `@context` maps `fettle` to our namespace; None stands for ours.

    What is written last counts, and a null in between takes everything back (JSON-LD 1.1 §4.1).
    """
    if ld_context is None or ld_context is CONTEXT:
        return True
    maps = False
    for entry in ld_context if isinstance(ld_context, list) else [ld_context]:
        if entry is None:
            maps = False
        elif isinstance(entry, dict) and "fettle" in entry:
            maps = _target(entry["fettle"]) == FETTLE_NS
    return maps


def refuse_odd(document: JsonObject) -> None:
    """Refuse JSON-LD that a processor would read as another document than we do (security case 14).

    That is `@graph`, `@included`, `@nest`, `@reverse`, and contexts that import others or give a
    keyword another name than `id` for `@id` and `type` for `@type`; at any depth. Raises
    MalformedError.
    """
    waiting: list[Json] = [document]
    while waiting:
        holder = waiting.pop()
        if isinstance(holder, list):
            waiting += [value for value in holder if isinstance(value, _HOLDERS)]
        elif isinstance(holder, dict):
            _refuse_odd_members(holder)
            waiting += [
                value
                for name, value in holder.items()
                if isinstance(value, _HOLDERS) and name != "@context"
            ]


def _refuse_odd_members(holder: JsonObject) -> None:
    if not _RESTRUCTURING.isdisjoint(holder):
        raise MalformedError(term=next(iter(_RESTRUCTURING & holder.keys())))
    for alias, keyword in _ALIASES.items():
        if keyword in holder and alias in holder:
            raise MalformedError(term=keyword)
    if "@context" in holder:
        written = orjson.dumps(holder["@context"])
        if len(written) <= _USUAL:
            _refuse_odd_context(written)
        else:
            _read_context(holder["@context"])


@lru_cache(maxsize=512)
def _refuse_odd_context(written: bytes) -> None:
    """Refuse a context as it stands in JSON; those that many documents share are read once."""
    _read_context(orjson.loads(written))


def _read_context(ld_context: Json) -> None:
    waiting: list[Json] = [ld_context]
    while waiting:
        entry = waiting.pop()
        if isinstance(entry, list):
            waiting.extend(entry)
        elif isinstance(entry, dict):
            waiting.extend(_checked_terms(entry))
        elif entry is not None and not isinstance(entry, str):
            raise MalformedError(term="@context")


def _checked_terms(entry: JsonObject) -> list[Json]:
    """Check the terms of one context and return the contexts that lie within them."""
    scoped: list[Json] = []
    for keyword in _RESTRUCTURING & entry.keys():
        raise MalformedError(term=keyword)
    for term, definition in entry.items():
        target = _target(definition)
        is_keyword = isinstance(target, str) and target.startswith("@")
        if (term in _ALIASES or is_keyword) and _ALIASES.get(term) != target:
            # A setting of the context itself (`@language`, `@vocab`) names no term.
            if term not in _ALIASES and term.startswith("@"):
                continue
            raise MalformedError(term="@context")
        if isinstance(definition, dict):
            _refuse_odd_definition(definition)
            scoped.append(definition.get("@context"))
    return scoped


def _refuse_odd_definition(definition: JsonObject) -> None:
    for keyword in _RESTRUCTURING & definition.keys():
        raise MalformedError(term=keyword)
    container = definition.get("@container")
    if container == "@graph" or (isinstance(container, list) and "@graph" in container):
        raise MalformedError(term="@graph")


def _target(definition: Json) -> Json:
    return definition.get("@id") if isinstance(definition, dict) else definition
