"""The client SDK.

Reading order: config (where and as whom), requests, searching and editing (what is asked), retry
(what is tried again), window and session (a bulk ingest, without I/O), watching (a watch, without
I/O), transport (stubs and errors), the two connections, sync and aio (the two clients).
"""

from storycluster.client.aio import AsyncClient
from storycluster.client.aio_watch import AsyncWatch
from storycluster.client.config import TLSConfig
from storycluster.client.editing import Edit
from storycluster.client.listing import AsyncListing, Listing
from storycluster.client.retry import RetryPolicy
from storycluster.client.sync import Client
from storycluster.client.sync_watch import Watch

__all__ = [
    "AsyncClient",
    "AsyncListing",
    "AsyncWatch",
    "Client",
    "Edit",
    "Listing",
    "RetryPolicy",
    "TLSConfig",
    "Watch",
]
