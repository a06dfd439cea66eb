"""The use cases: prepare, place, record, read, compare."""

from storycluster.engine.comparing import compare_articles
from storycluster.engine.core import Engine, SystemClock, scheme_of
from storycluster.engine.prepare import Prepared

__all__ = ["Engine", "Prepared", "SystemClock", "compare_articles", "scheme_of"]
