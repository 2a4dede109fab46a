"""Signatures made by hand, in ways that no honest server would make them."""

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from multidict import CIMultiDict

from federation.signatures import algorithms, content_digest_value, digest_value, http_date
from tests.support.resident import CONTENT_TYPE, Document, Reply, Resident

USUAL = "(request-target) host date digest"
COMPONENTS = ("@method", "@target-uri", "content-digest")

Headers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Forger:
    """Signs what `resident` would post to `inbox`, and posts it."""

    resident: Resident
    inbox: str

    @property
    def now(self) -> datetime:
        """What time it is for everybody."""
        return self.resident.peer.network.clock.now()

    @property
    def key_id(self) -> str:
        """The id of the resident's key."""
        return self.resident.key.key_id

    def _split(self) -> tuple[str, str]:
        host, _, path = self.inbox.removeprefix("https://").partition("/")
        return host, f"/{path}"

    def cavage(
        self,
        body: bytes,
        *,
        names: str = USUAL,
        parameters: str = 'algorithm="rsa-sha256"',
        headers: Headers | None = None,
        lines: Headers | None = None,
        key_id: str | None = None,
    ) -> CIMultiDict[str]:
        """Sign over `names`; `headers` differ on the wire too, `lines` only in what is signed."""
        host, path = self._split()
        sent = {"Host": host, "Date": http_date(self.now), "Digest": digest_value(body)}
        sent |= headers or {}
        values = {name.lower(): value for name, value in sent.items()}
        values |= {"(request-target)": f"post {path}", **(lines or {})}
        base = "\n".join(f"{name}: {values[name]}" for name in names.split())
        made = self._signed(base)
        stated = (
            f'keyId="{key_id or self.key_id}",{parameters},headers="{names}",signature="{made}"'
        )
        return CIMultiDict({"Content-Type": CONTENT_TYPE, **sent, "Signature": stated})

    def rfc9421(
        self,
        body: bytes,
        *,
        names: tuple[str, ...] = COMPONENTS,
        parameters: str | None = None,
        headers: Headers | None = None,
        lines: Headers | None = None,
    ) -> CIMultiDict[str]:
        """Sign by RFC 9421, as `cavage` does by the other."""
        host, _ = self._split()
        sent = {"Host": host, "Content-Digest": content_digest_value(body), **(headers or {})}
        values = {name.lower(): value for name, value in sent.items()}
        values |= {"@method": "POST", "@target-uri": self.inbox, "@authority": host}
        values |= lines or {}
        if parameters is None:
            parameters = f';created={int(self.now.timestamp())};keyid="{self.key_id}"'
        stated = "(" + " ".join(f'"{name}"' for name in names) + ")" + parameters
        base = "".join(f'"{name}": {values[name]}\n' for name in names)
        made = self._signed(f'{base}"@signature-params": {stated}')
        return CIMultiDict(
            {
                "Content-Type": CONTENT_TYPE,
                **sent,
                "Signature-Input": f"sig1={stated}",
                "Signature": f"sig1=:{made}:",
            }
        )

    def _signed(self, base: str) -> str:
        key = self.resident.key.private
        return b64encode(algorithms.signed("rsa-v1_5-sha256", key, base.encode())).decode()

    async def post(self, body: bytes, headers: Headers) -> Reply:
        """Post a body with these headers, as they are."""
        return await self.resident.peer.send("POST", self.inbox, headers=headers, body=body)


def as_bytes(document: Document) -> bytes:
    """Write a document down."""
    return json.dumps(document).encode()
