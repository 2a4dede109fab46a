"""Where the files of pictures are: a folder, or a bucket in any store that obstore speaks with."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from obstore.exceptions import BaseError
from obstore.store import LocalStore, from_url

from server.errors import ConfigurationError, FettleError
from server.house import Stored

if TYPE_CHECKING:
    from obstore.store import ObjectStore


class StoreError(FettleError):
    """The store of pictures does not do as it is told: {reason}."""


class ObjectFiles:
    """A `house.Store` on top of obstore. A file is written whole or not at all."""

    def __init__(self, backend: "ObjectStore") -> None:
        """Take one of obstore's stores."""
        self._backend = backend

    async def put(self, path: str, data: bytes) -> None:
        """Write a file, or write it anew. Raises StoreError."""
        with _explained():
            await self._backend.put_async(path, data)

    async def get(self, path: str) -> bytes | None:
        """Return a file, None where there is none. Raises StoreError."""
        with _explained():
            try:
                found = await self._backend.get_async(path)
                return bytes(await found.bytes_async())
            except FileNotFoundError:
                return None

    async def delete(self, path: str) -> None:
        """Remove a file; it may be gone already. Raises StoreError."""
        with _explained(), suppress(FileNotFoundError):
            await self._backend.delete_async(path)

    async def listed(self, prefix: str) -> AsyncIterator[Stored]:
        """Yield every file below a folder, in no order. Raises StoreError."""
        with _explained():
            async for batch in self._backend.list(prefix):
                for one in batch:
                    yield Stored(one["path"], one["size"], one["last_modified"])


def open_store(place: str) -> ObjectFiles:
    """Open a folder, made where it is missing, or what a URL such as `s3://bucket/folder` names.

    Keys and endpoint of a bucket come from the environment (`AWS_*`). Raises ConfigurationError.
    """
    try:
        if "://" in place:
            return ObjectFiles(from_url(place))
        folder = Path(place).absolute()
        return ObjectFiles(LocalStore(folder, mkdir=True, automatic_cleanup=True))
    except (BaseError, OSError, ValueError) as error:
        raise ConfigurationError(setting="media_url", reason=_first_line(error)) from error


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except (BaseError, OSError, ValueError) as error:
        raise StoreError(reason=_first_line(error)) from error


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
