"""Every setting as the documentation tells it."""

from dataclasses import dataclass

from pydantic import ByteSize
from pydantic.fields import FieldInfo

from server.config.settings import PREFIX, Config


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A setting as the documentation tells it."""

    name: str
    """As in the TOML file."""
    variable: str
    """As in the environment."""
    type: str
    default: str | None
    """None where it has to be given; empty where it is unset, or depends on others."""
    description: str


def describe() -> list[Setting]:
    """Return every setting, in the order in which they are documented."""
    return [
        Setting(
            name=name,
            variable=(PREFIX + name).upper(),
            type=_type_of(field),
            default=_default_of(field),
            description=field.description or "",
        )
        for name, field in Config.model_fields.items()
    ]


def _type_of(field: FieldInfo) -> str:
    choices = getattr(field.annotation, "__args__", ())
    if choices and all(isinstance(choice, str) for choice in choices):
        return " or ".join(f"`{choice}`" for choice in choices)
    text = str(field.annotation)
    named = {"Network": "networks", "Path": "path", "bool": "true or false", "ByteSize": "bytes"}
    found = [plain for part, plain in named.items() if part in text]
    return found[0] if found else ("number" if "int" in text else "text")


def _default_of(field: FieldInfo) -> str | None:
    if field.is_required():
        return None
    default = field.default
    if isinstance(default, ByteSize):
        return default.human_readable()
    if isinstance(default, tuple):
        return ", ".join(str(one) for one in default)
    unset = default is None or field.default_factory is not None
    return "" if unset else str(default).lower() if isinstance(default, bool) else str(default)
