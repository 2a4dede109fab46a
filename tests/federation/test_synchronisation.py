"""The header in which two servers compare who follows whom (FEP-8fcf)."""

import pytest

from federation.synchronisation import Synchronisation, partial_digest, read

FOLLOWERS = "https://example.org/users/1/followers"
URL = "https://example.org/users/1/followers_synchronization"
DIGEST = "c33f48cd341ef046a206b8a72ec97af65079f9a3a9b90eef79c5920dce45c61f"
EXAMPLE = f'collectionId="{FOLLOWERS}", url="{URL}", digest="{DIGEST}"'


def test_the_digest_is_that_of_the_proposal() -> None:
    """Its own example, in either order; of nobody it is nought."""
    two = ["https://testing.example.org/users/1", "https://testing.example.org/users/2"]
    assert partial_digest(two) == partial_digest(reversed(two)) == DIGEST
    assert partial_digest([]) == "0" * 64


def test_the_header_of_the_proposal_is_read_and_written() -> None:
    """As it stands there, spaces or none."""
    found = read(EXAMPLE)
    assert found == Synchronisation(collection_id=FOLLOWERS, url=URL, digest=DIGEST)
    assert str(found) == EXAMPLE
    assert read(EXAMPLE.replace(", ", ",")) == found
    assert read(EXAMPLE.replace(DIGEST, DIGEST.upper())) == found


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "collectionId",
        EXAMPLE.replace(URL, "https://else.example/followers"),
        EXAMPLE.replace(URL, "javascript:1"),
        EXAMPLE.replace(DIGEST, DIGEST[:-1]),
        EXAMPLE.replace(DIGEST, "z" * 64),
        EXAMPLE.replace(f', digest="{DIGEST}"', ""),
        f'{EXAMPLE}, url="https://example.org/other"',
        EXAMPLE.replace(URL, URL + "x" * 4_000),
        'url="' * 2_000,
        EXAMPLE + " " * 9_000,
    ],
)
def test_a_header_that_says_something_else_says_nothing(value: str | None) -> None:
    """Least of all may it have us ask a third party."""
    assert read(value) is None
