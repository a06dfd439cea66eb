"""Who receives events by HTTP, and what may be said of how?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from storycluster.domain import DEFAULT_COLLECTION, EventKind
from storycluster.errors import InvalidInput
from storycluster_server.addresses import is_loopback

SECRET_BYTES = 16
"""A shorter secret could be guessed."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Receiver(_Strict):
    """One receiver of events: a table for each."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=64)
    """What it is called in requests and logs. Its place in the feed is kept under this name."""

    url: str
    """Where requests go: `https://`, or `http://` on this machine."""

    collection: str = Field(default=DEFAULT_COLLECTION, min_length=1)
    """Whose events are sent."""

    kinds: tuple[EventKind, ...] = ()
    """Kinds of events that are sent; empty: all."""

    secret_file: str = ""
    """File that holds the secret requests are signed with; white space around it is left out."""

    secret_env: str = ""
    """Or the environment variable that holds it; one of the two."""

    @field_validator("url")
    @classmethod
    def _is_url(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("is not an https:// or http:// URL")
        if not value.isascii() or not value.isprintable() or " " in value or parts.fragment:
            raise ValueError("holds characters that a URL of a request cannot have")
        if parts.username is not None:
            raise ValueError("must not hold a user name or password; requests are signed")
        if parts.port == 0:  # reading it raises ValueError where it is no port at all
            raise ValueError("has no port that can be reached")
        return value

    @model_validator(mode="after")
    def _has_one_secret(self) -> Self:
        if bool(self.secret_file) == bool(self.secret_env):
            raise ValueError("needs one of secret_file and secret_env")
        return self


class WebhooksConfig(_Strict):
    """Who receives the events of a collection by HTTP, and how patiently it is tried again."""

    receivers: tuple[Receiver, ...] = ()
    """Tables `[[webhooks.receivers]]`, or their JSON; see below."""

    allow_http: bool = False
    """Whether receivers on other machines may be sent events without encryption."""

    max_events: int = Field(default=100, ge=1, le=10_000)
    """Events in one request, at most."""

    timeout_s: float = Field(default=10.0, gt=0.0, le=300.0)
    """Seconds from the connection to the head of the answer, at most."""

    max_attempts: int = Field(default=50, ge=1)
    """Attempts for one request; then it goes to the dead letters."""

    max_age_s: float = Field(default=86_400.0, gt=0.0)
    """Seconds from the first attempt after which there is no further one."""

    initial_backoff_s: float = Field(default=1.0, gt=0.0)
    """Longest pause before the second attempt, doubled for each further; drawn evenly from 0 on."""

    max_backoff_s: float = Field(default=600.0, gt=0.0)
    """Longest pause, however many attempts."""

    stop_grace_s: float = Field(default=2.0, ge=0.0, le=60.0)
    """Seconds that an attempt under way has to finish when the server stops."""

    @field_validator("receivers", mode="before")
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
        names = [one.name for one in self.receivers]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"receivers: two are called {', '.join(twice)}")
        readable = [one.name for one in self.receivers if _is_readable_on_the_way(one.url)]
        if readable and not self.allow_http:
            raise ValueError(
                f"receivers: {', '.join(readable)}: http:// to another machine is readable on "
                "the way; use https:// or set webhooks.allow_http"
            )
        return self


def masked_url(url: str) -> str:
    """The URL without path and query, for those who read logs: knowing them may be enough to
    write to the receiver."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/***"


def read_secrets(config: WebhooksConfig, environment: Mapping[str, str]) -> dict[str, bytes]:
    """{receiver: its secret}. InvalidInput names the receiver whose secret is not to be had."""
    return {one.name: _read_secret(one, environment) for one in config.receivers}


def _read_secret(receiver: Receiver, environment: Mapping[str, str]) -> bytes:
    where = f"webhooks.receivers.{receiver.name}"
    if receiver.secret_env:
        where, source = f"{where}.secret_env", receiver.secret_env
        secret = environment.get(receiver.secret_env, "").strip().encode()
    else:
        where, source = f"{where}.secret_file", receiver.secret_file
        try:
            secret = Path(receiver.secret_file).read_bytes().strip()
        except OSError as error:
            raise InvalidInput.of(where, f"cannot read {source}: {error.strerror}") from None
    if len(secret) < SECRET_BYTES:
        raise InvalidInput.of(where, f"{source} holds no secret of {SECRET_BYTES} bytes or more")
    return secret


def _is_readable_on_the_way(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "http" and not is_loopback(parts.hostname or "")
