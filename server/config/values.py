"""What a setting can be: networks, files, addresses; each says why it is not right."""

import re
import stat
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import NoDecode

OTHERS = stat.S_IRWXG | stat.S_IRWXO
MOUNTED = Path("/run/secrets")
"""Where a container finds its secrets. Who may read them there says nothing: nobody else is in it,
and outside the folder that they come from has to be closed.
"""
EMAIL = re.compile(r"[^@\s<>,;]{1,64}@[^@\s<>,;]{1,255}")
MEDIA_STORE = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:/\S*)?")


def _split(value: object) -> object:
    if not isinstance(value, str):
        return value
    return [part.strip() for part in value.split(",") if part.strip()]


def _require(condition: object, message: str) -> None:
    if not condition:
        raise ValueError(message)


def _existing(path: Path) -> Path:
    _require(path.is_file(), f"there is no file {path}")
    return path


def private(path: Path) -> Path:
    """Return a file that nobody but its owner may read. Raises ValueError for another."""
    closed = not _existing(path).stat().st_mode & OTHERS
    _require(
        closed or path.is_relative_to(MOUNTED), f"others may read {path}; run: chmod 600 {path}"
    )
    return path


def _email(text: str) -> str:
    _require(EMAIL.fullmatch(text), "it is no e-mail address")
    return text


def media_place(text: str) -> str:
    """Return where pictures are kept. Raises ValueError for what is no place."""
    is_folder = "://" not in text
    _require(is_folder or MEDIA_STORE.fullmatch(text), "it is neither a folder nor s3://bucket/...")
    return text


Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(_split)]
ExistingFile = Annotated[Path, AfterValidator(_existing)]
PrivateFile = Annotated[Path, AfterValidator(private)]
Port = Annotated[int, Field(ge=1, le=65535)]
Email = Annotated[str, AfterValidator(_email)]
