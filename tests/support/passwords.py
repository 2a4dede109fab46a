"""Passwords hashed quickly in the tests, as a matter of course: with what our hubs ask for, a
sign-in or an account costs a twentieth of a second.
"""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher, Type

from server.people.service import passwords

REAL = passwords._HASHER
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1, type=Type.ID)


@pytest.fixture(autouse=True, scope="session")
def quick_passwords() -> Iterator[None]:
    """The same, but for how much work it is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", QUICK)
        yield


@pytest.fixture
def real_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """For what is about that work: passwords are hashed as on a hub."""
    monkeypatch.setattr(passwords, "_HASHER", REAL)
