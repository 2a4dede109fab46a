"""Where the demonstration is kept: a folder for each hub, with its settings, and a marker."""

import json
import os
import shutil
import socket
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from server.cli.demo.script import Place
from server.config import FILE_VARIABLE, PREFIX, Config
from server.errors import RefusedError

MARKER = "demonstration.json"
EDITION = 1
"""Raise it when the script changes, so that older folders are prepared anew."""
LOOPBACK = "127.0.0.1"


class PortTakenError(RefusedError):
    """Port {port} is in use. Stop what runs there, or choose other ports with --base-port."""


class NotADemonstrationError(RefusedError):
    """{folder} is not empty and holds no demonstration. Choose another one with --folder."""


class OtherPortsError(RefusedError):
    """The demonstration in {folder} was made for ports from {base_port}, and addresses can't change
    afterwards. Give --base-port {base_port}, or --fresh to begin anew.
    """


@dataclass(frozen=True, slots=True)
class Site:
    """A place of the script on this machine."""

    place: Place
    folder: Path
    port: int

    @property
    def address(self) -> str:
        """Return its public address."""
        return f"http://localhost:{self.port}"

    @property
    def handle(self) -> str:
        """Return the hub's handle."""
        return f"@{self.place.key}@localhost:{self.port}"

    @property
    def log(self) -> Path:
        """Return the file that its server writes its events to."""
        return self.folder / "serve.log"

    @property
    def settings_file(self) -> Path:
        """Return its `fettle.toml`."""
        return self.folder / "fettle.toml"

    def settings(self) -> dict[str, str | int | bool]:
        """Return its settings, all paths absolute."""
        return {
            "address": self.address,
            "development": True,
            "data_dir": str(self.folder),
            "host": LOOPBACK,
            "port": self.port,
            "log_format": "json",
        }


def sites(places: Sequence[Place], *, folder: Path, base_port: int) -> list[Site]:
    """Return where each place lives: side by side in the folder, on ports in a row."""
    home = folder.absolute()
    return [Site(place, home / place.key, base_port + n) for n, place in enumerate(places)]


def check_ports(hubs: Sequence[Site]) -> None:
    """Raise PortTakenError where something listens already."""
    for site in hubs:
        with closing(socket.socket()) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, site.port))
            except OSError as error:
                raise PortTakenError(port=site.port) from error


def open_folder(folder: Path, *, base_port: int, fresh: bool) -> bool:
    """Make the folder ready and return whether a whole demonstration is in it already.

    What a preparation left that did not finish goes away first, as everything does if `fresh`.
    Raises NotADemonstrationError, before anything is touched, and OtherPortsError.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        held = _marker(folder)
        if held is None:
            raise NotADemonstrationError(folder=folder)
        if not fresh and held["finished"] and held["edition"] == EDITION:
            if held["base_port"] != base_port:
                raise OtherPortsError(folder=folder, base_port=held["base_port"])
            return True
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    mark(folder, base_port=base_port, finished=False)
    return False


def mark(folder: Path, *, base_port: int, finished: bool) -> None:
    """Write down what the folder holds, so that the next start knows."""
    held = {"edition": EDITION, "base_port": base_port, "finished": finished}
    (folder / MARKER).write_text(json.dumps(held) + "\n", encoding="utf-8")


def _marker(folder: Path) -> dict[str, int] | None:
    try:
        held = json.loads((folder / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    right = isinstance(held, dict) and held.keys() >= {"edition", "base_port", "finished"}
    return held if right else None


def furnish(hubs: Sequence[Site]) -> None:
    """Make each hub's folder and write its `fettle.toml`: `fettle` inside it speaks to that hub."""
    for site in hubs:
        site.folder.mkdir(parents=True, exist_ok=True)
        lines = [f"{name} = {json.dumps(value)}" for name, value in site.settings().items()]
        site.settings_file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def environment(site: Site) -> dict[str, str]:
    """Return the environment of a hub's process: ours, but with its settings and no others."""
    passed_on = {
        name: value
        for name, value in os.environ.items()  # noqa: TID251 - it is passed on, not read
        if not name.upper().startswith(PREFIX)
    }
    return passed_on | {FILE_VARIABLE: str(site.settings_file)}


class _GivenAlone(Config):
    """Settings that nothing around this process has a say in."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        *_: PydanticBaseSettingsSource,
        **__: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def config_of(site: Site) -> Config:
    """Return a hub's settings as its own process reads them."""
    return _GivenAlone(**site.settings())  # type: ignore[arg-type]
