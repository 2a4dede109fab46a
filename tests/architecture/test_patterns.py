"""Regular expressions mean the same in every Python that Fettle runs on."""

import ast
import re

from tests.architecture.sources import PACKAGES, ROOT, modules

POSSESSIVE_GROUP = re.compile(r"\)(?:[*+?]|\{[0-9,]+\})\+")


def test_no_group_is_possessive() -> None:
    """Before 3.11.5 a group that gives nothing back matches wrongly (python/cpython#106052).

    Debian 12 has 3.11.2, where `127.0.0.1` was no host. Single characters, as `[a-z]*+`, are well.
    """
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.value}"
        for path in modules(*PACKAGES)
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and POSSESSIVE_GROUP.search(node.value)
    ]
    assert found == []
