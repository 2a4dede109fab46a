"""Which addresses may be reached, by the table (security case 16)."""

from ipaddress import ip_network

import pytest

from federation.connector import AddressPolicy, AddressRefusedError, target_of
from federation.errors import ForbiddenAddressError

PRODUCTION = AddressPolicy()
REFUSED = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",  # noqa: S104 - an address, not something to listen on
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.127.255.255",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:0:8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:2::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "2a00:1450::1%eth0",
    "fec0::1",
    "ff02::1",
]
PUBLIC = ["8.8.8.8", "93.184.216.34", "172.32.0.1", "100.128.0.1", "2a00:1450:4001::1", "2600::"]


@pytest.mark.parametrize("address", REFUSED)
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    """Neither what is special by itself, nor what wraps an IPv4 address in IPv6."""
    with pytest.raises(AddressRefusedError):
        PRODUCTION.check(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_reached(address: str) -> None:
    """The guard lets the internet through, up to the edges of what it refuses."""
    PRODUCTION.check(address)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.3.2.1", "::1"])
def test_loopback_must_be_asked_for(address: str) -> None:
    """Development reaches loopback, under its own name only."""
    AddressPolicy(allow_loopback=True).check(address)
    with pytest.raises(AddressRefusedError):
        PRODUCTION.check(address)


@pytest.mark.parametrize("address", ["::ffff:127.0.0.1", "::127.0.0.1", "10.0.0.1", "fe80::1"])
def test_allowing_loopback_allows_nothing_else(address: str) -> None:
    """Development opens one door, not the house next to it."""
    with pytest.raises(AddressRefusedError):
        AddressPolicy(allow_loopback=True).check(address)


def test_a_private_network_may_be_allowed_by_name() -> None:
    """Test networks are listed, and nothing beside them opens."""
    policy = AddressPolicy(networks=(ip_network("10.3.0.0/16"), ip_network("fd00:3::/32")))
    policy.check("10.3.9.9")
    policy.check("fd00:3::1")
    for address in ("10.4.0.1", "fd00:4::1", "::ffff:10.3.0.1"):
        with pytest.raises(AddressRefusedError):
            policy.check(address)


@pytest.mark.parametrize("address", ["", "localhost", "1.2.3", "0x7f.1", "300.1.1.1"])
def test_what_is_no_address_is_refused(address: str) -> None:
    """What can't be judged isn't reached."""
    with pytest.raises(AddressRefusedError):
        PRODUCTION.check(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://there.test/",
        "ftp://there.test/",
        "file:///etc/passwd",
        "gopher://there.test/",
        "https://user:word@there.test/",
        "https:///nowhere",
        "//there.test/",
        "there.test",
        "https://there.test/\r\nX: y",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:7f00:1]/",
        "https://10.1.2.3:8443/",
        "",
    ],
)
def test_the_text_of_an_address_can_be_enough_to_refuse_it(url: str) -> None:
    """Production speaks https, and literal private addresses need no connection to be refused."""
    with pytest.raises(ForbiddenAddressError):
        PRODUCTION.check_url(url)


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://there.test", "https://there.test/"),
        ("https://THERE.test:443/A", "https://there.test/A"),
        ("https://there.test:8443/a", "https://there.test:8443/a"),
        ("https://there.test/%7Eann/%40x?b=%3A&a=1+2&a=%20#end", "https://there.test/%7Eann/%40x?b=%3A&a=1+2&a=%20"),
        ("https://there.test/a/../b//c", "https://there.test/a/../b//c"),
        ("https://there.test?x", "https://there.test/?x"),
        ("https://exämple.test/ü?ö", "https://xn--exmple-cua.test/%C3%BC?%C3%B6"),
    ],
)  # fmt: skip
def test_an_address_is_asked_for_as_it_is_written(url: str, asked: str) -> None:
    """Path and query keep every letter: a signature covers them, and ids are compared so."""
    assert str(target_of(url)) == asked


def test_plain_http_must_be_asked_for() -> None:
    """Development speaks http."""
    AddressPolicy(allow_http=True).check_url("http://there.test/")
