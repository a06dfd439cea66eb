"""Where is the server, as whom do we call it, and over what kind of channel?"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import grpc

from storycluster.client.retry import RetryPolicy
from storycluster.domain import DEFAULT_COLLECTION
from storycluster.errors import InvalidInput

SERVER_VARIABLE = "STORYCLUSTER_SERVER"
COLLECTION_VARIABLE = "STORYCLUSTER_COLLECTION"
TOKEN_VARIABLE = "STORYCLUSTER_TOKEN"

CHANNEL_OPTIONS: tuple[tuple[str, int | str], ...] = (
    # Our server refuses pings more often than every 30 s, others more often than every 5 minutes;
    # and without a call under way a ping keeps nothing alive that is needed.
    ("grpc.keepalive_time_ms", 60_000),
    ("grpc.keepalive_timeout_ms", 20_000),
    ("grpc.keepalive_permit_without_calls", 0),
    # The channel's own retry passes over requests above 256 KiB and stops at 5 attempts, silently.
    ("grpc.enable_retries", 0),
    # Between attempts the channel answers from memory: by default for 1 s, then up to 120 s.
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 2_000),
    # Channels of one process share connections otherwise, and with them each other's backoff.
    ("grpc.use_local_subchannel_pool", 1),
    # Requests keep to the server's limit; its answers with texts of 128 articles may be larger.
    ("grpc.max_send_message_length", -1),
    ("grpc.max_receive_message_length", 64 * 1024 * 1024),
)


@dataclass(frozen=True, slots=True)
class TLSConfig:
    """How the connection is encrypted. Certificates and keys are PEM bytes."""

    root_certificates: bytes | None = None
    """Whom to trust; None: gRPC's built-in roots."""

    client_certificate: bytes | None = None
    """Our own chain, where the server asks for one; with `client_key`."""

    client_key: bytes | None = None
    """Its private key."""

    server_name: str = ""
    """Name to expect in the server's certificate; "": the host of the target."""


@dataclass(frozen=True, slots=True)
class ClientConfig:
    """What both clients are made from, checked on creation. Opens nothing."""

    target: str
    collection: str = DEFAULT_COLLECTION
    timeout: float = 30.0
    retry: RetryPolicy | None = None
    token: str | None = None
    tls: TLSConfig | None = None
    allow_insecure_token: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.target, str) or not self.target.strip():
            raise InvalidInput.of("target", "must be HOST:PORT")
        if "://" in self.target and not self.target.startswith(("dns://", "unix://", "xds://")):
            raise InvalidInput.of("target", f"{self.target!r} is a URL; give HOST:PORT")
        check_timeout(self.timeout)
        if not self.collection:
            raise InvalidInput.of("collection", "must not be empty")
        if self.token is not None and (
            not self.token or not self.token.isascii() or not self.token.isprintable()
        ):
            # never with the token's text
            raise InvalidInput.of("token", "must be printable ASCII and not empty")
        if self.token is not None and self.tls is None and not self._token_is_safe():
            raise InvalidInput.of(
                "token",
                f"would travel unencrypted to {self.target}: give tls=TLSConfig(), or "
                "allow_insecure_token=True where the network is trusted",
            )

    def _token_is_safe(self) -> bool:
        return self.allow_insecure_token or is_loopback(self.target)

    def budget(self, timeout: float | None) -> float:
        """Seconds for a call that was given `timeout`; None: the client's own."""
        return self.timeout if timeout is None else check_timeout(timeout)

    def metadata(self) -> tuple[tuple[str, str], ...]:
        """What goes with every call."""
        return () if self.token is None else (("authorization", f"Bearer {self.token}"),)

    def options(self) -> tuple[tuple[str, Any], ...]:
        """The channel's options."""
        if self.tls is None or not self.tls.server_name:
            return CHANNEL_OPTIONS
        return (*CHANNEL_OPTIONS, ("grpc.ssl_target_name_override", self.tls.server_name))

    def credentials(self) -> Any:
        """The channel's credentials; None: plaintext."""
        if self.tls is None:
            return None
        return grpc.ssl_channel_credentials(
            self.tls.root_certificates, self.tls.client_key, self.tls.client_certificate
        )

    @classmethod
    def arguments_from(cls, environment: Mapping[str, str] | None = None) -> dict[str, str]:
        """`target`, `collection` and `token` from STORYCLUSTER_SERVER, STORYCLUSTER_COLLECTION and
        STORYCLUSTER_TOKEN; no token where that is empty or not set.

        InvalidInput names the variable where the server is not told.
        """
        read = os.environ if environment is None else environment
        target = read.get(SERVER_VARIABLE, "")
        if not target:
            raise InvalidInput.of(SERVER_VARIABLE, "is not set; give HOST:PORT of the server")
        token = read.get(TOKEN_VARIABLE, "")
        return {
            "target": target,
            "collection": read.get(COLLECTION_VARIABLE, "") or DEFAULT_COLLECTION,
            **({"token": token} if token else {}),
        }


def check_timeout(timeout: float) -> float:
    """`timeout` in seconds; InvalidInput unless above 0 and finite."""
    if isinstance(timeout, bool) or not isinstance(timeout, int | float):
        raise InvalidInput.of("timeout", f"must be a number of seconds, not {timeout!r}")
    if not 0 < timeout < float("inf"):
        raise InvalidInput.of("timeout", f"must be above 0 and finite, not {timeout!r}")
    return float(timeout)


def is_loopback(target: str) -> bool:
    """Whether only this machine answers at `target` (a gRPC target)."""
    if target.startswith("unix:"):
        return True
    place = target.removeprefix("dns:").lstrip("/") if target.startswith("dns:") else target
    place = place.rpartition("/")[2]
    for kind in ("ipv4:", "ipv6:"):
        place = place.removeprefix(kind)
    if place.startswith("["):
        host = place[1:].partition("]")[0]
    else:
        host = place.rpartition(":")[0] if place.count(":") == 1 else place
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
