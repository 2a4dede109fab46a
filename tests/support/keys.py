"""RSA keys, made once a run and dealt out anew to every test: making one takes a tenth of a second.

They are real ones, and no two in a test are the same; the next test is dealt the same again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from threading import Lock

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from federation import keys

_make = keys.generate_rsa
_made: list[RSAPrivateKey] = []
_next: Iterator[int] | None = None
"""Nothing where what is made lives longer than a test: that has keys which are never dealt."""
_one_at_a_time = Lock()


def deal() -> RSAPrivateKey:
    """Return a key that nobody else has: from any thread."""
    with _one_at_a_time:
        if _next is None:
            return _make()
        number = next(_next)
        if number == len(_made):
            _made.append(_make())
        return _made[number]


@contextmanager
def kept() -> Iterator[None]:
    """What is made within is kept for other tests too, so that its keys are its own for ever."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(globals(), "_next", None)
        yield


@pytest.fixture(autouse=True)
def dealt_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever makes an RSA key in a test is dealt one."""
    monkeypatch.setattr(keys, "generate_rsa", deal)
    monkeypatch.setitem(globals(), "_next", count())
