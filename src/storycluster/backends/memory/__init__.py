"""How is a collection kept in one process only, with the same promises save durability?"""

from __future__ import annotations

from storycluster.backends.memory.store import MemoryStore

__all__ = ["MemoryStore"]
