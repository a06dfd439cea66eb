"""How is a collection kept on one machine, so that nothing acknowledged is ever lost?"""

from __future__ import annotations

from storycluster.backends.embedded.store import EmbeddedStore

__all__ = ["EmbeddedStore"]
