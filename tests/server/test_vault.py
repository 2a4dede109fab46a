"""Sealing, tags and what is stored of tokens."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.vault import BrokenSealError, Vault, new_node_key

VAULT = Vault(b"k" * 32)


@given(st.binary(max_size=200), st.text(max_size=20))
def test_what_was_sealed_can_be_opened(plain: bytes, purpose: str) -> None:
    """With the same key and purpose, and it does not show."""
    sealed = VAULT.seal(plain, purpose=purpose)
    assert VAULT.open(sealed, purpose=purpose) == plain
    assert len(plain) < 8 or plain not in sealed


def test_sealing_twice_gives_two_different_things() -> None:
    """Nobody sees that two secrets are the same."""
    assert VAULT.seal(b"secret", purpose="keys") != VAULT.seal(b"secret", purpose="keys")


def test_another_purpose_does_not_open_it() -> None:
    """A sealed actor key is no contact detail."""
    with pytest.raises(BrokenSealError, match="contact"):
        VAULT.open(VAULT.seal(b"secret", purpose="keys"), purpose="contact")


def test_another_node_key_does_not_open_it() -> None:
    """A stolen database is of no use without the key."""
    with pytest.raises(BrokenSealError):
        Vault(b"j" * 32).open(VAULT.seal(b"secret", purpose="keys"), purpose="keys")


@given(st.integers(min_value=0, max_value=34), st.integers(min_value=1, max_value=255))
def test_any_changed_octet_breaks_the_seal(place: int, change: int) -> None:
    """Version, nonce, text and tag alike."""
    sealed = bytearray(VAULT.seal(b"secret", purpose="keys"))
    sealed[place] ^= change
    with pytest.raises(BrokenSealError):
        VAULT.open(bytes(sealed), purpose="keys")


@given(st.binary(max_size=64))
def test_nonsense_cannot_be_opened(sealed: bytes) -> None:
    """However short."""
    with pytest.raises(BrokenSealError):
        VAULT.open(sealed, purpose="keys")


@given(st.text(st.characters(), max_size=40))
def test_a_tag_is_recognised(text: str) -> None:
    """Whatever a request may hold, lone surrogates too."""
    tag = VAULT.tag(text, purpose="flash")
    assert len(tag) == 43
    assert VAULT.same_tag(text, tag, purpose="flash")
    assert not VAULT.same_tag(text, tag, purpose="csrf")
    assert not VAULT.same_tag(text + ".", tag, purpose="flash")


def test_a_strange_tag_is_just_wrong() -> None:
    """A tag comes from outside: nothing in it may raise."""
    assert not VAULT.same_tag("text", "\udcff ü", purpose="flash")


def test_a_token_is_stored_as_something_else() -> None:
    """Always the same, and never the token."""
    assert VAULT.hash_token("token") == VAULT.hash_token("token") != VAULT.hash_token("tokem")
    assert "token" not in VAULT.hash_token("token")


def test_a_short_node_key_is_refused() -> None:
    """31 bytes are too few."""
    with pytest.raises(ValueError, match="32 bytes"):
        Vault(b"k" * 31)


def test_a_new_node_key_is_long_enough_and_never_twice_the_same() -> None:
    """As it is written into a file."""
    assert new_node_key() != new_node_key()
    assert len(base64.urlsafe_b64decode(new_node_key())) == 32


def test_a_vault_does_not_show_its_key() -> None:
    """Not even in a traceback."""
    assert repr(VAULT) == "Vault()"
