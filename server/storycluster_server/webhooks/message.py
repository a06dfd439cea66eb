"""What is sent to a receiver, and how does he know that it is ours?

Pure. The signature is an HMAC-SHA256, with the secret of the receiver, of the time of the attempt
and the body: whoever lacks the secret can neither make nor alter a request, and an old one is told
by its time.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass

from storycluster.domain import Event
from storycluster.domain.shapes import event_shape

SIGNATURE = "X-Storycluster-Signature"
DELIVERY = "X-Storycluster-Delivery"
_ID_DIGITS = 32


@dataclass(frozen=True, slots=True)
class Delivery:
    """One request's worth of events: the same in every attempt."""

    delivery_id: str
    body: bytes
    events: int
    last_sequence: int


def make_delivery(
    webhook: str, collection: str, *, events: Sequence[Event], last_sequence: int
) -> Delivery:
    """The events in one body; `last_sequence` may lie behind them, over what was not asked for.

    The id is a digest of the body, so that the same request after a restart has the same one.
    """
    shape = {
        "collection": collection,
        "webhook": webhook,
        "events": [event_shape(one) for one in events],
        "last_sequence": last_sequence,
    }
    body = json.dumps(shape, ensure_ascii=False, separators=(",", ":")).encode()
    delivery_id = hashlib.sha256(body).hexdigest()[:_ID_DIGITS]
    return Delivery(delivery_id, body, len(events), last_sequence)


def sign(secret: bytes, body: bytes, *, at: int) -> str:
    """The value of the signature's header for an attempt at that Unix time."""
    told = hmac.new(secret, f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={told}"


def headers_of(delivery: Delivery, secret: bytes, *, at: int) -> dict[str, str]:
    """The headers of an attempt at that Unix time."""
    return {
        "Content-Type": "application/json",
        "User-Agent": "storycluster",
        "Connection": "close",
        DELIVERY: delivery.delivery_id,
        SIGNATURE: sign(secret, delivery.body, at=at),
    }
