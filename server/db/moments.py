"""Moments in raw SQL: SQLite keeps them as text that sorts, PostgreSQL as timestamps."""

from datetime import UTC, date, datetime

from server.db.database import dialect


def moment(value: datetime) -> object:
    """Return an aware moment as the engine compares it."""
    return value if dialect() == "postgres" else value.astimezone(UTC).isoformat(" ")


def as_moment(value: object) -> datetime:
    """Return what the engine gave for a moment as an aware one in UTC."""
    found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def as_day(value: object) -> date:
    """Return what the engine gave for a day."""
    return value if isinstance(value, date) else date.fromisoformat(str(value))
