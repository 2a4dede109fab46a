"""What every table is made of."""

from typing import Any

from tortoise.models import Model as Row
from tortoise.models import ModelMeta


class _Terse(ModelMeta):
    """Tells Tortoise not to look for column comments (`#:`): to find them it reads and parses the
    module's source once for each table, a seventh of what starting costs.
    """

    def __new__(cls, name: str, bases: tuple[type, ...], attrs: dict[str, Any]) -> type:
        return super().__new__(cls, name, bases, attrs | {"_no_comments": True})


class Model(Row, metaclass=_Terse):
    """A table of ours."""

    class Meta:
        """No table itself."""

        abstract = True
