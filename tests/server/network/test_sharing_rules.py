"""Lists elsewhere, as far as nobody is asked."""

import pytest

from server.network.rules.sharing import ETAG_LIMIT, kept_etag


@pytest.mark.parametrize(
    ("told", "kept"),
    [('"7-abc"', '"7-abc"'), ('"\udcff"', ""), ('"é"', ""), ("x" * (ETAG_LIMIT + 1), "")],
)
def test_an_etag_is_kept_that_can_be_told_again(told: str, kept: str) -> None:
    """What is no text could be kept by no database, and what is cut is no ETag of theirs."""
    assert kept_etag(told) == kept
