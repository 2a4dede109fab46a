"""Start and prepare: serve, worker, migrate."""

import asyncio
import errno
import signal
import ssl
from contextlib import suppress
from typing import Annotated

import typer

from server import db
from server.cli.app import Json, answer, command, log_as
from server.config import Config, load
from server.errors import ConfigurationError
from server.hub import service as hub
from server.node import MODELS, Node


@command("serve")
async def serve(
    address: Annotated[
        str | None, typer.Option(help="The public address, such as https://hub.example.")
    ] = None,
    host: Annotated[str | None, typer.Option(help="The IP address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="The TCP port to listen on.")] = None,
    certificate: Annotated[
        str | None, typer.Option(help="A certificate (PEM), to speak TLS without a proxy.")
    ] = None,
    key: Annotated[str | None, typer.Option(help="The certificate's private key (PEM).")] = None,
    worker: Annotated[
        bool, typer.Option("--worker/--no-worker", help="Also do jobs and deliveries.")
    ] = True,
    as_json: Json = False,
) -> None:
    """Start the hub: its pages, its inboxes and, unless told otherwise, its worker."""
    given = {
        "address": address,
        "host": host,
        "port": port,
        "tls_certificate": certificate,
        "tls_key": key,
    }
    config = load(**{name: value for name, value in given.items() if value is not None})
    log_as(config)
    async with Node(config) as node:
        stop = stopped_by_signal(node)
        if worker:
            node.work()
        bound = await listening(node, config)
        link = await hub.setup_link(house=node.house)
        answer(
            _greeting(config, link),
            {"address": config.address, "port": bound, "setup": link},
            as_json=as_json,
        )
        await stop.wait()
        await node.drain()
    _fail_if_broken(node)


async def listening(node: Node, config: Config) -> int:
    """Listen as the settings say, and return the port. Raises ConfigurationError."""
    try:
        return await node.serve(host=config.host, port=config.port, tls=tls_of(config))
    except OSError as error:
        reason = f"nothing can listen on {config.host}:{config.port} ({error.strerror})"
        setting = "port" if error.errno in {errno.EADDRINUSE, errno.EACCES} else "host"
        raise ConfigurationError(setting=setting, reason=reason) from error


def _greeting(config: Config, link: str | None) -> str:
    lines = [f"Your hub is at {config.address}"]
    if config.development:
        lines.append("Development mode: this database stays on this machine.")
    if config.allowed_private_networks:
        named = ", ".join(str(network) for network in config.allowed_private_networks)
        lines.append(f"WARNING: strangers can make this node send requests inside {named}.")
    if link is not None:
        lines.append(f"Set it up (this link works once): {link}")
    return "\n".join([*lines, "Stop with Ctrl+C."])


def _fail_if_broken(node: Node) -> None:
    """End with status 1 where it was no signal that ended it: then it is started anew."""
    if node.broken:
        raise typer.Exit(1)


def stopped_by_signal(node: Node | None = None) -> asyncio.Event:
    """Return an event that SIGTERM or Ctrl+C sets, so that what runs can finish; and so does work
    of the node that ended by itself.
    """
    stop = asyncio.Event()
    if node is not None:
        node.when_broken = stop.set
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def tls_of(config: Config) -> ssl.SSLContext | None:
    """Return the server's TLS as the settings say, None for plain http behind a proxy."""
    if config.tls_certificate is None or config.tls_key is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(config.tls_certificate, config.tls_key)
    except (ssl.SSLError, OSError) as error:
        reason = f"with tls_key it makes no pair of a certificate chain and its key ({error})"
        raise ConfigurationError(setting="tls_certificate", reason=reason) from error
    return context


@command("worker")
async def work(
    health_port: Annotated[
        int | None, typer.Option(help="Answer at /health/ and /metrics on this TCP port.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Do jobs and deliveries, beside one or more `fettle serve --no-worker`."""
    config = load()
    log_as(config)
    async with Node(config) as node:
        stop = stopped_by_signal(node)
        node.work()
        if health_port is not None:
            await node.door.open_health(host=config.host, port=health_port)
        answer(f"Working for {config.address}", {"address": config.address}, as_json=as_json)
        await stop.wait()
    _fail_if_broken(node)


@command("migrate")
async def migrate(as_json: Json = False) -> None:
    """Bring the database up to this version. On SQLite, starting does it by itself."""
    config = load()
    log_as(config, quiet=True)
    async with db.Database(config.database, modules=MODELS) as database:
        done = await db.migrate(database)
    said = f"Applied {', '.join(done)}." if done else "Nothing to do."
    answer(said, {"applied": done}, as_json=as_json)
