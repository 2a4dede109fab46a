"""The tables of pictures."""

from tortoise import fields
from tortoise.models import Model


class Picture(Model):
    """A picture that somebody here put up: decoded, cleaned and made into sizes before the row exists."""

    id = fields.BigIntField(primary_key=True)
    key = fields.CharField(max_length=64, unique=True)
    """Unguessable; the files are under it in the store."""
    owner_id = fields.BigIntField(null=True, db_index=True)
    """The person (people.Person) who put it up; null for the hub's own."""
    media_type = fields.CharField(max_length=64)
    width = fields.IntField()
    height = fields.IntField()
    blurhash = fields.CharField(max_length=128)
    size_bytes = fields.BigIntField()
    created_at = fields.DatetimeField()

    class Meta:
        """Pictures that nothing shows are swept a day after they came."""

        table = "pictures"
        indexes = (("created_at",),)


class RemotePicture(Model):
    """Our copy of a picture from elsewhere: fetched when it was first looked at, dropped when disk is short."""

    id = fields.BigIntField(primary_key=True)
    url_hash = fields.CharField(max_length=64, unique=True)
    url = fields.CharField(max_length=2048)
    key = fields.CharField(max_length=64, null=True)
    media_type = fields.CharField(max_length=64, null=True)
    size_bytes = fields.BigIntField(default=0)
    failed = fields.BooleanField(default=False)
    fetched_at = fields.DatetimeField()
    used_at = fields.DatetimeField()

    class Meta:
        """The least recently used go first."""

        table = "remote_pictures"
        indexes = (("used_at",),)
