"""What kind of somebody it is, in plain words: by what its server runs and what it calls itself.
Pure.
"""

SOFTWARE = "fettle"
"""What the server of a hub runs."""
NAMES = {
    "fettle": "Fettle", "mastodon": "Mastodon", "lemmy": "Lemmy", "wordpress": "WordPress",
    "gotosocial": "GoToSocial", "pixelfed": "Pixelfed", "peertube": "PeerTube",
    "misskey": "Misskey", "pleroma": "Pleroma", "akkoma": "Akkoma", "bookwyrm": "BookWyrm",
    "friendica": "Friendica", "hubzilla": "Hubzilla", "mobilizon": "Mobilizon",
    "piefed": "PieFed", "mbin": "Mbin", "takahe": "Takahē", "ghost": "Ghost",
    "discourse": "Discourse", "nodebb": "NodeBB", "writefreely": "WriteFreely",
    "owncast": "Owncast", "funkwhale": "Funkwhale", "sharkey": "Sharkey", "snac": "snac",
}  # fmt: skip
"""How programs are written, by what they call themselves."""
KINDS = {
    "Person": "a person", "Group": "a group", "Organization": "an organisation",
    "Service": "an account that posts by itself", "Application": "a server, not somebody on it",
}  # fmt: skip
"""What an actor calls itself."""
SPECIAL = {
    ("fettle", "Organization"): "a hub",
    ("fettle", "Group"): "a topic, a place or an experiment of a hub",
    ("lemmy", "Group"): "a community",
    ("piefed", "Group"): "a community",
    ("mbin", "Group"): "a community",
    ("wordpress", "Person"): "somebody who writes on a blog",
    ("wordpress", "Group"): "a blog",
    ("wordpress", "Organization"): "a blog",
    ("wordpress", "Application"): "a blog",
    ("peertube", "Group"): "a channel with videos",
}
"""What some programs mean by it."""


def software_name(software: str | None) -> str:
    """Return how a program is written; empty where it is not known."""
    return NAMES.get(software, software) if software else ""


def kind_words(software: str | None, actor_type: str) -> str:
    """Return what kind of somebody it is: `a hub`, `a community`, `a person`."""
    special = SPECIAL.get((software or "", actor_type))
    return special or KINDS.get(actor_type, "somebody")
