"""The certificates of those whose signatures are trusted: our own signers and foreign ones."""

from datetime import datetime

from peewee import BooleanField, DateTimeField, JSONField, ModelSelect, TextField

from app.db import BaseModel


class Signer(BaseModel):
    """A document signer's certificate (DSC). Its presence here, undistrusted, is what makes a
    signature count (eu-dcc-hcert-spec: the list, not CRLs).

    `kid`: the first 8 bytes of SHA-256 of the DER, 16 hexadecimal digits; two signers may share
    it. `certificate`: the DER in base64. `usages`: what it may sign, of "t", "v", "r"; empty: all.
    `own`: this service signed with it. `source`: the file it was imported from.
    """

    kid = TextField(index=True)
    digest = TextField(unique=True)
    country = TextField()
    certificate = TextField()
    usages = JSONField(default=list)
    not_before = DateTimeField()
    not_after = DateTimeField()
    own = BooleanField(default=False)
    source = TextField(default="")
    added_at = DateTimeField()
    distrusted_at = DateTimeField(null=True)
    distrusted_why = TextField(default="")

    @classmethod
    def lost(cls) -> "ModelSelect[Signer]":
        """Ours that must not sign any more."""
        return cls.select().where(cls.own, cls.distrusted_at.is_null(False))

    @classmethod
    def trusted(cls, at: datetime) -> "ModelSelect[Signer]":
        """Those who are on the list at a moment."""
        on_list = cls.distrusted_at.is_null(), cls.not_after > at
        return cls.select().where(*on_list).order_by(cls.country, cls.kid, cls.digest)
