"""Addresses and handles: one spelling, and nothing that two readers could take differently."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.errors import MalformedError
from federation.uris import (
    Handle,
    host_of,
    is_web_uri,
    normalise_host,
    parse_handle,
    same_origin,
    split,
)


@pytest.mark.parametrize(
    ("spelled", "one"),
    [
        ("HUB.Example", "hub.example"),
        ("hub.example.", "hub.example"),
        ("hub.example:443", "hub.example"),
        ("hub.example.:0443", "hub.example"),
        ("hub.example:", "hub.example"),
        ("hub.example:8443", "hub.example:8443"),
        ("hub.example:80", "hub.example:80"),
        ("Bücher.example", "xn--bcher-kva.example"),
        ("XN--BCHER-KVA.example", "xn--bcher-kva.example"),
        ("faß.example", "xn--fa-hia.example"),
        ("hub。example", "hub.example"),
        ("\uff48\uff55\uff42.example", "hub.example"),
        ("a_b.example", "a_b.example"),
        ("r3---x.example", "r3---x.example"),
        ("localhost:8000", "localhost:8000"),
        ("127.0.0.1", "127.0.0.1"),
        ("[2001:DB8:0:0::1]:443", "[2001:db8::1]"),
        ("[::1]:8000", "[::1]:8000"),
    ],
)
def test_a_host_has_one_spelling(spelled: str, one: str) -> None:
    """IDNA 2008, case, dot and default port are settled before any comparison (case 25)."""
    assert normalise_host(spelled) == one
    assert normalise_host(one) == one


def test_the_default_port_is_that_of_the_scheme() -> None:
    """Port 80 is left out of http addresses only."""
    assert normalise_host("hub.example:80", scheme="HTTP") == "hub.example"
    assert host_of("http://hub.example:443/") == "hub.example:443"


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "a..b",
        "-a.example",
        "a-.example",
        "ex%61mple.com",
        "a b.example",
        "a\x00.example",
        "\ud800.example",
        "xn--zzzzz-.example",
        "☃.example",
        "127.1",
        "0x7f.0.0.1",
        "0x7f000001",
        "2130706433",
        "0177.0.0.1",
        "1.2.3.256",
        "::1",
        "[::1",
        "[::1%25eth0]",
        "[127.0.0.1]",
        "a:b",
        "hub.example:0",
        "hub.example:65536",
        "user@hub.example",
        "a" * 64 + ".example",
        ".".join(["abcdefgh"] * 40),
        "x" * 100_000,
    ],
)
def test_what_is_no_host_is_refused(text: str) -> None:
    """Also a literal IPv4 address in any spelling but the plain one."""
    with pytest.raises(MalformedError):
        normalise_host(text)


@pytest.mark.parametrize(
    "uri",
    [
        "https://hub.example",
        "HTTPS://hub.example/people/a?b=c#d",
        "http://127.0.0.1:8000/",
        "https://hub.example/stories/é",
        "https://hub.example?x",
        "https://hub.example/" + "a" * 2_000,
    ],
)
def test_web_addresses_are_known(uri: str) -> None:
    """Absolute, http or https, with a host; letters of any script may follow."""
    assert is_web_uri(uri)


@pytest.mark.parametrize(
    "uri",
    [
        None,
        7,
        "",
        "hub.example",
        "//hub.example/",
        "/people/a",
        "https:/hub.example",
        "https://",
        "https:///path",
        "ftp://hub.example/",
        "javascript:alert(1)//https://hub.example/",
        "acct:a@hub.example",
        "https://user@hub.example/",
        "https://user:word@hub.example/",
        "https://hub.example\\@other.example/",
        "https://hub.example/a b",
        "https://hub.example/a\nb",
        " https://hub.example/",
        "https://hub.example/\n",
        "https://hub.example/\x00",
        "https://hub.example/\x7f",
        "https://hub.example/\u202egnp.exe",
        "https://hub.example/\ud800",
        'https://hub.example/"',
        "https://hub.example/<b>",
        "https://hub.example:x/",
        "https://hub.example/" + "a" * 2_048,
    ],
)
def test_what_is_no_web_address_is_not_taken_for_one(uri: object) -> None:
    """No other scheme, no user name, no control character, no white space."""
    assert not is_web_uri(uri)


def test_the_host_of_what_is_no_address_is_refused() -> None:
    """The error names the term."""
    with pytest.raises(MalformedError, match="uri"):
        host_of("https://-/")
    with pytest.raises(MalformedError, match="uri"):
        host_of("mailto:a@hub.example")


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("https://hub.example/a", "HTTPS://HUB.example.:443/b", True),
        ("https://bücher.example/", "https://xn--bcher-kva.example/x", True),
        ("https://hub.example/", "http://hub.example/", False),
        ("https://hub.example/", "https://hub.example:8443/", False),
        ("https://hub.example/", "https://hub.example.evil.example/", False),
        ("https://hub.example/", "https://evil.example/#https://hub.example/", False),
        ("nonsense", "nonsense", False),
    ],
)
def test_an_origin_is_scheme_host_and_port(a: str, b: str, same: bool) -> None:
    """What is no address has no origin, not even its own."""
    assert same_origin(a, b) is same
    assert same_origin(b, a) is same


@pytest.mark.parametrize(
    "text",
    ["@Wren@Hub.Example.", "Wren@hub.example", "acct:Wren@HUB.example", " !Wren@hub.example "],
)
def test_a_handle_is_read_however_it_is_written(text: str) -> None:
    """The name is left as it is; the host is normalised."""
    handle = parse_handle(text)
    assert handle == Handle("Wren", "hub.example")
    assert str(handle) == "@Wren@hub.example"
    assert handle.acct == "acct:Wren@hub.example"


def test_names_and_ports_of_our_own_are_handles() -> None:
    """Channels have a dot in their name; a test network has ports."""
    assert parse_handle("topic.falls@localhost:8000") == Handle("topic.falls", "localhost:8000")


@pytest.mark.parametrize(
    "text",
    ["", "@", "wren", "@wren", "@wren@", "@@hub.example", "a b@hub.example", "@a@b@hub.example",
     "a/b@hub.example", "wren@hub.example/path", "wren@127.1", "wren@" + "a" * 9_999],
)  # fmt: skip
def test_what_is_no_handle_is_refused(text: str) -> None:
    """With an error that says so."""
    with pytest.raises(MalformedError, match="handle"):
        parse_handle(text)


def test_an_address_is_split_with_its_authority_normalised() -> None:
    """Path and query are left as they came."""
    parts = split("HTTPS://HUB.example:443/a/../b?c=%41#d")
    assert (parts.scheme, parts.netloc) == ("https", "hub.example")
    assert (parts.path, parts.query, parts.fragment) == ("/a/../b", "c=%41", "d")


@given(st.text(max_size=80))
def test_any_text_is_an_address_or_is_not(text: str) -> None:
    """Nothing but MalformedError, and a host that was found is stable."""
    for uri in (text, f"https://{text}", f"https://{text}/"):
        if is_web_uri(uri):
            assert host_of(f"https://{host_of(uri)}/") in {
                host_of(uri),
                host_of(uri).removesuffix(":443"),
            }
    for read in (normalise_host, parse_handle):
        try:
            read(text)
        except MalformedError:
            continue
