"""Bounded, signed GET. What is fetched must bear the address it was fetched from.

Failures are exceptions here, all of them `FetchError`s, because fetches nest: `GoneError`,
`ForbiddenAddressError` and `RefusedDocumentError` won't get better by trying again soon,
`UnreachableError` may (its `facts["retry_after"]` says when, if the host did).
"""

from federation.fetch.answers import (
    ACTIVITY,
    MAX_REDIRECTS,
    PASSING_STATUSES,
    PICTURES,
    REDIRECTS,
    UNCHANGED,
    Answer,
    is_acceptable,
    redirected,
    retry_after,
)
from federation.fetch.fetcher import MEBIBYTE, Fetcher, Signer
from federation.fetch.memory import Memory, SchemeMemory, other_scheme

__all__ = [
    "ACTIVITY",
    "MAX_REDIRECTS",
    "MEBIBYTE",
    "PASSING_STATUSES",
    "PICTURES",
    "REDIRECTS",
    "UNCHANGED",
    "Answer",
    "Fetcher",
    "Memory",
    "SchemeMemory",
    "Signer",
    "is_acceptable",
    "other_scheme",
    "redirected",
    "retry_after",
]
