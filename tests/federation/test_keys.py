"""Keys are made, stored, published and read back."""

import base58
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from federation import keys
from federation.errors import MalformedError

RSA = keys.generate_rsa()
ED25519 = keys.generate_ed25519()


def test_an_rsa_key_has_2048_bits() -> None:
    """The size that every peer reads."""
    assert RSA.key_size == 2048
    assert RSA.public_key().public_numbers().e == 65537


@pytest.mark.parametrize("key", [RSA, ED25519], ids=["rsa", "ed25519"])
def test_a_private_key_survives_being_stored(key: keys.PrivateKey) -> None:
    """What is written as PEM is read back as the same key."""
    again = keys.load_private(keys.private_to_pem(key))
    assert keys.public_pem(again) == keys.public_pem(key)


@pytest.mark.parametrize("key", [RSA, ED25519], ids=["rsa", "ed25519"])
def test_a_public_key_survives_being_published(key: keys.PrivateKey) -> None:
    """What is published is read back as the same key, whatever the line ends."""
    pem = keys.public_pem(key)
    assert pem.startswith("-----BEGIN PUBLIC KEY-----\n")
    for text in (pem, pem.replace("\n", "\r\n"), f"\n {pem}\n"):
        assert keys.public_pem(keys.load_public_pem(text)) == pem


def test_an_old_style_rsa_key_is_read() -> None:
    """PKCS#1 (`BEGIN RSA PUBLIC KEY`), as some peers publish it."""
    pem = RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.PKCS1).decode()
    assert isinstance(keys.load_public_pem(pem), RSAPublicKey)


def test_a_multikey_is_read_back() -> None:
    """FEP-521a: base58btc, multicodec 0xed01."""
    text = keys.multikey(ED25519)
    assert text.startswith("z6Mk")
    assert keys.load_multikey(text) == ED25519.public_key()
    assert keys.multikey(ED25519.public_key()) == text


def test_a_published_multikey_is_the_known_key() -> None:
    """The example of W3C Data Integrity EdDSA Cryptosuites, appendix B.1."""
    text = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
    assert keys.multikey(keys.load_multikey(text)) == text
    assert isinstance(keys.load_multikey(text), Ed25519PublicKey)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "z",
        "m6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",  # base64, it says
        "z" + base58.b58encode(b"\xed\x01" + bytes(31)).decode(),
        "z" + base58.b58encode(b"\xed\x01" + bytes(33)).decode(),
        "z0OIl",
        "zé",
        "z" + "1" * 100_000,
        "z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc",  # X25519
    ],
)
def test_what_is_no_ed25519_multikey_is_refused(text: str) -> None:
    """Another base, another length, another kind of key, or nonsense."""
    with pytest.raises(MalformedError):
        keys.load_multikey(text)


def _rsa_pem(bits: int, exponent: int = 65537) -> str:
    numbers = rsa.RSAPublicNumbers(exponent, (1 << (bits - 1)) | 1)
    return keys.public_pem(numbers.public_key())


@pytest.mark.parametrize(
    "pem",
    [
        "",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
        keys.private_to_pem(RSA).decode(),
        keys.public_pem(RSA) + "x" * 20_000,
        keys.public_pem(RSA).replace("M", "É", 1),
        _rsa_pem(1024),
        _rsa_pem(16384),
        _rsa_pem(2048, 2**40 + 1),
        ec.generate_private_key(ec.SECP256R1())
        .public_key()
        .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        .decode(),
    ],
    ids=["empty", "cut", "private", "long", "odd", "weak", "huge", "slow", "curve"],
)
def test_a_public_key_that_is_none_is_refused(pem: str) -> None:
    """Not a key, too weak, too slow to verify with, or of a kind that signs nothing here."""
    with pytest.raises(MalformedError):
        keys.load_public_pem(pem)


@pytest.mark.parametrize(
    "pem",
    [
        b"",
        b"nothing",
        keys.public_pem(RSA).encode(),
        RSA.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x")),
        ec.generate_private_key(ec.SECP256R1()).private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        ),
    ],
    ids=["empty", "nonsense", "public", "locked", "curve"],
)
def test_a_private_key_that_is_none_is_refused(pem: bytes) -> None:
    """Not a key, locked, or of a kind that signs nothing here."""
    with pytest.raises(MalformedError):
        keys.load_private(pem)


@given(text=st.text(max_size=200))
def test_no_text_breaks_the_reading_of_keys(text: str) -> None:
    """Whatever an actor publishes, the answer is a key or MalformedError."""
    for load in (keys.load_public_pem, keys.load_multikey):
        with pytest.raises(MalformedError):
            load(text)
        with pytest.raises(MalformedError):
            load(f"-----BEGIN PUBLIC KEY-----\n{text}\n-----END PUBLIC KEY-----")
