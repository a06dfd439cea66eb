"""What may be set, where is it read from, and which value holds?

A later source wins: defaults < TOML file < environment (`STORYCLUSTER__SECTION__KEY`) < flags.
An unknown name anywhere is an error that names it, never ignored.
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from storycluster.canonical import POLICIES
from storycluster.errors import FieldViolation, InvalidInput
from storycluster.settings import FeedSettings, FurnitureSettings, Limits, Settings
from storycluster_server.access import AccessConfig
from storycluster_server.addresses import is_loopback, split_address
from storycluster_server.webhooks.config import WebhooksConfig, masked_url

ENVIRONMENT_PREFIX = "STORYCLUSTER__"
_PASSWORD = re.compile(r"(?<=//)([^:/@]*):[^@]*@")


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class StoreConfig(_Section):
    """Where the articles are kept."""

    url: str = Field(default="storycluster-data", min_length=1)
    """A data folder, `sqlite:DIR`, or `memory:` (lost at exit)."""


class EncoderConfig(_Section):
    """Which model makes the embeddings."""

    name: str = Field(default="default", min_length=1)
    """`default`, or the name or folder of a sentence-transformers model."""


class DecisionConfig(_Section):
    """What decides whether an article belongs to a story."""

    model: str = ""
    """A model file that `storycluster calibrate` wrote for this encoder; empty: the shipped one."""


class ServerSection(_Section):
    """Where the server listens and how it stops."""

    listen: str = "127.0.0.1:7443"
    """HOST:PORT; port 0 takes a free one."""

    admin_listen: str = ""
    """HOST:PORT of the admin services; empty: not served; equal to `listen`: on the same port."""

    metrics_listen: str = ""
    """HOST:PORT of Prometheus metrics over HTTP; empty: not served."""

    allow_insecure_bind: bool = False
    """Whether an address that other machines reach may be used; there is no encryption yet."""

    reflection: bool = False
    """Whether the services can be listed by generic clients."""

    max_message_bytes: int = Field(default=8 * 1024 * 1024, ge=64 * 1024, le=256 * 1024 * 1024)
    """Bytes of one message, either way."""

    max_import_bytes: int = Field(default=16 * 1024**3, ge=1024)
    """Bytes of an exported collection that is imported, at most; it waits in a temporary file."""

    watch_heartbeat_s: float = Field(default=15.0, gt=0.0, le=3600.0)
    """Seconds without an event after which a watcher of the feed is told how far it has come."""

    release_every_s: float = Field(default=1.0, gt=0.0, le=60.0)
    """Seconds after its minute at most until an embargoed article is public, where nothing else is
    written; asking costs a tenth of a millisecond."""

    drain_grace_s: float = Field(default=25.0, ge=0.0, le=600.0)
    """Seconds that accepted work has to finish after SIGTERM."""

    max_connection_age_s: float = Field(default=0.0, ge=0.0)
    """Seconds after which a connection is renewed; 0: never. For use behind a balancer."""

    @field_validator("listen", "admin_listen", "metrics_listen")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if value:
            split_address(value)
        return value


class IngestConfig(_Section):
    """How articles wait and are worked on."""

    encode_batch: int = Field(default=32, ge=1, le=1024)
    """Articles prepared together at most."""

    workers: int = Field(default=1, ge=1, le=64)
    """Threads that prepare articles. The encoder serves one at a time."""

    queue_articles: int = Field(default=4096, ge=1)
    """Articles accepted and not answered yet, at most."""

    queue_bytes: int = Field(default=64 * 1024 * 1024, ge=1024)
    """Bytes of their texts, at most."""

    collection_share: float = Field(default=0.5, gt=0.0, le=1.0)
    """Share of the queue, of ingest calls and of streams that one collection may hold where no
    other holds any. What it leaves is for others: two that flood hold a third each, N hold
    1 / (N + 1) each, and as much stays free. 1: one may hold everything."""

    bulk_share: float = Field(default=0.25, ge=0.0, lt=1.0)
    """Share of the work kept for batches and streams while single articles wait."""

    stream_window: int = Field(default=8, ge=1, le=1024)
    """Batches of one stream unanswered at once, at most."""


class ReadConfig(_Section):
    """How reads are run."""

    threads: int = Field(default=4, ge=1, le=64)
    """Threads for reads of the store and comparisons."""


class ReclusterConfig(_Section):
    """How whole collections are looked at again."""

    rest: float = Field(default=0.5, ge=0.0, le=0.95)
    """Share of time that a running job sleeps, so that calls are answered meanwhile."""

    retention_days: float = Field(default=90.0, ge=0.0, le=36_500.0)
    """Days for which a job is kept after it ended or was promoted, with its plan; 0: until its
    collection is deleted. What a promote changed stays in the audit."""


class AdmissionConfig(_Section):
    """Calls of one class at once, at most; more are refused with a time to come back."""

    ingest: int = Field(default=256, ge=1)
    """Unary ingest, match and search calls."""

    stream: int = Field(default=64, ge=1)
    """Open ingest streams."""

    read: int = Field(default=256, ge=1)
    """Reads and comparisons."""

    edit: int = Field(default=32, ge=1)
    """Withdrawals, erasures and an editor's acts."""

    watch: int = Field(default=64, ge=1)
    """Open watches of the change feed."""

    admin: int = Field(default=8, ge=1)
    """Admin calls."""


