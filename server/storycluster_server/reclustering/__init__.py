"""Who looks again at whole collections, one job at a time, and what is kept of it?"""

from __future__ import annotations

from storycluster_server.reclustering.files import JobFiles
from storycluster_server.reclustering.jobs import Jobs
from storycluster_server.reclustering.keeping import Expiry

__all__ = ["Expiry", "JobFiles", "Jobs"]
