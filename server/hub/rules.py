"""What a hub may be called, and the sections of its longer words. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum

NAME_LIMIT = 80
TAGLINE_LIMIT = 140
WORDS_LIMIT = 1_000
"""Characters of the welcome as written."""
CRISIS_LIMIT = 1_000
FOOTER_LIMIT = 400
PAGE_LIMIT = 20_000
"""Characters of one of the longer pages as written."""
DEFAULT_HANDLE = "hub"
HUB_PATH = "/hub"
NODE_PATH = "/actor"


class Page(StrEnum):
    """The pages that a hub writes about itself."""

    ABOUT = "about"
    PRIVACY = "privacy"
    RULES = "rules"
    ACCESSIBILITY = "accessibility"
    CONTACT = "contact"


TITLES = {
    Page.ABOUT: "About this hub",
    Page.PRIVACY: "Privacy",
    Page.RULES: "How we are with each other",
    Page.ACCESSIBILITY: "Accessibility",
    Page.CONTACT: "Contact",
}


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a longer page: `title` is empty before the first heading."""

    title: str
    text: str
    """Markdown."""


def sections(text: str) -> list[Section]:
    """Return the parts of a page at its headings (lines that begin with `#`), whatever their level.

    So that headings are real ones on the page, and never deeper than its outline.
    """
    found: list[Section] = []
    title, lines = "", list[str]()
    for line in text.splitlines():
        heading = re.fullmatch(r"#{1,6}[ \t]+(.*?)[ \t#]*", line)
        if heading is None:
            lines.append(line)
            continue
        _close(found, title, lines)
        title, lines = heading[1], []
    _close(found, title, lines)
    return found


def _close(found: list[Section], title: str, lines: list[str]) -> None:
    text = "\n".join(lines).strip()
    if title or text:
        found.append(Section(title, text))


def node_username(host: str) -> str:
    """Return what the node's own actor is called: its host without a port
    (`acct:hub.example@hub.example`).
    """
    return host.rpartition(":")[0] if re.search(r":\d+$", host) else host
