"""The client SDK.

Reading order: config (where and as whom), requests (what is asked), retry (what is tried again),
window and session (a bulk ingest, without I/O), transport (stubs and errors), sync and aio (the two
clients).
"""

from storycluster.client.aio import AsyncClient
from storycluster.client.config import TLSConfig
from storycluster.client.listing import AsyncListing, Listing
from storycluster.client.retry import RetryPolicy
from storycluster.client.sync import Client

__all__ = ["AsyncClient", "AsyncListing", "Client", "Listing", "RetryPolicy", "TLSConfig"]
