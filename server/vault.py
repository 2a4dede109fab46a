"""What only this node may read or have written: sealing at rest, tags that cannot be forged."""

import base64
import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from server.errors import FettleError

KEY_LENGTH = 32
"""Bytes of a node key."""
NONCE_LENGTH = 12
VERSION = b"\x01"
"""First byte of everything sealed, so that another way of sealing can come later."""


class BrokenSealError(FettleError):
    """What was sealed for {purpose} cannot be opened with this node's key."""


def new_node_key() -> str:
    """Return a fresh node key as it is written into a file or an environment variable."""
    return base64.urlsafe_b64encode(secrets.token_bytes(KEY_LENGTH)).decode()


class Vault:
    """Holds the node key. Each purpose has a key of its own, so none opens another's (RFC 5869)."""

    __slots__ = ("_ciphers", "_node_key", "_tag_keys")

    def __init__(self, node_key: bytes) -> None:
        """Keep the key, at least 32 bytes of it. Raises ValueError where it is shorter."""
        if len(node_key) < KEY_LENGTH:
            message = f"a node key has at least {KEY_LENGTH} bytes"
            raise ValueError(message)
        self._node_key = node_key
        self._ciphers: dict[str, AESGCM] = {}
        self._tag_keys: dict[str, bytes] = {}

    def __repr__(self) -> str:
        """Tell nothing."""
        return "Vault()"

    def seal(self, plain: bytes, *, purpose: str) -> bytes:
        """Encrypt with AES-256-GCM (NIST SP 800-38D); the purpose is authenticated too."""
        # The nonce is not injected: no test could look at anything that it decides.
        nonce = secrets.token_bytes(NONCE_LENGTH)
        return VERSION + nonce + self._cipher(purpose).encrypt(nonce, plain, purpose.encode())

    def open(self, sealed: bytes, *, purpose: str) -> bytes:
        """Return what was sealed for the same purpose with the same key, else BrokenSealError."""
        if sealed[:1] != VERSION:
            raise BrokenSealError(purpose=purpose)
        nonce, rest = sealed[1 : 1 + NONCE_LENGTH], sealed[1 + NONCE_LENGTH :]
        try:
            return self._cipher(purpose).decrypt(nonce, rest, purpose.encode())
        except (InvalidTag, ValueError):
            raise BrokenSealError(purpose=purpose) from None

    def tag(self, text: str, *, purpose: str) -> str:
        """Return an HMAC-SHA256 of the text, 43 URL-safe characters."""
        digest = hmac.digest(self._tag_key(purpose), _octets(text), hashlib.sha256)
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def same_tag(self, text: str, tag: str, *, purpose: str) -> bool:
        """Tell in constant time whether `tag` is this text's."""
        return hmac.compare_digest(_octets(self.tag(text, purpose=purpose)), _octets(tag))

    def hash_token(self, token: str) -> str:
        """Return what is stored of a secret token, so that a stolen database opens no session."""
        return self.tag(token, purpose="token")

    def _cipher(self, purpose: str) -> AESGCM:
        if purpose not in self._ciphers:
            self._ciphers[purpose] = AESGCM(self._derived(f"seal:{purpose}"))
        return self._ciphers[purpose]

    def _tag_key(self, purpose: str) -> bytes:
        if purpose not in self._tag_keys:
            self._tag_keys[purpose] = self._derived(f"tag:{purpose}")
        return self._tag_keys[purpose]

    def _derived(self, info: str) -> bytes:
        hkdf = HKDF(algorithm=SHA256(), length=32, salt=b"fettle", info=info.encode())
        return hkdf.derive(self._node_key)


def _octets(text: str) -> bytes:
    # What a request brought along may hold lone surrogates: a wrong token, not a fault of ours.
    return text.encode("utf-8", "surrogatepass")
