"""A response as `fettle:response`, and a thank-you as a Like, both ways."""

from datetime import date

from federation import uris, vocab
from server.actors.tables import Actor
from server.posts.rules import OPEN
from server.posts.tables import Post
from server.posts.terms import SHORT, text, word
from server.responses.rules import CHANGES, YEARS, Response, ResponseKind

TEXT = 10_000
ADDRESS = 2048


def to_wire(response: Response) -> vocab.JsonObject:
    """Return the terms that other hubs read."""
    terms: vocab.JsonObject = {}
    if response.kind is not None:
        terms["kind"] = str(response.kind)
    if response.kind in CHANGES:
        change: vocab.JsonObject = {"what": response.change}
        if response.when is not None:
            change[_moment(response.kind)] = response.when.isoformat()
        terms["change"] = change
    if response.kind is ResponseKind.STARTED_EXPERIMENT:
        terms["experiment"] = response.experiment
    if response.kind is ResponseKind.THANKS and response.thanked_for:
        terms["thanks"] = {"whom": response.thanked, "for": response.thanked_for}
    if response.on_behalf_of:
        terms["onBehalfOf"] = response.on_behalf_of
    if response.interests:
        terms["interests"] = response.interests
    return terms


def _moment(kind: ResponseKind | None) -> str:
    return "due" if kind is ResponseKind.CHANGE_PLANNED else "done"


def from_wire(terms: vocab.JsonObject) -> Response:
    """Read a peer's terms; what is not as it should be is left out."""
    kind = word(terms, "kind", ResponseKind)
    change = terms.get("change")
    change = change if isinstance(change, dict) else {}
    thanks = terms.get("thanks") if kind is ResponseKind.THANKS else None
    thanks = thanks if isinstance(thanks, dict) else {}
    return Response(
        text="",
        kind=kind,
        change=text(change, "what", TEXT),
        when=_date(change.get(_moment(kind))),
        experiment=_experiment(terms) if kind is ResponseKind.STARTED_EXPERIMENT else "",
        on_behalf_of=text(terms, "onBehalfOf", SHORT),
        interests=text(terms, "interests", TEXT),
        thanked=text(thanks, "whom", ADDRESS),
        thanked_for=text(thanks, "for", SHORT),
    )


def _experiment(terms: vocab.JsonObject) -> str:
    value = terms.get("experiment")
    fits = isinstance(value, str) and len(value) <= ADDRESS and uris.is_web_uri(value)
    return str(value) if fits else ""


def _date(value: vocab.Json) -> date | None:
    try:
        read = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return read if read is not None and read.year in YEARS else None


def like(uri: str, thanker: Actor, post: Post, author: Actor) -> vocab.Activity:
    """Return a thank-you: to the author, seen by whoever may see the post."""
    return vocab.Activity(
        id=uri, type=vocab.ActivityType.LIKE, actor=thanker.uri, object=post.uri,
        to=(author.uri,), cc=(vocab.PUBLIC,) if post.visibility in OPEN else (),
    )  # fmt: skip


def undo(uri: str, done: vocab.Activity) -> vocab.Activity:
    """Return a thank-you taken back."""
    return vocab.Activity(
        id=uri, type=vocab.ActivityType.UNDO, actor=done.actor, object=done, to=done.to, cc=done.cc
    )
