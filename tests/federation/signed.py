"""Messages signed by us, and by hand in ways that we would not."""

from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from federation.keys import SigningKey, VerificationKey, generate_ed25519, generate_rsa
from federation.signatures import (
    Message,
    Scheme,
    acceptable,
    algorithms,
    claims,
    content_digest_value,
    digest_value,
    http_date,
    sign,
    verify,
)

NOW = datetime(2026, 11, 20, 9, 12, tzinfo=UTC)
OWNER = "https://peer.example/people/ann"
RSA = SigningKey(f"{OWNER}#main-key", generate_rsa())
ED25519 = SigningKey(f"{OWNER}#ed25519-key", generate_ed25519())
BODY = b'{"type": "Create"}'
INBOX = "https://hub.example/inbox?via=shared&x="

Headers = dict[str, str]


def public(key: SigningKey) -> VerificationKey:
    """The other half of a key."""
    return VerificationKey(key.key_id, OWNER, key.private.public_key())


def signed(message: Message, key: SigningKey, scheme: Scheme, now: datetime = NOW) -> Message:
    """The same message with the headers that sign it."""
    return with_headers(message, sign(message, key, scheme=scheme, now=now))


def with_headers(message: Message, headers: Headers) -> Message:
    """The same message with more headers."""
    return replace(message, headers=(*message.headers, *headers.items()))


def without(message: Message, name: str) -> Message:
    """The same message without a header."""
    kept = tuple(header for header in message.headers if header[0].lower() != name)
    return replace(message, headers=kept)


def check(message: Message, key: VerificationKey, now: datetime = NOW) -> None:
    """Verify as an inbox does."""
    claim = acceptable(claims(message), message, now)
    verify(message, claim, key, now=now)


POST = Message("POST", INBOX, (("Content-Type", "application/activity+json"),), BODY)
GET = Message("GET", "https://hub.example/people/bob", (), b"")
WAYS = [(Scheme.CAVAGE, RSA), (Scheme.RFC9421, RSA), (Scheme.RFC9421, ED25519)]
each_way = pytest.mark.parametrize(
    ("scheme", "key"), WAYS, ids=["cavage", "rfc9421-rsa", "rfc9421-ed25519"]
)


def cavage(
    names: str,
    *,
    message: Message = POST,
    parameters: str = 'algorithm="hs2019"',
    headers: Headers | None = None,
    lines: Headers | None = None,
) -> Message:
    """A message signed by cavage over `names`, with other headers or other lines of the base."""
    sent = {"Host": "hub.example", "Date": http_date(NOW), "Digest": digest_value(message.body)}
    sent |= headers or {}
    values = {name.lower(): value for name, value in sent.items()}
    values["(request-target)"] = f"{message.method.lower()} {message.target.origin_form}"
    values |= lines or {}
    base = "\n".join(f"{name}: {values[name]}" for name in names.split())
    made = algorithms.signed("rsa-v1_5-sha256", RSA.private, base.encode())
    encoded = b64encode(made).decode()
    stated = f'keyId="{RSA.key_id}",{parameters},headers="{names}",signature="{encoded}"'
    return with_headers(message, sent | {"Signature": stated})


def rfc9421(
    lines: Headers,
    *,
    message: Message = POST,
    parameters: str | None = None,
    headers: Headers | None = None,
    key: SigningKey = RSA,
    algorithm: str = "rsa-v1_5-sha256",
) -> Message:
    """A message signed by RFC 9421 over these lines of the base."""
    created = int(NOW.timestamp())
    if parameters is None:
        parameters = f';created={created};keyid="{key.key_id}"'
    stated = "(" + " ".join(f'"{name}"' for name in lines) + ")" + parameters
    base = "".join(f'"{name}": {value}\n' for name, value in lines.items())
    base += f'"@signature-params": {stated}'
    made = b64encode(algorithms.signed(algorithm, key.private, base.encode())).decode()
    sent = {"Host": "hub.example", "Content-Digest": content_digest_value(message.body)}
    sent |= headers or {}
    return with_headers(
        message, sent | {"Signature-Input": f"sig1={stated}", "Signature": f"sig1=:{made}:"}
    )


USUAL = "(request-target) host date digest"
LINES = {
    "@method": "POST",
    "@target-uri": INBOX,
    "content-digest": content_digest_value(BODY),
}


CREATED = int(NOW.timestamp())
