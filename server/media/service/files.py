"""What both kinds of pictures do with bytes: cleaning, writing, removing."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from server import jobs
from server.house import House
from server.media import images
from server.media.rules import EXTENSIONS, Cleaned, shard

REMOVE = "media.remove"
"""The kind of the job that removes the files of a key."""
# Threads, not processes: Pillow lets go of the interpreter's lock while it works, and a process
# would cost more memory at rest than the whole of Pillow does.
_DECODERS = ThreadPoolExecutor(2, thread_name_prefix="pictures")


async def cleaned(data: bytes, *, sharp: bool = False) -> Cleaned:
    """Make a picture anew outside the event loop, two at a time. Raises what `images.cleaned`
    raises.
    """
    make = partial(images.cleaned, data, sharp=sharp)
    return await asyncio.get_running_loop().run_in_executor(_DECODERS, make)


def new_key(house: House) -> str:
    """Return a key that nobody can guess: 40 hexadecimal digits."""
    return f"{house.random.getrandbits(160):040x}"


async def write(folder: str, key: str, made: Cleaned, *, house: House) -> None:
    """Write every size. Raises StoreError; what was written until then is swept as an orphan."""
    extension = EXTENSIONS[made.media_type]
    for size, data in made.files.items():
        await house.store.put(f"{folder}/{shard(key)}/{size}.{extension}", data)


async def remove(folder: str, key: str, *, house: House) -> None:
    """Remove every file of a key; doing it twice is harmless. Raises StoreError."""
    paths = [found.path async for found in house.store.listed(f"{folder}/{shard(key)}")]
    for path in paths:
        await house.store.delete(path)


async def remove_later(folder: str, key: str, *, house: House) -> None:
    """Have the files of a key removed once the caller's transaction commits."""
    await jobs.enqueue(REMOVE, {"folder": folder, "key": key}, house=house)