class LogConfig(_Section):
    """What is written to stderr."""

    format: Literal["json", "text"] = "json"
    level: Literal["debug", "info", "warning", "error"] = "info"
    access: bool = True
    """Whether each call has a line."""


class EngineConfig(_Section):
    """Engine settings that a server may choose; the rest are the measured ones."""

    canonical_policy: str = Settings().canonical_policy
    """How the article that stands for a story is chosen."""

    canonical_margin: float = Field(default=Settings().canonical_margin, ge=0.0, le=1.0)
    """How much better another article must be, as a share of its score, to take its place."""

    source_rank: tuple[str, ...] = Settings().source_rank
    """Sources, best first, for the policy `source_rank`; commas between them in flags."""

    text_bytes: int = Field(default=Limits().text_bytes, ge=1)
    """UTF-8 bytes of one text, at most."""

    batch_articles: int = Field(default=Limits().batch_articles, ge=1, le=10_000)
    """Articles in one request or batch of a stream, at most."""

    page_size: int = Field(default=Limits().page_size, ge=1, le=10_000)
    """Entries on one page of a list, at most."""

    learned_furniture: bool = FurnitureSettings().learned
    """Whether lines that recur in a source's articles are masked; off: only what the rules know."""

    @field_validator("source_rank", mode="before")
    @classmethod
    def _between_commas(cls, value: Any) -> Any:
        return [one.strip() for one in value.split(",")] if isinstance(value, str) else value

    @field_validator("canonical_policy")
    @classmethod
    def _is_policy(cls, value: str) -> str:
        if value not in POLICIES:
            raise ValueError(f"is none of {', '.join(sorted(POLICIES))}")
        return value


class FeedConfig(_Section):
    """How far back the change feed can be read."""

    retention_days: float = Field(default=FeedSettings().retention_days, ge=0.0, le=36_500.0)
    """Days for which an event can be read; 0: for ever. Later a reader is told `FEED_EXPIRED`; the
    audit goes on holding it."""


