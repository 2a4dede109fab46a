"""What a form sent, before any form has looked at it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as it came. Nothing about it is to be trusted, its type and name least of all."""

    filename: str
    content_type: str
    data: bytes
    too_large: bool = False
    """It went over the route's limit and was not kept: `data` is empty."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The fields and files of one body, in the order they came."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, list[Upload]] = field(default_factory=dict)

    def one(self, name: str) -> str | None:
        """Return the last value of a field, None where it was not sent."""
        values = self.fields.get(name)
        return values[-1] if values else None
