"""What a host says that it is (NodeInfo 2.0 and 2.1)."""

import json

import pytest

from federation.errors import ForbiddenAddressError, UnreachableError
from federation.fetch import Fetcher
from federation.nodeinfo import SCHEMA, NodeInfo, document, links, nodeinfo
from federation.vocab import Json
from tests.support.network import Network
from tests.support.peer import Peer

WELL_KNOWN = "/.well-known/nodeinfo"
HUB = NodeInfo(
    software="fettle",
    version="0.1.0",
    name="Leeds",
    description="A hub",
    kinds=("place", "care"),
    open_registrations=True,
    users=12,
    active_month=5,
    active_half_year=9,
    posts=40,
    comments=3,
)


def says(there: Peer, path: str, body: Json) -> None:
    """Let the host answer with JSON."""
    there.answers(path, body=json.dumps(body).encode(), content_type="application/json")


def linked(there: Peer, *entries: Json) -> None:
    """Let the host's well-known document hold these links."""
    says(there, WELL_KNOWN, {"links": list(entries)})


@pytest.mark.parametrize("version", ["2.0", "2.1"])
async def test_what_we_say_is_what_others_read(version: str, there: Peer, fetcher: Fetcher) -> None:
    """Our own documents come back as they were meant."""
    made = document(HUB, version=version, repository="https://code.example/fettle")
    says(there, WELL_KNOWN, links("https://there.test"))
    says(there, f"/nodeinfo/{version}", made)
    if version == "2.0":
        linked(there, {"rel": SCHEMA + "2.0", "href": "https://there.test/nodeinfo/2.0"})
    found = await nodeinfo("there.test", fetcher)
    assert found is not None
    assert found.is_fettle
    assert {**vars_of(found), "metadata": {}} == {**vars_of(HUB), "metadata": {}}
    assert ("repository" in json.dumps(made)) == (version == "2.1")


def vars_of(info: NodeInfo) -> dict[str, object]:
    """The fields of a frozen thing."""
    return {name: getattr(info, name) for name in NodeInfo.__slots__}


async def test_the_newest_version_is_asked_for(there: Peer, fetcher: Fetcher) -> None:
    """Whatever the order of the links; versions that we don't know are passed over."""
    linked(
        there,
        {"rel": SCHEMA + "1.0", "href": "https://there.test/1"},
        {"rel": SCHEMA + "2.1", "href": "https://there.test/new"},
        {"rel": SCHEMA + "2.0", "href": "https://there.test/old"},
        {"rel": SCHEMA + "9.9", "href": "https://there.test/9"},
    )
    says(there, "/new", {"software": {"name": "Mastodon", "version": "4.6"}})
    found = await nodeinfo("there.test", fetcher)
    assert found == NodeInfo(software="mastodon", version="4.6")
    assert [one.path for one in there.requests] == [WELL_KNOWN, "/new"]
    assert [one.scheme for one in there.requests] == [None, None]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"links": None},
        {"links": "x"},
        {"links": [None, 7, "x", {}]},
        {"links": [{"rel": ["x"], "href": 1}]},
        {"links": [{"rel": SCHEMA + "2.0"}]},
        {"links": [{"rel": SCHEMA + "2.0", "href": "javascript:x"}]},
        {"links": [{"rel": SCHEMA + "2.0", "href": ["https://there.test/x"]}]},
        [],
        None,
    ],
)
async def test_a_host_without_good_links_tells_nothing(
    body: Json, there: Peer, fetcher: Fetcher
) -> None:
    """That is no error: many have no NodeInfo."""
    says(there, WELL_KNOWN, body)
    assert await nodeinfo("there.test", fetcher) is None


@pytest.mark.parametrize(
    "body", [{}, {"software": None}, {"software": "x"}, {"software": {"name": 7}}, [], None]
)
async def test_a_document_that_names_no_software_tells_nothing(
    body: Json, there: Peer, fetcher: Fetcher
) -> None:
    """The one thing that it is for."""
    says(there, "/nodeinfo/2.0", body)
    assert await nodeinfo("there.test", fetcher) is None


async def test_odd_values_are_left_out_and_long_ones_cut(there: Peer, fetcher: Fetcher) -> None:
    """Claims of strangers are kept small."""
    says(
        there,
        "/nodeinfo/2.0",
        {
            "software": {"name": "x" * 9000, "version": {}},
            "openRegistrations": "yes",
            "usage": {"users": {"total": -1, "activeMonth": "9", "activeHalfyear": True}},
            "metadata": {"nodeName": 7, "kinds": ["a" * 9000, 8, *["k"] * 99]},
        },
    )
    found = await nodeinfo("there.test", fetcher)
    assert found is not None
    assert (len(found.software), found.version, found.open_registrations) == (500, "", False)
    assert (found.users, found.active_month, found.active_half_year) == (None, None, None)
    assert found.name is None
    assert len(found.kinds) <= 20
    assert max(map(len, found.kinds)) == 500


async def test_a_host_without_nodeinfo_tells_nothing(there: Peer, fetcher: Fetcher) -> None:
    """404 is an answer."""
    there.answers(WELL_KNOWN, status=404)
    assert await nodeinfo("there.test", fetcher) is None


async def test_a_host_that_is_down_may_tell_later(there: Peer, fetcher: Fetcher) -> None:
    """So that nobody takes it for one that tells nothing."""
    await there.stop()
    with pytest.raises(UnreachableError):
        await nodeinfo("there.test", fetcher)


@pytest.mark.parametrize("href", ["https://10.0.0.1/x", "https://inside.test/x", "http://a.test/"])
async def test_a_link_to_where_we_may_not_go_is_not_followed(
    href: str, network: Network, there: Peer, fetcher: Fetcher
) -> None:
    """NodeInfo's links are checked like every other address (case 17, CVE-2026-34148)."""
    network.resolver.addresses["inside.test"] = ["10.0.0.1"]
    linked(there, {"rel": SCHEMA + "2.0", "href": href})
    with pytest.raises(ForbiddenAddressError):
        await nodeinfo("there.test", fetcher)
    assert len(there.requests) == 1
