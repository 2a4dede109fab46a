"""What an experiment goes back to, as `adaptedFrom` in `fettle:experiment`, both ways."""

from federation import uris, vocab
from server.experiments.rules.adaptation import (
    CHANGES,
    LINE_LIMIT,
    TEXT_LIMIT,
    Adaptation,
    Change,
    Result,
)
from server.posts.terms import SHORT, objects, text, word

NAMES = {
    "title": "title",
    "hub": "hub",
    "seen": "seen",
    "digest": "digest",
    "kept": "kept",
    "contextReason": "context_reason",
    "advice": "advice",
}


def adaptation_to_wire(adaptation: Adaptation) -> vocab.JsonObject:
    """Return the terms that other hubs read."""
    terms: vocab.JsonObject = {"id": adaptation.original}
    terms |= {term: found for term, name in NAMES.items() if (found := getattr(adaptation, name))}
    if adaptation.changed:
        terms["changed"] = [_change(one) for one in adaptation.changed]
    if adaptation.result is not None:
        terms["result"] = str(adaptation.result)
    return terms


def _change(change: Change) -> vocab.JsonObject:
    terms: vocab.JsonObject = {"what": change.what, "planned": change.planned}
    return terms | ({"why": change.why} if change.why else {})


def adaptation_from_wire(value: vocab.Json) -> Adaptation | None:
    """Read what a peer's experiment goes back to; None where it is no other thing on the web."""
    if not isinstance(value, dict):
        return None
    original, hub = value.get("id"), value.get("hub")
    if not isinstance(original, str) or not uris.is_web_uri(original):
        return None
    return Adaptation(
        original=original,
        title=text(value, "title", SHORT),
        hub=hub if isinstance(hub, str) and uris.is_web_uri(hub) else "",
        seen=text(value, "seen", 40),
        digest=text(value, "digest", 200),
        kept=text(value, "kept", TEXT_LIMIT),
        changed=tuple(
            Change(what=what, why=text(one, "why", LINE_LIMIT), planned=one.get("planned") is True)
            for one in objects(value, "changed", CHANGES)
            if (what := text(one, "what", LINE_LIMIT)).strip()
        ),
        context_reason=text(value, "contextReason", TEXT_LIMIT),
        result=word(value, "result", Result),
        advice=text(value, "advice", TEXT_LIMIT),
    )
