"""How does the server say whether it is well?"""

from __future__ import annotations

from collections.abc import Iterable

from grpc_health.v1 import health_pb2
from grpc_health.v1.health import aio

LIVENESS = "liveness"
READINESS = "readiness"


async def open_health(services: Iterable[str]) -> aio.HealthServicer:
    """Health of "", `liveness`, `readiness` and each service, all SERVING."""
    health = aio.HealthServicer()
    for name in ("", LIVENESS, READINESS, *services):
        await health.set(name, health_pb2.HealthCheckResponse.SERVING)
    return health
