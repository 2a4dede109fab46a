"""A process that does what it is asked: each line of JSON names a method and what it takes."""

import asyncio
import sys

import orjson


async def answer_lines(measured: object) -> None:
    """Call public methods of `measured` as each line asks, print what they return, until the input
    ends.
    """
    reader = asyncio.StreamReader(limit=64 * 1024 * 1024)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin.buffer)
    while line := await reader.readline():
        asked = orjson.loads(line)
        said = await getattr(measured, asked.pop("do"))(**asked)
        sys.stdout.buffer.write(orjson.dumps(said) + b"\n")
        sys.stdout.buffer.flush()
