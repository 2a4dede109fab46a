"""The signature algorithms of RFC 9421 §3.3, by the names they have there."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256, SHA512

from federation.keys import PrivateKey, PublicKey
from federation.signatures.errors import UnsuitableKeyError

RSA_SHA256 = "rsa-v1_5-sha256"
RSA_PSS_SHA512 = "rsa-pss-sha512"
ED25519 = "ed25519"
ALGORITHMS = frozenset({RSA_SHA256, RSA_PSS_SHA512, ED25519})

_SHA256 = SHA256()
_SHA512 = SHA512()
_PKCS1 = padding.PKCS1v15()
_PSS = padding.PSS(mgf=padding.MGF1(_SHA512), salt_length=64)
"""RFC 9421 §3.3.1: MGF1 with SHA-512, a salt of 64 bytes."""


def natural(key: PublicKey | PrivateKey) -> str:
    """Return the algorithm of `key` where a signature names none."""
    return ED25519 if isinstance(key, Ed25519PublicKey | Ed25519PrivateKey) else RSA_SHA256


def is_genuine(algorithm: str, key: PublicKey, signature: bytes, base: bytes) -> bool:
    """Tell whether `signature` of `base` was made with the private half of `key`.

    A key of another kind than the algorithm's has made nothing.
    """
    try:
        match algorithm, key:
            case "rsa-v1_5-sha256", RSAPublicKey():
                key.verify(signature, base, _PKCS1, _SHA256)
            case "rsa-pss-sha512", RSAPublicKey():
                key.verify(signature, base, _PSS, _SHA512)
            case "ed25519", Ed25519PublicKey():
                key.verify(signature, base)
            case _:
                return False
    except InvalidSignature:
        return False
    return True


def signed(algorithm: str, key: PrivateKey, base: bytes) -> bytes:
    """Sign `base`; raises UnsuitableKeyError if `key` is not of the algorithm's kind."""
    match algorithm, key:
        case "rsa-v1_5-sha256", RSAPrivateKey():
            return key.sign(base, _PKCS1, _SHA256)
        case "rsa-pss-sha512", RSAPrivateKey():
            return key.sign(base, _PSS, _SHA512)
        case "ed25519", Ed25519PrivateKey():
            return key.sign(base)
        case _:
            raise UnsuitableKeyError(scheme=algorithm)
