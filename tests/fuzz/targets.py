"""What is read from strangers, each as a function of bytes that raises only where it is broken.

An error that explains itself (`FederationError`) is a refusal, and so as good as an answer.
"""

import re
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, cast

import rfc8785

from federation import html, nodeinfo, proofs, uris, vocab, webfinger
from federation.connector import AddressPolicy
from federation.errors import FederationError
from federation.fetch import Fetcher
from federation.keys import (
    SigningKey,
    VerificationKey,
    load_multikey,
    load_private,
    load_public_pem,
)
from federation.signatures import Message, acceptable, claims

NOW = datetime(2026, 11, 20, 9, 12, tzinfo=UTC)
KEY = load_private(
    b"-----BEGIN PRIVATE KEY-----\n"
    b"MC4CAQAwBQYDK2VwBCIEIMlu+eoQxeQUxHFyOv+d5yw1+ltw+ul+iDLsrH0uK47W\n"
    b"-----END PRIVATE KEY-----\n"
)
SIGNER = SigningKey("https://there.test/people/ann#key", KEY)

_LINK = re.compile("</?a(?: [^>]*+)?>")
_EMPTY = re.compile(r"<([a-z]+)[^<>]*></\1>")

Target = Callable[[bytes], None]


def documents(data: bytes) -> None:
    """What is read as a thing is written as one that is read again; nothing else is raised."""
    with suppress(FederationError):
        thing = vocab.parse(vocab.load_json(data))
        vocab.load_json(vocab.dumps(vocab.render(thing)))
    with suppress(FederationError):
        vocab.parse_public_key(vocab.load_json(data))


def signatures(data: bytes) -> None:
    """Lines of headers as they come: what they claim can be judged, or is refused."""
    lines = data.decode("utf-8", "surrogateescape").split("\n")
    headers = tuple((name, value) for name, _, value in (line.partition(":") for line in lines))
    message = Message("POST", "https://here.test/inbox", headers, b"{}")
    with suppress(FederationError):
        acceptable(claims(message), message, NOW)


def markup(data: bytes) -> None:
    """HTML is cleaned once and for all, and what it says can be read."""
    text = data.decode("utf-8", "replace")
    cleaned = html.clean(text)
    assert _shown(html.clean(cleaned)) == _shown(cleaned)
    assert "<script" not in cleaned.lower()
    html.text_of(cleaned)
    html.cut(cleaned, 100, "https://here.test/")
    html.from_markdown(text)


def _shown(cleaned: str) -> str:
    """Return what shows: no link that leads nowhere, and so is dropped the second time, and no
    element that holds nothing.
    """
    less = _EMPTY.sub("", _LINK.sub("", cleaned))
    return less if less == cleaned else _shown(less)


def addresses(data: bytes) -> None:
    """A host has one spelling, whatever is done with it."""
    text = data.decode("utf-8", "surrogateescape")
    with suppress(FederationError):
        host = uris.normalise_host(text)
        assert uris.normalise_host(host) == host
    if uris.is_web_uri(text):
        assert uris.same_origin(text, text)
        uris.split(text)
    with suppress(FederationError):
        handle = uris.parse_handle(text)
        assert uris.parse_handle(str(handle)) == handle


class _Told:
    """Answers whatever is asked with one document, as a fetcher that found it would."""

    policy = AddressPolicy()

    def __init__(self, document: vocab.JsonObject) -> None:
        self._document = document

    async def json(self, url: str, **_: object) -> tuple[str, vocab.JsonObject]:
        return url, self._document


def found(data: bytes) -> None:
    """Answers to WebFinger and NodeInfo: read, or refused."""
    with suppress(FederationError):
        fetcher = cast(Fetcher, _Told(vocab.load_json(data)))
        _ended(nodeinfo.nodeinfo("there.test", fetcher))
        _ended(webfinger.lookup(uris.Handle("ann", "there.test"), fetcher))


def _ended(work: Coroutine[Any, Any, object]) -> None:
    """Run to its end what never has to wait."""
    with suppress(StopIteration):
        work.send(None)


def proven(data: bytes) -> None:
    """A proof of any shape is none or refused, and canonical JSON is that of RFC 8785."""
    with suppress(FederationError):
        document = vocab.load_json(data)
        proof = proofs.proof_of(document, now=NOW)
        if proof is not None:
            key = VerificationKey(proof.key_id, "https://there.test/", KEY.public_key())
            proofs.check_proof(document, proof, key)
        made = proofs.add_proof(document, SIGNER, created=NOW)
        assert proofs.canonical(made) == rfc8785.dumps(cast(Any, made))


def public_keys(data: bytes) -> None:
    """Keys as peers publish them."""
    text = data.decode("utf-8", "replace")
    for load in (load_public_pem, load_multikey):
        with suppress(FederationError):
            load(text)


TARGETS: dict[str, Target] = {
    "addresses": addresses,
    "documents": documents,
    "found": found,
    "markup": markup,
    "proven": proven,
    "public_keys": public_keys,
    "signatures": signatures,
}
