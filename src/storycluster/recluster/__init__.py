"""What would be clustered otherwise with hindsight?

The batch job: a snapshot becomes edges, a partition and a plan of changes. It writes into its own
folder alone; `engine` makes the changes.
"""

from __future__ import annotations

from storycluster.recluster.folder import JobFolder, Stage
from storycluster.recluster.job import make_plan
from storycluster.recluster.pace import Pace, Progress
from storycluster.recluster.plan import Plan, kinds_named, plain_plan, read_plan
from storycluster.recluster.planning import Hindsight
from storycluster.recluster.sample import drawn, review

__all__ = [
    "Hindsight",
    "JobFolder",
    "Pace",
    "Plan",
    "Progress",
    "Stage",
    "drawn",
    "kinds_named",
    "make_plan",
    "plain_plan",
    "read_plan",
    "review",
]
