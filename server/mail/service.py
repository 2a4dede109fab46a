"""The way out of letters: a signed address that ends them, for whoever has the letter."""

from dataclasses import dataclass

from server import db
from server.house import House

PURPOSE = "way-out"


@dataclass(frozen=True, slots=True)
class Ended:
    """Somebody wants no more letters of a kind: whoever writes that kind sees to it, by the row
    that the letters are sent by.
    """

    kind: str
    row: int


def way_out(kind: str, row: int, *, house: House) -> str:
    """Return the address that ends letters of a kind that are sent by a row. It holds for ever: an
    old letter can be found too.
    """
    return house.uri(f"/letters/{kind}/{row}/{_tag(kind, row, house)}")


def is_way_out(kind: str, row: int, tag: str, *, house: House) -> bool:
    """Say whether we have made such an address."""
    return house.vault.same_tag(f"{kind}:{row}", tag, purpose=PURPOSE)


async def end(kind: str, row: int, *, house: House) -> None:
    """End letters of a kind; doing it twice is harmless."""
    async with db.transaction():
        await house.hooks.tell(Ended(kind, row), house)


def _tag(kind: str, row: int, house: House) -> str:
    return house.vault.tag(f"{kind}:{row}", purpose=PURPOSE)
