"""The methods of `storycluster.v1`, one module for each service.

A handler is thin: message -> noun, engine or batcher, noun -> message. Errors are raised, never
answered; the interceptor makes statuses of them.
"""

from storycluster_server.services.core import Core
from storycluster_server.services.registration import SERVICES, add_services

__all__ = ["SERVICES", "Core", "add_services"]
