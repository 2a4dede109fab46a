"""Who is spoken to, and where they are reached."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.audience import Inbox, Visibility, addressed, inboxes, visibility
from federation.vocab import PUBLIC

FOLLOWERS = "https://hub.example/hub/followers"
WREN = "https://mastodon.example/users/wren"
HERON = "https://gts.example/users/heron"


@dataclass(frozen=True)
class Somebody:
    """Has an inbox."""

    inbox: str
    shared_inbox: str | None = None


@pytest.mark.parametrize(
    ("to", "cc", "expected"),
    [
        ([PUBLIC], [FOLLOWERS], Visibility.PUBLIC),
        (["as:Public"], [], Visibility.PUBLIC),
        (["Public"], [], Visibility.PUBLIC),
        ([PUBLIC], [PUBLIC], Visibility.PUBLIC),
        ([FOLLOWERS], [PUBLIC], Visibility.UNLISTED),
        ([WREN], ["as:Public"], Visibility.UNLISTED),
        ([FOLLOWERS], [], Visibility.FOLLOWERS),
        ([WREN], [FOLLOWERS], Visibility.FOLLOWERS),
        ([WREN], [], Visibility.DIRECT),
        ([WREN], [HERON + "/followers"], Visibility.DIRECT),
        ([], [], Visibility.DIRECT),
    ],
)
def test_visibility_is_read_from_to_and_cc(
    to: list[str], cc: list[str], expected: Visibility
) -> None:
    """Public in `to`, Public in `cc`, the author's followers, or nobody but those named."""
    assert visibility(to, cc, FOLLOWERS) is expected


def test_an_author_without_followers_speaks_to_people_only() -> None:
    """A missing collection is never taken for one that was addressed."""
    assert visibility([], [FOLLOWERS], None) is Visibility.DIRECT


@given(st.sampled_from(Visibility), st.lists(st.sampled_from([WREN, HERON, FOLLOWERS]), max_size=5))
def test_what_is_addressed_reads_as_it_was_meant(meant: Visibility, mentions: list[str]) -> None:
    """Both ways agree, everybody mentioned is addressed, nobody twice."""
    named = [uri for uri in mentions if uri != FOLLOWERS]
    to, cc = addressed(meant, followers=FOLLOWERS, mentions=named)
    assert visibility(to, cc, FOLLOWERS) is meant
    assert {*named} <= {*to, *cc}
    assert len({*to, *cc}) == len(to) + len(cc)


def test_a_shared_inbox_stands_for_all_behind_it() -> None:
    """One POST for a server, in the order in which they were met."""
    found = inboxes(
        [
            Somebody("https://a.example/u/1/inbox", "https://a.example/inbox"),
            Somebody("https://b.example/u/1/inbox"),
            Somebody("https://a.example/u/2/inbox", "https://a.example/inbox"),
            Somebody("https://b.example/u/1/inbox"),
            Somebody("https://a.example/u/2/inbox", "https://a.example/inbox"),
        ]
    )
    assert found == [
        Inbox(
            "https://a.example/inbox",
            ("https://a.example/u/1/inbox", "https://a.example/u/2/inbox"),
        ),
        Inbox("https://b.example/u/1/inbox"),
    ]


def test_a_shared_inbox_on_another_origin_is_not_used() -> None:
    """Or an actor could send everybody's post to a stranger."""
    found = inboxes([Somebody("https://a.example/u/1/inbox", "https://victim.example/inbox")])
    assert found == [Inbox("https://a.example/u/1/inbox")]
