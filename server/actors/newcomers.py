"""How many hosts and keys that nobody here asked for are met: one wildcard in the names of a domain
can make up any number of hosts, and a sender any number of keys.
"""

import asyncio
from datetime import datetime, timedelta
from functools import cache

from publicsuffixlist import PublicSuffixList

from federation.fetch import Memory
from server import db
from server.errors import TooManyError
from server.house import House

HOSTS = 10
"""New hosts of one registrable domain within `WINDOW` (security case 19)."""
WINDOW = timedelta(hours=1)
KEYS = 120
"""Keys that one host is asked for within a minute: somebody may sign with the names of keys of a
host that has nothing to do with it.
"""
MINUTE = timedelta(minutes=1)
REMEMBERED = 10_000
"""Domains, and hosts, that are remembered; the oldest makes room."""


class Newcomers:
    """Who was met lately through requests that nobody here asked for. One for each process.

    Hosts that are known here are no newcomers: those that a steward, a member or a list asked for
    are written down when they are asked, and so are those of which something was accepted.
    """

    def __init__(self, house: House) -> None:
        """Know nobody yet."""
        self._house = house
        self._met: Memory[str, dict[str, datetime]] = Memory(clock=house.clock, bound=REMEMBERED)
        self._asked: Memory[str, list[datetime]] = Memory(clock=house.clock, bound=REMEMBERED)

    async def admit(self, host: str) -> None:
        """Count a key that is about to be asked of `host`, and the host if it is new.

        Raises TooManyError beyond what may be.
        """
        now = self._house.clock.now()
        asked = [one for one in self._asked.get(host) or [] if now - one < MINUTE]
        if len(asked) >= KEYS:
            raise TooManyError(retry_after=_seconds(asked[0] + MINUTE - now))
        await self._admit_host(host)
        self._asked.keep(host, [*asked, now], lasts=MINUTE)

    async def _admit_host(self, host: str) -> None:
        domain = _domain(host, await asyncio.to_thread(_suffixes))
        now = self._house.clock.now()
        met = {one: at for one, at in (self._met.get(domain) or {}).items() if now - at < WINDOW}
        if host in met or await db.rows("SELECT 1 AS one FROM hosts WHERE host = ?", host):
            return
        if len(met) >= HOSTS:
            raise TooManyError(retry_after=_seconds(min(met.values()) + WINDOW - now))
        self._met.keep(domain, {**met, host: now}, lasts=WINDOW)

    def __len__(self) -> int:
        """Count what is remembered."""
        return len(self._met) + len(self._asked)


def _seconds(span: timedelta) -> int:
    return max(1, round(span.total_seconds()))


def _domain(host: str, suffixes: PublicSuffixList) -> str:
    """Return the domain that somebody registered; an address of numbers is one by itself, and so is
    each port of this machine, which is only reached in development mode.
    """
    name = host.partition(":")[0]
    last = name.rpartition(".")[2]
    if host.startswith("[") or last.isdecimal() or last == "localhost":
        return host
    return suffixes.privatesuffix(name) or name


@cache
def _suffixes() -> PublicSuffixList:
    """Read the list, which takes a moment: not before the first newcomer."""
    return PublicSuffixList()
