"""What would another encoder change, and how does a data folder become one of it?

The batch job with another encoder. The old folder and the new one stand side by side: switching is
to serve the new one, rolling back to serve the old one.
"""

from __future__ import annotations

from storycluster.upgrade.report import (
    Agreement,
    Moved,
    Shadow,
    ShadowChange,
    Side,
    Upgrade,
)
from storycluster.upgrade.running import REPORTS, Order, upgrade
from storycluster.upgrade.writing import Section, plain_report, sections, written

__all__ = [
    "REPORTS",
    "Agreement",
    "Moved",
    "Order",
    "Section",
    "Shadow",
    "ShadowChange",
    "Side",
    "Upgrade",
    "plain_report",
    "sections",
    "upgrade",
    "written",
]
