"""Who calls, and what may he beside what everybody may?

A caller names himself by a key in the metadata of a call, `authorization: Bearer KEY`. Without one
he has the rights of everybody. The server keeps digests of the keys alone.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from storycluster.domain import PUBLIC, Rights
from storycluster.errors import Unauthenticated

AUTHORIZATION = "authorization"
_SCHEME = "bearer"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AccessKey(_Strict):
    """One key: a table for each."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=64)
    """Whose it is."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    """SHA-256 of the key, in hex. The key itself is random, 16 bytes or more."""

    rights: tuple[Literal["embargo"], ...] = ()
    """`embargo`: see articles before their minute, and speak for them."""


class AccessConfig(_Strict):
    """Who has which rights."""

    keys: tuple[AccessKey, ...] = ()
    """Tables `[[access.keys]]`, or their JSON; see below."""

    @field_validator("keys", mode="before")
    @classmethod
    def _as_json(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except json.JSONDecodeError:
            raise ValueError("is neither tables nor the JSON of a list") from None

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        for what in ("name", "sha256"):
            values = [getattr(one, what) for one in self.keys]
            if len(set(values)) < len(values):
                raise ValueError(f"keys: two have the same {what}")
        return self


class Keys:
    """The keys of a server."""

    def __init__(self, config: AccessConfig) -> None:
        self._known = [
            (bytes.fromhex(one.sha256), Rights(embargo="embargo" in one.rights))
            for one in config.keys
        ]

    def rights(self, metadata: Iterable[tuple[str, str | bytes]] | None) -> Rights:
        """What a caller may. Unauthenticated for a key that is not known, or is none.

        Every key is compared, each in constant time: how long it takes tells nothing of them.
        """
        sent = [value for key, value in metadata or () if key == AUTHORIZATION]
        if not sent:
            return PUBLIC
        scheme, _, key = str(sent[0]).partition(" ")
        if len(sent) > 1 or scheme.lower() != _SCHEME or not key.strip():
            raise Unauthenticated("authorization must be: Bearer KEY")
        digest = hashlib.sha256(key.strip().encode()).digest()
        found = [rights for known, rights in self._known if hmac.compare_digest(known, digest)]
        if not found:
            raise Unauthenticated("the key is not known")
        return found[0]
