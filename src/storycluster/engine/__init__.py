"""The use cases: prepare, place, record, read, compare."""

from storycluster.engine.core import Engine, SystemClock, scheme_of
from storycluster.engine.prepare import Prepared

__all__ = ["Engine", "Prepared", "SystemClock", "scheme_of"]
