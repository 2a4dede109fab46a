"""Passwords: Argon2id (RFC 9106) with OWASP's second choice of parameters, always in a thread."""

import asyncio

from argon2 import PasswordHasher, Type
from argon2.exceptions import Argon2Error, InvalidHashError

_HASHER = PasswordHasher(
    time_cost=2, memory_cost=19 * 1024, parallelism=1, hash_len=32, salt_len=16, type=Type.ID
)
NOBODYS = (
    "$argon2id$v=19$m=19456,t=2,p=1"
    "$/euNjYfUUP7tys7VsvCv0w$lrBn1cpVjSzW7XUKlsKON9xOXVtsScfL8od8PHigRFE"
)
"""A hash of nothing anybody knows: checked where there is no account, so that the answer takes as
long.
"""


async def hashed(password: str) -> str:
    """Return what is stored of a password: 19 MiB, two rounds, one lane."""
    return await asyncio.to_thread(_HASHER.hash, password)


async def right(password: str, stored: str | None) -> bool:
    """Say whether the password is the one that `stored` was made from. One hash is computed either
    way.
    """
    return await asyncio.to_thread(_right, password, stored)


def _right(password: str, stored: str | None) -> bool:
    try:
        _HASHER.verify(stored or NOBODYS, password)
    except (Argon2Error, InvalidHashError):
        return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Say whether the hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(stored)
