"""Settings: what they are, where they come from, what is refused."""

from server.config.settings import (
    FILE_VARIABLE,
    PREFIX,
    SECRETS,
    Config,
    is_loopback,
    load,
    normalised_address,
    settings_file,
)
from server.config.telling import Setting, describe

__all__ = [
    "FILE_VARIABLE",
    "PREFIX",
    "SECRETS",
    "Config",
    "Setting",
    "describe",
    "is_loopback",
    "load",
    "normalised_address",
    "settings_file",
]
