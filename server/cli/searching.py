"""What can be found: index."""

from server.cli.app import Json, answer, command, opened
from server.search import service as search


@command("index")
async def index(as_json: Json = False) -> None:
    """Have everything known be gone over, so that it can be found by its words."""
    async with opened() as node:
        known = await search.known()
        await search.go_over(house=node.house)
    said = f"{known:,} things can be found. Everything is being gone over, a hundred at a time."
    answer(said, {"known": known}, as_json=as_json)
