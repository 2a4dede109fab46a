"""The demonstration as it runs: four processes, and one that tells them what to do."""

import asyncio
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any

import typer

from server.cli.app import answer, log_as
from server.cli.demo import acting, folder, processes
from server.cli.demo.folder import Site
from server.cli.demo.network import SCRIPT
from server.cli.demo.scene import PASSWORD
from server.cli.running import stopped_by_signal


async def show(home: Path, *, base_port: int, fresh: bool, as_json: bool) -> None:
    """Keep four hubs in the folder `home` and serve them until a signal stops it; where they are
    new, have the script performed.
    """

    def say(words: str) -> None:
        typer.echo(words, err=as_json)

    stop = stopped_by_signal()
    sites = folder.sites(SCRIPT.places, folder=home, base_port=base_port)
    folder.check_ports(sites)
    prepared = await asyncio.to_thread(folder.open_folder, home, base_port=base_port, fresh=fresh)

    async def stopped() -> None:
        await stop.wait()
        say("Stopping the four hubs...")

    async def shown() -> None:
        if not prepared:
            say("They are new here, so this takes about half a minute.")
            await acting.perform(SCRIPT, sites, say=say)
            await asyncio.to_thread(folder.mark, home, base_port=base_port, finished=True)
        answer(_greeting(sites), _facts(sites), as_json=as_json)
        await asyncio.Event().wait()

    async def served() -> None:
        say("Starting four hubs...")
        await asyncio.to_thread(folder.furnish, sites)
        log_as(folder.config_of(sites[0]), quiet=True)
        async with processes.serving(sites) as children:
            await _first(shown(), *(child.ended() for child in children))

    await _first(served(), stopped())


async def _first(*works: Coroutine[Any, Any, None]) -> None:
    """Do all of it until the first is done, which may raise; the others are cancelled."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _greeting(sites: Sequence[Site]) -> str:
    width = max(len(site.place.name) for site in sites)
    lines = ["", "Four hubs are here, and everybody in them is made up:", ""]
    for site in sites:
        names = ", ".join(one.name for one in site.place.residents)
        lines.append(f"  {site.place.name:{width}}  {site.address}   {names}")
    lines += [
        "",
        f"Sign in as any of them; the password is always: {PASSWORD}",
        "Whoever stands first looks after their hub. You can be signed in to all four at once.",
        "Stop with Ctrl+C.",
    ]
    return "\n".join(lines)


def _facts(sites: Sequence[Site]) -> dict[str, Any]:
    hubs = [
        {
            "name": site.place.name,
            "address": site.address,
            "handle": site.handle,
            "people": [one.name for one in site.place.residents],
            "settings": str(site.settings_file),
        }
        for site in sites
    ]
    return {"hubs": hubs, "password": PASSWORD}
