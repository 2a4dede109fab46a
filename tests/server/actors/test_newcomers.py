"""Who is met for the first time: so many of a domain in an hour, and bounded memory for all."""

from datetime import timedelta

import pytest

from server.actors.directory import COOL_DOWN, REMEMBERED, Directory
from server.actors.newcomers import HOSTS, KEYS, MINUTE, WINDOW, Newcomers
from server.actors.tables import Host
from server.errors import TooManyError
from server.house import House
from server.web.limits import Limits
from tests.support.clock import MovableClock

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize("domain", ["wild.test", "scot.nhs.uk", "wild.co.uk", "wild.test:8443"])
async def test_so_many_hosts_of_a_domain_are_met_in_an_hour(
    house: House, clock: MovableClock, domain: str
) -> None:
    """The eleventh has to wait until the first was met an hour ago."""
    newcomers = Newcomers(house)
    for number in range(HOSTS):
        await newcomers.admit(f"n{number}.{domain}")
        clock.move(timedelta(minutes=1))
    await newcomers.admit(f"n0.{domain}")
    with pytest.raises(TooManyError) as refused:
        await newcomers.admit(f"n10.{domain}")
    assert refused.value.facts["retry_after"] == (WINDOW - timedelta(minutes=HOSTS)).seconds
    clock.move(WINDOW - timedelta(minutes=HOSTS))
    await newcomers.admit(f"n10.{domain}")


@pytest.mark.parametrize("suffix", ["github.io", "test", "nhs.uk"])
async def test_whoever_has_a_domain_of_their_own_is_not_counted_with_others(
    house: House, suffix: str
) -> None:
    """Below a suffix that anybody can register under (`nhs.uk` is one, `scot.nhs.uk` is not)."""
    newcomers = Newcomers(house)
    for number in range(2 * HOSTS):
        await newcomers.admit(f"n{number}.{suffix}")


async def test_addresses_of_numbers_are_no_subdomains(house: House) -> None:
    """Each is its own, and one in brackets is read as well."""
    newcomers = Newcomers(house)
    for number in range(2 * HOSTS):
        await newcomers.admit(f"192.0.2.{number}:8443")
        await newcomers.admit(f"[2001:db8::{number}]:8443")


async def test_servers_on_this_machine_are_each_their_own(house: House) -> None:
    """In development mode everybody is at localhost, on one port or another."""
    newcomers = Newcomers(house)
    for number in range(2 * HOSTS):
        await newcomers.admit(f"localhost:{8000 + number}")


async def test_hosts_that_are_known_are_no_newcomers(house: House) -> None:
    """Somebody here asked for them, or something of them was accepted."""
    newcomers = Newcomers(house)
    for number in range(2 * HOSTS):
        await Host.create(host=f"n{number}.wild.test")
        await newcomers.admit(f"n{number}.wild.test")


async def test_one_host_is_asked_for_so_many_keys_in_a_minute(
    house: House, clock: MovableClock
) -> None:
    """It may have nothing to do with who names them."""
    newcomers = Newcomers(house)
    for _ in range(KEYS):
        await newcomers.admit("there.test")
    with pytest.raises(TooManyError):
        await newcomers.admit("there.test")
    await newcomers.admit("other.test")
    clock.move(MINUTE)
    await newcomers.admit("there.test")


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_memory_is_bounded_however_many_hosts_and_keys_are_named(
    house: House, clock: MovableClock
) -> None:
    """12,000 distinct hosts with a key each, none of which can be had; and as many addresses."""
    directory, limits = Directory(house), Limits(clock)
    for number in range(12_000):
        limits.take("deliveries", f"192.0.{number}", times=10, seconds=60)
        limits.take("deliveries of a host", f"n{number}.test", times=10, seconds=60)
        # No such scheme here: it is refused before any name is looked up.
        assert await directory.refreshed(f"http://n{number}.test/people/ann#main-key") is None
    sizes = [len(directory._asked), len(directory._keys), len(directory._met)]
    assert max(sizes) <= REMEMBERED
    assert len(directory._newcomers) <= 2 * REMEMBERED
    assert len(directory._fetching) == 0
    assert len(limits) <= 20_000
    assert len(house.fetcher._failures) <= REMEMBERED
    clock.move(COOL_DOWN)
    assert await directory.known("http://n1.test/people/ann#main-key") is None