class ServerConfig(BaseSettings):
    """Everything a server can be told. Made by `load_config`, which reads all sources."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True)

    store: StoreConfig = StoreConfig()
    encoder: EncoderConfig = EncoderConfig()
    decision: DecisionConfig = DecisionConfig()
    server: ServerSection = ServerSection()
    ingest: IngestConfig = IngestConfig()
    read: ReadConfig = ReadConfig()
    admission: AdmissionConfig = AdmissionConfig()
    log: LogConfig = LogConfig()
    engine: EngineConfig = EngineConfig()
    feed: FeedConfig = FeedConfig()
    webhooks: WebhooksConfig = WebhooksConfig()
    access: AccessConfig = AccessConfig()
    recluster: ReclusterConfig = ReclusterConfig()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - pydantic's signature
        init_settings: PydanticBaseSettingsSource,
        *args: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic's signature
        **kwargs: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic's signature
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What `load_config` merged; pydantic's own source passes over unknown names."""
        return (init_settings,)

    def engine_settings(self) -> Settings:
        """The engine's settings: the defaults with what section `engine` overrides."""
        base = Settings()
        limits = dataclasses.replace(
            base.limits,
            text_bytes=self.engine.text_bytes,
            batch_articles=self.engine.batch_articles,
            page_size=self.engine.page_size,
        )
        furniture = dataclasses.replace(base.furniture, learned=self.engine.learned_furniture)
        return dataclasses.replace(
            base,
            limits=limits,
            furniture=furniture,
            feed=FeedSettings(self.feed.retention_days),
            canonical_policy=self.engine.canonical_policy,
            canonical_margin=self.engine.canonical_margin,
            source_rank=self.engine.source_rank,
        )

    def shown(self) -> dict[str, dict[str, Any]]:
        """The effective values by section and key; passwords, and URLs that may be one, masked."""
        plain: dict[str, dict[str, Any]] = self.model_dump(mode="json")
        plain["store"]["url"] = _PASSWORD.sub(r"\1:***@", self.store.url)
        for receiver in plain["webhooks"]["receivers"]:
            receiver["url"] = masked_url(receiver["url"])
        for key in plain["access"]["keys"]:
            key["sha256"] = "***"
        return plain

    def as_toml(self) -> str:
        """The effective values as a configuration file, passwords masked."""
        lines: list[str] = []
        for section, values in self.shown().items():
            lines += [f"[{section}]", *(f"{k} = {_toml(v)}" for k, v in values.items()), ""]
        return "\n".join(lines)

    def addresses(self) -> dict[str, str]:
        """The addresses in use, by key of section `server`."""
        keys = ("listen", "admin_listen", "metrics_listen")
        named = {key: getattr(self.server, key) for key in keys}
        return {key: value for key, value in named.items() if value}

    def check_bind(self) -> None:
        """Raise InvalidInput for an address that other machines reach, unless that is allowed."""
        if self.server.allow_insecure_bind:
            return
        for key, address in self.addresses().items():
            if not is_loopback(split_address(address)[0]):
                raise InvalidInput.of(
                    f"server.{key}",
                    f"{address} can be reached from other machines, without encryption or access "
                    "control; use a loopback address or set server.allow_insecure_bind",
                )


def load_config(
    *,
    file: str | Path | None = None,
    flags: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
) -> ServerConfig:
    """The effective configuration.

    `flags` is {section: {key: value}} or {"section.key": value}; values may be strings.
    `environment` is os.environ where not given. Raises InvalidInput that names each unknown or
    wrong key and the source it came from.
    """
    read = {
        "file": _from_file(file),
        "environment": _from_environment(os.environ if environment is None else environment),
        "flags": _from_flags(flags or {}),
    }
    merged: dict[str, Any] = {}
    origin: dict[tuple[str, ...], str] = {}
    for source, sections in read.items():
        for section, values in sections.items():
            if not isinstance(values, Mapping):
                raise InvalidInput.of(section, f"is a section, not a value ({source})")
            for key, value in values.items():
                merged.setdefault(section, {})[key] = value
                origin[(section, key)] = source
    try:
        return ServerConfig(**merged)
    except ValidationError as error:
        raise InvalidInput(violations=_violations(error, origin)) from None


def _from_file(file: str | Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    try:
        return tomllib.loads(Path(file).read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidInput.of("config", f"cannot read {file}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput.of("config", f"{file} is not TOML: {error}") from None


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in sorted(environment.items()):
        if not name.startswith(ENVIRONMENT_PREFIX):
            continue
        section, separator, key = name.removeprefix(ENVIRONMENT_PREFIX).lower().partition("__")
        if not separator or not key:
            raise InvalidInput.of(name, f"is not {ENVIRONMENT_PREFIX}SECTION__KEY")
        found.setdefault(section, {})[key] = value
    return found


def _from_flags(flags: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in flags.items():
        section, separator, key = name.partition(".")
        if not separator:
            if not isinstance(value, Mapping):
                raise InvalidInput.of(name, "is not SECTION.KEY")
            found.setdefault(section, {}).update(value)
        elif value is not None:
            found.setdefault(section, {})[key] = value
    return found


def _violations(
    error: ValidationError, origin: Mapping[tuple[str, ...], str]
) -> list[FieldViolation]:
    told = []
    for one in error.errors():
        path = tuple(str(part) for part in one["loc"])
        known = {source for place, source in origin.items() if place[: len(path[:2])] == path[:2]}
        what = (
            "unknown key"
            if one["type"] == "extra_forbidden"
            else str(one["msg"]).removeprefix("Value error, ")
        )
        where = f" ({', '.join(sorted(known))})" if known else ""
        told.append(FieldViolation(".".join(path), what + where))
    return told


def _toml(value: Any) -> str:
    """A value as TOML; JSON's strings, numbers and booleans are TOML too."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key} = {_toml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value)
