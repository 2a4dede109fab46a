"""The table of the hub's settings: one row."""

from tortoise import fields

from server.db import Model


class HubSettings(Model):
    """What the hub says and how it looks. Its id is 1; the row is made at the first start."""

    id = fields.IntField(primary_key=True)
    address = fields.CharField(max_length=255)
    """The public origin that this database belongs to: every id in it begins so."""
    setup_nonce = fields.CharField(max_length=64)
    """What the link for the set-up is made from, with the node's key; the link itself is nowhere
    stored.
    """
    set_up_at = fields.DatetimeField(null=True)
    name = fields.CharField(max_length=80, default="")
    tagline = fields.CharField(max_length=140, default="")
    words = fields.TextField(default="")
    """The welcome, Markdown."""
    footer = fields.CharField(max_length=400, default="")
    """Who looks after the hub."""
    crisis = fields.TextField(default="")
    """Where to turn in danger, Markdown. While it is empty, nothing is shown."""
    shows_neighbours = fields.BooleanField(default=True)
    """Whether other hubs are told whom this one follows and knows."""
    colour_hub = fields.CharField(max_length=7, default="")
    colour_hub_2 = fields.CharField(max_length=7, default="")
    """`#rrggbb`; empty for the usual ones."""
    logo_id = fields.BigIntField(null=True)
    """media.Picture"""
    logo_url = fields.CharField(max_length=255, null=True)
    """A path of this node."""
    contact = fields.CharField(max_length=254, default="")
    """An e-mail address that anybody may read."""
    about = fields.TextField(default="")
    privacy = fields.TextField(default="")
    rules = fields.TextField(default="")
    accessibility = fields.TextField(default="")
    contact_words = fields.TextField(default="")
    """Markdown; empty where the hub keeps to what comes with Fettle."""

    class Meta:
        """The one row."""

        table = "hub_settings"
