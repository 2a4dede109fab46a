"""What is to happen once before a transaction commits, and once it has, and only then."""

from collections.abc import Awaitable, Callable, Collection, Hashable
from dataclasses import dataclass, field

Then = Callable[[Collection[Hashable]], Awaitable[None]]


@dataclass(slots=True)
class Afterwards:
    """Shared by a transaction and the savepoints in it."""

    calls: dict[Hashable, Callable[[], None]] = field(default_factory=dict)
    """By what each is about, so that it is done once."""
    told: set[str] = field(default_factory=set)
    """What the database was asked to notify: it does so once, unless a savepoint is rolled back."""
    gathered: dict[str, tuple[Then, dict[Hashable, None]]] = field(default_factory=dict)
    """By its topic, what is to be done at the end, and with what, in its order."""

    async def settle(self) -> None:
        """Do, inside the transaction, what was gathered for its end."""
        while self.gathered:
            then, items = self.gathered.pop(next(iter(self.gathered)))
            await then(items)

    def run(self) -> None:
        """Do what waited for the commit."""
        for call in self.calls.values():
            call()
