"""What is to happen once a transaction has committed, and only then."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Afterwards:
    """Shared by a transaction and the savepoints in it."""

    calls: dict[Hashable, Callable[[], None]] = field(default_factory=dict)
    """By what each is about, so that it is done once."""
    told: set[str] = field(default_factory=set)
    """What the database was asked to notify: it does so once, unless a savepoint is rolled back."""

    def run(self) -> None:
        """Do what waited for the commit."""
        for call in self.calls.values():
            call()
