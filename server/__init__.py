"""A Fettle node."""

from importlib.metadata import version

VERSION = version("fettle-hub")
