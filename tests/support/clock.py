"""A clock that stands still until a test moves it."""

from datetime import UTC, datetime, timedelta


class MovableClock:
    """Begins on 1 March 2027, at nine."""

    def __init__(self) -> None:
        self._now = datetime(2027, 3, 1, 9, tzinfo=UTC)

    def now(self) -> datetime:
        return self._now

    def move(self, by: timedelta) -> None:
        """Move on, or back."""
        self._now += by
