"""Key pairs: made, loaded and published, as PEM (security/v1) and as Multikey (FEP-521a)."""

from dataclasses import dataclass

import base58
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from federation.errors import MalformedError

PrivateKey = RSAPrivateKey | Ed25519PrivateKey
PublicKey = RSAPublicKey | Ed25519PublicKey

RSA_BITS = 2048
SMALLEST_RSA_BITS = 2048
LARGEST_RSA_BITS = 8192
LARGEST_EXPONENT = 2**32
"""A larger exponent only makes every verification slow, which is what its owner may want."""
LONGEST_PEM = 16_384
ED25519_MULTICODEC = b"\xed\x01"
ED25519_BYTES = 32


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key and the id under which its public half is published."""

    key_id: str
    private: PrivateKey


@dataclass(frozen=True, slots=True)
class VerificationKey:
    """A public key, its id, and the actor who owns it."""

    key_id: str
    owner: str
    public: PublicKey


def generate_rsa() -> RSAPrivateKey:
    """Make an RSA key of 2,048 bits, the kind that every peer reads; takes some 100 ms of CPU."""
    return rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)


def generate_ed25519() -> Ed25519PrivateKey:
    """Make an Ed25519 key."""
    return ed25519.Ed25519PrivateKey.generate()


def private_to_pem(key: PrivateKey) -> bytes:
    """Write `key` as PKCS#8 PEM, in the clear: whoever stores it seals it."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def load_private(pem: bytes) -> PrivateKey:
    """Read one of our own keys back, without checking its arithmetic (10 us rather than 33 ms).

    Raises MalformedError if it is no RSA or Ed25519 key in PEM.
    """
    try:
        key = load_pem_private_key(pem, None, unsafe_skip_rsa_key_validation=True)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise MalformedError(term="private key") from error
    if not isinstance(key, RSAPrivateKey | Ed25519PrivateKey):
        raise MalformedError(term="private key")
    return key


def public_pem(key: PublicKey | PrivateKey) -> str:
    """Write the public half of `key` as `publicKeyPem` wants it (SubjectPublicKeyInfo)."""
    public = key.public_key() if isinstance(key, RSAPrivateKey | Ed25519PrivateKey) else key
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")


def load_public_pem(pem: str) -> PublicKey:
    """Read somebody's `publicKeyPem`, SubjectPublicKeyInfo or PKCS#1.

    Raises MalformedError if it is no Ed25519 key and no RSA key of 2,048 to 8,192 bits.
    """
    if len(pem) > LONGEST_PEM or not pem.isascii():
        raise MalformedError(term="publicKeyPem")
    try:
        key = load_pem_public_key(pem.strip().encode("ascii"))
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise MalformedError(term="publicKeyPem") from error
    if isinstance(key, RSAPublicKey):
        return _bounded(key)
    if not isinstance(key, Ed25519PublicKey):
        raise MalformedError(term="publicKeyPem")
    return key


def _bounded(key: RSAPublicKey) -> RSAPublicKey:
    if not SMALLEST_RSA_BITS <= key.key_size <= LARGEST_RSA_BITS:
        raise MalformedError(term="publicKeyPem")
    if key.public_numbers().e > LARGEST_EXPONENT:
        raise MalformedError(term="publicKeyPem")
    return key


def multikey(key: Ed25519PublicKey | Ed25519PrivateKey) -> str:
    """Write the public half of `key` as `publicKeyMultibase` (FEP-521a: base58btc, 0xed01)."""
    public = key.public_key() if isinstance(key, Ed25519PrivateKey) else key
    return "z" + base58.b58encode(ED25519_MULTICODEC + public.public_bytes_raw()).decode("ascii")


def load_multikey(text: str) -> Ed25519PublicKey:
    """Read a `publicKeyMultibase`; raises MalformedError if it is no Ed25519 key in base58btc."""
    if not text.startswith("z") or len(text) > 64 or not text.isascii():
        raise MalformedError(term="publicKeyMultibase")
    try:
        raw = base58.b58decode(text[1:])
    except ValueError as error:
        raise MalformedError(term="publicKeyMultibase") from error
    if not raw.startswith(ED25519_MULTICODEC) or len(raw) != 2 + ED25519_BYTES:
        raise MalformedError(term="publicKeyMultibase")
    return Ed25519PublicKey.from_public_bytes(raw[2:])
