"""Followers synchronisation: what both ends should agree on, in one header (FEP-8fcf)."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from federation.uris import is_web_uri, same_origin

FIELD = "Collection-Synchronization"
MAX_HEADER = 8_192
DIGEST = re.compile("[0-9a-f]{64}")
_PARAMETER = re.compile(r'(collectionId|url|digest)="([^"]{0,2048})"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Synchronisation:
    """Which of the receiver's actors follow the sender, as the sender knows it."""

    collection_id: str
    """The sender's `followers`."""
    url: str
    """Where those of them are listed that are the receiver's."""
    digest: str
    """Of their ids (`partial_digest`)."""

    def __str__(self) -> str:
        """Return the value of the header."""
        return f'collectionId="{self.collection_id}", url="{self.url}", digest="{self.digest}"'


def partial_digest(uris: Iterable[str]) -> str:
    """Return the SHA-256 digests of some ids, joined by XOR, in hexadecimal: in any order the
    same.
    """
    joined = 0
    for uri in uris:
        joined ^= int.from_bytes(hashlib.sha256(uri.encode()).digest(), "big")
    return f"{joined:064x}"


def read(value: str | None) -> Synchronisation | None:
    """Return what a header says, None where it says nothing that can be used: its addresses must be
    of one origin, and each parameter there once.
    """
    if value is None or len(value) > MAX_HEADER:
        return None
    found = _PARAMETER.findall(value)
    named = dict(found)
    if len(found) != 3 or len(named) != 3:
        return None
    stated = Synchronisation(
        collection_id=named["collectionId"], url=named["url"], digest=named["digest"].lower()
    )
    if not (is_web_uri(stated.collection_id) and is_web_uri(stated.url)):
        return None
    if not same_origin(stated.collection_id, stated.url) or not DIGEST.fullmatch(stated.digest):
        return None
    return stated
