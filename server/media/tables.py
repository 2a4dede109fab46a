"""The tables of pictures."""

from datetime import datetime

from tortoise import fields

from server.db import Model
from server.media.rules import EXTENSIONS, Size, shard


class Picture(Model):
    """A picture that somebody here put up: decoded, cleaned and made into sizes before the row
    exists.
    """

    id = fields.BigIntField(primary_key=True)
    key = fields.CharField(max_length=64, unique=True)
    """Unguessable; the files are under it in the store."""
    owner_id = fields.BigIntField(null=True, db_index=True)
    """The person (people.Person) who put it up; null for the hub's own."""
    open_to_all = fields.BooleanField(default=False)
    """An avatar or a logo: anybody may see it, and it stays until it is deleted."""
    media_type = fields.CharField(max_length=64)
    width = fields.IntField()
    height = fields.IntField()
    """Pixels of the large size."""
    blurhash = fields.CharField(max_length=128)
    size_bytes = fields.BigIntField()
    """All sizes together."""
    created_at = fields.DatetimeField()

    class Meta:
        """Pictures that nothing shows are swept a day after they came."""

        table = "pictures"
        indexes = (("created_at",),)

    def path(self, size: Size | str = Size.LARGE) -> str:
        """Return where a size is on this node, `/media/…`."""
        return f"/media/{self.key}/{Size(size)}.{EXTENSIONS[self.media_type]}"

    def file(self, size: Size) -> str:
        """Return where a size is in the store."""
        return f"pictures/{shard(self.key)}/{size}.{EXTENSIONS[self.media_type]}"


class RemotePicture(Model):
    """Our copy of a picture from elsewhere, fetched when it was first looked at and dropped when
    disk is short; or the memory of a failure.
    """

    id = fields.BigIntField(primary_key=True)
    url_hash = fields.CharField(max_length=64, unique=True)
    """SHA-256 of the URL, in hexadecimal."""
    url = fields.CharField(max_length=2048)
    key = fields.CharField(max_length=64, null=True)
    """The files are under it in the store; null where fetching failed."""
    media_type = fields.CharField(max_length=64, null=True)
    size_bytes = fields.BigIntField(default=0)
    failures = fields.IntField(default=0)
    """In a row."""
    retry_at: datetime | None = fields.DatetimeField(null=True)
    """Before then the URL is not asked again."""
    fetched_at = fields.DatetimeField()
    used_at = fields.DatetimeField()
    """To within an hour."""

    class Meta:
        """The least recently used go first."""

        table = "remote_pictures"
        indexes = (("used_at",),)

    def file(self, size: Size) -> str:
        """Return where a size is in the store; only for a copy that there is."""
        return f"remote/{shard(str(self.key))}/{size}.{EXTENSIONS[str(self.media_type)]}"
