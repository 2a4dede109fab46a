"""Requests signed by other people's libraries: apsig and http-message-signatures."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from apsig.draft import Signer, Verifier
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureAlgorithm,
    MappingKeyResolver,
    algorithms,
)

CONTENT_TYPE = "application/activity+json"
COVERED = ("@method", "@target-uri")


@dataclass
class Request:
    """A request in the shape that http-message-signatures reads and writes."""

    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)


def with_apsig(
    key: RSAPrivateKey, *, key_id: str, url: str, body: bytes, aged: timedelta = timedelta()
) -> dict[str, str]:
    """Return headers of a POST as draft-cavage-12 has them; `aged` moves its date into the past."""
    date = format_datetime(datetime.now(UTC) - aged, usegmt=True)  # noqa: TID251 - a real clock
    headers = {"Content-Type": CONTENT_TYPE, "Date": date}
    signed = Signer(headers, key, "POST", url, key_id, body).sign()
    return {str(name): str(value) for name, value in signed.items()}


def with_http_message_signatures(
    key: RSAPrivateKey | Ed25519PrivateKey,
    *,
    key_id: str,
    url: str,
    body: bytes,
    algorithm: type[HTTPSignatureAlgorithm] = algorithms.RSA_V1_5_SHA256,
    covered: Sequence[str] = COVERED,
) -> dict[str, str]:
    """Return headers of a POST as RFC 9421 has them; the body's digest is covered too."""
    request = Request("POST", url, {"Content-Type": CONTENT_TYPE})
    resolver = MappingKeyResolver(public_keys={}, private_keys={key_id: key})
    signer = HTTPMessageSigner(signature_algorithm=algorithm, key_resolver=resolver)
    signer.sign(request, key_id=key_id, covered_component_ids=covered, body=body)
    return request.headers


def apsig_accepts(public_pem: str, *, request: Request, body: bytes) -> str:
    """Return the key id of a request that apsig finds well signed; raise otherwise."""
    verifier = Verifier(public_pem, request.method, request.url, request.headers, body)
    key_id: str | None = verifier.verify(raise_on_fail=True)
    assert key_id is not None
    return key_id


def http_message_signatures_accepts(
    public_pem: str, *, key_id: str, request: Request, body: bytes
) -> None:
    """Raise unless http-message-signatures finds the request well signed, its body included."""
    resolver = MappingKeyResolver(public_keys={key_id: public_pem.encode()}, private_keys={})
    verifier = HTTPMessageVerifier(
        signature_algorithm=algorithms.RSA_V1_5_SHA256, key_resolver=resolver
    )
    assert verifier.verify(request, body=body, require_components=("@method", "content-digest"))
