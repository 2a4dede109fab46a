"""What every command shares: the app, a node to work on, and two ways to answer."""

import asyncio
import gc
import logging
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import wraps
from typing import Annotated, Any, ParamSpec, TypeVar

import orjson
import structlog
import typer

from federation.errors import ExplainedError
from server.config import Config, load
from server.node import Node

GARBAGE = 20_000
"""Things made and not yet let go of before the young ones among them are looked through."""

P = ParamSpec("P")
T = TypeVar("T")

app = typer.Typer(
    name="fettle",
    help="A hub where people share stories of care, and what they try to make it better.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Json = Annotated[bool, typer.Option("--json", help="Answer in JSON, for programs.")]
"""The option that every command has."""


@app.callback()
def fettle() -> None:
    """Read the settings from the environment (FETTLE_*) and fettle.toml."""


def command(
    name: str,
) -> Callable[[Callable[P, Coroutine[Any, Any, None]]], Callable[P, None]]:
    """Register an async function as a command; an error that explains itself becomes one line."""

    def register(work: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
        @wraps(work)
        def run(*args: P.args, **kwargs: P.kwargs) -> None:
            try:
                run_to_end(work(*args, **kwargs))
            except ExplainedError as error:
                fail(error, as_json=bool(kwargs.get("as_json")))
            except KeyboardInterrupt:
                raise typer.Exit(130) from None

        app.command(name)(run)
        return run

    return register


def run_to_end(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine in a new loop: uvloop's, which takes less CPU, where there is one."""
    # What is let go of in circles is rare here, and looking for it after every 700 things that
    # are made would be a tenth of what an activity costs.
    gc.set_threshold(GARBAGE)
    with asyncio.Runner(loop_factory=_loops()) as runner:
        return runner.run(work)


def _loops() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:  # it is not made for Windows
        return None
    return uvloop.new_event_loop


def fail(error: ExplainedError, *, as_json: bool) -> None:
    """Say what went wrong, and end with status 1."""
    if as_json:
        typer.echo(orjson.dumps({"error": str(error)}).decode())
    else:
        typer.echo(f"fettle: {error}", err=True)
    raise typer.Exit(1)


def answer(text: str, data: dict[str, Any], *, as_json: bool) -> None:
    """Say it to a person, or to a program."""
    typer.echo(orjson.dumps(data, default=str).decode() if as_json else text)


@asynccontextmanager
async def opened(*, address: str | None = None) -> AsyncIterator[Node]:
    """Open the node for one command; a server may run beside it."""
    config = load(address=address) if address else load()
    log_as(config, quiet=True)
    async with Node(config) as node:
        yield node


def log_as(config: Config, *, quiet: bool = False) -> None:
    """Write events as the settings ask; to standard error, so that answers stay apart."""
    level = logging.WARNING if quiet else getattr(logging, config.log_level.upper())
    shape: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if config.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            shape,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
